"""Checks the columns of a child's result: lengths, bars, counts and finite numbers."""

from collections.abc import Sequence

import numpy as np

from strategiz_executor.generated.strategy_execution_pb2 import Plot, SignalColumns, TradeColumns
from strategiz_executor.server.columns import BadColumn, all_finite, all_within, read_column

FILLED = 0
HIGHEST_OUTCOME = 4
LONGEST_NAME = 256


def check_signals(signals: SignalColumns, bars: int, most: int, *, filled: bool) -> int:
    """The number of signals, each at a bar that was sent, in order of time. Raises BadColumn.

    `filled` says that there was a backtest: then a filled signal must have a price.
    """
    bar = read_column(signals.bar, "<i4", "signals.bar")
    count = len(bar)
    if count > most:
        raise BadColumn(f"{count} signals, more than the limit of {most}")
    if not all_within(bar, 0, bars - 1) or (count > 1 and (bar[1:] < bar[:-1]).any()):
        raise BadColumn("signals.bar has bars that were not sent, or that are out of order")
    kind = read_column(signals.type, "i1", "signals.type", count)
    if not (np.abs(kind) == 1).all():
        raise BadColumn("signals.type has values other than 1 and -1")
    outcome = read_column(signals.outcome, "i1", "signals.outcome", count)
    if not all_within(outcome, FILLED, HIGHEST_OUTCOME):
        raise BadColumn("signals.outcome has unknown values")
    quantity = read_column(signals.quantity, "<f8", "signals.quantity", count)
    if not all_finite(quantity) or (count and quantity.min() < 0):
        raise BadColumn("signals.quantity has values that are negative or not finite")
    fill_price = read_column(signals.fill_price, "<f8", "signals.fill_price", count)
    if (filled and not all_finite(fill_price[outcome == FILLED])) or np.isinf(fill_price).any():
        raise BadColumn("signals.fill_price has values that are not finite")
    if not all_finite(read_column(signals.price, "<f8", "signals.price", count)):
        raise BadColumn("signals.price has values that are not finite")
    if len(signals.reason) != count or len(signals.icon) not in (0, count):
        raise BadColumn("signals.reason or signals.icon has not one text a signal")
    return count


def check_trades(trades: TradeColumns, bars: int, signals: int) -> None:
    """Each trade begins and ends at bars that were sent; only the last may be open. Raises BadColumn."""
    entry = read_column(trades.entry_bar, "<i4", "trades.entry_bar")
    count = len(entry)
    if count > signals:
        raise BadColumn(f"{count} trades from {signals} signals")
    if not all_within(entry, 0, bars - 1) or (count > 1 and (entry[1:] < entry[:-1]).any()):
        raise BadColumn("trades.entry_bar has bars that were not sent, or that are out of order")
    leave = read_column(trades.exit_bar, "<i4", "trades.exit_bar", count)
    closed = leave[:-1] if count and leave[-1] == -1 else leave
    if not all_within(closed, 0, bars - 1) or (closed < entry[: len(closed)]).any():
        raise BadColumn("trades.exit_bar has bars that were not sent, or before the entry")
    direction = read_column(trades.direction, "i1", "trades.direction", count)
    if not (np.abs(direction) == 1).all():
        raise BadColumn("trades.direction has values other than 1 and -1")
    for name in ("quantity", "entry_price", "exit_price", "pnl", "pnl_percent"):
        if not all_finite(read_column(getattr(trades, name), "<f8", f"trades.{name}", count)):
            raise BadColumn(f"trades.{name} has values that are not finite")
    if len(trades.entry_reason) != count or len(trades.exit_reason) != count:
        raise BadColumn("trades.entry_reason or trades.exit_reason has not one text a trade")


def check_plots(plots: Sequence[Plot], bars: int, most: int) -> None:
    """Each plot has one value a bar; an infinite one becomes a gap. Raises BadColumn."""
    if len(plots) > most:
        raise BadColumn(f"{len(plots)} plots, more than the limit of {most}")
    for plot in plots:
        if len(plot.name) > LONGEST_NAME or len(plot.color) > LONGEST_NAME:
            raise BadColumn("a plot's name or colour is too long")
        if not np.isfinite(plot.linewidth):
            raise BadColumn("a plot's linewidth is not finite")
        values = read_column(plot.values, "<f8", "plots.values", bars)
        infinite = np.isinf(values)
        if infinite.any():
            plot.values = np.where(infinite, np.nan, values).tobytes()
