"""How a backtest fills orders, and the check of what a caller asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, cast

from strategiz_executor.generated.strategy_execution_pb2 import BacktestOptions

Fill = Literal["next-open", "close"]
Direction = Literal["long", "long-short"]

MAX_CAPITAL = 1e15
MAX_COST_PCT = 50.0


class OptionError(ValueError):
    """A backtest option that breaks its rule. The message names the field, the rule and the value."""

    def __init__(self, field: str, rule: str, value: object) -> None:
        super().__init__(f"option {field} must be {rule}, is {value!r}")
        self.field = field
        self.rule = rule
        self.value = value


@dataclass(frozen=True)
class Options:
    """The assumptions of a backtest; the defaults are those of docs/metrics.md.

    Percentages are numbers (0.05 is 0.05 %), sizing is a share of cash in (0, 1], risk_free_rate a
    fraction per bar, bars_per_year None where it is to be told from timeframe and bars.
    """

    initial_capital: float = 10_000.0
    commission_pct: float = 0.05
    slippage_pct: float = 0.05
    fill: Fill = "next-open"
    direction: Direction = "long"
    sizing: float = 1.0
    fractional: bool = True
    bars_per_year: float | None = None
    risk_free_rate: float = 0.0

    def __post_init__(self) -> None:
        per_year, cost = self.bars_per_year, f"at least 0 and at most {MAX_COST_PCT:g}"
        for holds, field, rule in (
            (0 < self.initial_capital <= MAX_CAPITAL, "initial_capital", "above 0 and at most 1e15"),
            (0 <= self.commission_pct <= MAX_COST_PCT, "commission_pct", cost),
            (0 <= self.slippage_pct <= MAX_COST_PCT, "slippage_pct", cost),
            (self.fill in {"next-open", "close"}, "fill", "'next-open' or 'close'"),
            (self.direction in {"long", "long-short"}, "direction", "'long' or 'long-short'"),
            (0 < self.sizing <= 1, "sizing", "above 0 and at most 1"),
            (per_year is None or 0 < per_year < math.inf, "bars_per_year", "finite and above 0"),
            (-1 < self.risk_free_rate < 1, "risk_free_rate", "a fraction per bar between -1 and 1"),
        ):
            if not holds:
                raise OptionError(field, rule, getattr(self, field))


def options_from(message: BacktestOptions) -> Options:
    """Answer the options of a request, unset fields at their defaults.

    Raises OptionError for a value out of its bounds, not finite, or a word that is none of the known.
    """
    given: dict[str, float | bool] = {
        name: getattr(message, name)
        for name in (
            "initial_capital",
            "commission_pct",
            "slippage_pct",
            "sizing",
            "fractional",
            "bars_per_year",
            "risk_free_rate",
        )
        if message.HasField(name)
    }
    words = {
        "fill": cast(Fill, message.fill or "next-open"),
        "direction": cast(Direction, message.direction or "long"),
    }
    return Options(**words, **given)  # type: ignore[arg-type]  # Options checks every value
