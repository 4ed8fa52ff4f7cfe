"""Moments of the returns from close to close: what a deflated Sharpe ratio needs to know of one trial."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from strategiz_executor.backtest.figures import ROUNDING
from strategiz_executor.backtest.returns import Excess


class Moments(NamedTuple):
    """Of r_t = E_t / E_(t-1) - 1: how many, mean, deviation (ddof 1), skewness m3 / m2^1.5, kurtosis m4 / m2^2.

    m_k are central moments with ddof 0; a normal distribution has kurtosis 3. NaN where it cannot be
    computed: without a return, with one (deviation), or where returns do not vary.
    """

    returns: int
    mean: float
    deviation: float
    skewness: float
    kurtosis: float


def return_moments(excess: Excess) -> Moments:
    """Answer the moments of the returns that these are the excess of."""
    count = excess.size
    if count < 1 or not excess.is_defined:
        return Moments(count, math.nan, math.nan, math.nan, math.nan)
    mean = excess.mean + excess.risk_free_rate
    deviation = math.sqrt(excess.squares / (count - 1)) if count > 1 else math.nan
    if not deviation > ROUNDING:
        return Moments(count, mean, deviation, math.nan, math.nan)
    centred, second = excess.centred, excess.squares / count
    with np.errstate(all="ignore"):
        squares = centred * centred
        third, fourth = float(squares @ centred) / count, float(squares @ squares) / count
    skewness, kurtosis = third / second**1.5, fourth / second**2
    if not (math.isfinite(skewness) and math.isfinite(kurtosis)):
        skewness = kurtosis = math.nan
    return Moments(count, mean, deviation, skewness, kurtosis)
