"""What a whole column knows and a prefix does not: never causal, always answered by real prefixes."""

STRATEGIES = {
    "whole-column max": """
def strategy(data):
    top = data['close'].max()
    return 'SELL' if data['close'].iloc[-1] > 0.95 * top else 'BUY'
""",
    "whole-column rank": """
def strategy(data):
    r = data['close'].rank(pct=True)
    return 'BUY' if r.iloc[-1] > 0.6 else 'SELL'
""",
    "centred window": """
def strategy(data):
    m = data['close'].rolling(5, center=True, min_periods=1).mean()
    return 'BUY' if m.iloc[-3 if len(data) > 2 else -1] > data['close'].iloc[-1] else 'SELL'
""",
    "bfill": """
def strategy(data):
    m = data['close'].rolling(5).mean().bfill()
    return 'BUY' if data['close'].iloc[-1] > m.iloc[0] else 'SELL'
""",
    "negative shift": """
def strategy(data):
    up = data['close'].shift(-1) > data['close']
    return 'BUY' if up.iloc[-2 if len(data) > 1 else -1] else 'SELL'
""",
    "quantile and median": """
def strategy(data):
    c = data['close']
    if c.iloc[-1] > c.quantile(0.8): return 'SELL'
    if c.iloc[-1] < c.median(): return 'BUY'
""",
    "z-score over the whole column": """
def strategy(data):
    c = data['close']
    z = (c - c.mean()) / c.std()
    return 'BUY' if z.iloc[-1] < -0.5 else 'SELL' if z.iloc[-1] > 0.5 else 'HOLD'
""",
    "normalised by the last value": """
def strategy(data):
    c = data['close'] / data['close'].iloc[-1]
    return 'BUY' if c.rolling(5).mean().iloc[-1] > 1 else 'SELL'
""",
    "tail and describe": """
def strategy(data):
    d = data.tail(20)['close'].describe()
    return 'BUY' if data['close'].iloc[-1] > d['75%'] else 'SELL' if data['close'].iloc[-1] < d['25%'] else 'HOLD'
""",
    "groupby the hour": """
def strategy(data):
    g = data.groupby(data.index.hour)['close'].mean()
    return 'BUY' if data['close'].iloc[-1] > g.iloc[-1] else 'SELL'
""",
    "resample": """
def strategy(data):
    w = data['close'].resample('6h').last()
    return 'BUY' if len(w) > 1 and w.iloc[-1] > w.iloc[-2] else 'SELL'
""",
    "loc and boolean masks": """
def strategy(data):
    x = data.loc[data.index[-1], 'close']
    ups = data[data['close'] > data['open']]
    return 'BUY' if len(ups) > len(data) / 2 and x > ups['close'].mean() else 'SELL'
""",
    "iterating over values": """
def strategy(data):
    run = 0
    for value in data['close'].diff().iloc[-6:]:
        run = run + 1 if value > 0 else 0
    return 'BUY' if run >= 2 else 'SELL'
""",
    "a value as an index": """
def strategy(data):
    n = int(data['volume'].iloc[-1] / 1000) % 4 + 1
    if len(data) < 6: return None
    return 'BUY' if data['close'].iloc[-1] > data['close'].iloc[-n] else 'SELL'
""",
    "list of values": """
def strategy(data):
    values = data['close'].tolist()
    return 'BUY' if values[-1] > sum(values[-5:]) / len(values[-5:]) else 'SELL'
""",
    "polyfit over the last bars": """
def strategy(data):
    if len(data) < 8: return None
    slope = np.polyfit(np.arange(8), data['close'].values[-8:], 1)[0]
    return 'BUY' if slope > 0 else 'SELL'
""",
    "argmax and idxmax": """
def strategy(data):
    at = data['close'].values.argmax()
    return 'SELL' if at == len(data) - 1 else 'BUY' if data['close'].idxmin() == data.index[-1] else 'HOLD'
""",
    "dropna changes the length": """
def strategy(data):
    m = data['close'].rolling(5).mean().dropna()
    if len(m) < 2: return 'HOLD'
    return 'BUY' if m.iloc[-1] > m.iloc[-2] else 'SELL'
""",
    "apply with a lambda": """
def strategy(data):
    r = data['close'].rolling(4).apply(lambda w: w[-1] - w[0], raw=True)
    return 'BUY' if r.iloc[-1] > 0 else 'SELL'
""",
    "agg with functions of numpy": """
def strategy(data):
    s = data['close'].agg([np.mean, np.max])
    return 'BUY' if data['close'].iloc[-1] > s.iloc[0] else 'SELL'
""",
    "interpolate": """
def strategy(data):
    c = data['close'].where(data['volume'] > 0).interpolate()
    return 'BUY' if c.iloc[-1] > c.iloc[0] else 'SELL'
""",
    "real and remembered columns in one expression": """
def strategy(data):
    real = data['close'][::-1]
    diff = real - data['open']
    back = data['open'] - data['close'].sort_values()
    return 'BUY' if diff.iloc[-1] > 0 and back.iloc[0] < 1 else 'SELL'
""",
    "writes through loc": """
def strategy(data):
    data['x'] = data['close']
    data.loc[data.index[-1], 'x'] = 0
    return 'BUY' if data['x'].iloc[-1] == 0 else 'SELL'
""",
    "writes through loc taken apart": """
def strategy(data):
    data['x'] = data['close'] * 1
    at = data.loc
    at[data['volume'] > 1000, 'x'] = -1
    return 'BUY' if data['x'].iloc[-1] < 0 else 'SELL'
""",
    "changes in place": """
def strategy(data):
    s = data['close'].rolling(3).mean()
    s.fillna(0, inplace=True)
    data.drop(columns=['volume'], inplace=True)
    data.insert(0, 'first', s)
    return 'BUY' if s.iloc[-1] > data['first'].iloc[0] and 'volume' not in data else 'SELL'
""",
    "arrays changed in place": """
def strategy(data):
    a = data['close'].to_numpy().copy()
    a[a < a[-1]] = 0
    b = np.where(data['close'] > data['open'], 1.0, 0.0)
    b[0] = 5
    b.sort()
    return 'BUY' if a.sum() > 100 and b[-1] == 5 else 'SELL'
""",
    "update and pop": """
def strategy(data):
    s = data['close'] * 1
    s.update(data['open'] * 2)
    v = data.pop('volume')
    return 'BUY' if s.iloc[-1] > data['close'].iloc[-1] and 'volume' not in data.columns else 'SELL'
""",
    "del of a column": """
def strategy(data):
    data['x'] = data['close']
    del data['x']
    return 'SELL' if 'x' in data.columns else 'BUY'
""",
    "the accessor of ta": """
def strategy(data):
    data.ta.sma(length=4, append=True)
    return 'BUY' if 'SMA_4' in data.columns and data['close'].iloc[-1] > data['SMA_4'].iloc[-1] else 'SELL'
""",
    "ta that looks ahead": """
def strategy(data):
    x = ta.dpo(data['close'], length=6)
    return 'BUY' if x.iloc[-1] > 0 else 'SELL'
""",
    "np.select and np.diff": """
def strategy(data):
    c = data['close']
    s = np.select([c > c.shift(1), c < c.shift(1)], [1, -1], 0)
    d = np.diff(c.values)
    return int(s[-1]) if len(d) and d[-1] != 0 else 0
""",
    "describe printed": """
def strategy(data):
    if len(data) in (50, 51): print(data['close'].tail(2), data.tail(1))
    return 'BUY' if data['close'].iloc[-1] > data['open'].iloc[-1] else 'SELL'
""",
    "time of the bar": """
def strategy(data):
    when = data.index[-1]
    if when.weekday() == 0: signal('BUY', f'{when:%Y-%m-%d %H}')
    if when.hour > 20: signal('SELL', str(when))
""",
    "values in containers": """
def strategy(data):
    seen = {}
    for name in ('open', 'close'):
        seen[name] = data[name].iloc[-1]
    best = max(seen, key=seen.get)
    pairs = dict(zip(seen, seen.values()))
    return 'BUY' if best == 'close' and pairs['close'] > 0 else 'SELL'
""",
    "set and dict keys of values": """
def strategy(data):
    seen = {data['close'].iloc[-1], data['open'].iloc[-1]}
    return 'HOLD' if len(seen) == 1 else 'BUY' if max(seen) == data['close'].iloc[-1] else 'SELL'
""",
}
