"""Branches that answer a constant, and what looks like one."""

STRATEGIES = {
    "after prints and signals": """
def strategy(data):
    c = data.close
    print('seen', c.iloc[-1])
    if len(data) % 7 == 0: signal('buy', f'seventh {len(data)}')
    if c.iloc[-1] > c.rolling(4).mean().iloc[-1]: return None
    print('low')
    if c.iloc[-1] < c.rolling(9).mean().iloc[-1] or len(data) % 5 == 0: return
    signal('sell', 'the rest')
    return 'SELL'
""",
    "one after the other in loops": """
def strategy(data):
    c = data.close
    for n in (3, 5, 8):
        if c.iloc[-1] > c.rolling(n).max().shift(1).iloc[-1]: return 'BUY'
        elif c.iloc[-1] < c.rolling(n).min().shift(1).iloc[-1]: return 'SELL'
    else:
        return 'BUY' if len(data) % 3 == 0 else 'HOLD' if len(data) % 3 == 1 else 'SELL'
""",
    "within try and finally": """
def strategy(data):
    c = data.close
    try:
        if c.iloc[-1] > c.rolling(4).mean().iloc[-1]: return 'BUY'
        if c.iloc[-1] < c.rolling(9).mean().iloc[-1]: return 'SELL'
    finally:
        print('end', c.iloc[-1])
""",
    "from helpers": """
def side(data):
    if data.close.iloc[-1] > data.open.iloc[-1]: return 1
    return -1
def strategy(data):
    def other():
        if data.close.iloc[-1] < data.close.rolling(3).mean().iloc[-1]: return 'BUY'
        return 'SELL'
    return 'SELL' if side(data) > 0 and other() == 'BUY' else 'BUY'
""",
    "of a strategy that calls itself": """
def strategy(data):
    n = 2 if 'again' in data else 5
    if data.close.iloc[-1] > data.close.rolling(n).mean().iloc[-1]: return 'BUY'
    if n == 5:
        data['again'] = 1
        print('again', strategy(data))
        return 'SELL'
""",
    "of a strategy with another name": """
def strategy(data):
    if data.close.iloc[-1] > data.close.rolling(5).mean().iloc[-1]: return 'BUY'
    return 'SELL'
inner = strategy
def strategy(data):
    print(inner(data))
    return 'SELL' if data.close.iloc[-1] > data.open.iloc[-1] else None
""",
    "before an exception": """
def strategy(data):
    c = data.close
    if len(data) < 4: return 'SELL'
    if c.iloc[-1] > c.iloc[-4]: return 'BUY'
    if len(data) == 60: return 1 / 0 * c.iloc[-1]
""",
    "wrong at some bars": """
def strategy(data):
    if len(data) % 50 == 0: return 'SHORT'
    if data.close.iloc[-1] > data.open.iloc[-1]: return 1
    return 'SELL' if data.close.iloc[-1] < data.open.iloc[-1] else 0
""",
    "more than 64": """
def strategy(data):
    for n in range(1, 120):
        if len(data) == n: return 'BUY' if n % 2 else 'SELL'
        if len(data) == n + 40: return 'SELL'
""",
}
