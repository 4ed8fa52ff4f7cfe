"""Exceptions: in warm-up, at a bar, caught, swallowed."""

STRATEGIES = {
    "IndexError on short prefixes": """
def strategy(data):
    return 'BUY' if data.close.iloc[-1] > data.close.iloc[-12] else 'SELL'
""",
    "IndexError caught": """
def strategy(data):
    try:
        before = data.close.iloc[-12]
    except IndexError as error:
        print('short:', error)
        return 'HOLD'
    return 'BUY' if data.close.iloc[-1] > before else 'SELL'
""",
    "IndexError of an array caught and printed": """
def strategy(data):
    values = data.close.values
    try:
        before = values[-7]
    except IndexError as error:
        print('short:', error, f'{error}'); return None
    return 'BUY' if values[-1] > before else 'SELL'
""",
    "IndexError of iat caught and printed": """
def strategy(data):
    try:
        before = data['close'].iat[-7]
    except IndexError as error:
        print(str(error)); return None
    return 'BUY' if data.close.iat[-1] > before else 'SELL'
""",
    "IndexError of a row and its message": """
def strategy(data):
    try:
        before = data.iloc[-7]
    except Exception as error:
        print('row', error); return None
    return 'BUY' if data.iloc[-1].close > before.close else 'SELL'
""",
    "except Exception around everything": """
def strategy(data):
    try:
        ranks = data['close'].rank(pct=True)
        if ranks.iloc[-1] > 0.8: return 'SELL'
        if ranks.iloc[-1] < 0.2: return 'BUY'
        return 'HOLD'
    except Exception as error:
        print('error', error)
        return 'SELL'
""",
    "bare except around everything": """
def strategy(data):
    try:
        window = data['close'].rolling(5, center=True).mean()
        if window.iloc[-3] > data.close.iloc[-1]: return 'BUY'
        return 'SELL'
    except:
        return 'HOLD'
""",
    "bare except in an endless loop": """
def strategy(data):
    while True:
        try:
            x = data['close'].rank().iloc[-1]
            break
        except:
            pass
    return 'BUY' if x > len(data) / 2 else 'SELL'
""",
    "finally that returns": """
def strategy(data):
    answer = 'SELL'
    try:
        if data['close'].rank().iloc[-1] > 30: answer = 'BUY'
    finally:
        return answer
""",
    "finally without a return": """
def strategy(data):
    try:
        x = data['close'].rolling(4).mean().iloc[-1]
    finally:
        print('done', len(data))
    return 'BUY' if x > data.close.iloc[-1] else 'SELL'
""",
    "TypeError caught": """
def strategy(data):
    try:
        x = "a" + data['close'].iloc[-1]
    except TypeError:
        return 'BUY' if data.close.iloc[-1] > data.open.iloc[-1] else 'SELL'
    return 'HOLD'
""",
    "AttributeError caught": """
def strategy(data):
    try:
        x = data['close'].iloc[-1].values[-1]
    except AttributeError:
        x = data['close'].iloc[-1]
    try:
        y = data.Close.iloc[-1]
    except AttributeError:
        y = data.open.iloc[-1]
    return 'BUY' if x > y else 'SELL'
""",
    "KeyError caught and printed": """
def strategy(data):
    try:
        x = data['Close'].iloc[-1]
    except KeyError as error:
        print('no column', error)
        x = data['close'].iloc[-1]
    return 'BUY' if x > data.open.iloc[-1] else 'SELL'
""",
    "own exception raised and caught": """
def strategy(data):
    try:
        if data.close.iloc[-1] < data.open.iloc[-1]:
            raise ValueError(f"fell to {data.close.iloc[-1]}")
        return 'BUY'
    except ValueError as error:
        print(error)
        return 'SELL'
""",
    "own exception class of Python's raised bare": """
def strategy(data):
    try:
        if data.close.iloc[-1] < data.open.iloc[-1]: raise RuntimeError
    except RuntimeError:
        return 'SELL'
    return 'BUY'
""",
    "warm-up of one bar": """
def strategy(data):
    return 'BUY' if data.close.iloc[-1] > data.close.iloc[-2] else 'SELL'
""",
    "warm-up of many bars with prints": """
def strategy(data):
    print('bar', len(data))
    if len(data) < 40: raise ValueError('too few')
    return 'BUY' if data.close.iloc[-1] > data.close.rolling(10).mean().iloc[-1] else 'SELL'
""",
    "warm-up of all bars but the last": """
def strategy(data):
    x = data.close.iloc[-len(data) + 1]
    assert len(data) > 118
    return 'BUY'
""",
    "exception at a bar midway": """
def strategy(data):
    if len(data) == 60: raise RuntimeError(f'bar {len(data)} at {data.close.iloc[-1]}')
    return 'BUY' if data.close.iloc[-1] > data.open.iloc[-1] else 'SELL'
""",
    "exception in a rare branch": """
def strategy(data):
    if data.close.iloc[-1] > data.close.rolling(30).max().shift(1).iloc[-1]:
        return {}['missing']
    return 'SELL'
""",
    "two breaks in the warm-up": """
def strategy(data):
    if len(data) in (1, 2, 4): raise ValueError('no')
    return 'BUY'
""",
    "exception after prints at a bar": """
def strategy(data):
    print('look', data.close.iloc[-1])
    if data.volume.iloc[-1] == 0 and len(data) > 20: 1 / 0
    return 'BUY'
""",
    "signal before the exception of warm-up": """
signal('BUY', 'first')
print('here')
if df.close.iloc[-1] < df.close.iloc[-5]: signal('SELL', 'then')
""",
    "exception at the last bar": """
def strategy(data):
    if len(data) > 100: raise KeyError('late')
    return 'BUY'
""",
    "bad format of a value at rare bars": """
def strategy(data):
    c = data.close.iloc[-1]
    if c > data.close.rolling(25).max().shift(1).iloc[-1]: signal('BUY', f'{c:d}')
    else: signal('SELL', 'x')
""",
    "percent d of NaN": """
def strategy(data):
    m = data.close.rolling(5).mean().iloc[-1]
    signal('BUY' if data.close.iloc[-1] > m else 'SELL', '%d' % m)
""",
    "int of NaN": """
def strategy(data):
    m = int(data.close.rolling(5).mean().iloc[-1])
    return 'BUY' if data.close.iloc[-1] > m else 'SELL'
""",
    "recursion without end at a bar": """
def deeper(n):
    return deeper(n + 1)
def strategy(data):
    if len(data) == 50: deeper(0)
    return 'BUY'
""",
    "assert": """
def strategy(data):
    assert data.close.iloc[-1] > 0 and len(data) > 6, 'short'
    return 'BUY' if data.close.iloc[-1] > data.close.iloc[-6] else 'SELL'
""",
    "rolling with a wrong argument": """
def strategy(data):
    try:
        m = data.close.rolling(3, min_periods=9).mean()
    except ValueError as error:
        print(error); m = data.close
    return 'BUY' if m.iloc[-1] > data.open.iloc[-1] else 'SELL'
""",
}
