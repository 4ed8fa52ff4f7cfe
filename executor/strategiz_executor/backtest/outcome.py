"""What a backtest answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strategiz_executor.backtest.bars import Floats

Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.int8]

BUY, SELL = 1, -1

FILLED = 0
PENDING = 1
IGNORED_POSITION = 2
IGNORED_QUANTITY = 3
IGNORED_RUIN = 4

OPEN = -1
"""Exit bar of a trade that is still open, and exit signal of one that no signal closed."""


class BacktestOverflowError(ValueError):
    """Equity grew beyond what a double can carry; prices of this series cannot be backtested."""


class BacktestWarning(NamedTuple):
    """Something the reader of a result must know. `bar` is an index, -1 where there is none."""

    code: str
    message: str
    bar: int


@dataclass(frozen=True)
class Trades:
    """Trades by entry, one row each; only the last can be open (exit_bar -1).

    Prices are fill prices (the last close while open), pnl is money net of costs, pnl_percent is of the
    cash a long paid or a short set aside at entry: quantity x entry price x (1 + commission).
    entry_signal and exit_signal are indices into the signals; exit_signal is -1 while open and where
    ruin closed the trade.
    """

    entry_bar: Ints
    exit_bar: Ints
    direction: Bytes
    quantity: Floats
    entry_price: Floats
    exit_price: Floats
    pnl: Floats
    pnl_percent: Floats
    entry_signal: Ints
    exit_signal: Ints

    def __len__(self) -> int:
        """Answer the number of trades, the open one included."""
        return len(self.entry_bar)

    @property
    def open_position(self) -> bool:
        """Whether the last trade is still open."""
        return len(self.exit_bar) > 0 and int(self.exit_bar[-1]) == OPEN

    @property
    def closed_count(self) -> int:
        """The number of closed trades."""
        return len(self.exit_bar) - self.open_position


class Money(NamedTuple):
    """The money of the trades, by entry, as far as metrics need it; the last is open if there are more than `closed`.

    rows f64[5, trades]: quantity, entry price, exit price, pnl and pnl in percent, as in Trades.
    """

    rows: Floats
    quantity: Floats
    entry_price: Floats
    pnl: Floats
    closed: int

    @classmethod
    def of(cls, rows: Floats, closed: int) -> Money:
        """Answer the money in these rows."""
        quantity, entry_price, _, pnl, _ = rows
        return cls(rows, quantity, entry_price, pnl, closed)

    @property
    def open_position(self) -> bool:
        """Whether the last trade is still open."""
        return len(self.pnl) > self.closed


class SignalCounts(NamedTuple):
    """How many signals there were, and what became of them."""

    all: int
    buys: int
    filled: int
    pending: int


class Columns(NamedTuple):
    """What became of each signal and trade, for those who read a result: see Backtest."""

    trades: Trades
    outcome: Bytes
    quantity: Floats
    fill_price: Floats


@dataclass(frozen=True)
class Backtest:
    """What became of the signals of one strategy on one series of n bars, k signals.

    equity f64[n] is worth of cash and position at each close after costs. bars_in_position counts the bars with
    a position at the close. `columns` writes down what only a reader of the whole result needs.
    """

    equity: Floats
    money: Money
    counts: SignalCounts
    bars_in_position: int
    signal_type: Bytes
    columns: Callable[[], Columns]
    warnings: tuple[BacktestWarning, ...] = ()

    @cached_property
    def _columns(self) -> Columns:
        return self.columns()

    @property
    def trades(self) -> Trades:
        """Every trade, by entry."""
        return self._columns.trades

    @property
    def outcome(self) -> Bytes:
        """FILLED, PENDING or why it was ignored; one a signal."""
        return self._columns.outcome

    @property
    def quantity(self) -> Floats:
        """0 unless filled; one a signal."""
        return self._columns.quantity

    @property
    def fill_price(self) -> Floats:
        """NaN unless filled; one a signal."""
        return self._columns.fill_price
