"""The grid of moving average crosses by vectorbt and backtesting.py, each as its own documentation does it.

Standard input has {"series": path of a CSV, "grid": [{"fast": 2, "slow": 60}, ...]}; one line a peer on standard
output (report_line.py). Runs in .venv-bench. Both fill at the next open with the costs that ours has by default.
"""

import json
import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd
import vectorbt as vbt
from backtesting import Backtest, Strategy
from report_line import report

CASH, COST = 10_000, 0.0005
COLUMNS_AT_ONCE = 500
CELLS_OF_BACKTESTING = 25
RICH = 1e9  # so that whole units, which are all that backtesting.py buys, make no difference

Grid = list[dict[str, int]]


def portfolios(bars: pd.DataFrame, grid: Grid) -> Any:
    """One vectorbt portfolio for a part of the grid at a time."""
    for start in range(0, len(grid), COLUMNS_AT_ONCE):
        part = grid[start : start + COLUMNS_AT_ONCE]
        above = averages(bars, part, "fast") > averages(bars, part, "slow")
        signals = np.vstack([np.zeros((1, len(part)), bool), above[:-1]])  # filled at the next open
        exits = np.vstack([np.zeros((1, len(part)), bool), ~above[:-1]])
        yield vbt.Portfolio.from_signals(
            bars["close"], signals, exits, price=bars["open"].to_numpy()[:, None], fees=COST, slippage=COST,
            init_cash=CASH, freq="1D",
        )  # fmt: skip


def averages(bars: pd.DataFrame, part: Grid, name: str) -> np.ndarray:
    """The moving average of each cell as a column, every window computed once."""
    windows = sorted({cell[name] for cell in part})
    columns = vbt.MA.run(bars["close"], window=windows).ma.to_numpy().reshape(len(bars), len(windows))
    return columns[:, [windows.index(cell[name]) for cell in part]]


def returns_alone(bars: pd.DataFrame, grid: Grid) -> list[float]:
    """Total returns in percent, nothing else."""
    return [100 * value for each in portfolios(bars, grid) for value in each.total_return().tolist()]


def returns_and_figures(bars: pd.DataFrame, grid: Grid) -> list[float]:
    """The same, with Sharpe ratio, maximum drawdown, number of trades and win rate computed too."""
    found: list[float] = []
    for each in portfolios(bars, grid):
        figures = [each.sharpe_ratio(), each.max_drawdown(), each.trades.count(), each.trades.win_rate()]
        assert all(len(figure) for figure in figures)
        found += [100 * value for value in each.total_return().tolist()]
    return found


class Cross(Strategy):  # type: ignore[misc]
    """Long while the fast average is above the slow one."""

    fast = slow = 0

    def init(self) -> None:
        """Both averages, as backtesting.py wants them."""
        self.fast_average = self.I(average, self.data.Close, self.fast)
        self.slow_average = self.I(average, self.data.Close, self.slow)

    def next(self) -> None:
        """Once a bar."""
        above = self.fast_average[-1] > self.slow_average[-1]
        if above and not self.position:
            self.buy()
        elif not above and self.position:
            self.position.close()


def average(values: Any, window: int) -> Any:
    """A simple moving average."""
    return pd.Series(values).rolling(window).mean()


def by_backtesting(bars: pd.DataFrame, grid: Grid) -> list[float]:
    """One run a cell; its figures come with the run. Slippage, which it charges on entries alone, as commission."""
    frame = bars.rename(columns=str.capitalize)
    test = Backtest(frame, Cross, cash=RICH, commission=2 * COST, finalize_trades=False)
    return [test.run(**cell)["Return [%]"] for cell in grid]


def main() -> None:
    """One line a peer; each is asked for a little first, so that nothing is compiled while it is measured."""
    asked = json.load(sys.stdin)
    bars = pd.read_csv(asked["series"], parse_dates=["date"], index_col="date").loc[asked.get("start") :]
    grid: Grid = asked["grid"]
    warnings.simplefilter("ignore")
    few = grid[:: len(grid) // CELLS_OF_BACKTESTING]
    for work in (returns_alone, returns_and_figures, by_backtesting):
        work(bars, few[:2])
    if not asked.get("whole_grid_only"):
        report(f"vectorbt {vbt.__version__}, return alone", len(grid), lambda: returns_alone(bars, grid))
    report(
        f"vectorbt {vbt.__version__}, Sharpe, drawdown and trades too",
        len(grid),
        lambda: returns_and_figures(bars, grid),
    )
    if not asked.get("whole_grid_only"):
        report("backtesting.py", len(few), lambda: by_backtesting(bars, few))


if __name__ == "__main__":
    main()
