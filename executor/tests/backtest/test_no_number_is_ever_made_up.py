"""Whatever the prices and options, a figure is finite or absent with a reason."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from series import bars_of

from strategiz_executor.backtest import (
    BacktestOverflowError,
    Options,
    compute_metrics,
    metrics_message,
    run_backtest,
    trade_columns,
)

price = st.one_of(
    st.floats(0, 1.7e308, allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 5e-324, 1e-160, 1e-3, 1.0, 100.0, 1e150, 1.7e308]),
)
wild = st.builds(
    Options,
    initial_capital=st.sampled_from([1e-9, 10_000.0, 1e15]),
    commission_pct=st.floats(0, 50),
    slippage_pct=st.floats(0, 50),
    fill=st.sampled_from(["next-open", "close"]),
    direction=st.sampled_from(["long", "long-short"]),
    sizing=st.floats(1e-9, 1),
    fractional=st.booleans(),
    bars_per_year=st.sampled_from([None, 1e-300, 1e308]),
    risk_free_rate=st.floats(-0.99, 0.99),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(price, price), min_size=1, max_size=45),
    st.lists(st.tuples(st.integers(0, 44), st.sampled_from([1, -1])), max_size=12),
    wild,
    st.sampled_from(["1D", "1h", ""]),
)
def test_every_figure_is_finite_or_absent_with_a_reason(rows, given_signals, options, timeframe):
    bars = bars_of([open_ for open_, _ in rows], [close for _, close in rows])
    signals = sorted((bar, word) for bar, word in given_signals if bar < len(rows))
    try:
        backtest = run_backtest(
            bars,
            np.array([bar for bar, _ in signals], "i4"),
            np.array([word for _, word in signals], "i1"),
            options,
        )
    except BacktestOverflowError as error:
        assert "at bar" in str(error)
        return
    metrics = compute_metrics(bars, backtest, options, timeframe)
    values = metrics._asdict()
    unavailable = values.pop("unavailable")
    assert np.isfinite(backtest.equity).all()
    assert {name for name, value in values.items() if value is None} == set(unavailable)
    assert all(reason for reason in unavailable.values())
    assert all(math.isfinite(value) for value in values.values() if value is not None)
    trades = backtest.trades
    for column in (trades.quantity, trades.entry_price, trades.exit_price, trades.pnl, trades.pnl_percent):
        assert np.isfinite(column).all()
    assert (np.isfinite(backtest.fill_price) == (backtest.outcome == 0)).all()
    assert np.isfinite(backtest.quantity).all()
    metrics_message(metrics)
    trade_columns(trades, ["because"] * len(signals))
