"""After which bars the look-ahead check changes a series, and how."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from strategiz_executor.strategy.signal_recorder import Signal

SHORTEST_SHARE = 4


class After(Enum):
    """What comes after a cut: nothing, or bars whose prices are the real ones times this."""

    NOTHING = 0.0
    FALL = 0.5
    RISE = 2.0


@dataclass(frozen=True)
class Cut:
    """The first `bars` bars stay as they are; at least one follows them in the series."""

    bars: int
    after: After


def choose_cuts(signals: Sequence[Signal], bars: int, seed: int) -> list[Cut]:
    """Answer one cut after which nothing comes, one with a fall and one with a rise; none for a single bar.

    They follow a signal where there is one: what a signal knows of later bars shows there, also where it
    shows nowhere else. Prices fall after a buy and rise after a sell, which is what a rare look ahead avoids.
    The first quarter of the bars, warm-up for many strategies, is cut only where signals are nowhere else.
    `signals` are those without repeats. The same seed, the same cuts.
    """
    if bars < 2:
        return []
    chooser = random.Random(seed)
    lengths = range(max(1, bars // SHORTEST_SHARE), bars)
    after_buy, after_sell = (_two_ends(signals, type_, lengths, chooser) for type_ in (1, -1))
    return [
        Cut(chooser.choice([after_buy[0], after_sell[0]]), After.NOTHING),
        Cut(after_buy[1], After.FALL),
        Cut(after_sell[1], After.RISE),
    ]


def _two_ends(signals: Sequence[Signal], type_: int, lengths: range, chooser: random.Random) -> list[int]:
    """Two lengths that end with a signal of this type, late ones first; any where there are none."""
    ends = [signal.bar + 1 for signal in signals if signal.type == type_ and signal.bar + 1 < lengths.stop]
    late = [length for length in ends if length >= lengths.start]
    usable = late or ends or [chooser.choice(lengths)]
    return [chooser.choice(usable), chooser.choice(usable)]
