"""Executions like those to come, run ahead: they settle the allocator, fill caches and touch pages."""

from collections.abc import Callable, Sequence
from enum import Enum

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.strategy.language import LanguageLayer
from strategiz_executor.strategy.made_up_bars import made_up_bars
from strategiz_executor.strategy.run import execute
from strategiz_executor.strategy.warm_up_strategies import RSI, SMA, TALIB

BARS = 2_520
FEW_BARS = 64
RESULT_BYTES = 8 << 20
ROOM = ((12, 128 << 10), (16, 32 << 10), (32, 8 << 10))
SMALL_OBJECTS = 8_000

CROSSING = """
def strategy(data):
    fast = data["close"].rolling(param("fast", 10)).mean()
    slow = data["close"].rolling(param("slow", 30)).mean()
    if fast.iloc[-1] > slow.iloc[-1]:
        return "BUY"
    return "SELL"
"""
MANY_PATHS = """
def strategy(data):
    close = data["close"]
    change = close.diff()
    gain = change.clip(lower=0).ewm(alpha=1 / 14).mean()
    loss = (change.clip(upper=0) * -1).ewm(alpha=1 / 14).mean()
    rsi = 100 - 100 / (1 + gain / loss)
    if rsi.iloc[-1] < 30 and close.iloc[-1] > close.ewm(span=20).mean().iloc[-1] * 0.9:
        return "BUY"
    return "SELL" if rsi.iloc[-1] > 70 and rsi.iloc[-2] <= 70 else "HOLD"
"""
COLUMN = """
def strategy(data):
    close = data["close"]
    return close.rolling(10).mean() > close.rolling(30).mean()
"""

Rehearsal = Callable[[], None]


class Before(Enum):
    """What the server knows of a code from earlier executions."""

    NOTHING = 0
    COMPILED = 1
    BY_PATHS = 2


def rehearsal(
    codes: Sequence[str], bars: int, layer: LanguageLayer, before: Before = Before.COMPILED
) -> Rehearsal:
    """A function that executes `codes` over made-up bars, from the frame's bytes to the answer's."""
    columns = made_up_bars(bars, seed=2)
    frames = []
    for code in codes:
        frame = RequestFrame(code=code, bars=columns, timeframe="1D", backtest=True, parameters_json="{}")
        frame.limits.signals, frame.limits.plots = bars, 20
        frame.limits.log_bytes, frame.limits.result_bytes = 1 << 16, RESULT_BYTES
        if before is not Before.NOTHING:
            frame.compiled = next(iter(execute(frame, layer))).compiled
        frame.fast_form = int(before is Before.BY_PATHS)
        frame.first_execution = before is Before.NOTHING
        frames.append(frame.SerializeToString())

    def run() -> None:
        for raw in frames:
            # A child receives a frame into memory of its own. That is left out of what every child is given ahead.
            received = bytes(bytearray(raw)) if before is Before.BY_PATHS else raw
            for result in execute(RequestFrame.FromString(received), layer):
                result.SerializeToString()

    return run


def wide_rehearsal(layer: LanguageLayer) -> Rehearsal:
    """What jobs may touch: decision paths, text, prints, TA-Lib. Settles the zygote."""
    return rehearsal((SMA, RSI, TALIB, CROSSING, MANY_PATHS, COLUMN), BARS, layer)


def last_rehearsal(layer: LanguageLayer) -> Rehearsal:
    """What the child that is next in line goes through while nothing else is to be done.

    A run leaves less to be done than copied pages do: after it an SMA job took 3.1 instead of 4.1 ms of CPU, one
    with an RSI 8.0 instead of 9.9, one seen for the first time 6.4 instead of 8.2 (locked down, load 12). Of page
    faults an SMA job then has 6, and 8 if it is seen for the first time.
    """
    first = rehearsal((CROSSING,), BARS, layer, Before.NOTHING)
    more = rehearsal((MANY_PATHS, COLUMN), FEW_BARS, layer)
    usual = rehearsal((CROSSING,), BARS, layer, Before.BY_PATHS)

    def run() -> None:
        first()
        more()
        usual()  # last: the next job finds memory as the usual one left it
        touch_room()

    return run


def touch_room() -> None:
    """Writes to as much free memory as a job needs that needs more than those rehearsed."""
    blocks = [b"\1" * size for count, size in ROOM for _ in range(count)]
    small = [float(number) for number in range(SMALL_OBJECTS)]
    blocks.clear()
    small.clear()


def usual_rehearsals(layer: LanguageLayer) -> list[Rehearsal]:
    """Jobs of four kinds: what all of them touch, nearly every job touches."""
    return [
        rehearsal((CROSSING,), BARS, layer),
        rehearsal((CROSSING,), BARS, layer, Before.NOTHING),
        rehearsal((MANY_PATHS,), BARS, layer),
        rehearsal((COLUMN,), BARS, layer),
    ]
