"""What simply holding the series would have brought."""

from __future__ import annotations

from strategiz_executor.backtest.bars import Bars
from strategiz_executor.backtest.figures import Figure, finite, needs
from strategiz_executor.backtest.options import Options
from strategiz_executor.backtest.prices import Costs, affordable_quantity


def buy_and_hold(bars: Bars, options: Options) -> Figure:
    """Answer the return in percent of buying at the open of bar 1 with the same costs, sizing and whole
    quantities, marked at the last close.
    """  # fmt: skip
    if len(bars) < 2:
        return needs("bars", 2, len(bars))
    costs, capital = Costs.of(options), options.initial_capital
    unit_cost = float(bars.open[1]) * costs.buy_fill * costs.buy_cash
    if unit_cost == 0:
        return "the open of the second bar is 0"
    close = float(bars.close[-1])
    if options.fractional:
        return finite(100 * options.sizing * (close - unit_cost) / unit_cost)
    return finite(100 * affordable_quantity(capital, unit_cost, options) * (close - unit_cost) / capital)
