"""How orders are filled, with every number worked out in the test."""

import math

import numpy as np
import pytest
from series import bars_of, signals_of

from strategiz_executor.backtest import (
    FILLED,
    IGNORED_POSITION,
    IGNORED_QUANTITY,
    IGNORED_RUIN,
    PENDING,
    BacktestOverflowError,
    Options,
    compute_metrics,
    run_backtest,
)

FREE = Options(commission_pct=0, slippage_pct=0)


def free(**changes):
    return Options(commission_pct=0, slippage_pct=0, **changes)


def test_a_signal_is_filled_at_the_next_open_with_slippage_and_commission_against_the_trader():
    bars = bars_of([100, 101, 102, 103, 104], [100, 101, 102, 103, 104])
    result = run_backtest(bars, *signals_of((0, "BUY"), (2, "SELL")), Options())
    buy, sell = 101 * 1.0005, 103 * 0.9995
    quantity = 10_000 / (buy * 1.0005)
    received = quantity * sell * 0.9995
    trades = result.trades
    assert trades.entry_bar.tolist() == [1]
    assert trades.exit_bar.tolist() == [3]
    assert trades.entry_price[0] == pytest.approx(buy, rel=1e-12)
    assert trades.exit_price[0] == pytest.approx(sell, rel=1e-12)
    assert trades.quantity[0] == pytest.approx(quantity, rel=1e-12)
    assert trades.pnl[0] == pytest.approx(received - 10_000, rel=1e-12)
    assert trades.pnl_percent[0] == pytest.approx(100 * (received - 10_000) / 10_000, rel=1e-12)
    np.testing.assert_allclose(
        result.equity, [10_000, quantity * 101, quantity * 102, received, received], rtol=1e-12
    )
    np.testing.assert_allclose(result.fill_price, [buy, sell], rtol=1e-12)


def test_slippage_goes_past_the_high_and_the_low_of_the_bar():
    bars = bars_of([100, 100, 100], [100, 100, 100])
    result = run_backtest(bars, *signals_of((0, "BUY"), (1, "SELL")), Options(slippage_pct=3))
    assert bars.high[1] == bars.low[1] == 100
    assert result.fill_price.tolist() == [103.0, 97.0]


def test_all_cash_is_put_in_again_with_each_buy():
    bars = bars_of([10, 10, 20, 5, 10], [10, 20, 20, 10, 10])
    result = run_backtest(bars, *signals_of((0, "BUY"), (1, "SELL"), (2, "BUY"), (3, "SELL")), FREE)
    assert result.trades.quantity.tolist() == [1_000, 4_000]  # 10,000 / 10, then 20,000 / 5
    assert result.equity.tolist() == [10_000, 20_000, 20_000, 40_000, 40_000]


def test_sizing_leaves_the_rest_in_cash():
    bars = bars_of([10, 10, 20], [10, 20, 20])
    result = run_backtest(bars, *signals_of((0, "BUY")), free(sizing=0.25))
    assert result.equity.tolist() == [10_000, 7_500 + 250 * 20, 7_500 + 250 * 20]


def test_whole_quantities_round_down_and_a_quantity_of_0_is_ignored_and_counted():
    bars = bars_of(
        [3_000, 3_000, 3_000, 3_000, 20_000, 20_000], [3_000, 3_000, 3_000, 20_000, 20_000, 20_000]
    )
    result = run_backtest(
        bars, *signals_of((0, "BUY"), (1, "SELL"), (3, "BUY"), (4, "SELL")), free(fractional=False)
    )
    assert result.outcome.tolist() == [FILLED, FILLED, IGNORED_QUANTITY, IGNORED_POSITION]
    assert result.quantity.tolist() == [3, 3, 0, 0]
    assert np.isnan(result.fill_price[2:]).all()
    assert compute_metrics(bars, result, free(fractional=False), "1D").ignored_signals == 2


def test_a_sell_without_a_position_is_listed_and_ignored():
    bars = bars_of([10, 10, 10, 10], [10, 10, 10, 10])
    result = run_backtest(bars, *signals_of((0, "SELL"), (1, "BUY")), FREE)
    assert result.outcome.tolist() == [IGNORED_POSITION, FILLED]
    assert result.trades.entry_signal.tolist() == [1]


def test_a_signal_on_the_last_bar_is_pending_at_the_next_open_and_filled_at_the_close():
    bars = bars_of([10, 10], [10, 12])
    pending = run_backtest(bars, *signals_of((1, "BUY")), FREE)
    assert pending.outcome.tolist() == [PENDING]
    assert len(pending.trades) == 0
    filled = run_backtest(bars, *signals_of((1, "BUY")), free(fill="close"))
    assert filled.outcome.tolist() == [FILLED]
    assert filled.fill_price.tolist() == [12]
    assert filled.trades.open_position


def test_several_signals_on_one_bar_fill_in_order_at_one_open():
    bars = bars_of([100, 100, 100], [100, 100, 120])
    result = run_backtest(bars, *signals_of((0, "BUY"), (0, "SELL"), (0, "BUY")), Options(slippage_pct=0))
    bought = 10_000 / (100 * 1.0005)
    cash = bought * 100 * 0.9995
    again = cash / (100 * 1.0005)
    assert result.trades.entry_bar.tolist() == [1, 1]
    assert result.trades.exit_bar.tolist() == [1, -1]
    np.testing.assert_allclose(result.quantity, [bought, bought, again], rtol=1e-12)
    assert result.equity[2] == pytest.approx(again * 120, rel=1e-12)


