"""What one execution found, as the last frame of an answer."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version

import numpy as np

import strategiz_executor
from strategiz_executor.backtest import (
    Backtest,
    Bars,
    Options,
    assumptions,
    compute_metrics,
    metrics_message,
    trade_columns,
)
from strategiz_executor.generated import strategy_execution_pb2 as wire
from strategiz_executor.generated.frames_pb2 import BarWarning, LiveAnswer, ResultFrame
from strategiz_executor.strategy.printing import PrintLog
from strategiz_executor.strategy.replay.replayed import Replayed
from strategiz_executor.strategy.signal_recorder import Plot, Signal
from strategiz_executor.strategy.texts import MAX_VALUE, wire_text


def success_frame(replayed: Replayed, signals: Sequence[Signal], bars: Bars, plot_limit: int) -> ResultFrame:
    """Answer the frame of a run that went well, its backtest still missing."""
    bar, type_, reasons, prices, icons = zip(*signals, strict=True) if signals else ((),) * 5
    at = np.array(bar, "<i4")
    own_price = np.array(prices, "<f8")
    columns = wire.SignalColumns(
        bar=at.tobytes(),
        type=np.array(type_, "i1").tobytes(),
        outcome=bytes(len(signals)),
        quantity=bytes(8 * len(signals)),
        fill_price=np.full(len(signals), np.nan, "<f8").tobytes(),
        price=np.where(np.isnan(own_price), bars.close[at], own_price).tobytes(),
        reason=[wire_text(reason) for reason in reasons],
        icon=[wire_text(icon, MAX_VALUE) for icon in icons] if any(icons) else [],
    )
    plots = [_plot(plot) for plot in replayed.plots[:plot_limit]]
    live = LiveAnswer(type=replayed.live.type, reason=wire_text(replayed.live.reason))
    return ResultFrame(
        last=True,
        success=True,
        result=wire.ExecutionResult(signals=columns, plots=plots, logs=log_lines(replayed.log)),
        live=live,
        replay=_replay(replayed),
        of_columns_alone=replayed.of_columns_alone,
    )


def add_backtest(
    frame: ResultFrame, backtest: Backtest, bars: Bars, options: Options, timeframe: str
) -> None:
    """Put equity, trades, outcomes, metrics and what they rest on into the frame."""
    result = frame.result
    result.equity = np.asarray(backtest.equity, "<f8").tobytes()
    result.signals.outcome = np.asarray(backtest.outcome, "i1").tobytes()
    result.signals.quantity = np.asarray(backtest.quantity, "<f8").tobytes()
    result.signals.fill_price = np.asarray(backtest.fill_price, "<f8").tobytes()
    result.trades.CopyFrom(trade_columns(backtest.trades, list(result.signals.reason)))
    frame.metrics.CopyFrom(metrics_message(compute_metrics(bars, backtest, options, timeframe)))
    frame.assumptions.CopyFrom(assumptions(bars, options, timeframe, versions()))
    frame.warnings.extend(
        BarWarning(code=warning.code, message=warning.message, bar=warning.bar)
        for warning in backtest.warnings
    )


def log_lines(log: PrintLog) -> list[str]:
    """Answer what was printed, by line."""
    return [wire_text(line, len(line)) for line in log.lines()]


@cache
def versions() -> dict[str, str]:
    """Answer the versions that a result rests on."""
    packages = {
        "numpy": "numpy",
        "pandas": "pandas",
        "talib": "TA-Lib",
        "pandas_ta_classic": "pandas-ta-classic",
    }
    return {
        "executor": strategiz_executor.__version__,
        "python": platform.python_version(),
        **{name: version(package) for name, package in packages.items()},
    }


def _plot(plot: Plot) -> wire.Plot:
    return wire.Plot(
        name=wire_text(plot.name, MAX_VALUE),
        color=wire_text(plot.color, MAX_VALUE),
        linewidth=plot.linewidth,
        overlay=plot.overlay,
        values=plot.values.astype("<f8").tobytes(),
    )


def _replay(replayed: Replayed) -> wire.Replay:
    return wire.Replay(
        form=replayed.form,
        way=replayed.way,
        why_not_faster=replayed.why_not_faster,
        calls=replayed.calls,
        warm_up_bars=replayed.warm_up.bars if replayed.warm_up else 0,
        guard_difference_bar=replayed.guard_difference_bar,
    )
