"""What a strategy said at each bar, from whichever way: types, reasons and prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from strategiz_executor.strategy.printing import PrintLog
from strategiz_executor.strategy.signal_recorder import Signal

Said = list[tuple[int, str]]
"""(type, reason) in the order of the calls."""


@dataclass
class BarWords:
    """Types of all bars at once where each says one thing at most; the rest by bar.

    many: bars that say more than one thing. reasons: the reason of a bar's one signal, or how to write it.
    """

    types: np.ndarray
    many: dict[int, Said] = field(default_factory=dict)
    reasons: dict[int, str | Callable[[int], str]] = field(default_factory=dict)
    reason_of: np.ndarray | None = None
    texts: list[tuple[int, str]] = field(default_factory=list)

    def said_at(self, bar: int) -> Said:
        """Everything that was signalled at one bar."""
        if bar in self.many:
            return self.many[bar]
        type_ = int(self.types[bar])
        return [(type_, self._reason(bar))] if type_ else []

    def signals(self) -> list[Signal]:
        """The signals, repeats dropped where that can be told without writing their reasons."""
        if self.many:
            spoken = sorted({*np.flatnonzero(self.types).tolist(), *self.many})
            return [Signal(bar, type_, reason) for bar in spoken for type_, reason in self.said_at(bar)]
        bars = self.bars_of_signals()
        types = self.types[bars].tolist()
        if self.reason_of is None:
            return list(map(Signal, bars.tolist(), types))
        return [
            Signal(bar, type_, self._reason(bar)) for bar, type_ in zip(bars.tolist(), types, strict=True)
        ]

    def bars_of_signals(self) -> np.ndarray:
        """The bars of the signals, repeats dropped; where there are no `many`."""
        types = self.types
        turns = (types[1:] != types[:-1]).nonzero()[0]
        bars = np.zeros(len(turns) + 1, np.int64)  # at which another word begins
        np.add(turns, 1, out=bars[1:])
        said = types[bars]
        if np.count_nonzero(said) == len(said):
            return bars
        bars = bars[said != 0]
        said = types[bars]
        kept = np.ones(len(bars), bool)
        kept[1:] = said[1:] != said[:-1]  # those after a silence may repeat the word before it
        first_said: np.ndarray = bars[kept]
        return first_said

    def _reason(self, bar: int) -> str:
        if self.reason_of is None:
            return ""
        reason = self.reasons.get(int(self.reason_of[bar]), "")
        return reason if isinstance(reason, str) else reason(bar)

    def write_log(self, log: PrintLog) -> None:
        """Prints in the order of the bars."""
        for _, text in sorted(self.texts, key=lambda entry: entry[0]):
            log.write(text)
