"""The answers on the wire."""

import numpy as np
from series import bars_of, signals_of

from strategiz_executor.backtest import (
    Options,
    assumptions,
    compute_metrics,
    metrics_message,
    run_backtest,
    trade_columns,
)

BARS = bars_of([10, 10, 12, 11, 10], [10, 11, 12, 11, 9])
OPTIONS = Options(commission_pct=0, slippage_pct=0)
RESULT = run_backtest(BARS, *signals_of((0, "BUY"), (1, "SELL"), (2, "BUY")), OPTIONS)


def test_a_metric_that_cannot_be_computed_is_unset_and_named():
    message = metrics_message(compute_metrics(BARS, RESULT, OPTIONS, "1D"))
    assert not message.HasField("sharpe")
    assert message.unavailable["sharpe"] == "needs at least 30 bars, has 5"
    assert message.HasField("win_rate_pct")
    assert message.win_rate_pct == 100
    assert message.final_equity == RESULT.equity[-1]
    assert message.open_position
    assert message.buy_count == 2


def test_trades_are_raw_little_endian_columns_with_the_reasons_of_their_signals():
    message = trade_columns(RESULT.trades, ["cheap", "dear", "again"])
    assert np.frombuffer(message.entry_bar, "<i4").tolist() == [1, 3]
    assert np.frombuffer(message.exit_bar, "<i4").tolist() == [2, -1]
    assert np.frombuffer(message.direction, "i1").tolist() == [1, 1]
    assert np.frombuffer(message.pnl, "<f8").tolist() == RESULT.trades.pnl.tolist()
    assert list(message.entry_reason) == ["cheap", "again"]
    assert list(message.exit_reason) == ["dear", ""]


def test_a_trade_that_ruin_closed_says_so():
    options = Options(direction="long-short")
    bars = bars_of([10, 10, 30], [10, 10, 30])
    result = run_backtest(bars, *signals_of((0, "SELL")), options)
    assert list(trade_columns(result.trades, ["top"]).exit_reason) == ["ruined"]


def test_the_assumptions_say_what_the_numbers_rest_on():
    message = assumptions(BARS, Options(fill="close"), "1D", {"numpy": np.__version__})
    assert (message.bars_per_year, message.bars_per_year_source) == (252, "timeframe")
    assert message.optimistic_fill
    assert message.bars == 5
    assert message.versions["numpy"] == np.__version__
    assert (message.commission_pct, message.slippage_pct, message.initial_capital) == (0.05, 0.05, 10_000)
