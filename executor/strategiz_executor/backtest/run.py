"""The backtest: signals in, trades and equity out."""

from __future__ import annotations

import math

import numpy as np

from strategiz_executor.backtest.account import NOTHING_LEFT
from strategiz_executor.backtest.bars import Bars, Floats
from strategiz_executor.backtest.closed_form import closed_form_holds, fill_closed_form
from strategiz_executor.backtest.in_order import fill_in_order
from strategiz_executor.backtest.ledger import Ledger
from strategiz_executor.backtest.options import Options
from strategiz_executor.backtest.outcome import (
    Backtest,
    BacktestOverflowError,
    BacktestWarning,
    Bytes,
    Ints,
)

LARGEST_GROWTH = 1e150
"""Equity over initial capital beyond which squares of it no longer fit a double."""


def run_backtest(bars: Bars, signal_bar: Ints, signal_type: Bytes, options: Options) -> Backtest:
    """Fill the signals as docs/metrics.md says and value the account at every close.

    signal_bar i32[k] are bar indices, rising or equal; signal_type i8[k] is 1 for BUY and -1 for SELL.
    Several signals on one bar fill in the order given.
    Raises BacktestOverflowError where equity does not fit a double.
    """
    with np.errstate(all="ignore"):  # what overflows is found in the equity and named there
        if closed_form_holds(bars, signal_type, options):
            ledger = fill_closed_form(bars, signal_bar, signal_type, options)
            equity, exposed = _value(ledger, bars)
        else:
            ledger, equity, exposed = _fill_until_ruin(bars, signal_bar, signal_type, options)
        _check(equity, ledger, options)
    return Backtest(
        equity=equity,
        money=ledger.money,
        counts=ledger.counts,
        bars_in_position=exposed,
        signal_type=signal_type,
        columns=ledger.columns,
        warnings=_warnings(ledger, equity),
    )


def _fill_until_ruin(
    bars: Bars, signal_bar: Ints, signal_type: Bytes, options: Options
) -> tuple[Ledger, Floats, int]:
    ledger = fill_in_order(bars, signal_bar, signal_type, options)
    equity, exposed = _value(ledger, bars)
    ruin = _first_ruin(ledger, equity, len(bars))
    if ruin >= 0:
        ledger = fill_in_order(bars, signal_bar, signal_type, options, ruined_at=ruin)
        equity, exposed = _value(ledger, bars)
    return ledger, equity, exposed


def _first_ruin(ledger: Ledger, equity: Floats, n: int) -> int:
    """Answer the first bar whose close leaves nothing, -1 where there is none."""
    nothing = ledger.idle.repeat(ledger.lengths(n))
    nothing *= NOTHING_LEFT
    broke = equity <= nothing
    return int(np.argmax(broke)) if broke.any() else -1


def _value(ledger: Ledger, bars: Bars) -> tuple[Floats, int]:
    """Answer the equity at every close and the number of closes with a position."""
    length = ledger.lengths(len(bars))
    equity = ledger.held.repeat(length)
    equity *= bars.close
    equity += ledger.idle.repeat(length)
    return equity, int(np.add.reduce(length[ledger.held != 0]))


def _check(equity: Floats, ledger: Ledger, options: Options) -> None:
    bound = LARGEST_GROWTH * options.initial_capital
    if not (np.maximum.reduce(equity) < bound and np.minimum.reduce(equity) > -bound):
        raise _overflow("equity", int(np.argmin(np.abs(equity) < bound)))
    if math.isfinite(np.add.reduce(ledger.money.rows, axis=None)):
        return
    for column in ledger.money.rows:
        if not math.isfinite(np.add.reduce(column)):
            trade = int(np.argmin(np.isfinite(column)))
            raise _overflow("a trade", int(ledger.columns().trades.entry_bar[trade]))


def _overflow(what: str, bar: int) -> BacktestOverflowError:
    return BacktestOverflowError(
        f"{what} becomes too large to be represented at bar {bar}: check the prices of this series, "
        "they change by more than any market does"
    )


def _warnings(ledger: Ledger, equity: Floats) -> tuple[BacktestWarning, ...]:
    if ledger.ruined_at < 0:
        return ()
    bar = ledger.ruined_at
    message = (
        f"ruined: equity fell to {equity[bar]:.2f}, everything was closed and trading ended; "
        "later signals are ignored"
    )
    return (BacktestWarning("ruined", message, bar),)
