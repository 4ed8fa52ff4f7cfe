"""The run of a strategy whose bars end earlier, or go on otherwise."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from strategiz_executor.backtest import Bars
from strategiz_executor.strategy.bars_frame import Series
from strategiz_executor.strategy.errors import RaisedByStrategyError, StrategyError
from strategiz_executor.strategy.look_ahead.cuts import After, Cut
from strategiz_executor.strategy.printing import LogOutput
from strategiz_executor.strategy.replay.once import replay_once
from strategiz_executor.strategy.signal_recorder import Signal
from strategiz_executor.strategy.strategy_run import Job, LatestRun
from strategiz_executor.strategy.whole_run import Form, run_whole

BARS_AFTER = 60


def signals_of(job: Job, series: Series, form: Form) -> Sequence[Signal] | None:
    """Answer what the strategy says over another series, by time; its generators start as in the job's own run.

    None where that cannot be compared: the code raises, or is of another form there. Its logs go nowhere.
    """
    other = replace(job, series=series, latest=LatestRun())
    try:
        with contextlib.redirect_stdout(LogOutput(other.latest.log)):
            whole = run_whole(other)
            return replay_once(whole).signals if whole.form is form else None
    except (StrategyError, RaisedByStrategyError, MemoryError):
        return None


def series_with(series: Series, cut: Cut) -> Series:
    """Answer the bars up to the cut, and after it at most BARS_AFTER with other prices, or none."""
    count = cut.bars
    if cut.after is After.NOTHING:
        return _series(series, series.prices[:, :count], count)
    end = min(count + BARS_AFTER, len(series))
    prices = series.prices[:, :end].copy()
    prices[:, count:] *= cut.after.value
    prices.flags.writeable = False
    return _series(series, prices, end)


def _series(series: Series, prices: npt.NDArray[np.float64], count: int) -> Series:
    bars = series.bars
    open_, high, low, close = prices
    changed = Bars(bars.timestamp_ms[:count], open_, high, low, close, bars.volume[:count])
    return Series(changed, series.nanoseconds[:count], prices)
