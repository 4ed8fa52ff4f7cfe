"""Strategies whose every value at a bar depends on that bar and earlier ones."""

STRATEGIES = {
    "SMA cross": """
def strategy(data):
    fast = data["close"].rolling(param("fast", 5)).mean()
    slow = data["close"].rolling(param("slow", 15)).mean()
    if fast.iloc[-1] > slow.iloc[-1]:
        return "BUY"
    return "SELL"
""",
    "RSI and EMA with four conditions": """
def strategy(data):
    d = data['close'].diff(); g = d.clip(lower=0).ewm(alpha=1/14).mean()
    l = (d.clip(upper=0)*-1).ewm(alpha=1/14).mean()
    r = 100-100/(1+g/l); e = data['close'].ewm(span=20).mean()
    if r.iloc[-1] < 40 and data['close'].iloc[-1] > e.iloc[-1]*0.9: return 'BUY'
    if r.iloc[-1] > 60 or (r.iloc[-1] > 50 and r.iloc[-2] <= 50 and data['close'].iloc[-1] < e.iloc[-1]): return 'SELL'
    return 'HOLD'
""",
    "form 4, the seed's example": """
df["sma"] = df["close"].rolling(20).mean()
if df["close"].iloc[-1] > df["sma"].iloc[-1]: signal("buy", "SMA crossover")
""",
    "form 4 with both sides, prints and numbers in reasons": """
df["sma"] = df["close"].rolling(10).mean()
last = df["close"].iloc[-1]
if last > df["sma"].iloc[-1]:
    signal("buy", f"close {last:.2f} above {df['sma'].iloc[-1]:,.3f}")
else:
    signal("sell", "below"); print("at", last, f"{df['sma'].iloc[-1]!r}")
""",
    "copy, columns and rows as language models write them": """
def strategy(data):
    df = data.copy()
    df['fast'] = df['close'].ewm(span=5, adjust=False).mean()
    df['slow'] = df['close'].ewm(span=12, adjust=False).mean()
    df['rsi_gain'] = df['close'].diff().where(df['close'].diff() > 0, 0).rolling(14).mean()
    if len(df) < 20:
        return 'HOLD'
    last, prev = df.iloc[-1], df.iloc[-2]
    if pd.isna(last['slow']):
        return 'HOLD'
    if last['fast'] > last['slow'] and prev['fast'] <= prev['slow']:
        signal('BUY', f"cross at {last['close']:.2f}, volume {last['volume']}")
    elif last.fast < last.slow and prev.fast >= prev.slow:
        signal('SELL', "fell {:.1f}".format(prev.close - last.close))
""",
    "row arithmetic in which numpy divides by zero": """
def strategy(data):
    last = data.iloc[-1]
    body, span = last['close'] - last['open'], last['high'] - last['low']
    if last['volume'] == 0:
        print('no volume', last['volume'], span)
    ratio = body / span
    if ratio > 0.5: return 'BUY'
    if ratio < -0.5: return 'SELL'
""",
    "true range by concat and max over rows": """
def strategy(data):
    high, low, close = data['high'], data['low'], data['close']
    tr = pd.concat([high - low, (high - close.shift(1)).abs(), (low - close.shift(1)).abs()], axis=1).max(axis=1)
    atr = tr.rolling(7).mean()
    upper = close.shift(1) + atr.shift(1)
    if close.iloc[-1] > upper.iloc[-1]: return 'BUY'
    if close.iloc[-1] < close.iloc[-2] - atr.iloc[-2]: return 'SELL'
    return 0
""",
    "Bollinger bands with np.where and booleans": """
def strategy(data):
    m = data.close.rolling(10).mean(); s = data.close.rolling(10).std()
    z = (data.close - m) / s
    side = np.where(z > 1, -1, np.where(z < -1, 1, 0))
    inside = (z > -1) & (z < 1)
    if inside.iloc[-1] and not inside.iloc[-2]:
        return 'HOLD'
    return side[-1]
""",
    "TA-Lib with several outputs": """
import talib
from talib import RSI
def strategy(data):
    if len(data) < 30: return None
    r = RSI(data['close'], timeperiod=9)
    macd, line, histogram = talib.MACD(data['close'].values, 5, 13, 4)
    upper, middle, lower = talib.BBANDS(data.close, 10)
    k, d = talib.STOCH(data.high, data.low, data.close)
    if r.iloc[-1] < 45 and histogram[-1] > histogram[-2]: signal('BUY', f'rsi {r.iloc[-1]:.1f}')
    elif data.close.iloc[-1] > middle.iloc[-1] and k.iloc[-1] > d.iloc[-1]: signal('SELL', 'stoch')
""",
    "TA-Lib candles and volume": """
def strategy(data):
    doji = talib.CDLDOJI(data.open, data.high, data.low, data.close)
    obv = talib.OBV(data.close, data.volume)
    if doji.iloc[-1] > 0: return 'SELL'
    if obv.iloc[-1] > obv.iloc[-3]: return 'BUY'
""",
    "ta indicators": """
def strategy(data):
    e, r = ta.ema(data['close'], length=8), ta.rsi(data['close'], length=6)
    a = ta.atr(data['high'], data['low'], data['close'], length=5)
    if r.iloc[-1] < 40: return 'BUY'
    if data['close'].iloc[-1] > e.iloc[-1] + a.iloc[-1]: return 'SELL'
""",
    "ta indicators with several columns": """
def strategy(data):
    if len(data) < 40: return 'HOLD'
    macd = ta.macd(data['close'], fast=5, slow=12, signal=4)
    bands = ta.bbands(data['close'], length=10)
    line, mark = macd.iloc[:, 0], macd['MACDs_5_12_4']
    if line.iloc[-1] > mark.iloc[-1] and line.iloc[-2] <= mark.iloc[-2]: return 'BUY'
    if data['close'].iloc[-1] > bands.iloc[-1, 2]: return 'SELL'
""",
    "prefix reductions": """
def strategy(data):
    change = data['close'].pct_change()
    if data['close'].iloc[-1] == data['close'].max(): return 'BUY'
    if data['close'].iloc[-1] <= data['close'].min() * 1.01: return 'SELL'
    if change.iloc[-1] > change.mean() + 2 * change.std(): return 'SELL'
    if (change > 0).sum() * 2 < len(data) and (change < 0).any(): return 'BUY'
""",
    "the last few values": """
def strategy(data):
    close = data['close']
    recent = close.iloc[-10:]
    if close.iloc[-1] >= recent.max(): return 'BUY'
    if close.tail(5).mean() < close.iloc[-20:].mean() and close.values[-3:].sum() > 0: return 'SELL'
    if (close.diff() < 0).tail(4).all(): return 'SELL'
""",
    "length first": """
def strategy(data):
    n = len(data)
    if n < 10: return 'HOLD'
    if n % 7 == 0: return 'BUY'
    if n // 10 == 5 or n / 2 > 60: return 'SELL'
""",
    "float, round, int, abs, max, min": """
def strategy(data):
    c = float(data['close'].iloc[-1]); o = float(data['open'].iloc[-1])
    r = round(c, 1); top = max(c, o); low = min(c, o, r); gap = abs(c - o)
    if gap == 0: return None
    if (top - low) / gap > 1.05: return 'SELL'
    if int(c) % 2 == 0 and round(c) > 0: signal('BUY', f'{r} {top:.2f} {int(c)} {gap}')
""",
    "Python floats divide by zero": """
def strategy(data):
    if len(data) < 5: return None
    c = float(data['close'].iloc[-1]); o = float(data['open'].iloc[-1])
    try:
        ratio = 1 / (c - o)
    except ZeroDivisionError:
        return 'HOLD'
    return 'BUY' if ratio > 0 else 'SELL'
""",
    "math functions of values": """
import math
def strategy(data):
    c = data['close'].iloc[-1]
    x = math.log(c) - math.sqrt(c) + math.floor(c / 10) + math.pow(c, 0.3)
    if math.isnan(x): return None
    return 'BUY' if math.sin(x) > 0 else 'SELL'
""",
    "helpers, lambdas and default arguments": """
FAST, SLOW = 4, 9
LEVELS = (0.3, 0.7)
mean = lambda values, n=FAST: values.rolling(n).mean()
def cross(a, b, back=1):
    return a.iloc[-back] > b.iloc[-back] and a.iloc[-back - 1] <= b.iloc[-back - 1]
def strategy(data):
    a, b = mean(data.close), mean(data.close, SLOW)
    if cross(a, b): return 'BUY'
    if cross(b, a, back=1): return 'SELL'
    return 'HOLD'
""",
    "constants computed from constants": """
N = param("n", 6)
M = N * 2 + int("1")
NAMES = ("close", "open")
def strategy(data):
    a, b = data[NAMES[0]].rolling(N).mean(), data[NAMES[1]].rolling(M).mean()
    return 'BUY' if a.iloc[-1] > b.iloc[-1] else 'SELL'
""",
    "params as a dict": """
def strategy(data):
    n = int(params.get("n", 5))
    limit = float(params["limit"]) if "limit" in params else 0.0
    m = data.close.rolling(n).mean()
    return 'BUY' if data.close.iloc[-1] > m.iloc[-1] + limit else 'SELL'
""",
    "comprehension over windows": """
def strategy(data):
    means = [data['close'].rolling(n).mean().iloc[-1] for n in (3, 6, 9)]
    above = [data['close'].iloc[-1] > m for m in means]
    if all(above): return 'BUY'
    if not any(above): return 'SELL'
""",
    "score of conditions": """
def strategy(data):
    score, reasons = 0, []
    c, v = data['close'], data['volume']
    if c.iloc[-1] > c.rolling(5).mean().iloc[-1]:
        score += 1; reasons.append("above mean")
    if v.iloc[-1] > v.rolling(5).mean().iloc[-1]:
        score += 1; reasons.append(f"volume {v.iloc[-1]:,}")
    if c.iloc[-1] < c.shift(3).iloc[-1]:
        score -= 2; reasons.append("%.2f below 3 bars ago" % (c.shift(3).iloc[-1] - c.iloc[-1]))
    print(len(reasons), score)
    if score >= 2: signal("BUY", ", ".join(reasons))
    elif score < 0: signal("SELL", " and ".join(reasons) + "!")
""",
    "chained comparison and ternaries": """
def strategy(data):
    c = data.close.iloc[-1]; m = data.close.rolling(8).mean().iloc[-1]
    kind = 'BUY' if 0.98 * m < c <= m else ('SELL' if c > 1.02 * m else None)
    return kind
""",
    "rare branch": """
def strategy(data):
    c = data['close']
    if len(data) == 77:
        print("bar", len(data)); return 'SELL'
    if c.iloc[-1] == c.rolling(40).max().iloc[-1] and c.iloc[-1] != c.iloc[-2]:
        return 'BUY'
""",
    "crossings of shifted booleans": """
def strategy(data):
    up = data['close'] > data['close'].rolling(6).mean()
    start = up & ~up.shift(1, fill_value=False)
    stop = ~up & (up.shift(1, fill_value=False))
    count = up.rolling(4).sum() if False else up.astype(int).rolling(4).sum()
    if start.iloc[-1]: return 'BUY'
    if stop.iloc[-1] and count.iloc[-1] < 3: return 'SELL'
""",
    "cumulative and ranking windows": """
def strategy(data):
    pv = (data['close'] * data['volume']).cumsum() / data['volume'].cumsum()
    peak = data['close'].cummax()
    place = data['close'].rolling(9).rank(pct=True)
    if data['close'].iloc[-1] < 0.97 * peak.iloc[-1]: return 'SELL'
    if data['close'].iloc[-1] > pv.iloc[-1] and place.iloc[-1] > 0.5: return 'BUY'
""",
    "in-place arithmetic on columns": """
def strategy(data):
    a = data['close'].rolling(3).mean()
    b = a
    a -= data['close']
    a *= 2
    if b.iloc[-1] > 0: return 'BUY'
    if b.iloc[-1] < -1: return 'SELL'
""",
    "writes over own columns": """
def strategy(data):
    data['close'] = data['close'].rolling(2).mean()
    data['flag'] = 1
    data['up'] = data['close'] > data['open']
    if data['up'].iloc[-1] and data['flag'].iloc[-1] == 1: return 'BUY'
    return 'SELL' if data.close.iloc[-1] < data['open'].iloc[-1] - 1 else None
""",
    "np functions of values": """
def strategy(data):
    c, o = data.close.iloc[-1], data.open.iloc[-1]
    if np.isnan(data.close.rolling(4).mean().iloc[-1]): return None
    if np.sign(c - o) > 0 and np.maximum(c, o) > np.sqrt(c) and np.log(c / o) > 0.001: return 'BUY'
    if np.mean([c, o]) < o and np.abs(c - o) > 0.4 and np.round(c, 1) > 0: return 'SELL'
""",
    "early return and nested conditions": """
def strategy(data):
    c = data.close
    if c.iloc[-1] > c.iloc[0]:
        if c.iloc[-1] > c.rolling(5).mean().iloc[-1]:
            if data.volume.iloc[-1] > 0:
                return 'BUY'
            return 'HOLD'
        elif c.iloc[-1] < c.rolling(10).mean().iloc[-1]:
            return 'SELL'
    else:
        return -1 if c.iloc[-1] < c.iloc[-2] else 0
""",
    "more than 64 paths": """
def strategy(data):
    score = 0
    for n in range(2, 10):
        if data.close.iloc[-1] > data.close.rolling(n).mean().iloc[-1]: score += 1
    if score > 5: return 'BUY'
    if score < 2: signal('SELL', f'score {score}')
""",
    "plots and a plot in a branch": """
def strategy(data):
    m = data.close.rolling(5).mean()
    plot(m, "mean", color="red")
    if data.close.iloc[-1] > m.iloc[-1]:
        plot(m - data.close, "below")
        return 'BUY'
    plot(data.close, "close", overlay=False)
    return 'SELL'
""",
    "columns asked by name": """
def strategy(data):
    if 'sma' not in data.columns and 'close' in data: data['sma'] = data['close'].rolling(4).mean()
    need = [name for name in ('open', 'close') if name in data.columns]
    x = data.get('missing', data['close'])
    if not data.empty and data.shape[0] > 3 and isinstance(data, pd.DataFrame) and isinstance(x, pd.Series):
        return 'BUY' if x.iloc[-1] > data['sma'].iloc[-1] and len(need) == 2 else 'SELL'
""",
    "isinstance on values": """
def strategy(data):
    x = data['close'].iloc[-1]
    if isinstance(x, (float, np.floating)) and not isinstance(x, int) and isinstance(len(data), int):
        return 'BUY' if hasattr(x, 'item') and not hasattr(x, 'values') and not callable(x) else 'SELL'
    return 'SELL'
""",
    "sorting values": """
def strategy(data):
    a, b, c = [data.close.rolling(n).mean().iloc[-1] for n in (2, 4, 8)]
    order = sorted([a, b, c])
    if order[0] == a and order[-1] == c: return 'SELL'
    if order[-1] == a: signal('BUY', f'{order[1]:.3f}')
""",
    "while loop over a plain number": """
def strategy(data):
    n, total = 2, 0.0
    while n < 6:
        total += data.close.rolling(n).mean().iloc[-1]
        n += 1
    return 'BUY' if data.close.iloc[-1] > total / 4 else 'SELL'
""",
    "form 4 that returns nothing early": """
close = df['close']
if len(df) > 12:
    up = 0
    for k in range(1, 4):
        if close.iloc[-k] > close.iloc[-k - 1]: up += 1
    if up == 3: signal('BUY', 'three up')
    if up == 0: signal('SELL', reason='three down')
plot(close, 'close')
""",
    "crossing of a value with NaN": """
def strategy(data):
    m = data.close.rolling(6).mean()
    if m.iloc[-1]:
        signal('BUY', f'{m.iloc[-1]}')
    if m.iloc[-1] != m.iloc[-1]:
        print('nan', m.iloc[-1])
""",
}
