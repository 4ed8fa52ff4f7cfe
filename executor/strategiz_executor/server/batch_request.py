"""A batch as the client asked for it, checked; its series and parameters are read when their turn comes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strategiz_executor.generated.strategy_execution_pb2 import (
    BATCH_DETAIL_FULL,
    BATCH_DETAIL_SUMMARY,
    BatchSeries,
    ExecuteBatchRequest,
)
from strategiz_executor.server import failures
from strategiz_executor.server.bars import BadMarketData, SentBars, read_columns
from strategiz_executor.server.columns import BadColumn, all_within, read_column
from strategiz_executor.server.errors import ExecutionFailed, InvalidRequest
from strategiz_executor.server.limits import ExecutionLimits
from strategiz_executor.server.options_check import check_options, check_timeframe
from strategiz_executor.server.parameters import parameters_json
from strategiz_executor.server.request_frame import (
    check_language,
    check_memory,
    check_source,
    check_timeout,
    too_many_bars,
)

MOST_CELLS = 100_000
LONGEST_BATCH_S = 600


@dataclass(frozen=True, slots=True)
class Batch:
    """One checked batch; `cell_series` has the index of each cell's series."""

    request: ExecuteBatchRequest
    cell_series: NDArray[np.int32]
    cell_timeout_s: float
    timeout_s: float
    memory_mb: int

    @property
    def full(self) -> bool:
        """Whether full results are wanted."""
        return self.request.detail == BATCH_DETAIL_FULL

    def parameters(self, cell: int, limits: ExecutionLimits) -> str:
        """The JSON object of a cell. Raises ExecutionFailed where it is none."""
        texts: Sequence[str] = self.request.cells.parameters_json
        try:
            return parameters_json(texts[cell] if texts else "", {}, limits)
        except InvalidRequest as error:
            raise ExecutionFailed(failures.bad_parameters(str(error))) from error


def read_batch(request: ExecuteBatchRequest, limits: ExecutionLimits) -> Batch:
    """Checks a request. Raises InvalidRequest, UnsupportedLanguage, or ExecutionFailed (source too long)."""
    check_language(request.language)
    cell_timeout_s = check_timeout(request.cell_timeout_seconds, limits)
    if not 0 <= request.timeout_seconds <= LONGEST_BATCH_S:
        raise InvalidRequest(
            f"timeout_seconds is {request.timeout_seconds}: it must be 0 to {LONGEST_BATCH_S}"
        )
    memory_mb = check_memory(request.memory_mb, limits)
    check_options(request.options)
    for series in request.series:
        check_timeframe(series.timeframe)
    if request.detail not in (BATCH_DETAIL_SUMMARY, BATCH_DETAIL_FULL):
        raise InvalidRequest(f"detail is {request.detail}: it must be summary or full")
    cell_series = _read_cells(request)
    check_source(request.code, limits)
    timeout_s = float(request.timeout_seconds or LONGEST_BATCH_S)
    return Batch(request, cell_series, cell_timeout_s, timeout_s, memory_mb)


def read_series(series: BatchSeries, limits: ExecutionLimits) -> SentBars:
    """The bars of one series. Raises ExecutionFailed."""
    where = f"{series.symbol[:64]}: " if series.symbol else ""
    if len(series.bars.timestamp_ms) // 8 > limits.bars:
        raise ExecutionFailed(too_many_bars(len(series.bars.timestamp_ms) // 8, limits))
    try:
        return read_columns(series.bars)
    except (BadColumn, BadMarketData) as error:
        raise ExecutionFailed(failures.bad_market_data(f"{where}{error}")) from error


def _read_cells(request: ExecuteBatchRequest) -> NDArray[np.int32]:
    cells = request.cells
    try:
        series = read_column(cells.series, "<i4", "cells.series")
    except BadColumn as error:
        raise InvalidRequest(str(error)) from error
    if len(series) > MOST_CELLS:
        raise InvalidRequest(f"there are {len(series)} cells: at most {MOST_CELLS} go into one call")
    if len(cells.parameters_json) not in (0, len(series)):
        raise InvalidRequest(
            f"cells.parameters_json has {len(cells.parameters_json)} texts, not {len(series)}"
        )
    if not all_within(series, 0, len(request.series) - 1):
        raise InvalidRequest(f"cells.series has an index that none of the {len(request.series)} series has")
    return series
