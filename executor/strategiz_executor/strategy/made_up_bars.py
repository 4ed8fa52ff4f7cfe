"""Made-up bars for ValidateCode and warm-up: a random walk over business days, the same every time."""

from __future__ import annotations

import numpy as np

from strategiz_executor.generated.strategy_execution_pb2 import BarColumns

DAY_MS = 86_400_000
MONDAY_MS = 1_451_865_600_000
"""2016-01-04, a Monday."""
WEEK = 7
BUSINESS_DAYS = 5
DAILY_SPREAD = 0.015
FIRST_PRICE = 100.0


def made_up_bars(count: int, seed: int, *, last_ms: int | None = None) -> BarColumns:
    """Answer `count` daily bars, the first on 2016-01-04, or the last at or before `last_ms`."""
    generator = np.random.default_rng(seed)
    days = np.arange(count)
    times = MONDAY_MS + (days // BUSINESS_DAYS * WEEK + days % BUSINESS_DAYS) * DAY_MS
    if last_ms is not None:
        times = times - (times[-1] - last_ms) // (WEEK * DAY_MS) * WEEK * DAY_MS - WEEK * DAY_MS
    close = FIRST_PRICE * np.exp(np.cumsum(generator.normal(0, DAILY_SPREAD, count)) / 4)
    open_ = close * (1 + generator.normal(0, DAILY_SPREAD / 2, count))
    high = np.maximum(open_, close) * (1 + np.abs(generator.normal(0, DAILY_SPREAD / 2, count)))
    low = np.minimum(open_, close) * (
        1 - np.minimum(0.5, np.abs(generator.normal(0, DAILY_SPREAD / 2, count)))
    )
    return BarColumns(
        timestamp_ms=times.astype("<i8").tobytes(),
        open=open_.astype("<f8").tobytes(),
        high=high.astype("<f8").tobytes(),
        low=low.astype("<f8").tobytes(),
        close=close.astype("<f8").tobytes(),
        volume=generator.integers(100_000, 10_000_000, count).astype("<i8").tobytes(),
    )
