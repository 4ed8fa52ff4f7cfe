"""Everything an execution may touch, imported and used once, before a child is locked down."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.strategy.made_up_bars import made_up_bars

BARS = 64

SMA = """
def strategy(data):
    fast = data["close"].rolling(param("fast", 5, min=1)).mean()
    slow = data["close"].rolling(param("slow", 20)).mean()
    plot(fast, "fast")
    if len(data) < 20:
        return "HOLD"
    if fast.iloc[-1] > slow.iloc[-1] and fast.iloc[-2] <= slow.iloc[-2]:
        signal("BUY", f"fast {fast.iloc[-1]:.2f} above slow {slow.iloc[-1]:,.2f}")
        return None
    return "SELL" if fast.iloc[-1] < slow.iloc[-1] else "HOLD"
"""
RSI = """
def strategy(data):
    change = data["close"].diff()
    gain = change.clip(lower=0).ewm(alpha=1 / 14, min_periods=14).mean()
    loss = -change.clip(upper=0).ewm(alpha=1 / 14, min_periods=14).mean()
    rsi = (100 - 100 / (1 + gain / loss)).fillna(50)
    trend = data["close"].ewm(span=20, adjust=False).mean()
    plot(rsi, "RSI", color="purple", overlay=False)
    print(rsi.describe(), data.tail(3), data.dtypes, trend.head().to_string())
    return (rsi < 40) & (data["close"] > trend)
"""
TALIB = """
import talib, numpy as np
def strategy(data):
    close, high, low, volume = data.close, data.high, data.low, data.volume
    upper, middle, lower = talib.BBANDS(close, 20)
    macd, line, histogram = talib.MACD(close)
    values = [talib.RSI(close, 14), talib.ATR(high, low, close, 14), talib.OBV(close, volume),
              talib.ADX(high, low, close, 14), talib.SMA(close, 5), talib.EMA(close, 5),
              talib.STOCH(high, low, close)[0], talib.CDLDOJI(data.open, high, low, close)]
    return np.where(close < lower, 1, np.where(close > upper, -1, 0))
"""
TA = """
from datetime import datetime, timedelta
import pandas as pd
close, high, low, volume = df.close, df.high, df.low, df.volume
rsi, macd, bands = ta.rsi(close), ta.macd(close), ta.bbands(close, length=20)
atr, adx, stoch = ta.atr(high, low, close), ta.adx(high, low, close), ta.stoch(high, low, close)
ema, obv, vwap = ta.ema(close), ta.obv(close, volume), ta.vwap(high, low, close, volume)
trend = ta.supertrend(high, low, close)
for when, row in df.iterrows():
    if row["close"] > row["open"]:
        signal("BUY", timestamp=when, price=row["close"], reason=f"{when:%Y-%m-%d} up", icon="up")
for i in range(0, len(df), 7):
    signal("sell", df.index[i].strftime("%Y-%m-%d"), float(close.iloc[i]), "week")
plot(rsi, "RSI")
"""
SEED = """
df["sma"] = df["close"].rolling(20).mean()
if df["close"].iloc[-1] > df["sma"].iloc[-1]: signal("buy", "SMA crossover")
"""
TABLES = """
import collections, itertools, functools, statistics, decimal, random, math, operator, time
close = df["close"]
returns = close.pct_change()
close.resample("W").last(), close.resample("ME").ohlc()
monthly = df.groupby(df.index.month)["close"].agg(["mean", "max"])
df.groupby(df["timestamp"].dt.dayofweek)["volume"].sum()
df.merge(returns.rename("returns"), left_index=True, right_index=True, how="left")
close.rank(pct=True), close.quantile(0.9), df.sort_values("close"), df.nlargest(3, "close")
pd.concat([df, returns.rename("r")], axis=1).dropna()
df[["open", "close"]].corr(), df.describe(), df.rolling(5).agg({"close": "mean", "volume": "sum"})
dated = df.assign(month=df.index.month, year=df.index.year)
pivot = dated.pivot_table(index="month", columns="year", values="close")
close.rolling(5).apply(lambda window: window.mean(), raw=True)
df.apply(lambda row: row["close"], axis=1), close.map(lambda value: "high" if value > 100 else "low")
pd.cut(close, 4), pd.qcut(close, 4), close.expanding().max(), close.interpolate()
df.index.tz_convert("America/New_York"), df.index.tz_localize(None), df.loc["2016-01":"2016-02"]
pd.date_range("2020-01-01", periods=3, tz="UTC"), pd.to_datetime("2020-01-01")
pd.Timestamp("2020-01-01", tz="UTC") + pd.Timedelta(days=1)
np.random.normal(size=3), np.random.default_rng().normal(), random.random()
np.linalg.norm([1.0, 2.0]), np.polyfit([1, 2, 3], [1, 2, 4], 1), np.percentile(close, 50)
np.corrcoef(df["open"], close), np.where(close > 1, 1, 0)
np.convolve([1.0, 2.0], [1.0]), np.fft.fft([1.0, 2.0])
statistics.mean([1, 2]), decimal.Decimal("1.1") * 2
print(df, monthly, pivot, close.to_dict(), f"{math.pi:.3f} {1234567.891:,.2f}", sep="\\n")
plot(close, "close")
"""
RUNNING = (SMA, RSI, TALIB, TA, SEED, TABLES)
BROKEN = (
    'def strategy(data):\n    return data["Close"]',
    'def strategy(data):\n    raise ValueError(f"no {data.index[-1]}")',
    "def strategy(data):\n    return True",
    'df["close"][0] = 1\nsignal("BUY", "x")',
    "import os",
    "x = pd.read_csv('x')\nplot(x, 'x')",
    "def strategy(data)\n    return 1",
    "signal('BUY', pd.Timestamp('1999-01-01'), 1)",
    "x = param('n', 3, min=5)\nplot(df.close, 'c')",
)


def run_warm_up_strategies(execute: Callable[[RequestFrame], Iterator[ResultFrame]]) -> None:
    """Run a small strategy of every form and kind of failure, with and without compiled code."""
    bars = made_up_bars(BARS, seed=1)
    for code in (*RUNNING, *BROKEN):
        request = RequestFrame(code=code, bars=bars, timeframe="1D", backtest=True, parameters_json="{}")
        first, *rest = execute(request)
        request.compiled = first.compiled
        last = [first, *rest, *execute(request)][-1]
        if last.success is not (code in RUNNING):
            raise RuntimeError(
                f"a strategy of the warm-up ended otherwise than it must: {last.failure}\n{code}"
            )
    list(execute(RequestFrame(kind=RequestFrame.VALIDATE, code=SMA)))
