"""What filling the signals leaves behind, before it is valued at the closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strategiz_executor.backtest.bars import Floats
from strategiz_executor.backtest.outcome import Columns, Money, SignalCounts


class Ledger(NamedTuple):
    """Money of the trades, counts of the signals, and the states between fills.

    State i holds from the fill on bar since[i] (since[0] = 0) to the next state's: equity at a close is
    idle[i] + held[i] x close, where held is negative for a short and idle then includes its proceeds.
    Several states may begin on one bar; the last of them is what its close sees.
    ruined_at is the bar on which the account was ruined, -1 where it was not.
    """

    money: Money
    counts: SignalCounts
    columns: Callable[[], Columns]
    since: npt.NDArray[np.int64]
    idle: Floats
    held: Floats
    ruined_at: int = -1

    def lengths(self, bars: int) -> npt.NDArray[np.int64]:
        """How many closes each state sees."""
        length = np.empty_like(self.since)
        np.subtract(self.since[1:], self.since[:-1], out=length[:-1])
        length[-1] = bars - self.since[-1]
        return length
