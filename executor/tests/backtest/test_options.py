"""What a caller may ask of the backtest, and what the answer to a wrong wish is."""

import math

import pytest

from strategiz_executor.backtest import OptionError, Options, options_from
from strategiz_executor.generated.strategy_execution_pb2 import BacktestOptions


def test_unset_options_have_their_defaults():
    assert options_from(BacktestOptions()) == Options(
        initial_capital=10_000,
        commission_pct=0.05,
        slippage_pct=0.05,
        fill="next-open",
        direction="long",
        sizing=1,
        fractional=True,
        bars_per_year=None,
        risk_free_rate=0,
    )


def test_given_options_are_taken_zeros_and_false_included():
    message = BacktestOptions(
        initial_capital=500,
        commission_pct=0,
        slippage_pct=0,
        fill="close",
        direction="long-short",
        sizing=0.5,
        fractional=False,
        bars_per_year=365,
        risk_free_rate=0.0001,
    )
    assert options_from(message) == Options(500, 0, 0, "close", "long-short", 0.5, False, 365, 0.0001)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("initial_capital", 0),
        ("initial_capital", -1),
        ("initial_capital", 1e16),
        ("initial_capital", math.nan),
        ("commission_pct", -0.1),
        ("commission_pct", 50.1),
        ("commission_pct", math.nan),
        ("slippage_pct", -0.1),
        ("slippage_pct", math.inf),
        ("fill", "open"),
        ("direction", "short"),
        ("sizing", 0),
        ("sizing", 1.01),
        ("bars_per_year", 0),
        ("bars_per_year", math.inf),
        ("risk_free_rate", -1),
        ("risk_free_rate", math.nan),
    ],
)
def test_a_wrong_option_is_refused_with_its_name_its_rule_and_its_value(field, value):
    with pytest.raises(OptionError) as raised:
        options_from(BacktestOptions(**{field: value}))
    assert raised.value.field == field
    assert str(raised.value).startswith(f"option {field} must be {raised.value.rule}, is ")
    assert repr(value if isinstance(value, str) else float(value)) in str(raised.value)
