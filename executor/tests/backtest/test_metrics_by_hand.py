"""Metrics of tiny series, worked out as arithmetic beside each."""

import math
from dataclasses import replace

import numpy as np
import pytest
from series import DAY_MS, MONDAY_MS, bars_of, signals_of

from strategiz_executor.backtest import Options, compute_metrics, run_backtest

FREE = Options(commission_pct=0, slippage_pct=0)


def metrics_of(bars, signals, options=FREE, timeframe="1D"):
    return compute_metrics(bars, run_backtest(bars, *signals_of(*signals), options), options, timeframe)


def metrics_of_equity(equity, options=FREE, timeframe="1D", timestamps=None):
    """A strategy that holds one share-like unit from the first close on, so that equity is the price."""
    options = replace(options, fill="close", initial_capital=equity[0])
    return metrics_of(bars_of(equity, equity, timestamps), [(0, "BUY")], options, timeframe)


def test_trade_statistics_of_three_round_trips():
    # Without reinvested gains to blur it: 1 unit a trade, bought at 10 and sold at 13, 8 and 11.
    opens = [10, 10, 13, 10, 8, 10, 11, 11]
    bars = bars_of(opens, opens)
    signals = [(0, "BUY"), (1, "SELL"), (2, "BUY"), (3, "SELL"), (4, "BUY"), (5, "SELL")]
    options = replace(FREE, initial_capital=19.0, fractional=False)
    metrics = metrics_of(bars, signals, options)
    results = [3, -4, 1]  # the second buys 2 units with 22
    mean = (3 - 4 + 1) / 3
    assert [metrics.total_trades, metrics.profitable_trades] == [3, 2]
    assert metrics.win_rate_pct == pytest.approx(100 * 2 / 3)
    assert metrics.avg_win == pytest.approx((3 + 1) / 2)
    assert metrics.avg_loss == pytest.approx(-4)
    assert metrics.expectancy == pytest.approx(mean)
    assert metrics.profit_factor == pytest.approx((3 + 1) / 4)
    sd = math.sqrt(sum((r - mean) ** 2 for r in results) / 2)
    assert metrics.sqn == pytest.approx(mean / sd * math.sqrt(3))
    assert (metrics.total_pnl, metrics.final_equity) == (0, 19)
    assert (metrics.buy_count, metrics.sell_count) == (3, 3)
    assert metrics.exposure_pct == pytest.approx(100 * 3 / 8)


def test_return_ratios_of_alternating_returns():
    # 15 returns of +10 % and 15 of -5 %, in turn.
    equity = [100.0]
    for t in range(30):
        equity.append(equity[-1] * (1.10 if t % 2 == 0 else 0.95))
    metrics = metrics_of_equity(equity)
    mean = (0.10 - 0.05) / 2
    deviation = math.sqrt(30 * 0.075**2 / 29)
    downside = math.sqrt(15 * 0.05**2 / 30)
    assert metrics.volatility_pct == pytest.approx(100 * deviation * math.sqrt(252))
    assert metrics.sharpe == pytest.approx(mean / deviation * math.sqrt(252))
    assert metrics.sortino == pytest.approx(mean / downside * math.sqrt(252))
    assert metrics.total_return_pct == pytest.approx(100 * (1.10**15 * 0.95**15 - 1))


def test_a_risk_free_rate_per_bar_is_taken_off_each_return():
    equity = [100.0]
    for t in range(30):
        equity.append(equity[-1] * (1.10 if t % 2 == 0 else 0.95))
    metrics = metrics_of_equity(equity, replace(FREE, risk_free_rate=0.01))
    deviation = math.sqrt(30 * 0.075**2 / 29)
    downside = math.sqrt(15 * 0.06**2 / 30)
    assert metrics.sharpe == pytest.approx((0.025 - 0.01) / deviation * math.sqrt(252))
    assert metrics.sortino == pytest.approx((0.025 - 0.01) / downside * math.sqrt(252))


