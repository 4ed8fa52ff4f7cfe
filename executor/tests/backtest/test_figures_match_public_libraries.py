"""Trades and equity beside backtesting.py, ratios beside empyrical-reloaded, on all example series."""

import json
from pathlib import Path

import numpy as np
import pytest
from series import SYMBOLS, load, sma_cross

from strategiz_executor.backtest import Options, compute_metrics, run_backtest

RECORDED = json.loads((Path(__file__).parent / "library_figures.json").read_text())
METRICS = (
    "final_equity",
    "total_return_pct",
    "total_trades",
    "win_rate_pct",
    "sqn",
    "max_drawdown_pct",
    "volatility_pct",
    "sharpe",
    "sortino",
)


@pytest.mark.parametrize("direction", ["long", "long-short"])
@pytest.mark.parametrize("symbol", SYMBOLS)
def test_a_moving_average_cross_gives_the_figures_of_the_libraries(symbol, direction):
    theirs = RECORDED[f"{symbol} {direction}"]
    bars = load(symbol)
    options = Options(
        initial_capital=1_000_000,
        commission_pct=0.1,
        slippage_pct=0,
        direction=direction,
        fractional=False,
        risk_free_rate=0.0001,
    )
    backtest = run_backtest(bars, *sma_cross(bars.close), options)
    ours = compute_metrics(bars, backtest, options, "1D")
    closed, trades = ours.total_trades, backtest.trades
    np.testing.assert_array_equal(trades.entry_bar[:closed], theirs["entry_bar"])
    np.testing.assert_array_equal(trades.exit_bar[:closed], theirs["exit_bar"])
    np.testing.assert_array_equal((trades.quantity * trades.direction)[:closed], theirs["size"])
    np.testing.assert_allclose(trades.pnl[:closed], theirs["pnl"], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(backtest.equity[::100], theirs["equity_every_100"], rtol=1e-9)
    for name in METRICS:
        assert getattr(ours, name) == pytest.approx(theirs[name], rel=1e-6), name
