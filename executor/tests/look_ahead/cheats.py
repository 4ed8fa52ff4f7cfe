"""Strategies of forms 2 and 3 whose signals know later bars, by the trick they use."""

CHEATS = {
    "tomorrow's close": """
def strategy(data):
    c = data['close']
    return c.shift(-1) > c
""",
    "tomorrow's change by diff(-1)": """
def strategy(data):
    return data['close'].diff(-1) < 0
""",
    "a negative shift hidden in a variable": """
def strategy(data):
    ahead = param('ahead', -3)
    c = data['close']
    return np.where(c.shift(ahead) > 1.05 * c, 1, np.where(c.shift(ahead) < 0.95 * c, -1, 0))
""",
    "np.roll": """
def strategy(data):
    c = data['close'].to_numpy()
    return np.roll(c, -1) > c
""",
    "a slice from the next bar on": """
def strategy(data):
    c = data['close'].to_numpy()
    up = np.zeros(len(c), bool)
    up[:-1] = c[1:] > c[:-1]
    return up
""",
    "reversed twice": """
def strategy(data):
    c = data['close']
    best = c[::-1].rolling(10).max()[::-1]
    return best > 1.05 * c
""",
    "a centred mean": """
def strategy(data):
    c = data['close']
    smooth = c.rolling(21, center=True).mean()
    return (smooth > smooth.shift(1)).fillna(False)
""",
    "local lows by a centred window": """
def strategy(data):
    low, high = data['low'], data['high']
    bottom = low == low.rolling(15, center=True).min()
    top = high == high.rolling(15, center=True).max()
    return np.where(bottom, 1, np.where(top, -1, 0))
""",
    "bfill over the gaps of a weekly value": """
def strategy(data):
    weekly = data['close'].where(data.index.dayofweek == 4).bfill()
    return weekly > data['close']
""",
    "interpolation between month ends": """
def strategy(data):
    c = data['close']
    ends = c.where(data.index.month != pd.Series(data.index.month, index=data.index).shift(-1))
    return c < ends.interpolate()
""",
    "the maximum of the whole column": """
def strategy(data):
    c = data['close']
    return np.where(c == c.max(), -1, np.where(c == c.min(), 1, 0))
""",
    "a z-score over the whole column": """
def strategy(data):
    c = data['close']
    z = (c - c.mean()) / c.std()
    return np.where(z < -1, 1, np.where(z > 1, -1, 0))
""",
    "rank over the whole column": """
def strategy(data):
    r = data['close'].rank(pct=True)
    return r < 0.3
""",
    "quantiles of the whole column": """
def strategy(data):
    c = data['close']
    return np.where(c < c.quantile(0.1), 1, np.where(c > c.quantile(0.9), -1, 0))
""",
    "the last close of all": """
def strategy(data):
    c = data['close']
    return c < 0.5 * c.iloc[-1]
""",
    "values[-1] in a loop": """
closes = df['close'].values
goal = closes[-1]
for i in range(len(closes)):
    if closes[i] < 0.6 * goal:
        signal('BUY', df.index[i], closes[i])
    elif closes[i] > 0.95 * goal:
        signal('SELL', df.index[i], closes[i])
""",
    "the next bar in a loop": """
for i in range(len(df) - 1):
    now, then = df['close'].iloc[i], df['close'].iloc[i + 1]
    if then > 1.02 * now:
        signal('BUY', df.index[i], now)
    elif then < 0.98 * now:
        signal('SELL', df.index[i], now)
""",
    "merge_asof forward": """
def strategy(data):
    bars = data[['timestamp', 'close']].reset_index(drop=True)
    later = bars.assign(timestamp=bars['timestamp'] - pd.Timedelta(days=5)).rename(columns={'close': 'later'})
    both = pd.merge_asof(bars, later.sort_values('timestamp'), on='timestamp', direction='forward')
    return (both['later'] > 1.03 * both['close']).to_numpy()
""",
    "merged with its own later self": """
def strategy(data):
    later = data[['close']].rename(columns={'close': 'later'})
    later.index = later.index - pd.Timedelta(days=7)
    both = data.join(later, how='left')
    return (both['later'] > both['close']).to_numpy()
""",
    "the close of the month joined to its first day": """
def strategy(data):
    month = data.index.year * 12 + data.index.month
    end = data.groupby(month)['close'].transform('last')
    return end > data['close']
""",
    "weekly bars reindexed without a shift": """
def strategy(data):
    weekly = data['close'].resample('W').last()
    return weekly.reindex(data.index, method='bfill') > data['close']
""",
    "ichimoku's leading span": """
def strategy(data):
    chikou = ta.ichimoku(data['high'], data['low'], data['close'])[0].iloc[:, -1]
    return (chikou > data['close']).fillna(False).to_numpy()
""",
    "dpo": """
def strategy(data):
    return ta.dpo(data['close'], length=20, centered=True) > 0
""",
    "a line fitted to all bars": """
def strategy(data):
    c = data['close'].to_numpy()
    at = np.arange(len(c))
    return c < np.polyval(np.polyfit(at, c, 1), at)
""",
    "a low pass over the whole spectrum": """
def strategy(data):
    waves = np.fft.rfft(data['close'].to_numpy())
    waves[len(waves) // 20:] = 0
    smooth = np.fft.irfft(waves, len(data))
    return np.concatenate([[False], np.diff(smooth) > 0])
""",
    "peaks known by what follows": """
prices = df['close'].to_numpy()
for i in range(5, len(prices) - 5):
    window = prices[i - 5 : i + 6]
    if prices[i] == window.min():
        signal('BUY', df.index[i], prices[i], 'bottom')
    if prices[i] == window.max():
        signal('SELL', df.index[i], prices[i], 'top')
""",
    "rarely: out before a crash of the next five days": """
def strategy(data):
    c = data['close']
    average = c.rolling(50).mean()
    crash = c.shift(-5) < 0.85 * c
    return (c > average) & ~crash
""",
    "rarely: in before a jump of tomorrow": """
def strategy(data):
    c = data['close']
    fast, slow = c.rolling(10).mean(), c.rolling(30).mean()
    jump = c.shift(-1) > 1.08 * c
    return (fast > slow) | jump
""",
    "rarely: buys that tomorrow would spoil are left out": """
def strategy(data):
    c = data['close']
    fast, slow = c.rolling(5).mean(), c.rolling(20).mean()
    spoilt = c.shift(-1) < 0.97 * c
    return np.where((fast > slow) & ~spoilt, 1, np.where(fast < slow, -1, 0))
""",
}

# What these know of later bars shows only after a few of the bars, so that a handful of cuts can miss it.
RARE_CHEATS = {
    "a stop at the lowest low of all": """
def strategy(data):
    c = data['close']
    fast, slow = c.rolling(10).mean(), c.rolling(30).mean()
    return (fast > slow) & (data['low'] > data['low'].min() * 1.2)
""",
    "a gap filled from behind": """
def strategy(data):
    c = data['close']
    trend = c.rolling(20).mean().where(data.index.day > 3).bfill()
    return c > trend
""",
}
