"""What a way of replay answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from strategiz_executor.strategy.look_ahead.seen import LookAhead, Unchecked
from strategiz_executor.strategy.parameters import ParameterReader
from strategiz_executor.strategy.printing import PrintLog
from strategiz_executor.strategy.signal_recorder import Plot, Signal


@dataclass(frozen=True)
class Live:
    """The last bar's own answer, before repeats are dropped: 1 BUY, -1 SELL, 0 HOLD."""

    type: int
    reason: str


@dataclass(frozen=True)
class WarmUp:
    """The bars from the first on at which the code raised, and what it raised at the last of them."""

    bars: int
    error_type: str


@dataclass(frozen=True)
class Replayed:
    """Everything a strategy said, repeats included.

    way: plain, paths, proxies (as in docs/strategies.md), or once where the form takes a single run;
    calls: how often the strategy (form 4: the whole code) ran for this answer.
    """

    form: int
    way: str
    why_not_faster: str
    calls: int
    signals: Sequence[Signal]
    live: Live
    plots: Sequence[Plot]
    log: PrintLog
    parameters: ParameterReader
    warm_up: WarmUp | None
    never_sells: bool
    guard_difference_bar: int = 0
    """The bar, counted from 1, at which a faster way was seen to go wrong; 0: none."""
    ahead: LookAhead | Unchecked | None = None
    """What the look-ahead check found, where it was made."""
    of_columns_alone: bool = False
    """Form 2, made of causal operations on whole columns: it can know no later bars (by_columns.py)."""


def live_of(signals: Sequence[Signal], last_bar: int) -> Live:
    """Answer the last signal of the last bar, HOLD where there is none."""
    for signal in reversed(signals):
        if signal.bar == last_bar:
            return Live(signal.type, signal.reason)
    return Live(0, "")