def test_growth_and_calmar_over_two_years():
    # 100 -> 80 -> 121 in 730.5 days: 21 % in two years is 10 % a year.
    days = [0, 365, 730.5]
    metrics = metrics_of_equity([100, 80, 121], timestamps=[MONDAY_MS + d * DAY_MS for d in days])
    assert metrics.cagr_pct == pytest.approx(10)
    assert metrics.max_drawdown_pct == pytest.approx(20)
    assert metrics.calmar == pytest.approx(10 / 20)
    assert metrics.total_return_pct == pytest.approx(21)


@pytest.mark.parametrize(
    ("equity", "percent", "bars"),
    [
        ([10, 11, 12], 0, 0),  # only rising: each bar is a new peak
        ([10, 10, 10], 0, 0),
        ([10, 9, 10], 10, 2),  # bar 0 to bar 2
        ([10, 9, 9, 11, 10], 10, 3),  # bar 0 to bar 3; the second, to the end, lasts 1
        ([10, 8, 9], 20, 2),  # to the end: bar 0 to bar 2
        ([10, 12, 6, 12, 11, 11, 11], 50, 3),  # deepest 2 bars, longest 3
    ],
)
def test_drawdown(equity, percent, bars):
    metrics = metrics_of_equity([float(value) for value in equity])
    assert metrics.max_drawdown_pct == pytest.approx(percent)
    assert metrics.longest_drawdown_bars == bars


def test_the_initial_capital_is_a_peak_before_the_first_bar():
    # 10,000 buys at 100 x 1.25: worth 8,000 at the close of bar 0, 10,000 again at bar 2.
    options = replace(FREE, fill="close", slippage_pct=25)
    metrics = metrics_of(bars_of([100, 100, 125], [100, 100, 125]), [(0, "BUY")], options)
    assert metrics.max_drawdown_pct == pytest.approx(20)
    assert metrics.longest_drawdown_bars == 3
    never_again = metrics_of(bars_of([100, 100, 100], [100, 100, 100]), [(0, "BUY")], options)
    assert never_again.longest_drawdown_bars == 3


def test_the_first_return_is_from_bar_0_to_bar_1_not_from_the_initial_capital():
    # Costs on bar 0 lower equity to 8,000 of 10,000; after that nothing moves.
    options = replace(FREE, fill="close", slippage_pct=25)
    metrics = metrics_of(bars_of([100] * 31, [100] * 31), [(0, "BUY")], options)
    assert metrics.volatility_pct == 0
    assert metrics.total_return_pct == pytest.approx(-20)


def test_buy_and_hold_pays_the_same_costs_and_sizing():
    bars = bars_of([90, 100, 110], [95, 105, 120])
    options = Options(initial_capital=5_000, commission_pct=1, slippage_pct=2, sizing=0.5)
    metrics = metrics_of(bars, [], options)
    units = 0.5 * 5_000 / (100 * 1.02 * 1.01)
    won = units * 120 - 2_500
    assert metrics.buy_and_hold_pnl == pytest.approx(won)
    assert metrics.buy_and_hold_pct == pytest.approx(100 * won / 5_000)
    assert metrics.outperformance_pct == pytest.approx(-100 * won / 5_000)


def test_buy_and_hold_in_whole_quantities_buys_whole_quantities():
    bars = bars_of([3_000, 3_000, 4_000], [3_000, 3_000, 4_000])
    metrics = metrics_of(bars, [], replace(FREE, fractional=False))
    assert metrics.buy_and_hold_pnl == pytest.approx(3 * 1_000)


def test_a_strategy_that_buys_at_once_and_holds_equals_buy_and_hold():
    bars = bars_of(np.linspace(50, 90, 40), np.linspace(51, 88, 40))
    metrics = metrics_of(bars, [(0, "BUY")], Options())
    assert metrics.outperformance_pct == pytest.approx(0, abs=1e-9)
    assert metrics.exposure_pct == pytest.approx(100 * 39 / 40)


