"""An ExecuteListRequest as work: deployments grouped by owner and code, each over its symbols."""

from collections import defaultdict
from dataclasses import dataclass

from strategiz_executor.generated.strategy_execution_pb2 import (
    DeploymentExecution,
    ExecuteListRequest,
    Failure,
    SymbolSetExecution,
)
from strategiz_executor.server import failures
from strategiz_executor.server.bars import BadMarketData, SentBars
from strategiz_executor.server.errors import ExecutionFailed
from strategiz_executor.server.limits import ExecutionLimits
from strategiz_executor.server.old_bars import read_messages
from strategiz_executor.server.request_frame import too_many_bars

Series = SentBars | Failure


@dataclass(frozen=True, slots=True)
class DeploymentWork:
    """One deployment over the series of its set; `places` are the indices of its results."""

    deployment: DeploymentExecution
    series: dict[str, Series]
    places: range


def group_deployments(
    request: ExecuteListRequest, limits: ExecutionLimits
) -> tuple[list[list[DeploymentWork]], int]:
    """Groups that share a child, in the order of the request, and the number of results.

    One group per (user_id, strategy_code); a deployment without user_id is a group of its own.
    """
    groups: defaultdict[tuple[str, str] | int, list[DeploymentWork]] = defaultdict(list)
    place = 0
    for symbol_set in request.symbol_sets:
        series = _read_series(symbol_set, limits)
        for deployment in symbol_set.deployments:
            work = DeploymentWork(deployment, series, range(place, place + len(series)))
            owner = deployment.user_id
            groups[(owner, deployment.strategy_code) if owner else place].append(work)
            place += len(series)
    return list(groups.values()), place


def _read_series(symbol_set: SymbolSetExecution, limits: ExecutionLimits) -> dict[str, Series]:
    """The series of each symbol, read once for all deployments of the set."""
    symbols = list(dict.fromkeys(symbol_set.symbols)) or sorted(symbol_set.market_data)
    return {symbol: _read_one(symbol_set, symbol, limits) for symbol in symbols}


def _read_one(symbol_set: SymbolSetExecution, symbol: str, limits: ExecutionLimits) -> Series:
    if symbol not in symbol_set.market_data:
        return failures.bad_market_data(f"there are no bars of {symbol}")
    messages = symbol_set.market_data[symbol].bars
    if len(messages) > limits.bars:
        return too_many_bars(len(messages), limits)
    try:
        return read_messages(messages)
    except BadMarketData as error:
        return failures.bad_market_data(f"{symbol}: {error}")


def usable(series: Series) -> SentBars:
    """The bars. Raises ExecutionFailed where there are none that can be used."""
    if isinstance(series, Failure):
        raise ExecutionFailed(series)
    return series
