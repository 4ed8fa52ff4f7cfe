"""Signals, indicators and performance as messages, for requests without our own fields.

One message a point costs 1.5 us; 2,520 of them as records of one fixed size, parsed by protobuf in
one go, cost 0.12 ms altogether.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from strategiz_executor.generated.frames_pb2 import ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import (
    ExecuteStrategyResponse,
    Indicator,
    Performance,
    Signal,
    Trade,
)
from strategiz_executor.server.bars import SentBars
from strategiz_executor.server.columns import read_column
from strategiz_executor.server.point_records import parse_points

# grpc-java's receive limit is 4 MiB; the rest is for headers and the fields added after this.
MOST_BYTES = (4 << 20) - (64 << 10)
SHORT_REASON = 100
OUTCOMES = ("filled", "pending", "ignored", "ignored", "ignored")
INT32_MAX = (1 << 31) - 1


def fill_old_messages(response: ExecuteStrategyResponse, frame: ResultFrame, bars: SentBars) -> None:
    """Adds signals, indicators and performance to `response`, which stays under 4 MiB."""
    labels = bars.labels()
    _add_signals(response, frame, labels)
    for plot in frame.result.plots:
        values = read_column(plot.values, "<f8", "plot")
        shown = np.flatnonzero(np.isfinite(values))
        indicator = Indicator(
            name=plot.name, color=plot.color, linewidth=plot.linewidth, overlay=plot.overlay
        )
        parse_points(indicator, 2, [labels[bar] for bar in shown.tolist()], values[shown])
        response.indicators.append(indicator)
    _fill_performance(response.performance, frame, bars, labels)
    _cut(response)


def _add_signals(response: ExecuteStrategyResponse, frame: ResultFrame, labels: Sequence[str]) -> None:
    columns = frame.result.signals
    kinds = read_column(columns.type, "i1", "type").tolist()
    outcomes = read_column(columns.outcome, "i1", "outcome").tolist()
    quantities = read_column(columns.quantity, "<f8", "quantity").tolist()
    prices = read_column(columns.price, "<f8", "price").tolist()
    icons = columns.icon or [""] * len(kinds)
    for row, bar in enumerate(read_column(columns.bar, "<i4", "bar").tolist()):
        response.signals.append(
            Signal(
                timestamp=labels[bar],
                type="BUY" if kinds[row] > 0 else "SELL",
                price=prices[row],
                quantity=min(int(quantities[row]), INT32_MAX),
                reason=columns.reason[row],
                exact_quantity=quantities[row],
                icon=icons[row],
                outcome=OUTCOMES[outcomes[row]],
            )
        )


def _fill_performance(
    performance: Performance, frame: ResultFrame, bars: SentBars, labels: Sequence[str]
) -> None:
    equity = read_column(frame.result.equity, "<f8", "equity")
    parse_points(performance, 15, labels, equity, tail=b"\x1a\x03bar")
    _name_points(performance, frame)
    _copy_metrics(performance, frame)
    _add_trades(performance, frame, labels)
    performance.last_tested_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    performance.start_date, performance.end_date = labels[0], labels[-1]
    days = (int(bars.timestamp_ms[-1]) - int(bars.timestamp_ms[0])) / 86_400_000
    performance.test_period = f"{days:.0f} days"


def _name_points(performance: Performance, frame: ResultFrame) -> None:
    """The first point is the initial capital, the last is `final`, those with a fill buy or sell."""
    points = performance.equity_curve
    for bar, name in _fills(frame):
        points[bar].type = name
    if len(points):
        points[-1].type = "final"
        points[0].type = "initial"
        points[0].portfolio_value = frame.assumptions.initial_capital


def _fills(frame: ResultFrame) -> list[tuple[int, str]]:
    """Bars of fills, told by the trades: an entry of a long and the exit of a short are buys."""
    trades = frame.result.trades
    fills = []
    entries = read_column(trades.entry_bar, "<i4", "entry_bar").tolist()
    exits = read_column(trades.exit_bar, "<i4", "exit_bar").tolist()
    directions = read_column(trades.direction, "i1", "direction").tolist()
    for entry, leave, direction in zip(entries, exits, directions, strict=True):
        fills.append((entry, "buy" if direction > 0 else "sell"))
        if leave >= 0:
            fills.append((leave, "sell" if direction > 0 else "buy"))
    return fills


def _copy_metrics(performance: Performance, frame: ResultFrame) -> None:
    metrics = frame.metrics
    performance.total_return = metrics.total_return_pct
    performance.total_pnl = metrics.total_pnl
    performance.win_rate = metrics.win_rate_pct
    performance.total_trades = metrics.total_trades
    performance.profitable_trades = metrics.profitable_trades
    performance.buy_count = metrics.buy_count
    performance.sell_count = metrics.sell_count
    performance.avg_win = metrics.avg_win
    performance.avg_loss = metrics.avg_loss
    performance.profit_factor = metrics.profit_factor
    performance.max_drawdown = metrics.max_drawdown_pct
    performance.sharpe_ratio = metrics.sharpe
    performance.buy_and_hold_return = metrics.buy_and_hold_pnl
    performance.buy_and_hold_return_percent = metrics.buy_and_hold_pct
    performance.outperformance = metrics.outperformance_pct


def _add_trades(performance: Performance, frame: ResultFrame, labels: Sequence[str]) -> None:
    """Closed trades only: an open position is in equity and total return."""
    trades = frame.result.trades
    entries, exits = (read_column(raw, "<i4", "bar").tolist() for raw in (trades.entry_bar, trades.exit_bar))
    directions = read_column(trades.direction, "i1", "direction").tolist()
    numbers: list[NDArray[np.float64]] = [
        read_column(getattr(trades, name), "<f8", name)
        for name in ("quantity", "entry_price", "exit_price", "pnl", "pnl_percent")
    ]
    for row, leave in enumerate(exits):
        if leave < 0:
            continue
        quantity, entry_price, exit_price, pnl, percent = (float(column[row]) for column in numbers)
        long = directions[row] > 0
        entry_side = (labels[entries[row]], entry_price, trades.entry_reason[row])
        exit_side = (labels[leave], exit_price, trades.exit_reason[row])
        buy, sell = (entry_side, exit_side) if long else (exit_side, entry_side)
        performance.trades.append(
            Trade(
                buy_timestamp=buy[0],
                sell_timestamp=sell[0],
                buy_price=buy[1],
                sell_price=sell[1],
                pnl=pnl,
                pnl_percent=percent,
                win=pnl > 0,
                buy_reason=buy[2],
                sell_reason=sell[2],
                quantity=quantity,
                direction="long" if long else "short",
            )
        )


def _cut(response: ExecuteStrategyResponse) -> None:
    """Cuts plots, last first, then reasons, until the answer is under 4 MiB; each with a note in logs.

    20,000 bars with a signal on each then have 3.4 MB.
    """
    plots = len(response.indicators)
    while response.indicators and response.ByteSize() > MOST_BYTES:
        del response.indicators[-1]
    if len(response.indicators) < plots:
        left_out = plots - len(response.indicators)
        response.logs.append(f"[{left_out} of the plots left out: the answer may have 4 MiB]")
    for longest in (SHORT_REASON, 0):
        if response.ByteSize() > MOST_BYTES:
            _cut_reasons(response, longest)


def _cut_reasons(response: ExecuteStrategyResponse, longest: int) -> None:
    for signal in response.signals:
        signal.reason = signal.reason[:longest]
    for trade in response.performance.trades:
        trade.buy_reason = trade.buy_reason[:longest]
        trade.sell_reason = trade.sell_reason[:longest]
    response.logs.append(f"[reasons cut to {longest} characters: the answer may have 4 MiB]")