def test_what_cannot_be_computed_is_absent_with_its_reason():
    metrics = metrics_of(bars_of([10] * 5, [10] * 5), [(1, "BUY"), (4, "SELL")])
    assert metrics.unavailable == {
        "cagr_pct": "needs at least 30 days, has 4",
        "volatility_pct": "needs at least 30 bars, has 5",
        "sharpe": "needs at least 30 bars, has 5",
        "sortino": "needs at least 30 bars, has 5",
        "calmar": "cagr_pct is not available: needs at least 30 days, has 4",
        "win_rate_pct": "no trade was closed",
        "avg_win": "no trade was closed",
        "avg_loss": "no trade was closed",
        "expectancy": "no trade was closed",
        "profit_factor": "no trade was closed",
        "sqn": "needs at least 2 closed trades, has 0",
    }
    assert all(getattr(metrics, name) is None for name in metrics.unavailable)
    assert (metrics.pending_signals, metrics.open_position) == (1, True)


def test_winners_alone_have_no_profit_factor_and_losers_alone_have_one_of_0():
    up = bars_of([10, 10, 12, 12], [10, 12, 12, 12])
    won = metrics_of(up, [(0, "BUY"), (1, "SELL")])
    assert (won.win_rate_pct, won.avg_win, won.avg_loss, won.profit_factor) == (100, 2_000, None, None)
    assert won.unavailable["profit_factor"] == "no closed trade lost"
    down = bars_of([10, 10, 8, 8], [10, 8, 8, 8])
    lost = metrics_of(down, [(0, "BUY"), (1, "SELL")])
    assert (lost.win_rate_pct, lost.avg_win, lost.avg_loss, lost.profit_factor) == (0, None, -2_000, 0)
    assert lost.unavailable["avg_win"] == "no closed trade won"


def test_equal_results_of_all_trades_have_no_sqn():
    opens = [100.1, 100.1, 101.2, 200.1, 201.2, 201.2]
    options = replace(FREE, initial_capital=222.0, fractional=False, sizing=0.9)
    signals = [(0, "BUY"), (1, "SELL"), (2, "BUY"), (3, "SELL")]
    metrics = metrics_of(bars_of(opens, opens), signals, options)
    assert metrics.expectancy == pytest.approx(1.1)  # 1 unit twice; 1.1000000000000085 and 1.0999999999999943
    assert metrics.unavailable["sqn"] == "the results of the trades do not vary"


def test_an_account_that_ends_below_0_has_no_growth_rate():
    bars = bars_of([100] * 31 + [300] * 10, [100] * 31 + [300] * 10)
    metrics = metrics_of(bars, [(0, "SELL")], replace(FREE, direction="long-short"))
    assert metrics.total_return_pct == pytest.approx(-200)
    assert metrics.unavailable["cagr_pct"] == "equity ends at or below 0"
    assert metrics.sharpe is not None


def test_an_account_of_exactly_0_has_no_returns_after_it():
    bars = bars_of([100] * 31 + [0] * 10, [100] * 31 + [0] * 10)
    metrics = metrics_of(bars, [(0, "BUY")])
    assert metrics.unavailable["sharpe"] == "equity is 0 on a bar, so the next return is undefined"
    assert metrics.max_drawdown_pct == 100


def test_rounding_noise_is_neither_a_drawdown_nor_a_ratio():
    # 1.07 x (10,000 / 1.07) is not 10,000 in doubles for many prices; nothing was lost.
    for cents in range(100, 400, 7):
        price = cents / 100
        bars = bars_of([price] * 60, [price] * 60)
        metrics = metrics_of(bars, [(5, "BUY"), (20, "SELL"), (30, "BUY")], replace(FREE, sizing=0.37))
        assert (metrics.max_drawdown_pct, metrics.longest_drawdown_bars) == (0, 0)
        assert (metrics.sharpe, metrics.sortino, metrics.calmar) == (None, None, None)
