"""The backtest: how signals are filled, and what came of it. Numbers only, no pandas.

    bars = Bars(timestamp_ms, open, high, low, close, volume)
    backtest = run_backtest(bars, signal_bar, signal_type, options_from(message))
    metrics = compute_metrics(bars, backtest, options, "1D")

Every formula, unit and rule for what cannot be computed is in docs/metrics.md.
"""

from strategiz_executor.backtest.bars import Bars
from strategiz_executor.backtest.calendar import bars_per_year
from strategiz_executor.backtest.messages import assumptions, metrics_message, trade_columns
from strategiz_executor.backtest.metrics import Metrics, compute_metrics
from strategiz_executor.backtest.options import OptionError, Options, options_from
from strategiz_executor.backtest.outcome import (
    FILLED,
    IGNORED_POSITION,
    IGNORED_QUANTITY,
    IGNORED_RUIN,
    PENDING,
    Backtest,
    BacktestOverflowError,
    BacktestWarning,
    Trades,
)
from strategiz_executor.backtest.run import run_backtest

__all__ = [
    "FILLED",
    "IGNORED_POSITION",
    "IGNORED_QUANTITY",
    "IGNORED_RUIN",
    "PENDING",
    "Backtest",
    "BacktestOverflowError",
    "BacktestWarning",
    "Bars",
    "Metrics",
    "OptionError",
    "Options",
    "Trades",
    "assumptions",
    "bars_per_year",
    "compute_metrics",
    "metrics_message",
    "options_from",
    "run_backtest",
    "trade_columns",
]
