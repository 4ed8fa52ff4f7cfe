"""What the look-ahead check answers."""

from __future__ import annotations

from dataclasses import dataclass

from strategiz_executor.strategy.look_ahead.cuts import Cut


@dataclass(frozen=True)
class LookAhead:
    """A bar before a cut at which the strategy says something else than with the real bars.

    bar: the index of the first such bar. otherwise, really: the types of the signals there (1 BUY, -1 SELL).
    """

    bar: int
    cut: Cut
    otherwise: tuple[int, ...]
    really: tuple[int, ...]


@dataclass(frozen=True)
class Unchecked:
    """There was no time for all runs: `made` of `wanted` were made, and none of them differed."""

    made: int
    wanted: int
