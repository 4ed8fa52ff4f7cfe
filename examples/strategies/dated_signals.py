"""Form 3: top-level code with all bars before it calls `signal` with the time of each signal.

Holds from the first bar of November to the first bar of May ("sell in May and go away"). The months of
a calendar are known in advance, so that looking at all bars at once tells it nothing of the future.
"""

SYMBOL = "SPX"
TIMEFRAME = "1D"

ENTRY_MONTH = param("entry_month", 11, min=1, max=12)
EXIT_MONTH = param("exit_month", 5, min=1, max=12)

month = df.index.month
begins = pd.Series(month, index=df.index).diff().fillna(0) != 0

for time, close in df["close"][begins & (month == ENTRY_MONTH)].items():
    signal("BUY", timestamp=time, price=close, reason=f"{time:%B %Y} begins", icon="sun")
for time, close in df["close"][begins & (month == EXIT_MONTH)].items():
    signal("SELL", timestamp=time, price=close, reason=f"{time:%B %Y} begins", icon="leaf")

print(f"{int(begins.sum())} months begin between {df.index[0]:%Y-%m-%d} and {df.index[-1]:%Y-%m-%d}")
