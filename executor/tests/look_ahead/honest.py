"""Strategies of forms 2 and 3 that know nothing of later bars, however they may look."""

HONEST = {
    "averages that cross": """
def strategy(data):
    c = data['close']
    return c.rolling(10).mean() > c.rolling(30).mean()
""",
    "warm-up as NaN": """
def strategy(data):
    c = data['close']
    away = c / c.rolling(200).mean() - 1
    return np.where(away < -0.05, 1.0, np.where(away > 0.05, -1.0, np.nan))
""",
    "warm-up by min_periods": """
def strategy(data):
    c = data['close']
    return c > c.rolling(100, min_periods=5).median()
""",
    "ewm": """
def strategy(data):
    c = data['close']
    return c.ewm(span=12).mean() > c.ewm(span=26, adjust=False).mean()
""",
    "ewm with min_periods and ignore_na": """
def strategy(data):
    c = data['close'].where(data.index.dayofweek != 2)
    return (c.ewm(halflife=7, min_periods=20, ignore_na=True).mean().ffill() < data['close'])
""",
    "expanding": """
def strategy(data):
    c = data['close']
    z = (c - c.expanding().mean()) / c.expanding(30).std()
    return np.where(z < 0, 1, np.where(z > 2, -1, 0))
""",
    "cummax": """
def strategy(data):
    c = data['close']
    fall = c / c.cummax() - 1
    return np.where(fall < -0.1, 1, np.where(fall == 0, -1, 0))
""",
    "rank within a window": """
def strategy(data):
    return data['close'].rolling(60).rank(pct=True) < 0.2
""",
    "quantile within a window": """
def strategy(data):
    c = data['close']
    return np.where(c < c.rolling(90).quantile(0.1), 'BUY', np.where(c > c.rolling(90).quantile(0.9), 'SELL', 'HOLD'))
""",
    "Wilder's RSI": """
def strategy(data):
    change = data['close'].diff()
    up = change.clip(lower=0).ewm(alpha=1 / 14, min_periods=14).mean()
    down = -change.clip(upper=0).ewm(alpha=1 / 14, min_periods=14).mean()
    rsi = 100 - 100 / (1 + up / down)
    return np.where(rsi < 35, 1, np.where(rsi > 65, -1, 0))
""",
    "MACD of TA-Lib": """
import talib
def strategy(data):
    macd, line, _ = talib.MACD(data['close'])
    return (macd > line)
""",
    "bands of TA-Lib": """
import talib
def strategy(data):
    upper, _, lower = talib.BBANDS(data['close'].to_numpy(), 20)
    c = data['close'].to_numpy()
    return np.where(c < lower, 1, np.where(c > upper, -1, 0))
""",
    "ADX and ATR of ta": """
def strategy(data):
    h, l, c = data['high'], data['low'], data['close']
    strong = ta.adx(h, l, c).iloc[:, 0] > 25
    return strong & (c > ta.ema(c, length=20) + ta.atr(h, l, c))
""",
    "supertrend of ta": """
def strategy(data):
    return ta.supertrend(data['high'], data['low'], data['close']).iloc[:, 1] > 0
""",
    "on-balance volume": """
def strategy(data):
    flow = (np.sign(data['close'].diff()).fillna(0) * data['volume']).cumsum()
    return flow > flow.rolling(20).mean()
""",
    "breakout of yesterday's channel": """
def strategy(data):
    top, bottom = data['high'].rolling(20).max().shift(1), data['low'].rolling(10).min().shift(1)
    return np.where(data['close'] > top, 1, np.where(data['close'] < bottom, -1, 0))
""",
    "a state machine in a loop": """
def strategy(data):
    answers, entry, inside = [], 0.0, False
    for price in data['close']:
        if inside and (price > 1.1 * entry or price < 0.95 * entry):
            inside = False
            answers.append('SELL')
        elif not inside and len(answers) % 5 == 0:
            inside, entry = True, price
            answers.append('BUY')
        else:
            answers.append(None)
    return answers
""",
    "a weekly average carried forward": """
def strategy(data):
    weekly = data['close'].resample('W-FRI').last().rolling(10).mean().shift(1)
    return data['close'] > weekly.reindex(data.index, method='ffill')
""",
    "merge_asof backward": """
def strategy(data):
    bars = data[['timestamp', 'close']].reset_index(drop=True)
    old = bars.assign(timestamp=bars['timestamp'] + pd.Timedelta(days=30)).rename(columns={'close': 'old'})
    return (pd.merge_asof(bars, old, on='timestamp')['old'] < bars['close']).to_numpy()
""",
    "gaps filled forward": """
def strategy(data):
    level = data['close'].where(data.index.day == 1).ffill()
    return data['close'] > level
""",
    "the first bar as the measure": """
def strategy(data):
    return data['close'] > 1.5 * data['close'].iloc[0]
""",
    "the calendar": """
def strategy(data):
    return np.where(data.index.month == 11, 1, np.where(data.index.month == 5, -1, 0))
""",
    "one cumulative month": """
def strategy(data):
    month = data.index.year * 12 + data.index.month
    return data['close'] > data.groupby(month)['close'].transform('cummax').shift(1)
""",
    "rolling apply": """
def strategy(data):
    return data['close'].rolling(10).apply(lambda w: w[-1] - w[0], raw=True) > 0
""",
    "numpy windows": """
def strategy(data):
    c = data['close'].to_numpy()
    w = np.array([c[i - 20 : i].mean() for i in range(20, len(c) + 1)])
    return np.concatenate([np.zeros(19, bool), c[19:] > w])
""",
    "a filter by np.convolve": """
def strategy(data):
    c = data['close'].to_numpy()
    smooth = np.convolve(c, np.ones(15) / 15)[:len(c)]
    return np.where(np.arange(len(c)) < 15, 0, np.where(c > smooth, 1, -1))
""",
    "random entries": """
def strategy(data):
    return np.random.rand(len(data)) > 0.97
""",
    "random entries drawn from the number of bars": """
def strategy(data):
    days = np.random.default_rng(42).choice(len(data), 40, replace=False)
    answer = np.zeros(len(data), int)
    answer[days[:20]], answer[days[20:]] = 1, -1
    return answer
""",
    "entries shuffled by a seed of the author's own": """
import random
random.seed(7)
def strategy(data):
    days = list(range(len(data)))
    random.shuffle(days)
    return [1 if d % 50 == 0 else -1 if d % 50 == 25 else 0 for d in days]
""",
    "the clock": """
import random, time
def strategy(data):
    dice = random.Random(time.perf_counter_ns())
    return [dice.choice((-1, 0, 1)) for _ in range(len(data))]
""",
    "only what is recent by the clock": """
from datetime import datetime, timedelta, timezone
def strategy(data):
    recent = data.index > pd.Timestamp(datetime.now(timezone.utc) - timedelta(days=20_000))
    return recent & (data['close'] > data['close'].rolling(20).mean())
""",
    "dated signals in a loop": """
fast, slow = df['close'].rolling(10).mean(), df['close'].rolling(40).mean()
for i in range(1, len(df)):
    if fast.iloc[i] > slow.iloc[i] and fast.iloc[i - 1] <= slow.iloc[i - 1]:
        signal('BUY', df.index[i], df['close'].iloc[i], 'up')
    if fast.iloc[i] < slow.iloc[i] and fast.iloc[i - 1] >= slow.iloc[i - 1]:
        signal('SELL', df.index[i], df['close'].iloc[i], 'down')
""",
    "dated signals by iterrows": """
high = 0.0
for when, row in df.iterrows():
    if row['close'] > 1.2 * high:
        high = row['close']
        signal('BUY', when, row['close'])
    elif row['close'] < 0.8 * high:
        high = row['close']
        signal('SELL', when, row['close'])
""",
    "raises on short series": """
def strategy(data):
    if len(data) < 1_400:
        raise ValueError('ten years, please')
    return data['close'] > data['close'].rolling(50).mean()
""",
    "answers one word on short series": """
def strategy(data):
    if len(data) < 1_000:
        return 'HOLD'
    return data['close'] > data['close'].rolling(50).mean()
""",
    "plots the whole column but signals by the past": """
def strategy(data):
    c = data['close']
    plot((c - c.mean()) / c.std(), 'z', overlay=False)
    plot(c.shift(-5), 'later')
    return c > c.rolling(20).mean()
""",
    "prints the best day of all": """
def strategy(data):
    print('best', data['close'].max(), data['close'].idxmax())
    data.info()
    return data['close'] > data['close'].rolling(20).mean()
""",
    "buys once and holds": """
def strategy(data):
    return np.arange(len(data)) >= 10
""",
    "never says anything": """
def strategy(data):
    return np.zeros(len(data), int)
""",
}
