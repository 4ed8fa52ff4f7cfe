"""The response to one execution, made from a checked answer."""

import math
from dataclasses import dataclass

from strategiz_executor.generated.frames_pb2 import ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import (
    ExecuteStrategyResponse,
    Failure,
    LiveSignal,
    Metrics,
)
from strategiz_executor.server.bars import SentBars
from strategiz_executor.server.failures import error_text
from strategiz_executor.server.old_messages import fill_old_messages
from strategiz_executor.server.owner_session import ChildAnswer
from strategiz_executor.server.request_frame import Execution

LIVE_WORDS = {1: "BUY", -1: "SELL", 0: "HOLD"}
# Names in Performance of the metrics that may be impossible to compute.
OLD_NAMES = {
    "win_rate_pct": "win_rate",
    "avg_win": "avg_win",
    "avg_loss": "avg_loss",
    "profit_factor": "profit_factor",
    "sharpe": "sharpe_ratio",
    "buy_and_hold_pnl": "buy_and_hold_return",
    "buy_and_hold_pct": "buy_and_hold_return_percent",
    "outperformance_pct": "outperformance",
}


@dataclass(slots=True)
class Measured:
    """What the server measured, in milliseconds."""

    queue_ms: float = 0.0
    decode_ms: float = 0.0
    total_ms: float = 0.0


def success_response(
    execution: Execution, answer: ChildAnswer, versions: dict[str, str], data_hash: str
) -> ExecuteStrategyResponse:
    """The response to a success, in columns if the request was in columns."""
    frame, bars = answer.frame, execution.bars
    response = ExecuteStrategyResponse(success=True)
    response.metrics.CopyFrom(frame.metrics)
    response.replay.CopyFrom(frame.replay)
    response.assumptions.CopyFrom(frame.assumptions)
    response.assumptions.data_hash = data_hash
    response.assumptions.versions.clear()
    response.assumptions.versions.update(versions)
    response.unavailable_metrics.extend(_unavailable(frame.metrics))
    response.live_signal.CopyFrom(live_signal(frame, bars, execution.frame.symbol))
    _add_notes(response, frame, bars)
    if execution.wants_columns:
        response.result.CopyFrom(frame.result)
        response.logs.extend(frame.result.logs)
        response.result.ClearField("logs")
    else:
        response.logs.extend(frame.result.logs)
        fill_old_messages(response, frame, bars)
    return response


def failure_response(
    failure: Failure, frame: ResultFrame | None, bars: SentBars | None
) -> ExecuteStrategyResponse:
    """The response to a failure; with the child's frame, its logs and notes too."""
    response = ExecuteStrategyResponse(success=False, error=error_text(failure), failure=failure)
    if frame is not None and bars is not None:
        response.replay.CopyFrom(frame.replay)
        response.logs.extend(frame.result.logs)
        _add_notes(response, frame, bars)
    return response


def own_failure(answer: ChildAnswer, bars: SentBars, memory_mb: int) -> Failure:
    """The failure that the child reports, with what only the server knows: times and the memory limit."""
    failure = answer.frame.failure
    if answer.frame.failure_bar > 0:
        failure.bar_timestamp = bars.label(answer.frame.failure_bar - 1)
    if failure.limit_name == "memory" or failure.code == "memory":
        failure.limit_name, failure.limit_value, failure.limit_unit = "memory", memory_mb, "MB"
    return failure


def live_signal(frame: ResultFrame, bars: SentBars, symbol: str) -> LiveSignal:
    """The last bar's own answer, with the last value of each plot."""
    signal = LiveSignal(
        signal_type=LIVE_WORDS[frame.live.type],
        symbol=symbol,
        price=float(bars.close[-1]),
        reason=frame.live.reason,
        timestamp=bars.label(len(bars) - 1),
    )
    for plot in frame.result.plots:
        last = memoryview(plot.values).cast("d")[-1]
        if not math.isnan(last):
            signal.indicators[plot.name] = last
    return signal


def add_timings(response: ExecuteStrategyResponse, answer: ChildAnswer | None, measured: Measured) -> None:
    """Puts the server's own measurements beside the phases that the child told."""
    timings = response.timings
    if answer is not None:
        timings.CopyFrom(answer.frame.timings)
        timings.child_wall_ms = answer.wall_s * 1e3
        timings.child_cpu_ms = answer.cpu_s * 1e3
    timings.queue_ms = measured.queue_ms
    timings.decode_ms = measured.decode_ms
    timings.total_ms = measured.total_ms
    response.execution_time_ms = max(1, round(measured.total_ms))


def _unavailable(metrics: Metrics) -> list[str]:
    return [old for name, old in OLD_NAMES.items() if not metrics.HasField(name)]


def _add_notes(response: ExecuteStrategyResponse, frame: ResultFrame, bars: SentBars) -> None:
    for warning in frame.warnings:
        time = bars.label(warning.bar) if warning.bar >= 0 else ""
        response.warnings.add(code=warning.code, message=warning.message, bar_timestamp=time)
