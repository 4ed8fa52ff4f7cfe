"""What a backtest answers."""

from __future__ import annotations

from dataclasses import dataclass
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


class Backtest(NamedTuple):
    """What became of the signals of one strategy on one series of n bars, k signals.

    equity f64[n] is worth of cash and position at each close after costs. signal_type, outcome,
    quantity (0 unless filled) and fill_price (NaN unless filled) have one value a signal.
    bars_in_position counts the bars with a position at the close.
    """

    equity: Floats
    trades: Trades
    signal_type: Bytes
    outcome: Bytes
    quantity: Floats
    fill_price: Floats
    bars_in_position: int
    warnings: tuple[BacktestWarning, ...] = ()
