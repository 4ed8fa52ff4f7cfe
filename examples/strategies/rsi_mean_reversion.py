"""Form 2: `strategy` is called once and answers one value for every bar.

Buys when the RSI comes back from below `low`, sells when it falls back from above `high`.
Parameters: length (in bars), low, high (RSI, 0 to 100).
"""

import numpy as np
import talib

SYMBOL = "AAPL"
TIMEFRAME = "1D"


def strategy(data):
    length = param("length", 14, min=2, max=200)
    low = param("low", 35.0, min=0, max=50)
    high = param("high", 65.0, min=50, max=100)

    rsi = talib.RSI(data["close"], length)
    plot(rsi, "RSI", color="purple", overlay=False)

    before = rsi.shift(1)
    rises = (before < low) & (rsi >= low)
    falls = (before > high) & (rsi <= high)
    return np.where(rises, "BUY", np.where(falls, "SELL", "HOLD"))
