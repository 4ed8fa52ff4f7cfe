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
    BUY,
    FILLED,
    IGNORED_POSITION,
    OPEN,
    PENDING,
    Bytes,
    Columns,
    Ints,
    Money,
    SignalCounts,
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
    k = len(signal_bar)
    delay, price = (0, bars.close) if options.fill == "close" else (1, bars.open)
    first_is_buy = bool(k and signal_type[0] == BUY)
    last = int(signal_bar.searchsorted(np.int32(len(bars) - delay)))  # signals from here on are pending
    first = min(0 if first_is_buy else 1, last)
    fills = signal_bar[first:last] + np.int64(delay)
    money, cash = _money(price[fills], float(bars.close[-1]), options)
    since = np.zeros(len(fills) + 1, "i8")
    since[1:] = fills
    held, idle = np.zeros((2, len(since)))
    held[1::2] = money.quantity
    idle[0::2] = cash[: money.closed + 1]
    if options.sizing != 1:
        idle[1::2] = cash[: len(money.quantity)] * (1 - options.sizing)
    return Ledger(
        money=money,
        counts=SignalCounts(k, (k + first_is_buy) // 2, last - first, k - last),
        columns=lambda: _columns(k, first, fills, money),
        since=since,
        idle=idle,
        held=held,
    )


def _money(prices: Floats, last_close: float, options: Options) -> tuple[Money, Floats]:
    """What alternating buys and sales come to, and cash before each entry and after the last exit.

    `prices` are those before slippage.
    """
    costs, entries, exits = Costs.of(options), (len(prices) + 1) // 2, len(prices) // 2
    rows = np.empty((5, entries))
    quantity, entry_price, exit_price, pnl, percent = rows
    np.multiply(prices[0::2], costs.buy_fill, out=entry_price)
    np.multiply(prices[1::2], costs.sell_fill, out=exit_price[:exits])
    exit_price[exits:] = last_close
    paid = entry_price * costs.buy_cash
    got = exit_price.copy()
    got[:exits] *= costs.sell_cash
    got -= paid  # from here on: money won by each unit
    np.divide(got, paid, out=percent)
    cash = np.empty(entries + 1)
    cash[0] = options.initial_capital
    growth = cash[1:]
    gain = percent if options.sizing == 1 else percent * options.sizing
    np.add(gain, 1, out=growth)
    np.multiply.accumulate(cash, out=cash)
    np.divide(cash[:entries], paid, out=quantity)
    if options.sizing != 1:
        quantity *= options.sizing
    np.multiply(quantity, got, out=pnl)
    percent *= 100
    return Money.of(rows, exits), cash


def _columns(k: int, first: int, fills: npt.NDArray[np.int64], money: Money) -> Columns:
    last = first + len(fills)
    outcome = np.full(k, FILLED, "i1")
    outcome[:first] = IGNORED_POSITION
    outcome[last:] = PENDING
    trades = _trades(fills, first, money)
    quantity, fill_price = np.zeros(k), np.full(k, np.nan)
    quantity[first:last] = money.quantity.repeat(2)[: len(fills)]
    fill_price[first:last:2] = trades.entry_price
    fill_price[first + 1 : last : 2] = trades.exit_price[: money.closed]
    return Columns(trades, outcome, quantity, fill_price)


def _trades(fills: npt.NDArray[np.int64], first: int, money: Money) -> Trades:
    quantity, entry_price, exit_price, pnl, pnl_percent = money.rows
    entries, exits = len(quantity), money.closed
    exit_bar, exit_signal = np.full(entries, OPEN, "i4"), np.full(entries, OPEN, "i4")
    exit_bar[:exits] = fills[1::2]
    exit_signal[:exits] = np.arange(first + 1, first + 2 * exits, 2)
    return Trades(
        entry_bar=fills[0::2].astype("i4"),
        exit_bar=exit_bar,
        direction=np.ones(entries, "i1"),
        quantity=quantity,
        entry_price=entry_price,
        exit_price=exit_price,
        pnl=pnl,
        pnl_percent=pnl_percent,
        entry_signal=np.arange(first, first + 2 * entries, 2, dtype="i4"),
        exit_signal=exit_signal,
    )
