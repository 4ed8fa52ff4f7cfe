"""Filling signals one by one: the general way, for long-short, whole quantities and ruin."""

from __future__ import annotations

from strategiz_executor.backtest.options import Options
from strategiz_executor.backtest.outcome import FILLED, IGNORED_POSITION, IGNORED_QUANTITY, OPEN
from strategiz_executor.backtest.prices import Costs, affordable_quantity

NOTHING_LEFT = 1e-12
"""An account worth at most this share of its idle cash is ruined: a short's proceeds less what buying
it back takes is a difference of large numbers, and an exact 0 comes out as rounding noise."""

Mark = tuple[int, float, float]
"""What became of one signal: outcome, quantity, fill price."""

Row = tuple[int, int, int, float, float, float, float, float, int, int]
"""One trade in the order of the fields of Trades."""


class Account:
    """Cash and at most one position, long or short.

    `cash` is what the account had before the open position was entered; the position's own money
    is apart, so that a round trip at equal prices without costs leaves cash exactly as it was.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.costs = Costs.of(options)
        self.cash = options.initial_capital
        self.ruined = False
        self.direction = 0
        self.quantity = 0.0
        self.unit = 0.0  # cash one unit cost (long) or brought (short) at entry
        self.committed = 0.0  # entry price with commission: what percent refer to
        self.entry = (0, 0.0, 0)  # bar, fill price, signal
        self.trades: list[Row] = []
        self.since = [0]
        self.idle = [self.cash]
        self.held = [0.0]

    def take(self, word: int, bar: int, price: float, signal: int) -> Mark:
        """Fill a BUY (1) or SELL (-1) at `price` before slippage; answer (outcome, quantity, fill price).

        A reversing signal's quantity is what it closed and opened together.
        """
        if self.direction == word or (self.direction == 0 and word < 0 and self.options.direction == "long"):
            return IGNORED_POSITION, 0.0, float("nan")
        fill = price * (self.costs.buy_fill if word > 0 else self.costs.sell_fill)
        closed = self.close(bar, fill, signal) if self.direction else 0.0
        if closed and (self.options.direction == "long" or self.ruined):
            return FILLED, closed, fill
        opened = self._open(word, bar, fill, signal)
        if closed or opened:
            return FILLED, closed + opened, fill
        return IGNORED_QUANTITY, 0.0, float("nan")

    def close(self, bar: int, fill: float, signal: int) -> float:
        """Close the position at the fill price; answer its quantity."""
        quantity, pnl_of_unit = self.quantity, self._unit_pnl(fill * self._exit_cash)
        self.trades.append(self._row(bar, fill, pnl_of_unit, signal))
        self.cash += quantity * pnl_of_unit
        self.ruined = self.cash <= NOTHING_LEFT * self.idle[-1]
        self.direction, self.quantity = 0, 0.0
        self._record(bar, self.cash, 0.0)
        return quantity

    def mark(self, close: float) -> None:
        """Record the open trade, if there is one, at the last close, without costs of an exit."""
        if self.direction:
            self.trades.append(self._row(OPEN, close, self._unit_pnl(close), OPEN))

    def exit_fill(self, price: float) -> float:
        """Answer the fill price of closing the position at `price`."""
        return price * (self.costs.sell_fill if self.direction > 0 else self.costs.buy_fill)

    def _open(self, word: int, bar: int, fill: float, signal: int) -> float:
        unit_cost = fill * self.costs.buy_cash
        quantity = affordable_quantity(self.cash, unit_cost, self.options)
        if quantity == 0:
            return 0.0
        self.direction, self.quantity, self.committed = word, quantity, unit_cost
        self.entry = (bar, fill, signal)
        if word > 0:
            self.unit = unit_cost
            self._record(bar, self._idle_after_buying(quantity, unit_cost), quantity)
        else:
            self.unit = fill * self.costs.sell_cash
            self._record(bar, self.cash + quantity * self.unit, -quantity)
        return quantity

    def _idle_after_buying(self, quantity: float, unit_cost: float) -> float:
        if self.options.fractional:
            return (1 - self.options.sizing) * self.cash
        return max(0.0, self.cash - quantity * unit_cost)

    @property
    def _exit_cash(self) -> float:
        return self.costs.sell_cash if self.direction > 0 else self.costs.buy_cash

    def _unit_pnl(self, exit_unit: float) -> float:
        return exit_unit - self.unit if self.direction > 0 else self.unit - exit_unit

    def _row(self, exit_bar: int, exit_price: float, unit_pnl: float, exit_signal: int) -> Row:
        bar, fill, signal = self.entry
        pnl, percent = self.quantity * unit_pnl, 100 * unit_pnl / self.committed
        return (
            bar, exit_bar, self.direction, self.quantity, fill, exit_price, pnl, percent, signal, exit_signal
        )  # fmt: skip

    def _record(self, bar: int, idle: float, held: float) -> None:
        self.since.append(bar)
        self.idle.append(idle)
        self.held.append(held)
