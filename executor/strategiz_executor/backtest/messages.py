"""The answers of a backtest as messages of the wire contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from strategiz_executor.backtest.bars import Bars
from strategiz_executor.backtest.calendar import annual_bars
from strategiz_executor.backtest.metrics import Metrics
from strategiz_executor.backtest.options import Options
from strategiz_executor.backtest.outcome import Trades
from strategiz_executor.generated import strategy_execution_pb2 as wire

METRIC_NAMES = tuple(name for name in Metrics._fields if name != "unavailable")
TRADE_COLUMNS = {
    "entry_bar": "<i4",
    "exit_bar": "<i4",
    "direction": "i1",
    "quantity": "<f8",
    "entry_price": "<f8",
    "exit_price": "<f8",
    "pnl": "<f8",
    "pnl_percent": "<f8",
}


def metrics_message(metrics: Metrics) -> wire.Metrics:
    """Answer the metrics as a message; what cannot be computed stays unset and is named in `unavailable`."""
    values = {name: getattr(metrics, name) for name in METRIC_NAMES}
    return wire.Metrics(
        unavailable=metrics.unavailable,
        **{name: value for name, value in values.items() if value is not None},
    )


def trade_columns(trades: Trades, reasons: Sequence[str]) -> wire.TradeColumns:
    """Answer the trades as columns, with the reasons of the signals that entered and left.

    `reasons` has one text a signal. A trade that no signal closed has an empty exit reason, or
    "ruined" where ruin closed it.
    """
    columns = {
        name: np.ascontiguousarray(getattr(trades, name), dtype).tobytes()
        for name, dtype in TRADE_COLUMNS.items()
    }
    return wire.TradeColumns(
        entry_reason=[reasons[signal] for signal in trades.entry_signal.tolist()],
        exit_reason=[
            _exit_reason(signal, bar, reasons)
            for signal, bar in zip(trades.exit_signal.tolist(), trades.exit_bar.tolist(), strict=True)
        ],
        **columns,
    )


def assumptions(
    bars: Bars, options: Options, timeframe: str, versions: Mapping[str, str]
) -> wire.Assumptions:
    """Answer what the numbers rest on. The data hash is the server's to add."""
    bars_per_year, source = annual_bars(bars.calendar, timeframe, options.bars_per_year)
    return wire.Assumptions(
        fill=options.fill,
        direction=options.direction,
        initial_capital=options.initial_capital,
        commission_pct=options.commission_pct,
        slippage_pct=options.slippage_pct,
        sizing=options.sizing,
        fractional=options.fractional,
        bars_per_year=bars_per_year,
        bars_per_year_source=source,
        risk_free_rate=options.risk_free_rate,
        timeframe=timeframe,
        bars=len(bars),
        versions=versions,
        optimistic_fill=options.fill == "close",
    )


def _exit_reason(signal: int, bar: int, reasons: Sequence[str]) -> str:
    if signal >= 0:
        return reasons[signal]
    return "" if bar < 0 else "ruined"
