"""The general way of filling: signal by signal, until the end or until ruin."""

from __future__ import annotations

import numpy as np

from strategiz_executor.backtest.account import Account, Mark, Row
from strategiz_executor.backtest.bars import Bars
from strategiz_executor.backtest.ledger import Ledger
from strategiz_executor.backtest.options import Options
from strategiz_executor.backtest.outcome import (
    BUY,
    FILLED,
    IGNORED_RUIN,
    PENDING,
    Bytes,
    Columns,
    Ints,
    Money,
    SignalCounts,
    Trades,
)

DTYPES = ("i4", "i4", "i1", "f8", "f8", "f8", "f8", "f8", "i4", "i4")


def fill_in_order(
    bars: Bars, signal_bar: Ints, signal_type: Bytes, options: Options, ruined_at: int = -1
) -> Ledger:
    """Fill every signal in turn and answer what it leaves behind.

    `ruined_at` is the bar at whose close equity is at or below 0, where that is known: the position is
    closed there and later signals are ignored. A fill that leaves no cash is found here.
    """
    last, beyond = (ruined_at, IGNORED_RUIN) if ruined_at >= 0 else (len(bars) - 1, PENDING)
    delay, price = (0, bars.close) if options.fill == "close" else (1, bars.open)
    fill_bar = signal_bar + delay
    prices = price[np.minimum(fill_bar, len(bars) - 1)].tolist()
    account = Account(options)
    marks: list[Mark] = []
    for signal, (bar, word) in enumerate(zip(fill_bar.tolist(), signal_type.tolist(), strict=True)):
        if bar > last:
            marks.append((beyond, 0.0, np.nan))
            continue
        marks.append(account.take(word, bar, prices[signal], signal))
        if account.ruined:
            ruined_at = bar
            break
    marks += [(IGNORED_RUIN, 0.0, np.nan)] * (len(fill_bar) - len(marks))
    if ruined_at >= 0:
        account.close_at_ruin(ruined_at, float(bars.close[ruined_at]))
    account.mark(float(bars.close[-1]))
    columns = _columns(account, marks)
    return Ledger(
        money=_money(columns.trades),
        counts=SignalCounts(
            all=len(marks),
            buys=int(np.count_nonzero(signal_type == BUY)),
            filled=int(np.count_nonzero(columns.outcome == FILLED)),
            pending=int(np.count_nonzero(columns.outcome == PENDING)),
        ),
        columns=lambda: columns,
        since=np.array(account.since, "i8"),
        idle=np.array(account.idle, "f8"),
        held=np.array(account.held, "f8"),
        ruined_at=ruined_at,
    )


def _columns(account: Account, marks: list[Mark]) -> Columns:
    outcome, quantity, fill_price = zip(*marks, strict=True) if marks else ((), (), ())
    return Columns(
        trades=_trades(account.trades),
        outcome=np.array(outcome, "i1"),
        quantity=np.array(quantity, "f8"),
        fill_price=np.array(fill_price, "f8"),
    )


def _money(trades: Trades) -> Money:
    rows = (trades.quantity, trades.entry_price, trades.exit_price, trades.pnl, trades.pnl_percent)
    return Money.of(np.array(rows), trades.closed_count)


def _trades(rows: list[Row]) -> Trades:
    columns = zip(*rows, strict=True) if rows else [()] * len(DTYPES)
    return Trades(*(np.array(column, dtype) for column, dtype in zip(columns, DTYPES, strict=True)))
