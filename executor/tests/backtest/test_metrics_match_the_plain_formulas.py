"""Every metric against its formula written down in plain Python."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_metrics import plain_metrics
from series import bars_of, load, sma_cross

from strategiz_executor.backtest import Options, compute_metrics, run_backtest

steps = st.floats(0.9, 1.12).map(lambda step: round(step, 3))


def check(bars, signal_bar, signal_type, options, bars_per_year):
    backtest = run_backtest(bars, signal_bar, signal_type, options)
    ours = compute_metrics(bars, backtest, options, "1D")
    trades = backtest.trades
    theirs = plain_metrics(
        backtest.equity.tolist(),
        [p for p, bar in zip(trades.pnl.tolist(), trades.exit_bar.tolist(), strict=True) if bar >= 0],
        capital=options.initial_capital,
        bars_per_year=bars_per_year,
        risk_free=options.risk_free_rate,
        days=(bars.timestamp_ms[-1] - bars.timestamp_ms[0]) / 86_400_000,
    )
    for name, value in theirs.items():
        assert getattr(ours, name) == (
            value if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)
        ), name
    nothing = {name for name, value in theirs.items() if value is None}
    assert set(ours.unavailable) == nothing
    return ours


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(steps, steps), min_size=2, max_size=70),
    st.lists(st.integers(0, 69), max_size=20, unique=True),
    st.sampled_from([0.0, 0.0001, 0.03]),
    st.sampled_from(["long", "long-short"]),
)
def test_metrics_of_random_walks_are_those_of_the_formulas(walk, at, risk_free, direction):
    closes = 100 * np.cumprod([step for step, _ in walk])
    opens = closes * [step for _, step in walk]
    at = np.array(sorted(bar for bar in at if bar < len(walk)), "i4")
    words = np.where(np.arange(len(at)) % 2 == 0, 1, -1).astype("i1")
    options = Options(direction=direction, risk_free_rate=risk_free, bars_per_year=300)
    check(bars_of(opens, closes), at, words, options, 300)


@pytest.mark.parametrize("symbol", ["AAPL", "FB", "SPX"])
def test_metrics_of_a_moving_average_cross_are_those_of_the_formulas(symbol):
    bars = load(symbol)
    metrics = check(bars, *sma_cross(bars.close), Options(), 252)
    assert metrics.unavailable == {}
