"""Form 1: `strategy` is asked at every bar, with the bars up to and including it.

Long while the fast average of the closes is above the slow one. Parameters: fast, slow (in bars).
"""

SYMBOL = "AAPL"
TIMEFRAME = "1D"

FAST = param("fast", 10, min=1, max=200)
SLOW = param("slow", 30, min=2, max=400)


def strategy(data):
    fast = data["close"].rolling(FAST).mean()
    slow = data["close"].rolling(SLOW).mean()
    plot(fast, f"SMA {FAST}", color="blue")
    plot(slow, f"SMA {SLOW}", color="orange")
    if fast.iloc[-1] > slow.iloc[-1]:
        return "BUY"
    if fast.iloc[-1] < slow.iloc[-1]:
        return "SELL"
    return "HOLD"
