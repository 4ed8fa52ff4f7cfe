"""The formulas of docs/metrics.md written down once more, in plain Python and bar by bar.

Shares no code with the metrics that it checks. None where docs/metrics.md says that there is no value.
"""

import math
import statistics

ROUNDING = 1e-14  # docs/metrics.md, "Rounding"


def plain_metrics(equity, pnl_of_closed, *, capital, bars_per_year, risk_free, days):
    """equity and pnl are lists of floats; days is last minus first timestamp."""
    n = len(equity)
    returns = [equity[t] / equity[t - 1] - 1 for t in range(1, n)]
    excess = [r - risk_free for r in returns]
    growth = equity[-1] / capital
    out = {"total_return_pct": 100 * (growth - 1), "total_pnl": equity[-1] - capital}
    out["cagr_pct"] = 100 * (growth ** (365.25 / days) - 1) if days >= 30 and growth > 0 else None
    out |= return_figures(returns, excess, bars_per_year) if n >= 30 else NO_RETURNS
    out |= drawdown_figures(equity, capital)
    calmar = out["cagr_pct"] is not None and out["max_drawdown_pct"] > 0
    out["calmar"] = out["cagr_pct"] / out["max_drawdown_pct"] if calmar else None
    return out | trade_figures(pnl_of_closed)


NO_RETURNS = {"volatility_pct": None, "sharpe": None, "sortino": None}


def return_figures(returns, excess, bars_per_year):
    deviation = statistics.stdev(returns)
    downside = math.sqrt(math.fsum(min(e, 0) ** 2 for e in excess) / len(excess))
    mean = math.fsum(excess) / len(excess)
    return {
        "volatility_pct": 100 * deviation * math.sqrt(bars_per_year),
        "sharpe": mean / deviation * math.sqrt(bars_per_year) if deviation > ROUNDING else None,
        "sortino": mean / downside * math.sqrt(bars_per_year) if downside > ROUNDING else None,
    }


def drawdown_figures(equity, capital):
    peak, last_at_peak, longest, deepest, below = capital, -1, 0, 0.0, False
    for bar, value in enumerate(equity):
        if value >= peak * (1 - ROUNDING):
            if below:
                longest = max(longest, bar - last_at_peak)
            peak, last_at_peak, below = max(peak, value), bar, False
        else:
            below = True
            deepest = max(deepest, 1 - value / peak)
    if below:
        longest = max(longest, len(equity) - 1 - last_at_peak)
    return {"max_drawdown_pct": 100 * deepest, "longest_drawdown_bars": longest}


def trade_figures(pnl):
    wins, losses = [p for p in pnl if p > 0], [p for p in pnl if p < 0]
    spread = statistics.stdev(pnl) if len(pnl) > 1 else 0
    return {
        "total_trades": len(pnl),
        "profitable_trades": len(wins),
        "win_rate_pct": 100 * len(wins) / len(pnl) if pnl else None,
        "avg_win": statistics.fmean(wins) if wins else None,
        "avg_loss": statistics.fmean(losses) if losses else None,
        "expectancy": statistics.fmean(pnl) if pnl else None,
        "profit_factor": math.fsum(wins) / -math.fsum(losses) if losses else None,
        "sqn": statistics.fmean(pnl) / spread * math.sqrt(len(pnl)) if spread else None,
    }