def test_long_short_closes_and_reverses_on_one_bar_with_costs_on_each_side():
    bars = bars_of([100, 100, 110, 90, 90], [100, 100, 110, 90, 90])
    options = Options(slippage_pct=0, commission_pct=1, direction="long-short")
    result = run_backtest(bars, *signals_of((0, "BUY"), (1, "SELL"), (2, "BUY")), options)
    long = 10_000 / (100 * 1.01)
    cash = long * 110 * 0.99
    short = cash / (110 * 1.01)
    proceeds = short * 110 * 0.99
    after = cash + proceeds - short * 90 * 1.01
    trades = result.trades
    assert trades.direction.tolist() == [1, -1, 1]
    assert trades.exit_bar.tolist() == [2, 3, -1]
    assert trades.pnl[0] == pytest.approx(cash - 10_000, rel=1e-12)
    assert trades.pnl[1] == pytest.approx(proceeds - short * 90 * 1.01, rel=1e-12)
    assert trades.pnl_percent[1] == pytest.approx(100 * trades.pnl[1] / (short * 110 * 1.01), rel=1e-12)
    assert result.quantity[1] == pytest.approx(long + short, rel=1e-12)
    assert result.equity[2] == pytest.approx(cash + proceeds - short * 110, rel=1e-12)
    assert result.equity[4] == pytest.approx(after / (90 * 1.01) * 90, rel=1e-12)


def test_a_short_is_worth_quantity_times_entry_minus_close():
    bars = bars_of([100, 100, 80, 80], [100, 95, 80, 130])
    result = run_backtest(bars, *signals_of((0, "SELL")), free(direction="long-short"))
    assert result.equity.tolist() == [10_000, 10_000 + 100 * 5, 10_000 + 100 * 20, 10_000 - 100 * 30]


def test_equity_at_or_below_0_closes_everything_ends_trading_and_warns():
    bars = bars_of([100, 100, 150, 210, 50, 50], [100, 100, 150, 210, 50, 50])
    options = free(direction="long-short")
    result = run_backtest(bars, *signals_of((0, "SELL"), (3, "BUY"), (4, "SELL"), (5, "BUY")), options)
    assert result.equity.tolist() == [10_000, 10_000, 5_000, -1_000, -1_000, -1_000]
    assert result.outcome.tolist() == [FILLED, IGNORED_RUIN, IGNORED_RUIN, IGNORED_RUIN]
    assert result.trades.exit_bar.tolist() == [3]
    assert result.trades.exit_price.tolist() == [210]
    assert result.trades.exit_signal.tolist() == [-1]
    assert result.bars_in_position == 2
    (warning,) = result.warnings
    assert (warning.code, warning.bar) == ("ruined", 3)
    metrics = compute_metrics(bars, result, options, "1D")
    assert metrics.total_return_pct == -110
    assert metrics.max_drawdown_pct == pytest.approx(110)
    assert metrics.ignored_signals == 3
    assert not metrics.open_position


def test_the_costs_of_closing_at_ruin_are_paid():
    bars = bars_of([100, 100, 200], [100, 100, 200])
    options = Options(commission_pct=0, slippage_pct=1, direction="long-short")
    result = run_backtest(bars, *signals_of((0, "SELL")), options)
    short = 10_000 / 99
    assert result.equity[2] == pytest.approx(10_000 + short * 99 - short * 202, rel=1e-12)


def test_an_open_position_is_marked_at_the_last_close_and_left_out_of_the_trade_statistics():
    bars = bars_of([10, 10, 10], [10, 11, 15])
    result = run_backtest(bars, *signals_of((0, "BUY")), FREE)
    metrics = compute_metrics(bars, result, FREE, "1D")
    assert result.trades.exit_bar.tolist() == [-1]
    assert result.trades.exit_price.tolist() == [15]
    assert result.trades.pnl.tolist() == [5_000]
    assert (metrics.total_pnl, metrics.total_return_pct, metrics.open_position) == (5_000, 50, True)
    assert (metrics.total_trades, metrics.win_rate_pct) == (0, None)


def test_a_round_trip_at_one_price_without_costs_is_neither_a_win_nor_a_loss():
    bars = bars_of([1.07] * 4, [1.07] * 4)
    result = run_backtest(bars, *signals_of((0, "BUY"), (1, "SELL")), free(sizing=0.37))
    assert result.trades.pnl.tolist() == [0]
    assert result.equity[-1] == 10_000


def test_one_bar_is_enough():
    bars = bars_of([10], [11])
    result = run_backtest(bars, *signals_of((0, "BUY")), free(fill="close"))
    metrics = compute_metrics(bars, result, FREE, "")
    assert result.equity.tolist() == [10_000]
    assert metrics.exposure_pct == 100
    assert metrics.buy_and_hold_pct is None
    assert metrics.unavailable["buy_and_hold_pct"] == "needs at least 2 bars, has 1"


def test_no_signals_leave_the_capital_untouched():
    bars = bars_of([10] * 40, [10] * 40)
    result = run_backtest(bars, *signals_of(), Options())
    metrics = compute_metrics(bars, result, Options(), "1D")
    assert set(result.equity.tolist()) == {10_000}
    assert metrics.volatility_pct == 0
    assert metrics.unavailable["sharpe"] == "the returns do not vary"
    assert metrics.longest_drawdown_bars == 0


def test_prices_that_no_double_can_carry_are_refused_by_name_of_the_bar():
    bars = bars_of([1, 1e-300, 1], [1, 1, 1e300])
    with pytest.raises(BacktestOverflowError, match="at bar 1"):
        run_backtest(bars, *signals_of((0, "BUY")), FREE)
    assert math.isfinite(run_backtest(bars, *signals_of(), FREE).equity[-1])
