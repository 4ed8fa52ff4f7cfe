"""What the state gate refuses, so that it is replayed in order with real prefixes, and what it lets pass."""

import ast

import pytest
from corpus.state import STRATEGIES

from strategiz_executor.strategy.facades import CuratedModule
from strategiz_executor.strategy.imports import curated_modules
from strategiz_executor.strategy.replay.fast.state_gate import _NEVER, _PURE_MODULES, state_reasons

FORM_1 = "def strategy(data):\n    return 'BUY'\n"

REFUSED = {
    "a list of the module": "seen = []\ndef strategy(data):\n    seen.append(1)",
    "a list among constants": "A, seen = 1, []\ndef strategy(data):\n    seen.append(1)",
    "a list in a nested tuple": "BOX = (1, ([],))\ndef strategy(data):\n    BOX[1][0].append(1)",
    "a list of an annotated name": "seen: list = []\ndef strategy(data):\n    seen.append(1)",
    "a constant, then a list": "seen = 1\nseen = []\ndef strategy(data):\n    seen.append(1)",
    "a list bound in a branch": "seen = 1\nif True:\n    seen = []\ndef strategy(data):\n    seen.append(1)",
    "a list bound by a loop": "for seen in [[]]:\n    pass\ndef strategy(data):\n    seen.append(1)",
    "a list by a walrus": "(seen := [])\ndef strategy(data):\n    seen.append(1)",
    "a list by a walrus in a call": "print(seen := [])\ndef strategy(data):\n    seen.append(1)",
    "a list by a walrus in a comprehension": "x = [seen := [] for _ in 'a']\ndef strategy(data):\n    seen.append(1)",
    "a starred target": "first, *seen = (1, 2)\ndef strategy(data):\n    seen.append(1)",
    "an alias of a list": "a = []\nb = a\ndef strategy(data):\n    b.append(1)",
    "a list seen by a helper": "seen = []\ndef note():\n    seen.append(1)\ndef strategy(data):\n    note()",
    "a list seen by a lambda": "seen = []\nnote = lambda: seen.append(1)\ndef strategy(data):\n    note()",
    "a list as a default": "def note(seen=[]):\n    seen.append(1)\ndef strategy(data):\n    note()",
    "a named list as a default": "S = []\ndef note(seen=S):\n    seen.append(1)\ndef strategy(data):\n    note()",
    "a list as a default of a lambda": "note = lambda s=[]: s.append(1)\ndef strategy(data):\n    note()",
    "a list as a keyword default": "def note(*, s=[]):\n    s.append(1)\ndef strategy(data):\n    note()",
    "a call as a default": "def note(s=dict()):\n    s['x'] = 1\ndef strategy(data):\n    note()",
    "an augmented list": "seen = ()\nseen += ([],)\ndef strategy(data):\n    seen[0].append(1)",
    "global": "n = 0\ndef strategy(data):\n    global n\n    n += 1",
    "nonlocal": "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n    g()",
    "a closure as strategy": "def m():\n    h = []\n    def f(d):\n        h.append(1)\n    return f\nstrategy = m()",
    "a closure unpacked": "def make():\n    h = []\n    return lambda d: h.append(1)\nstrategy, x = make(), 1",
    "a closure as a helper": "def m():\n    h = []\n    return lambda: h.append(1)\nf = m()\ndef strategy(d):\n    f()",
    "strategy bound again": "def strategy(d):\n    pass\nstrategy = wrap(strategy)",
    "a partial": "import functools\nf = functools.partial(print, [])\ndef strategy(d):\n    f()",
    "a class": "class A:\n    n = 0\ndef strategy(d):\n    A.n += 1",
    "a class by type": "A = type('A', (), {})\ndef strategy(d):\n    A",
    "an attribute set": "def strategy(d):\n    strategy.n = 1",
    "an attribute deleted": "def strategy(d):\n    del strategy.n",
    "an attribute augmented": "def strategy(d):\n    strategy.n += 1",
    "an attribute as a loop target": "def strategy(d):\n    for strategy.n in (1, 2): pass",
    "setattr": "def strategy(d):\n    setattr(strategy, 'n', 1)",
    "setattr by another name": "put = setattr\ndef strategy(d):\n    put(strategy, 'n', 1)",
    "getattr of a hidden name": "def strategy(d):\n    getattr(strategy, '__dict__')['n'] = 1",
    "getattr of a built name": "def strategy(d):\n    getattr(np, 'ran' + 'dom').rand()",
    "a hidden attribute": "def strategy(d):\n    strategy.__dict__['n'] = 1",
    "defaults changed": "def strategy(d):\n    strategy.__defaults__",
    "builtins": "def strategy(d):\n    __builtins__['n'] = 1",
    "__import__": "def strategy(d):\n    __import__('random').random()",
    "a generator": "def g():\n    yield 1\ns = g()\ndef strategy(d):\n    next(s)",
    "a generator expression of the module": "s = (n for n in range(9))\ndef strategy(d):\n    next(s)",
    "an iterator of the module": "s = iter((1, 2))\ndef strategy(d):\n    next(s)",
    "itertools.count": "import itertools\ns = itertools.count()\ndef strategy(d):\n    next(s)",
    "an exception of the module": "E = ValueError()\ndef strategy(d):\n    E.add_note('x')",
    "an array of the module": "A = np.zeros(3)\ndef strategy(d):\n    A[0] += 1",
    "a frame of the module": "A = pd.DataFrame()\ndef strategy(d):\n    A['x'] = 1",
    "a set of the module": "A = {1}\ndef strategy(d):\n    A.add(2)",
    "a dict by comprehension": "A = {k: 0 for k in 'ab'}\ndef strategy(d):\n    A['a'] += 1",
    "a decorator": "import functools\n@functools.wraps(print)\ndef strategy(d):\n    pass",
    "functools.cache": "import functools\nf = functools.cache(print)\ndef strategy(d):\n    pass",
    "lru_cache imported": "from functools import lru_cache as keep\ndef strategy(d):\n    pass",
    "random": "import random\ndef strategy(d):\n    random.random()",
    "random by another name": "import random as r\ndef strategy(d):\n    r.random()",
    "a name of random": "from random import choice\ndef strategy(d):\n    choice('ab')",
    "np.random": "def strategy(d):\n    np.random.rand()",
    "np.random imported": "from numpy.random import rand\ndef strategy(d):\n    rand()",
    "np.random as a module": "import numpy.random as r\ndef strategy(d):\n    r.rand()",
    "np.random by another name": "from numpy import random as r\ndef strategy(d):\n    r.rand()",
    "everything of numpy": "from numpy import *\ndef strategy(d):\n    pass",
    "sample": "def strategy(d):\n    d.sample(3)",
    "samples of a distribution": "import statistics\ndef strategy(d):\n    statistics.NormalDist().samples(3)",
    "time": "import time\ndef strategy(d):\n    time.time()",
    "a name of time": "from time import time as t\ndef strategy(d):\n    t()",
    "datetime.now": "import datetime\ndef strategy(d):\n    datetime.datetime.now()",
    "now by another name": "from datetime import datetime as dt\ndef strategy(d):\n    dt.now()",
    "today": "from datetime import date\ndef strategy(d):\n    date.today()",
    "the clock of pandas": "def strategy(d):\n    pd.Timestamp.now()",
    "the clock by a word": "def strategy(d):\n    pd.Timestamp('now')",
    "the clock by another word": "def strategy(d):\n    pd.to_datetime(' Today')",
    "an option of pandas": "def strategy(d):\n    pd.set_option('display.width', 10)",
    "the error state of numpy": "def strategy(d):\n    np.seterr(all='raise')",
    "print options of numpy": "def strategy(d):\n    np.set_printoptions(legacy='1.13')",
    "a decimal context": "import decimal\ndef strategy(d):\n    decimal.getcontext()",
    "a table of numpy": "def strategy(d):\n    np.sctypeDict['x'] = 1",
    "parameters written": "def strategy(d):\n    params['n'] = 1",
    "parameters written at module level": "params['seen'] = []\ndef strategy(d):\n    params['seen'].append(1)",
    "parameters updated": "def strategy(d):\n    params.update(n=1)",
    "parameters with a default kept": "def strategy(d):\n    params.setdefault('n', []).append(1)",
    "parameters by another name": "p = params\ndef strategy(d):\n    p['n'] = 1",
    "parameters handed on": "def f(p):\n    p['n'] = 1\ndef strategy(d):\n    f(params)",
    "parameters deleted": "def strategy(d):\n    del params['n']",
    "the other name of parameters": "def strategy(d):\n    parameters['n'] = 1",
    "a list that a parameter might be": "S = params.get('x', [])\ndef strategy(d):\n    S.append(1)",
    "param bound by the code": "def param(*a):\n    return []\nS = param('x', 1)\ndef strategy(d):\n    S.append(1)",
    "int bound by the code": "int = list\nS = int(())\ndef strategy(d):\n    S.append(1)",
    "int as an import": "from itertools import count as int\nS = int(1)\ndef strategy(d):\n    next(S)",
    "a finally that leaves": "def strategy(d):\n    try:\n        1\n    finally:\n        return 1",
    "except*": "def strategy(d):\n    try:\n        1\n    except* ValueError:\n        pass",
    "with": "def strategy(d):\n    with np.nditer([1]) as x:\n        pass",
    "match": "def strategy(d):\n    match d:\n        case _: pass",
    "async": "async def f():\n    pass\ndef strategy(d):\n    pass",
    "id": "def strategy(d):\n    id(d)",
    "hash": "def strategy(d):\n    hash('x')",
    "type": "def strategy(d):\n    type(d)",
    "vars": "def strategy(d):\n    vars(strategy)",
    "a name of the fast ways": "def strategy(d):\n    called_(print)",
    "a name of the fast ways bound": "joined_text_ = 1\ndef strategy(d):\n    pass",
}  # fmt: skip

