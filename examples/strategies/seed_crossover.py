"""Form 4: the whole code runs anew for every bar, with the bars up to and including it.

Buys while the close is above its average of 20 bars, sells below.
"""

SYMBOL = "AAPL"
TIMEFRAME = "1D"

df["sma"] = df["close"].rolling(20).mean()
plot(df["sma"], "SMA 20")

if df["close"].iloc[-1] > df["sma"].iloc[-1]:
    signal("buy", "SMA crossover")
if df["close"].iloc[-1] < df["sma"].iloc[-1]:
    signal("sell", f"{df['close'].iloc[-1]:.2f} below {df['sma'].iloc[-1]:.2f}")
