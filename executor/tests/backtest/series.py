"""Series and signals for the tests of the backtest."""

import csv
from pathlib import Path

import numpy as np

from strategiz_executor.backtest import Bars

DAY_MS = 86_400_000
MONDAY_MS = 1_704_067_200_000  # 2024-01-01
EXAMPLES = Path(__file__).parents[3] / "examples" / "market-data"
SYMBOLS = ("AAPL", "FB", "GOOG", "IBM", "IXIC", "MSFT", "SPX")


def bars_of(opens, closes, timestamps=None):
    opens, closes = np.array(opens, "f8"), np.array(closes, "f8")
    if timestamps is None:
        week, weekday = np.divmod(np.arange(len(opens)), 5)
        timestamps = MONDAY_MS + DAY_MS * (7 * week + weekday)
    high, low = np.maximum(opens, closes), np.minimum(opens, closes)
    return Bars(np.array(timestamps, "i8"), opens, high, low, closes, np.ones(len(opens), "i8"))


def signals_of(*signals):
    """(bar, "BUY" or "SELL") pairs as the two columns that the backtest takes."""
    words = {"BUY": 1, "SELL": -1}
    return np.array([bar for bar, _ in signals], "i4"), np.array([words[word] for _, word in signals], "i1")


def load(symbol):
    with (EXAMPLES / f"{symbol}.csv").open() as file:
        rows = list(csv.DictReader(file))
    days = np.array([row["date"] for row in rows], "M8[ms]").astype("i8")
    prices = (np.array([float(row[name]) for row in rows]) for name in ("open", "high", "low", "close"))
    return Bars(days, *prices, np.array([int(row["volume"]) for row in rows]))


def sma_cross(close, fast=10, slow=30):
    """BUY where the fast average is above the slow one, SELL where below; repeats dropped."""
    signals, last = [], None
    for bar in range(slow - 1, len(close)):
        short, long = close[bar - fast + 1 : bar + 1].mean(), close[bar - slow + 1 : bar + 1].mean()
        word = "BUY" if short > long else "SELL" if short < long else None
        if word and word != last:
            signals.append((bar, word))
            last = word
    return signals_of(*signals)
