"""The series a backtest runs over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from strategiz_executor.backtest.calendar import Calendar

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Bars:
    """One series, oldest bar first: six columns of the same length n >= 1.

    Already checked: timestamps (epoch milliseconds) rise, prices are finite and not negative. Keep
    one object for several backtests over the same series: what the calendar says is remembered.
    """

    timestamp_ms: Longs
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Longs

    def __len__(self) -> int:
        """Answer the number of bars."""
        return len(self.timestamp_ms)

    @cached_property
    def calendar(self) -> Calendar:
        """When the bars fall: weekends, bars per day, gaps."""
        return Calendar(self.timestamp_ms)

    @cached_property
    def prices_are_positive(self) -> bool:
        """Whether every open and close is above 0, so that no fill or valuation can be 0."""
        return bool(np.minimum.reduce(self.open) > 0 and np.minimum.reduce(self.close) > 0)
