"""Filling without a loop: long only, fractional quantities, signals that alternate, prices above 0.

Then entries and exits alternate too, every trade multiplies cash by one factor, and nothing can be
ruined, so that the whole account is a running product.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from strategiz_executor.backtest.bars import Bars, Floats
from strategiz_executor.backtest.ledger import Ledger
from strategiz_executor.backtest.options import Options
from strategiz_executor.backtest.outcome import (
    FILLED,
    IGNORED_POSITION,
    OPEN,
    PENDING,
    SELL,
    Bytes,
    Ints,
    Trades,
)
from strategiz_executor.backtest.prices import Costs


def closed_form_holds(bars: Bars, signal_type: Bytes, options: Options) -> bool:
    """Whether fill_closed_form may be used for these signals."""
    return (
        options.direction == "long"
        and options.fractional
        and bars.prices_are_positive
        and not np.count_nonzero(signal_type[1:] == signal_type[:-1])
    )


def fill_closed_form(bars: Bars, signal_bar: Ints, signal_type: Bytes, options: Options) -> Ledger:
    """Fill every signal at once and answer what it leaves behind. closed_form_holds must have said so."""
    k, n = len(signal_bar), len(bars)
    delay, price = (0, bars.close) if options.fill == "close" else (1, bars.open)
    first = 1 if k and signal_type[0] == SELL else 0
    last = int(signal_bar.searchsorted(np.int32(n - delay)))  # signals from here on are pending
    first = min(first, last)
    fills = signal_bar[first:last] + np.int64(delay)
    money = _Money(price[fills], float(bars.close[-1]), options)

    outcome = np.zeros(k, "i1")
    outcome[first:last] = FILLED
    outcome[:first] = IGNORED_POSITION
    outcome[last:] = PENDING
    quantity, fill_price = np.zeros(k), np.empty(k)
    fill_price[:first] = fill_price[last:] = np.nan
    quantity[first:last] = money.quantity.repeat(2)[: len(fills)]
    fill_price[first:last] = money.fill

    since = np.zeros(len(fills) + 1, "i8")
    since[1:] = fills
    return Ledger(
        _trades(fills, first, money), outcome, quantity, fill_price, since, money.idle, money.held
    )  # fmt: skip


class _Money:
    """Fill prices, quantities, pnl and cash of alternating buys and sales at the given prices."""

    def __init__(self, prices: Floats, last_close: float, options: Options) -> None:
        costs, sizing, fills = Costs.of(options), options.sizing, len(prices)
        self.fill = prices.copy()
        self.fill[0::2] *= costs.buy_fill
        self.fill[1::2] *= costs.sell_fill
        self.entry_price = self.fill[0::2]
        entries, exits = len(self.entry_price), fills // 2
        paid = self.entry_price * costs.buy_cash
        self.exit_price, got = np.full(entries, last_close), np.full(entries, last_close)
        self.exit_price[:exits] = self.fill[1::2]
        np.multiply(self.exit_price[:exits], costs.sell_cash, out=got[:exits])
        got -= paid  # from here on: money won by each unit
        gain = got / paid
        cash = np.empty(entries + 1)  # before each entry, and after the last exit
        cash[0] = options.initial_capital
        np.multiply(gain, sizing, out=cash[1:])
        cash[1:] += 1
        np.multiply.accumulate(cash, out=cash)
        self.quantity = cash[:entries] / paid
        if sizing != 1:
            self.quantity *= sizing
        self.pnl = self.quantity * got
        gain *= 100
        self.pnl_percent = gain
        self.held, self.idle = np.zeros(fills + 1), np.zeros(fills + 1)
        self.held[1::2] = self.quantity
        self.idle[0::2] = cash[: exits + 1]
        if sizing != 1:
            self.idle[1::2] = cash[:entries] * (1 - sizing)


def _trades(fills: npt.NDArray[np.int64], first: int, money: _Money) -> Trades:
    entries, exits = len(money.quantity), len(fills) // 2
    exit_bar, exit_signal = np.full(entries, OPEN, "i4"), np.full(entries, OPEN, "i4")
    exit_bar[:exits] = fills[1::2]
    exit_signal[:exits] = np.arange(first + 1, first + 2 * exits, 2)
    return Trades(
        entry_bar=fills[0::2].astype("i4"),
        exit_bar=exit_bar,
        direction=np.ones(entries, "i1"),
        quantity=money.quantity,
        entry_price=money.entry_price.copy(),
        exit_price=money.exit_price,
        pnl=money.pnl,
        pnl_percent=money.pnl_percent,
        entry_signal=np.arange(first, first + 2 * entries, 2, dtype="i4"),
        exit_signal=exit_signal,
    )
