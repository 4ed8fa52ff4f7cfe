"""How many bars a year has."""

import numpy as np
import pytest
from series import DAY_MS, MONDAY_MS, load

from strategiz_executor.backtest import bars_per_year

HOUR_MS = DAY_MS // 24


def weekdays(count, per_day=1, step_ms=HOUR_MS, days_a_week=5):
    day = [MONDAY_MS + DAY_MS * (7 * (i // days_a_week) + i % days_a_week) for i in range(count)]
    return np.array([start + i * step_ms for start in day for i in range(per_day)], "i8")


def every(days, count=40):
    return MONDAY_MS + (np.arange(count) * days * DAY_MS).astype("i8")


def months(count=36):
    return np.arange("2020-01", count, dtype="M8[M]").astype("M8[ms]").astype("i8")


@pytest.mark.parametrize("timeframe", ["1D", ""])
def test_days_of_a_stock_are_252_a_year(timeframe):
    assert bars_per_year(load("AAPL").timestamp_ms, timeframe) == (252, "timeframe")


@pytest.mark.parametrize("timeframe", ["1D", ""])
def test_days_of_a_market_that_never_closes_are_365_a_year(timeframe):
    assert bars_per_year(every(1), timeframe) == (365, "weekend-bars")


def test_a_tenth_of_the_bars_on_weekends_makes_365_and_less_does_not():
    monday_to_friday = weekdays(18)
    saturday, sunday = MONDAY_MS + 5 * DAY_MS, MONDAY_MS + 6 * DAY_MS
    two_of_twenty = np.sort(np.append(monday_to_friday, [saturday, sunday]))
    one_of_nineteen = np.sort(np.append(monday_to_friday, [saturday]))
    assert bars_per_year(two_of_twenty, "1D") == (365, "weekend-bars")
    assert bars_per_year(one_of_nineteen, "1D") == (252, "timeframe")


@pytest.mark.parametrize(("timeframe", "bars", "expected"), [("1W", every(7), 52), ("", every(7), 52)])
def test_weeks_are_52_a_year(timeframe, bars, expected):
    assert bars_per_year(bars, timeframe) == (expected, "timeframe")


@pytest.mark.parametrize("timeframe", ["1M", ""])
def test_months_are_12_a_year(timeframe):
    assert bars_per_year(months(), timeframe) == (12, "timeframe")


@pytest.mark.parametrize("timeframe", ["1h", "60m", ""])
def test_hours_of_a_stock_are_the_median_day_times_252(timeframe):
    bars = weekdays(20, per_day=7)[3:-2]  # the first and the last day are cut short
    assert bars_per_year(bars, timeframe) == (7 * 252, "median-bars-per-day")


def test_minutes_of_a_market_that_never_closes_are_the_median_day_times_365():
    bars = MONDAY_MS + 60_000 * np.arange(1440 * 8)
    assert bars_per_year(bars, "1m") == (1440 * 365, "median-bars-per-day")


def test_a_minute_is_not_a_month():
    assert bars_per_year(weekdays(20, per_day=7), "1m")[1] == "median-bars-per-day"
    assert bars_per_year(weekdays(20, per_day=7), "1M") == (12, "timeframe")


def test_quarters_without_a_timeframe_are_4_a_year():
    assert bars_per_year(months(120)[::3], "") == (4, "timeframe")


def test_an_option_wins():
    assert bars_per_year(every(1), "1D", 260.0) == (260, "option")


def test_one_bar_without_a_timeframe_is_a_day():
    assert bars_per_year(np.array([MONDAY_MS]), "") == (252, "timeframe")
    assert bars_per_year(np.array([MONDAY_MS]), "1h") == (252, "median-bars-per-day")


def test_days_before_1970_fall_on_the_right_weekday():
    friday_to_monday = np.array(["1969-12-26", "1969-12-29"], "M8[ms]").astype("i8")
    assert bars_per_year(friday_to_monday, "1D") == (252, "timeframe")
