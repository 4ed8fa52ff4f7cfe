"""How many bars a year has: told from the option, the timeframe or the bars themselves."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

DAY_MS = 86_400_000
WEEKEND_SHARE = 0.10
LONGEST_DAILY_GAP_DAYS = 4.5
SHORTEST_DAILY_GAP_DAYS = 0.75
FIXED = {"1W": 52.0, "1w": 52.0, "1M": 12.0}

Source = Literal["option", "timeframe", "weekend-bars", "median-bars-per-day"]


class Calendar:
    """What the timestamps of a series (epoch milliseconds, rising) say about its rhythm, in UTC."""

    def __init__(self, timestamp_ms: npt.NDArray[np.int64]) -> None:
        self._timestamp_ms = timestamp_ms

    @cached_property
    def _day(self) -> npt.NDArray[np.int64]:
        return np.floor_divide(self._timestamp_ms, DAY_MS)

    @cached_property
    def trades_on_weekends(self) -> bool:
        """Whether at least 10 % of the bars fall on a Saturday or Sunday."""
        weekday = (self._day + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
        return int(np.count_nonzero(weekday >= 5)) >= WEEKEND_SHARE * len(weekday)

    @cached_property
    def median_bars_per_day(self) -> float:
        """The median, over the days that have a bar, of how many they have."""
        starts = np.flatnonzero(np.concatenate(([True], self._day[1:] != self._day[:-1])))
        return float(np.median(np.diff(np.append(starts, len(self._day)))))

    @cached_property
    def median_gap_days(self) -> float:
        """The median time from one bar to the next in days; one day where there is a single bar."""
        if len(self._timestamp_ms) < 2:
            return 1.0
        return float(np.median(np.diff(self._timestamp_ms))) / DAY_MS

    @property
    def days_per_year(self) -> tuple[float, Source]:
        """Trading days a year: 365 where bars fall on weekends, else 252."""
        return (365.0, "weekend-bars") if self.trades_on_weekends else (252.0, "timeframe")


def annual_bars(calendar: Calendar, timeframe: str, option: float | None) -> tuple[float, Source]:
    """Answer the bars per year and where the number comes from; see bars_per_year."""
    if option is not None:
        return option, "option"
    if timeframe in FIXED:
        return FIXED[timeframe], "timeframe"
    if timeframe in {"1D", "1d"}:
        return calendar.days_per_year
    if _is_intraday(timeframe):
        return _intraday(calendar)
    return _told_from_bars(calendar)


def bars_per_year(
    timestamp_ms: npt.NDArray[np.int64], timeframe: str, option: float | None = None
) -> tuple[float, Source]:
    """Answer the bars per year A and its source.

    The option wins. 1D is 252, or 365 if at least 10 % of the bars fall on a weekend; 1W is 52, 1M is
    12; minutes and hours are the median bars per day times those days. An empty or unknown timeframe is
    told from the median gap between bars: below 0.75 days as intraday, up to 4.5 days as 1D, above that
    365.25 / gap, rounded (7 days: 52, a month: 12, a quarter: 4).
    """
    return annual_bars(Calendar(timestamp_ms), timeframe, option)


def _is_intraday(timeframe: str) -> bool:
    return timeframe[-1:] in {"m", "h", "H"} and timeframe[:-1].isdecimal()


def _intraday(calendar: Calendar) -> tuple[float, Source]:
    return calendar.median_bars_per_day * calendar.days_per_year[0], "median-bars-per-day"


def _told_from_bars(calendar: Calendar) -> tuple[float, Source]:
    gap = calendar.median_gap_days
    if gap < SHORTEST_DAILY_GAP_DAYS:
        return _intraday(calendar)
    if gap <= LONGEST_DAILY_GAP_DAYS:
        return calendar.days_per_year
    return max(1.0, float(round(365.25 / gap))), "timeframe"
