"""The fast backtest against the rules written down bar by bar in exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from plain_backtest import plain_backtest
from series import bars_of, load, sma_cross

from strategiz_executor.backtest import Options, run_backtest

cents = st.integers(1, 40_000)
prices = st.one_of(
    st.lists(st.tuples(cents, cents), min_size=1, max_size=25),
    st.lists(st.tuples(st.integers(9_000, 11_000), st.integers(9_000, 11_000)), min_size=1, max_size=25),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12),
)
options = st.fixed_dictionaries(
    {
        "initial_capital": st.sampled_from([Fraction(10_000), Fraction(1), Fraction(777, 10)]),
        "commission_pct": st.sampled_from([Fraction(0), Fraction(5, 100), Fraction(1), Fraction(30)]),
        "slippage_pct": st.sampled_from([Fraction(0), Fraction(5, 100), Fraction(2), Fraction(50)]),
        "fill": st.sampled_from(["next-open", "close"]),
        "direction": st.sampled_from(["long", "long-short"]),
        "sizing": st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(37, 100)]),
        "fractional": st.booleans(),
    }
)


@st.composite
def signals(draw, bars):
    least = draw(st.sampled_from([0, 2, 4]))
    at = sorted(draw(st.lists(st.integers(0, bars - 1), min_size=least, max_size=bars + 6)))
    if draw(st.booleans()):
        first = draw(st.sampled_from([1, -1]))
        return [(bar, first * (-1) ** i) for i, bar in enumerate(at)]
    return [(bar, draw(st.sampled_from([1, -1]))) for bar in at]


@st.composite
def cases(draw):
    rows = draw(prices)
    return rows, draw(signals(len(rows))), draw(options)


def plain(opens, closes, given_signals, chosen):
    return plain_backtest(
        opens,
        closes,
        given_signals,
        capital=chosen["initial_capital"],
        commission=chosen["commission_pct"] / 100,
        slippage=chosen["slippage_pct"] / 100,
        fill=chosen["fill"],
        direction=chosen["direction"],
        sizing=chosen["sizing"],
        fractional=chosen["fractional"],
    )


def as_options(chosen):
    return Options(**{name: float(v) if isinstance(v, Fraction) else v for name, v in chosen.items()})


def assert_same(fast, exact, capital):
    """Equal to 1e-9 of the value, or of the money that went through the account where it nearly cancels."""
    turnover = max([capital, *(t.quantity * max(t.entry_price, t.exit_price) for t in exact.trades)])

    def close(actual, expected, scale=0.0):
        np.testing.assert_allclose(
            np.array(actual, "f8"),
            np.array([float(v) for v in expected]),
            rtol=1e-9,
            atol=1e-9 * float(scale),
        )

    trades = fast.trades
    assert fast.outcome.tolist() == exact.outcome
    assert trades.entry_bar.tolist() == [t.entry_bar for t in exact.trades]
    assert trades.exit_bar.tolist() == [t.exit_bar for t in exact.trades]
    assert trades.direction.tolist() == [t.direction for t in exact.trades]
    assert trades.entry_signal.tolist() == [t.entry_signal for t in exact.trades]
    assert trades.exit_signal.tolist() == [t.exit_signal for t in exact.trades]
    close(fast.equity, exact.equity, turnover)
    close(fast.quantity, exact.quantity)
    close(fast.fill_price, [np.nan if p is None else p for p in exact.fill_price])
    close(trades.quantity, [t.quantity for t in exact.trades])
    close(trades.entry_price, [t.entry_price for t in exact.trades])
    close(trades.exit_price, [t.exit_price for t in exact.trades])
    close(trades.pnl, [t.pnl for t in exact.trades], turnover)
    close(trades.pnl_percent, [t.pnl_percent for t in exact.trades], 100)
    assert np.sign(trades.pnl).tolist() == [(t.pnl > 0) - (t.pnl < 0) for t in exact.trades]
    assert fast.bars_in_position == exact.bars_in_position
    assert [(w.code, w.bar) for w in fast.warnings] == (
        [("ruined", exact.ruined_at)] if exact.ruined_at >= 0 else []
    )


DEFAULTS = {
    "initial_capital": Fraction(10_000),
    "commission_pct": Fraction(0),
    "slippage_pct": Fraction(0),
    "fill": "next-open",
    "direction": "long-short",
    "sizing": Fraction(1),
    "fractional": True,
}


# 1.07 doubled: in doubles the short keeps 4e-12 of its 10,000 instead of exactly nothing.
SHORT_LOSES_ALL_AT_A_CLOSE = ([(107, 107), (107, 107), (107, 214), (107, 107)], [(0, -1), (2, 1)], DEFAULTS)
SHORT_LOSES_ALL_AT_AN_OPEN = ([(107, 107), (107, 107), (214, 107), (107, 107)], [(0, -1), (1, 1)], DEFAULTS)
SHORT_LOSES_ALL_ON_THE_FIRST_BAR = (
    [(100, 100), (100, 100)],
    [(0, -1), (1, 1)],
    DEFAULTS | {"fill": "close", "slippage_pct": Fraction(50)},
)
# 77.7 / (1.85 x 1.5) is 28; in doubles 27.999999999999996.
EXACTLY_28_WHOLE_UNITS = (
    [(185, 185), (185, 185)],
    [(0, 1)],
    DEFAULTS | {"initial_capital": Fraction(777, 10), "slippage_pct": Fraction(50), "fractional": False},
)
FREE_BUT_WORTHLESS = ([(100, 100), (0, 100), (100, 0)], [(0, 1), (1, -1)], DEFAULTS | {"direction": "long"})


@settings(max_examples=400, deadline=None)
@given(cases())
@example(SHORT_LOSES_ALL_AT_A_CLOSE)
@example(SHORT_LOSES_ALL_AT_AN_OPEN)
@example(SHORT_LOSES_ALL_ON_THE_FIRST_BAR)
@example(EXACTLY_28_WHOLE_UNITS)
@example(FREE_BUT_WORTHLESS)
def test_every_fill_trade_and_equity_point_is_that_of_the_plain_rules(case):
    rows, given_signals, chosen = case
    opens, closes = ([Fraction(row[side], 100) for row in rows] for side in (0, 1))
    exact = plain(opens, closes, given_signals, chosen)
    event(f"ruined {exact.ruined_at >= 0}")
    event(f"outcomes {sorted(set(exact.outcome))}")
    fast = run_backtest(
        bars_of([float(v) for v in opens], [float(v) for v in closes]),
        np.array([bar for bar, _ in given_signals], "i4"),
        np.array([word for _, word in given_signals], "i1"),
        as_options(chosen),
    )
    assert_same(fast, exact, chosen["initial_capital"])


@pytest.mark.parametrize("direction", ["long", "long-short"])
@pytest.mark.parametrize("fractional", [True, False])
def test_a_moving_average_cross_on_aapl_is_that_of_the_plain_rules(direction, fractional):
    bars = load("AAPL")
    signal_bar, signal_type = sma_cross(bars.close)
    chosen = DEFAULTS | {
        "commission_pct": Fraction(5, 100),
        "slippage_pct": Fraction(5, 100),
        "direction": direction,
        "fractional": fractional,
    }
    exact = plain(
        [Fraction(v) for v in bars.open.tolist()],
        [Fraction(v) for v in bars.close.tolist()],
        list(zip(signal_bar.tolist(), signal_type.tolist(), strict=True)),
        chosen,
    )
    assert len(exact.trades) >= 60
    assert_same(run_backtest(bars, signal_bar, signal_type, as_options(chosen)), exact, Fraction(10_000))
