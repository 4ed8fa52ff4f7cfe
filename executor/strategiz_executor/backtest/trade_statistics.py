"""Statistics over closed trades, net of costs."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from strategiz_executor.backtest.bars import Floats
from strategiz_executor.backtest.figures import TOO_LARGE, Figure, finite, needs, ratio
from strategiz_executor.backtest.outcome import Money

PNL_ROUNDING = 1e-12
"""A deviation of pnl up to this share of the largest trade is rounding noise and counts as 0."""

NO_TRADE = "no trade was closed"
NO_WIN = "no closed trade won"
NO_LOSS = "no closed trade lost"


class TradeStatistics(NamedTuple):
    """Figures of the closed trades; money in the currency of the bars, avg_loss negative."""

    total_trades: int
    profitable_trades: int
    win_rate_pct: Figure
    avg_win: Figure
    avg_loss: Figure
    expectancy: Figure
    profit_factor: Figure
    sqn: Figure


def trade_statistics(money: Money) -> TradeStatistics:
    """Answer the statistics of the closed trades: a win has pnl > 0, a loss pnl < 0."""
    closed = money.closed
    if not closed:
        return TradeStatistics(
            0, 0, NO_TRADE, NO_TRADE, NO_TRADE, NO_TRADE, NO_TRADE, needs("closed trades", 2, 0)
        )
    pnl = money.pnl[:closed]
    wins, losses = pnl[pnl > 0], pnl[pnl < 0]
    won, lost = float(np.add.reduce(wins)), float(np.add.reduce(losses))
    mean = float(np.add.reduce(pnl)) / closed
    return TradeStatistics(
        total_trades=closed,
        profitable_trades=len(wins),
        win_rate_pct=100 * len(wins) / closed,
        avg_win=finite(won / len(wins)) if len(wins) else NO_WIN,
        avg_loss=finite(lost / len(losses)) if len(losses) else NO_LOSS,
        expectancy=finite(mean),
        profit_factor=ratio(won, -lost) if len(losses) else NO_LOSS,
        sqn=_sqn(pnl, mean, money),
    )


def _sqn(pnl: Floats, mean: float, money: Money) -> Figure:
    """System quality number (Van Tharp): mean(pnl) / sd(pnl, ddof 1) sqrt(trades)."""
    closed = len(pnl)
    if closed < 2:
        return needs("closed trades", 2, closed)
    spread = pnl - mean
    deviation = math.sqrt(float(spread @ spread) / (closed - 1))
    if not math.isfinite(deviation):
        return TOO_LARGE
    largest = float(np.maximum.reduce(money.quantity[:closed] * money.entry_price[:closed]))
    if deviation <= PNL_ROUNDING * largest:
        return "the results of the trades do not vary"
    return ratio(mean, deviation, math.sqrt(closed))
