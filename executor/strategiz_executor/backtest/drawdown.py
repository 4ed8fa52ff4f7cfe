"""How far and how long equity was below its peak."""

from __future__ import annotations

import numpy as np

from strategiz_executor.backtest.bars import Floats
from strategiz_executor.backtest.figures import ROUNDING


def drawdown(equity: Floats, initial_capital: float) -> tuple[float, int]:
    """Answer the maximum drawdown in percent (positive, by closes) and the longest one in bars.

    The peak at bar t is max(E_init, E_0..E_t). A drawdown lasts from the last bar at a peak to the first
    bar at or above it, or to the last bar; the initial capital is a peak one bar before the first.
    """
    peak = np.fmax.accumulate(equity)  # there is no NaN in it, and looking for one costs a third
    if equity[0] < initial_capital:
        np.maximum(peak, initial_capital, out=peak)
    share = equity / peak
    deepest = 1.0 - float(np.minimum.reduce(share))
    if deepest <= ROUNDING:
        return 0.0, 0
    at_peak = (share >= 1.0 - ROUNDING).nonzero()[0]
    return 100 * deepest, _longest(at_peak, len(equity))


def _longest(at_peak: np.ndarray[tuple[int], np.dtype[np.intp]], n: int) -> int:
    if not len(at_peak):
        return n
    longest = max(int(at_peak[0]) + 1 if at_peak[0] else 0, n - 1 - int(at_peak[-1]))
    if len(at_peak) > 1:
        between = int(np.maximum.reduce(at_peak[1:] - at_peak[:-1]))
        longest = max(longest, between if between > 1 else 0)
    return longest
