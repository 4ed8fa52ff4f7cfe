"""Forms 2 and 3, and sources of other shapes."""

STRATEGIES = {
    "form 2, booleans": """
def strategy(data):
    return data['close'] > data['close'].rolling(5).mean()
""",
    "form 2, numbers": """
def strategy(data):
    m = data['close'].rolling(5).mean()
    return np.where(data['close'] > m, 1, np.where(data['close'] < m * 0.98, -1, 0))
""",
    "form 3": """
for i in range(5, len(df), 9):
    signal('BUY' if i % 2 else 'SELL', df.index[i], df['close'].iloc[i], f'bar {i}')
""",
    "form 3 in strategy": """
def strategy(data):
    up = data['close'] > data['close'].rolling(5).mean()
    for when in data.index[up & ~up.shift(1, fill_value=False)]:
        signal('BUY', timestamp=when, price=data.loc[when, 'close'], reason='up')
""",
    "plots only": """
plot(df['close'].rolling(5).mean(), 'mean')
""",
    "strategy as a lambda": """
strategy = lambda data: 'BUY' if data.close.iloc[-1] > data.close.rolling(4).mean().iloc[-1] else 'SELL'
""",
    "data as a global name": """
def average(n):
    return data['close'].rolling(n).mean().iloc[-1]
def strategy(prices):
    return 'BUY' if df['close'].iloc[-1] > average(4) else 'SELL'
""",
    "parameters asked in a branch": """
def strategy(data):
    if data.close.iloc[-1] > data.open.iloc[-1]:
        return 'BUY' if param('a', 1) else 'HOLD'
    return 'SELL' if param('b', True) else 'HOLD'
""",
    "strategy bound twice": """
def strategy(data):
    return 'SELL'
def strategy(data):
    return 'BUY' if data.close.iloc[-1] > data.open.iloc[-1] else 'HOLD'
""",
    "imports inside": """
def strategy(data):
    import numpy, math
    from pandas import isna as missing
    m = data.close.rolling(4).mean().iloc[-1]
    if missing(m): return None
    return 'BUY' if numpy.log(m) > math.log(60) else 'SELL'
""",
    "main guard": """
def strategy(data):
    return 'BUY' if data.close.iloc[-1] > data.open.iloc[-1] else 'SELL'
if __name__ == '__main__':
    print('never')
""",
    "syntax error": "def strategy(data)\n    return 1",
    "unknown name": """
def strategy(data):
    return 'BUY' if closes.iloc[-1] > 1 else 'SELL'
""",
}
