"""The frames that a child gets for a batch: the code once, each series once, its cells in groups."""

from collections.abc import Sequence

from strategiz_executor.generated.frames_pb2 import Limits, RequestFrame
from strategiz_executor.server.bars import SentBars
from strategiz_executor.server.batch_request import Batch
from strategiz_executor.server.limits import MEGABYTE, ExecutionLimits

MOST_REMEMBERED_BYTES = 64 * MEGABYTE


def prepared_frame() -> RequestFrame:
    """No cells: what they will need goes ahead of them."""
    return RequestFrame(kind=RequestFrame.BATCH)


def cells_frame(first_place: int, parameters: Sequence[str]) -> RequestFrame:
    """More cells of the series that the child looks at."""
    frame = RequestFrame(kind=RequestFrame.BATCH)
    frame.batch.first_place = first_place
    frame.batch.parameters_json.extend(parameters)
    return frame


def add_series(frame: RequestFrame, batch: Batch, series: int, bars: SentBars) -> None:
    """Makes the frame begin a series."""
    frame.bars.CopyFrom(bars.columns)
    frame.timeframe = batch.request.series[series].timeframe
    frame.symbol = batch.request.series[series].symbol


def add_code(frame: RequestFrame, batch: Batch, compiled: bytes, limits: ExecutionLimits) -> None:
    """Makes the frame the first that a child gets."""
    frame.code = batch.request.code
    frame.compiled = compiled
    frame.options.CopyFrom(batch.request.options)
    frame.backtest = True
    frame.limits.CopyFrom(_limits(0, limits))
    frame.limits.timeout_ms = round(batch.cell_timeout_s * 1_000)
    frame.batch.full = batch.full
    frame.batch.no_shared_expressions = batch.request.no_shared_expressions
    frame.batch.memory_bytes = min(MOST_REMEMBERED_BYTES, batch.memory_mb * MEGABYTE // 4)


def asked_frame(batch: Batch, series: int, bars: SentBars, limits: ExecutionLimits) -> RequestFrame:
    """What one cell of the series was asked, for the check of its answer."""
    return RequestFrame(
        symbol=batch.request.series[series].symbol, backtest=True, limits=_limits(len(bars), limits)
    )


def _limits(signals: int, limits: ExecutionLimits) -> Limits:
    """0 signals: as many as the series at hand has bars."""
    return Limits(
        signals=signals,
        plots=limits.plots,
        log_bytes=limits.log_bytes,
        result_bytes=limits.result_bytes,
    )
