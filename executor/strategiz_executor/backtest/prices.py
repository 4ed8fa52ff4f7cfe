"""What one unit costs and brings, after slippage and commission."""

from __future__ import annotations

import math
from typing import NamedTuple

from strategiz_executor.backtest.options import Options

WHOLE_NUMBER_SLACK = 1e-12


class Costs(NamedTuple):
    """Factors on a price: those of a fill (slippage) and those of its cash (commission)."""

    buy_fill: float
    sell_fill: float
    buy_cash: float
    sell_cash: float

    @classmethod
    def of(cls, options: Options) -> Costs:
        """Answer the factors of the options: a buy pays more than the price, a sale brings less."""
        slippage, commission = options.slippage_pct / 100, options.commission_pct / 100
        return cls(1 + slippage, 1 - slippage, 1 + commission, 1 - commission)


def affordable_quantity(cash: float, unit_cost: float, options: Options) -> float:
    """Answer sizing x cash / unit_cost, rounded down unless fractional; 0 where there is no cash or price.

    A quotient that rounding left a hair (one part in 10^12) below a whole number counts as that number.
    """
    if cash <= 0 or unit_cost <= 0:
        return 0.0
    quantity = options.sizing * cash / unit_cost
    if options.fractional or not math.isfinite(quantity):
        return quantity
    return float(math.floor(quantity * (1 + WHOLE_NUMBER_SLACK)))
