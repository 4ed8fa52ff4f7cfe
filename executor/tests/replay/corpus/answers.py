"""Answers of every kind, right and wrong."""

STRATEGIES = {
    "lower case, numbers and None": """
def strategy(data):
    n = len(data)
    c = data.close
    if c.iloc[-1] > c.iloc[-2 if n > 1 else -1]: return 'buy'
    if c.iloc[-1] < c.rolling(3).min().iloc[-2 if n > 1 else -1]: return -1
    return None
""",
    "a wrong word at some bars": """
def strategy(data):
    if data.close.iloc[-1] < data.close.rolling(20).min().shift(1).iloc[-1]: return 'SHORT'
    return 'BUY'
""",
    "a boolean at the first bars": """
def strategy(data):
    if len(data) < 3: return True
    return 'BUY'
""",
    "a value as an answer": """
def strategy(data):
    return np.sign(data.close.iloc[-1] - data.open.iloc[-1])
""",
    "a value out of range as an answer": """
def strategy(data):
    return data.close.iloc[-1] - data.open.iloc[-1]
""",
    "a truth as an answer at some bars": """
def strategy(data):
    if len(data) % 50 == 0: return data.close.iloc[-1] > 0
    return 'BUY' if len(data) % 2 else 'SELL'
""",
    "int of a comparison": """
def strategy(data):
    return int(data.close.iloc[-1] > data.open.iloc[-1]) - int(data.close.iloc[-1] < data.open.iloc[-1])
""",
    "signal twice a bar": """
def strategy(data):
    if data.close.iloc[-1] > data.open.iloc[-1]:
        signal('SELL', 'close it'); signal('BUY', f'again at {data.close.iloc[-1]}')
    elif data.close.iloc[-1] < data.open.iloc[-1]:
        signal('SELL', 'down')
""",
    "signal and the same word": """
def strategy(data):
    if data.close.iloc[-1] > data.open.iloc[-1]:
        signal('BUY', 'up'); return 'BUY'
    return 'SELL'
""",
    "signal and another word at a bar": """
def strategy(data):
    if data.close.iloc[-1] > data.close.rolling(12).max().shift(1).iloc[-1]:
        signal('BUY', 'up'); return 'SELL'
    return 'HOLD'
""",
    "signal with a wrong type at a bar": """
def strategy(data):
    if data.close.iloc[-1] > data.close.rolling(12).max().shift(1).iloc[-1]: signal('HOLD', 'x')
    else: signal('SELL')
""",
    "signal with an icon and a number as reason": """
def strategy(data):
    if data.close.iloc[-1] > data.open.iloc[-1]: signal('BUY', 5, icon='up')
    else: signal(type='SELL', reason=data.open.iloc[-1])
""",
    "a tuple as an answer": """
def strategy(data):
    if len(data) == 90: return ('BUY', 'x')
    return 'SELL'
""",
    "a numpy integer as an answer": """
def strategy(data):
    return np.int64(1) if data.close.iloc[-1] > data.open.iloc[-1] else np.float64(0)
""",
    "a Series at short prefixes only": """
def strategy(data):
    if len(data) < 4: return data.close > 0
    return 'BUY'
""",
    "a constant": """
def strategy(data):
    return 'BUY'
""",
    "nothing at all": """
def strategy(data):
    pass
""",
    "form 4 without a signal so far": """
if df.close.iloc[-1] > 1e9: signal('BUY', 'never')
print(len(df))
""",
}
