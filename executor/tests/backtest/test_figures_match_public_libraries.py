"""Trades and equity beside backtesting.py, ratios beside empyrical-reloaded, moments beside scipy, as they run."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from series import SYMBOLS, load, sma_cross

from strategiz_executor.backtest import Options, compute_metrics, run_backtest
from strategiz_executor.backtest.moments import return_moments
from strategiz_executor.backtest.returns import excess_of

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-libraries" / "bin" / "python"
CLOSE = {"rtol": 1e-6, "atol": 0}


@pytest.fixture(scope="module")
def libraries():
    """Their figures by series and direction."""
    assert PYTHON.exists(), "run `node scripts/setup.mjs --environment libraries` first; `npm test` does"
    script = Path(__file__).with_name("public_library_figures.py")
    ran = subprocess.run([PYTHON, script], capture_output=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr.decode()[-2_000:]
    return json.loads(ran.stdout)


@pytest.mark.parametrize("direction", ["long", "long-short"])
@pytest.mark.parametrize("symbol", SYMBOLS)
def test_a_moving_average_cross_gives_the_figures_of_the_libraries(libraries, symbol, direction):
    theirs = libraries[f"{symbol} {direction}"]
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
    np.testing.assert_array_equal(trades.entry_bar[:closed], theirs["trades"]["EntryBar"])
    np.testing.assert_array_equal(trades.exit_bar[:closed], theirs["trades"]["ExitBar"])
    np.testing.assert_array_equal((trades.quantity * trades.direction)[:closed], theirs["trades"]["Size"])
    np.testing.assert_allclose(trades.pnl[:closed], theirs["trades"]["PnL"], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(backtest.equity, theirs["equity"], **CLOSE)
    for name, value in theirs["metrics"].items():
        np.testing.assert_allclose(getattr(ours, name), value, err_msg=name, **CLOSE)
    moments = return_moments(excess_of(backtest.equity, 0.0))
    for name, value in theirs["moments"].items():
        np.testing.assert_allclose(getattr(moments, name), value, err_msg=name, **CLOSE)
