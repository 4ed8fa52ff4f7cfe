"""The metrics of a backtest. Formulas, units, null rules and sources: docs/metrics.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from strategiz_executor.backtest.bars import Bars
from strategiz_executor.backtest.buy_and_hold import buy_and_hold
from strategiz_executor.backtest.calendar import DAY_MS, annual_bars
from strategiz_executor.backtest.drawdown import drawdown
from strategiz_executor.backtest.figures import Figure, finite, ratio
from strategiz_executor.backtest.options import Options
from strategiz_executor.backtest.outcome import Backtest
from strategiz_executor.backtest.returns import Excess, cagr, excess_of, return_ratios
from strategiz_executor.backtest.trade_statistics import trade_statistics


class Metrics(NamedTuple):
    """The fields of the wire's Metrics. None where a figure cannot be computed; `unavailable` says why.

    Percentages are numbers (12.5 is 12.5 %), money is in the currency of the bars.
    """

    total_return_pct: float
    total_pnl: float
    cagr_pct: float | None
    volatility_pct: float | None
    sharpe: float | None
    sortino: float | None
    max_drawdown_pct: float
    longest_drawdown_bars: int
    calmar: float | None
    win_rate_pct: float | None
    avg_win: float | None
    avg_loss: float | None
    expectancy: float | None
    profit_factor: float | None
    sqn: float | None
    exposure_pct: float
    buy_and_hold_pct: float | None
    buy_and_hold_pnl: float | None
    outperformance_pct: float | None
    total_trades: int
    profitable_trades: int
    buy_count: int
    sell_count: int
    ignored_signals: int
    pending_signals: int
    final_equity: float
    open_position: bool
    unavailable: dict[str, str]


@dataclass(frozen=True)
class Yardstick:
    """What the metrics of all backtests over the same bars with the same options have in common."""

    options: Options
    bars: int
    bars_per_year: float
    days: float
    holding: Figure


def yardstick_of(bars: Bars, options: Options, timeframe: str) -> Yardstick:
    """Answer the yardstick; `timeframe` may be empty (told from the bars)."""
    with np.errstate(all="ignore"):
        return Yardstick(
            options,
            len(bars),
            annual_bars(bars.calendar, timeframe, options.bars_per_year)[0],
            float(bars.timestamp_ms[-1] - bars.timestamp_ms[0]) / DAY_MS,
            buy_and_hold(bars, options),
        )


def compute_metrics(bars: Bars, backtest: Backtest, options: Options, timeframe: str) -> Metrics:
    """Answer every metric of a backtest over these bars; `timeframe` may be empty (told from the bars)."""
    excess = excess_of(backtest.equity, options.risk_free_rate)
    return metrics_of(backtest, excess, yardstick_of(bars, options, timeframe))


def metrics_of(backtest: Backtest, excess: Excess, yardstick: Yardstick) -> Metrics:
    """Answer every metric of a backtest; `excess` are the returns of its equity."""
    with np.errstate(all="ignore"):  # what overflows has a reason instead of a value
        return _compute(backtest, excess, yardstick)


def _compute(backtest: Backtest, excess: Excess, yardstick: Yardstick) -> Metrics:
    equity, initial, holding = backtest.equity, yardstick.options.initial_capital, yardstick.holding
    last = float(equity[-1])
    total = 100 * (last - initial) / initial
    volatility, sharpe, sortino = return_ratios(excess, yardstick.bars_per_year)
    deepest, longest = drawdown(equity, initial)
    growth = cagr(last / initial, yardstick.days)
    trades = trade_statistics(backtest.money)
    signals, buys, filled, pending = backtest.counts
    missing: dict[str, str] = {}

    def known(name: str, figure: Figure) -> float | None:
        if isinstance(figure, str):
            missing[name] = figure
            return None
        return figure

    return Metrics(
        total_return_pct=total,
        total_pnl=last - initial,
        cagr_pct=known("cagr_pct", growth),
        volatility_pct=known("volatility_pct", volatility),
        sharpe=known("sharpe", sharpe),
        sortino=known("sortino", sortino),
        max_drawdown_pct=deepest,
        longest_drawdown_bars=longest,
        calmar=known("calmar", _calmar(growth, deepest)),
        win_rate_pct=known("win_rate_pct", trades.win_rate_pct),
        avg_win=known("avg_win", trades.avg_win),
        avg_loss=known("avg_loss", trades.avg_loss),
        expectancy=known("expectancy", trades.expectancy),
        profit_factor=known("profit_factor", trades.profit_factor),
        sqn=known("sqn", trades.sqn),
        exposure_pct=100 * backtest.bars_in_position / yardstick.bars,
        buy_and_hold_pct=known("buy_and_hold_pct", holding),
        buy_and_hold_pnl=known("buy_and_hold_pnl", _plus(holding, factor=initial / 100)),
        outperformance_pct=known("outperformance_pct", _plus(holding, factor=-1.0, offset=total)),
        total_trades=trades.total_trades,
        profitable_trades=trades.profitable_trades,
        buy_count=buys,
        sell_count=signals - buys,
        ignored_signals=signals - filled - pending,
        pending_signals=pending,
        final_equity=last,
        open_position=backtest.money.open_position,
        unavailable=missing,
    )


def _calmar(growth: Figure, deepest: float) -> Figure:
    """CAGR over maximum drawdown, over the whole series (Young 1991 takes 36 months)."""
    if isinstance(growth, str):
        return f"cagr_pct is not available: {growth}"
    if deepest == 0:
        return "there was no drawdown"
    return ratio(growth, deepest)


def _plus(figure: Figure, factor: float, offset: float = 0.0) -> Figure:
    return figure if isinstance(figure, str) else finite(offset + factor * figure)