PASSED = {
    "nothing but a function": FORM_1,
    "constants": "N, M = 5, (1, 'a')\nX = -N * 2\ndef strategy(d):\n    return N + X",
    "parameters": "N = param('n', 5)\nX = int(params.get('x', 3)) + 1\ndef strategy(d):\n    N, X",
    "asking for a parameter": "def strategy(d):\n    return 'x' in params and params['x']",
    "helpers and lambdas": "def f(a, b=2):\n    return a\ng = lambda x, n=3: x\ndef strategy(d):\n    return f(g(1))",
    "a constant as a default": "N = 3\ndef f(a, n=N):\n    return n\ndef strategy(d):\n    return f(1)",
    "lists of the call": "def strategy(d):\n    x = []\n    x.append(1)\n    return x",
    "a closure of the call": "def strategy(d):\n    x = []\n    def f():\n        x.append(1)\n    f()",
    "imports": "import numpy as np, math\nfrom talib import RSI\nfrom datetime import datetime, timedelta\n" + FORM_1,
    "inner imports": "def strategy(d):\n    import pandas as pd\n    from math import sqrt",
    "try and finally": "def strategy(d):\n    try:\n        1\n    except ValueError:\n        2\n    finally:\n        3",  # noqa: E501
    "the main guard": FORM_1 + "if __name__ == '__main__':\n    print(1)",
    "getattr of a plain name": "def strategy(d):\n    return getattr(d, 'close'), hasattr(d, 'open')",
    "a list that no function reads": "seen = []\nseen.append(1)\n" + FORM_1,
    "a docstring": "'''Buys.'''\n" + FORM_1,
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_differ_between_calls_is_refused(name: str):
    assert state_reasons(ast.parse(REFUSED[name]))[0]


@pytest.mark.parametrize("name", PASSED)
def test_what_is_the_same_in_every_call_passes(name: str):
    assert state_reasons(ast.parse(PASSED[name]))[0] == ""


def test_form_4_binds_its_names_anew_at_every_bar():
    source = "seen = []\nseen.append(df.close.iloc[-1])\nif len(seen) > 1: signal('BUY', 'x')"
    assert state_reasons(ast.parse(source))[1] == ""


def test_nothing_of_a_library_that_passes_can_be_changed():
    reachable = {
        f"{module}.{name}"
        for module, contents in curated_modules().items()
        if module in _PURE_MODULES
        for name, value in vars(contents).items()
        if isinstance(value, dict | list | set | bytearray)
        and not name.startswith("_")
        and name not in _NEVER
    }
    assert not reachable


def test_no_library_that_passes_leads_to_a_random_generator():
    for module, contents in curated_modules().items():
        inner = [name for name, value in vars(contents).items() if isinstance(value, CuratedModule)]
        if module in _PURE_MODULES:
            assert "random" not in set(inner) - _NEVER


def test_the_corpus_of_state_is_refused_but_for_what_keeps_nothing():
    harmless = {"state in form 4 does not outlive a bar", "a list of the call"}
    for name, source in STRATEGIES.items():
        once = "def strategy" in source or "strategy =" in source
        in_form_1, in_form_4 = state_reasons(ast.parse(source))
        assert bool(in_form_1 if once else in_form_4) is (name not in harmless), name
