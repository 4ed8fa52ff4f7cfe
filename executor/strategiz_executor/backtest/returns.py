"""Ratios of the returns from close to close."""

from __future__ import annotations

import math

import numpy as np

from strategiz_executor.backtest.bars import Floats
from strategiz_executor.backtest.figures import ROUNDING, TOO_LARGE, Figure, finite, needs, ratio

LEAST_BARS = 30
LEAST_DAYS = 30
DAYS_PER_YEAR = 365.25


def return_ratios(
    equity: Floats, bars_per_year: float, risk_free_rate: float
) -> tuple[Figure, Figure, Figure]:
    """Answer volatility in percent a year, Sharpe (1994) ratio, Sortino (& Price 1994) ratio.

    With r_t = E_t / E_(t-1) - 1 for t = 1..n-1, A bars a year and rf per bar:
    100 sd(r) sqrt(A); mean(r - rf) / sd(r) sqrt(A); mean(r - rf) / sqrt(mean(min(r - rf, 0)^2)) sqrt(A),
    sd with ddof 1. None of them below 30 bars.
    """
    n = len(equity)
    if n < LEAST_BARS:
        reason = needs("bars", LEAST_BARS, n)
        return reason, reason, reason
    excess = equity[1:] / equity[:-1]
    excess -= 1 + risk_free_rate
    mean = float(np.add.reduce(excess)) / (n - 1)
    if not math.isfinite(mean):
        reason = "equity is 0 on a bar, so the next return is undefined"
        return reason, reason, reason
    annual = math.sqrt(bars_per_year)
    below = np.minimum(excess, 0.0)
    downside = math.sqrt(float(below @ below) / (n - 1))
    excess -= mean
    deviation = math.sqrt(float(excess @ excess) / (n - 2))
    return (
        finite(100 * deviation * annual),
        _sharpe(mean, deviation, annual),
        _sortino(mean, downside, annual),
    )


def cagr(growth: float, days: float) -> Figure:
    """Answer 100 (growth^(365.25 / days) - 1): the compound annual growth rate in percent."""
    if days < LEAST_DAYS:
        return f"needs at least {LEAST_DAYS} days, has {days:g}"
    if growth <= 0:
        return "equity ends at or below 0"
    try:
        return finite(100 * (growth ** (DAYS_PER_YEAR / days) - 1))
    except OverflowError:
        return TOO_LARGE


def _sharpe(mean: float, deviation: float, annual: float) -> Figure:
    if deviation <= ROUNDING:
        return "the returns do not vary"
    return ratio(mean, deviation, annual)


def _sortino(mean: float, downside: float, annual: float) -> Figure:
    if downside <= ROUNDING:
        return "no return is below the risk-free rate"
    return ratio(mean, downside, annual)
