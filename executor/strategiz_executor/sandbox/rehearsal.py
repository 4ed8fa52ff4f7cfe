"""Executions like those to come, run ahead: they settle the allocator, fill caches and touch pages.

Measured with the pool's prototype: a wide set settles the zygote, a small one is enough in a child.
"""

from collections.abc import Callable

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.strategy.made_up_bars import made_up_bars
from strategiz_executor.strategy.run import execute
from strategiz_executor.strategy.warm_up_strategies import RSI, SMA, TALIB

MANY_BARS = 2_520
FEW_BARS = 64
RESULT_BYTES = 8 << 20


def rehearsal(codes: tuple[str, ...], bars: int) -> Callable[[], None]:
    """A function that executes `codes` over made-up bars, from the frame's bytes to the answer's."""
    columns = made_up_bars(bars, seed=2)
    frames = []
    for code in codes:
        frame = RequestFrame(code=code, bars=columns, timeframe="1D", backtest=True, parameters_json="{}")
        frame.limits.signals, frame.limits.plots = bars, 20
        frame.limits.log_bytes, frame.limits.result_bytes = 1 << 16, RESULT_BYTES
        frame.compiled = next(iter(execute(frame))).compiled
        frames.append(frame.SerializeToString())

    def run() -> None:
        for raw in frames:
            for result in execute(RequestFrame.FromString(raw)):
                result.SerializeToString()

    return run


def wide_rehearsal() -> Callable[[], None]:
    """What a job may touch: decision paths, text, TA-Lib."""
    return rehearsal((SMA, RSI, TALIB), MANY_BARS)


def short_rehearsal() -> Callable[[], None]:
    """The least that every job touches."""
    return rehearsal((SMA,), FEW_BARS)
