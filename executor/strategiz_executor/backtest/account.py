"""Filling signals one by one: the general way, for long-short, whole quantities and ruin."""

from __future__ import annotations

import math

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

NOT_FOR_THIS_POSITION: Mark = (IGNORED_POSITION, 0.0, math.nan)
NOT_A_UNIT: Mark = (IGNORED_QUANTITY, 0.0, math.nan)


class Account:
    """Cash and at most one position, long or short.

    `cash` is what the account had before the open position was entered; the position's own money
    is apart, so that a round trip at equal prices without costs leaves cash exactly as it was.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.long_only = options.direction == "long"
        self.buy_fill, self.sell_fill, self.buy_cash, self.sell_cash = Costs.of(options)
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
        """Fill a BUY (1) or SELL (-1) at `price` before slippage; answer what became of the signal.

        A reversing signal's quantity is what it closed and opened together.
        """
        direction = self.direction
        if direction == word or (direction == 0 and word < 0 and self.long_only):
            return NOT_FOR_THIS_POSITION
        fill = price * (self.buy_fill if word > 0 else self.sell_fill)
        quantity = self.close(bar, fill, signal) if direction else 0.0
        if not direction or not (self.long_only or self.ruined):
            quantity += self._open(word, bar, fill, signal)
        return (FILLED, quantity, fill) if quantity else NOT_A_UNIT

    def close(self, bar: int, fill: float, signal: int) -> float:
        """Close the position at the fill price; answer its quantity."""
        quantity = self.quantity
        cash_of_unit = fill * (self.sell_cash if self.direction > 0 else self.buy_cash)
        unit_pnl = self.direction * (cash_of_unit - self.unit)
        self.trades.append(self._row(bar, fill, unit_pnl, signal))
        self.cash += quantity * unit_pnl
        self.ruined = self.cash <= NOTHING_LEFT * self.idle[-1]
        self.direction = 0
        self._record(bar, self.cash, 0.0)
        return quantity

    def close_at_ruin(self, bar: int, price: float) -> None:
        """Close the position, if there is one, at `price` before slippage, without a signal."""
        if self.direction:
            self.close(bar, price * (self.sell_fill if self.direction > 0 else self.buy_fill), OPEN)

    def mark(self, close: float) -> None:
        """Record the open trade, if there is one, at the last close, without costs of an exit."""
        if self.direction:
            self.trades.append(self._row(OPEN, close, self.direction * (close - self.unit), OPEN))

    def _open(self, word: int, bar: int, fill: float, signal: int) -> float:
        unit_cost = fill * self.buy_cash
        quantity = affordable_quantity(self.cash, unit_cost, self.options)
        if quantity == 0:
            return 0.0
        self.direction, self.quantity, self.committed = word, quantity, unit_cost
        self.entry = (bar, fill, signal)
        if word > 0:
            self.unit = unit_cost
            self._record(bar, self._idle_after_buying(quantity, unit_cost), quantity)
        else:
            self.unit = fill * self.sell_cash
            self._record(bar, self.cash + quantity * self.unit, -quantity)
        return quantity

    def _idle_after_buying(self, quantity: float, unit_cost: float) -> float:
        if self.options.fractional:
            return (1 - self.options.sizing) * self.cash
        return max(0.0, self.cash - quantity * unit_cost)

    def _row(self, exit_bar: int, exit_price: float, unit_pnl: float, exit_signal: int) -> Row:
        bar, fill, signal = self.entry
        pnl, percent = self.quantity * unit_pnl, unit_pnl / self.committed * 100
        return (
            bar, exit_bar, self.direction, self.quantity, fill, exit_price, pnl, percent, signal, exit_signal
        )  # fmt: skip

    def _record(self, bar: int, idle: float, held: float) -> None:
        self.since.append(bar)
        self.idle.append(idle)
        self.held.append(held)
