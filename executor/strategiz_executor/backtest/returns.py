"""Ratios of the returns from close to close."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from strategiz_executor.backtest.bars import Floats
from strategiz_executor.backtest.figures import ROUNDING, TOO_LARGE, Figure, finite, needs, ratio

LEAST_BARS = 30
LEAST_DAYS = 30
DAYS_PER_YEAR = 365.25


class Excess(NamedTuple):
    """Returns from close to close less the risk-free rate: r_t - rf with r_t = E_t / E_(t-1) - 1, t = 1..n-1.

    centred: less their mean. squares and downside: the sums of (r - mean(r))^2 and of min(r - rf, 0)^2.
    """

    risk_free_rate: float
    mean: float
    centred: Floats
    squares: float
    downside: float

    @property
    def size(self) -> int:
        """How many returns there are, one less than bars."""
        return len(self.centred)

    @property
    def is_defined(self) -> bool:
        """Not after an equity of 0."""
        return math.isfinite(self.mean)


def excess_of(equity: Floats, risk_free_rate: float) -> Excess:
    """Answer the excess returns of an equity curve of at least one bar."""
    with np.errstate(all="ignore"):  # an equity of 0 gives no finite mean
        excess = equity[1:] / equity[:-1]
        excess -= 1 + risk_free_rate
        if not len(excess):
            return Excess(risk_free_rate, math.nan, excess, 0.0, 0.0)
        mean = float(np.add.reduce(excess)) / len(excess)
        below = np.minimum(excess, 0.0)
        excess -= mean
        return Excess(risk_free_rate, mean, excess, float(excess @ excess), float(below @ below))


def return_ratios(excess: Excess, bars_per_year: float) -> tuple[Figure, Figure, Figure]:
    """Answer volatility in percent a year, Sharpe (1994) ratio, Sortino (& Price 1994) ratio.

    With A bars a year: 100 sd(r) sqrt(A); mean(r - rf) / sd(r) sqrt(A);
    mean(r - rf) / sqrt(mean(min(r - rf, 0)^2)) sqrt(A), sd with ddof 1. None of them below 30 bars.
    """
    count, mean = excess.size, excess.mean
    if count + 1 < LEAST_BARS:
        reason = needs("bars", LEAST_BARS, count + 1)
        return reason, reason, reason
    if not excess.is_defined:
        reason = "equity is 0 on a bar, so the next return is undefined"
        return reason, reason, reason
    annual = math.sqrt(bars_per_year)
    downside = math.sqrt(excess.downside / count)
    deviation = math.sqrt(excess.squares / (count - 1))
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
