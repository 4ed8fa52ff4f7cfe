"""Prints and reasons with values in them."""

STRATEGIES = {
    "f-strings of every kind": """
def strategy(data):
    c, v, n = data.close.iloc[-1], data.volume.iloc[-1], len(data)
    b = c > data.open.iloc[-1]
    signal('BUY' if b else 'SELL', f'{c} {c!r} {c:.3f} {v} {v:,} {v!s:>8} {n} {n:05d} {n!r} {b} {b!r} {c:{10}.{2}f}|')
""",
    "print of every kind": """
def strategy(data):
    c, v, n = data.close.iloc[-1], data.volume.iloc[-1], len(data)
    print(c, v, n, c > v, n > 5, None, 1.5, 'x', sep='|', end='.\\n')
    print()
    print('a', 'b', sep=None)
    print([1, 2], (3,), {'a': 1})
    print(str(c) + ' ' + repr(v) + f'{n}' * 2 if n == 3 else 'no')
    return 'BUY' if v else 'SELL'
""",
    "percent and format": """
def strategy(data):
    c, m = data.close.iloc[-1], data.close.rolling(4).mean().iloc[-1]
    text = 'c=%.2f m=%s %%' % (c, m)
    other = '{0:.1f}/{name}'.format(c, name=m)
    signal('BUY' if c > m else 'SELL', text + other)
""",
    "print in a branch": """
def strategy(data):
    if data.close.iloc[-1] > data.open.iloc[-1]:
        print('up', round(data.close.iloc[-1], 1))
        return 'BUY'
    elif data.volume.iloc[-1] == 0:
        print(f'no volume at bar {len(data)}')
""",
    "print at module level": """
print('loaded')
def strategy(data):
    if len(data) % 40 == 0: print('bar', len(data))
    return 'BUY'
""",
    "a log that is cut": """
def strategy(data):
    print('x' * 1000, data.close.iloc[-1], 'ä' * 30)
    return 'BUY' if data.close.iloc[-1] > data.open.iloc[-1] else 'SELL'
""",
    "a log that is cut bar by bar": """
def strategy(data):
    print('y' * 900, data['close'].rank().iloc[-1])
    return 'BUY' if data.close.iloc[-1] > data.open.iloc[-1] else 'SELL'
""",
    "texts compared": """
def strategy(data):
    text = f'{data.close.iloc[-1]:.0f}'
    if text.endswith('0') or text == '61': return 'BUY'
    if '5' in text: return 'SELL'
""",
    "join and upper": """
def strategy(data):
    parts = [f'{data[name].iloc[-1]:.1f}' for name in ('open', 'close')]
    word = 'buy' if data.close.iloc[-1] > data.open.iloc[-1] else 'sell'
    signal(word.upper(), ' -> '.join(parts))
""",
    "reason with rounded values": """
def strategy(data):
    c = data.close
    m = round(c.rolling(5).mean().iloc[-1], 2)
    if c.iloc[-1] > m: signal('BUY', 'mean ' + str(m))
    else: signal('SELL', f'{round(c.iloc[-1])} {round(float(c.iloc[-1]), 1)}')
""",
    "reason from a text of the module": """
WHY = 'above'
def strategy(data):
    if data.close.iloc[-1] > data.close.rolling(3).mean().iloc[-1]: signal('BUY', WHY + ' mean')
    else: signal('SELL', None)
""",
    "print of exceptions and objects": """
def strategy(data):
    try:
        {}['x']
    except KeyError as error:
        print(error, [error])
    if len(data) == 10: print(data.shape, data.columns.tolist(), data['close'].name, data['close'].dtype)
    return 'BUY'
""",
    "print of a whole column at a bar": """
def strategy(data):
    if len(data) == 12: print(data['close'])
    return 'SELL' if data.close.iloc[-1] > data.open.iloc[-1] else 'BUY'
""",
}
