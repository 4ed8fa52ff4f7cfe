"""State kept between calls, and what differs between calls by itself."""

STRATEGIES = {
    "list appended": """
hist = []
def strategy(data):
    hist.append(data['close'].iloc[-1])
    return 'BUY' if len(hist) > 5 and hist[-1] > hist[-5] else 'SELL'
""",
    "dict written": """
state = {'position': None}
def strategy(data):
    c, m = data.close.iloc[-1], data.close.rolling(5).mean().iloc[-1]
    if state['position'] is None and c > m:
        state['position'] = c
        return 'BUY'
    if state['position'] is not None and c < state['position'] * 0.98:
        state['position'] = None
        return 'SELL'
""",
    "global": """
count = 0
def strategy(data):
    global count
    count += 1
    return 'BUY' if count % 3 == 0 else 'SELL'
""",
    "mutable default": """
def strategy(data, seen=[]):
    seen.append(1)
    return 'BUY' if len(seen) > 4 else 'SELL'
""",
    "mutable default of a helper": """
def seen_so_far(value, seen=[]):
    seen.append(value)
    return len(seen)
def strategy(data):
    return 'BUY' if seen_so_far(1) % 4 == 0 else 'SELL'
""",
    "function attribute": """
def strategy(data):
    strategy.calls = getattr(strategy, 'calls', 0) + 1
    return 'BUY' if strategy.calls > 9 else 'SELL'
""",
    "function attribute by setattr": """
def strategy(data):
    setattr(strategy, 'calls', getattr(strategy, 'calls', 0) + 1)
    return 'BUY' if getattr(strategy, 'calls') > 9 else 'SELL'
""",
    "closure": """
def make():
    hist = []
    def inner(data):
        hist.append(1)
        return 'BUY' if len(hist) > 7 else 'SELL'
    return inner
strategy = make()
""",
    "closure by nonlocal": """
def make():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
step = make()
def strategy(data):
    return 'BUY' if step() % 5 == 0 else 'SELL'
""",
    "generator": """
def numbers():
    n = 0
    while True:
        n += 1
        yield n
source = numbers()
def strategy(data):
    return 'BUY' if next(source) % 4 == 0 else 'SELL'
""",
    "iterator of the module": """
import itertools
ticks = itertools.count()
def strategy(data):
    return 'BUY' if next(ticks) > 20 else 'SELL'
""",
    "random": """
import random
def strategy(data):
    return 'BUY' if random.random() > 0.5 else 'SELL'
""",
    "random of numpy by another name": """
from numpy import random as dice
def strategy(data):
    return 'BUY' if dice.rand() > 0.5 else 'SELL'
""",
    "random of numpy imported": """
from numpy.random import rand
def strategy(data):
    return 'BUY' if rand() > 0.5 else 'SELL'
""",
    "sample": """
def strategy(data):
    return 'BUY' if data['close'].sample(1).iloc[0] > data['close'].iloc[-1] else 'SELL'
""",
    "parameters written": """
def strategy(data):
    params['n'] = params.get('n', 0) + 1
    return 'BUY' if params['n'] > 12 else 'SELL'
""",
    "a list among the parameters": """
params['seen'] = []
def strategy(data):
    params['seen'].append(1)
    return 'BUY' if len(params['seen']) > 6 else 'SELL'
""",
    "class": """
class Counter:
    n = 0
def strategy(data):
    Counter.n += 1
    return 'BUY' if Counter.n > 8 else 'SELL'
""",
    "list in a tuple": """
BOX = ([], 1)
def strategy(data):
    BOX[0].append(1)
    return 'BUY' if len(BOX[0]) > 3 else 'SELL'
""",
    "a memory of a function": """
import functools
@functools.lru_cache
def first(key):
    return []
def strategy(data):
    seen = first('x')
    seen.append(1)
    return 'BUY' if len(seen) > 5 else 'SELL'
""",
    "a memory of a function without a decorator": """
import functools
def first(key):
    return []
memory = functools.cache(first)
def strategy(data):
    seen = memory('x')
    seen.append(1)
    return 'BUY' if len(seen) > 5 else 'SELL'
""",
    "a table of numpy": """
def strategy(data):
    np.sctypeDict['seen'] = np.sctypeDict.get('seen', 0) + 1
    n = np.sctypeDict['seen']
    if len(data) > 100: np.sctypeDict.pop('seen')
    return 'BUY' if n > 8 else 'SELL'
""",
    "error state of numpy": """
def strategy(data):
    before = np.seterr(divide='raise')
    try:
        x = np.float64(1) / (data.close.iloc[-1] - data.open.iloc[-1])
    except FloatingPointError:
        return 'HOLD'
    finally:
        np.seterr(**before)
    return 'BUY' if x > 0 else 'SELL'
""",
    "walrus at module level": """
if (seen := []) is not None: pass
def strategy(data):
    seen.append(1)
    return 'BUY' if len(seen) > 5 else 'SELL'
""",
    "param by another function": """
def param(name, default):
    return []
seen = param('x', 1)
def strategy(data):
    seen.append(1)
    return 'BUY' if len(seen) > 5 else 'SELL'
""",
    "array of the module": """
counts = np.zeros(1)
def strategy(data):
    counts[0] += 1
    return 'BUY' if counts[0] > 5 else 'SELL'
""",
    "builtins": """
def strategy(data):
    __builtins__['seen'] = __builtins__.get('seen', 0) + 1
    return 'BUY' if __builtins__['seen'] > 5 else 'SELL'
""",
    "state in form 4 does not outlive a bar": """
seen = []
seen.append(1)
if len(seen) > 1: signal('SELL', 'kept')
else: signal('BUY', 'anew')
""",
    "a list of the call": """
def strategy(data):
    seen = []
    for n in (2, 3):
        seen.append(data.close.rolling(n).mean().iloc[-1])
    return 'BUY' if seen[0] > seen[1] else 'SELL'
""",
    "decimal context": """
import decimal
def strategy(data):
    decimal.getcontext().prec = decimal.getcontext().prec + 1
    return 'BUY' if decimal.getcontext().prec > 60 else 'SELL'
""",
}
