"""Moments of the returns from close to close: what a deflated Sharpe ratio needs to know of one trial."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from strategiz_executor.backtest.bars import Floats
from strategiz_executor.backtest.figures import ROUNDING


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


def return_moments(equity: Floats) -> Moments:
    """Answer the moments of the returns of an equity curve."""
    count = len(equity) - 1
    nothing = Moments(count, math.nan, math.nan, math.nan, math.nan)
    if count < 1:
        return nothing
    with np.errstate(all="ignore"):  # an equity of 0 gives no finite mean
        returns = equity[1:] / equity[:-1]
        returns -= 1
        mean = float(np.add.reduce(returns)) / count
        if not math.isfinite(mean):
            return nothing
        returns -= mean
        squares = returns * returns
        second = float(np.add.reduce(squares)) / count
        if count < 2:
            return nothing._replace(mean=mean)
        deviation = math.sqrt(second * count / (count - 1))
        if deviation <= ROUNDING:
            return nothing._replace(mean=mean, deviation=deviation)
        third, fourth = float(squares @ returns) / count, float(squares @ squares) / count
    shape = (third / second**1.5, fourth / second**2)
    if not all(map(math.isfinite, shape)):
        return nothing._replace(mean=mean, deviation=deviation)
    return Moments(count, mean, deviation, *shape)
