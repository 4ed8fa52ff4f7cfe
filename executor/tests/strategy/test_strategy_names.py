import pytest
from strategy_runs import fails, ok


def plotted(*lines):
    return "\n".join([*lines, "plot(df.close, 'c')"])


@pytest.mark.parametrize(
    ("use", "message"),
    [
        ("pd.read_csv('x')", "pd.read_csv is not available to strategies: use data"),
        ("pd.read_pickle", "pd.read_pickle is not available to strategies: use data"),
        ("pd.eval('1')", "pd.eval is not available to strategies"),
        ("pd.io", "pd.io is not available to strategies"),
        ("pd.plotting", "pd.plotting is not available to strategies: use plot(series, name)"),
        ("pd.set_option('x', 1)", "pd.set_option is not available to strategies"),
        ("pd.core", "pd.core is not available to strategies"),
        ("np.load('x')", "np.load is not available to strategies"),
        ("np.save", "np.save is not available to strategies"),
        ("np.savez_compressed", "np.savez_compressed is not available to strategies"),
        ("np.ctypeslib", "np.ctypeslib is not available to strategies"),
        ("np.lib", "np.lib is not available to strategies"),
        (
            "np.random.SeedSequence",
            "np.random.SeedSequence is not available to strategies: use np.random.default_rng()",
        ),
        ("talib.abstract", "talib.abstract is not available to strategies"),
        ("ta.Strategy", "ta.Strategy is not available to strategies"),
        ("open('/etc/passwd')", "open is not available to strategies: use data"),
        ("eval('1')", "eval is not available to strategies"),
        ("exec('1')", "exec is not available to strategies"),
        ("compile('1', 'x', 'exec')", "compile is not available to strategies"),
        ("input()", "input is not available to strategies: use param(name, default)"),
        ("breakpoint()", "breakpoint is not available to strategies"),
        ("globals()", "globals is not available to strategies"),
    ],
)
def test_an_absent_name_says_so(use, message):
    failure = fails(plotted("x = 1", use))
    assert (getattr(failure, "class"), failure.code, failure.line) == ("user", "not_available", 2)
    assert failure.message.startswith(message)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("import datetime\ndatetime.sys", "datetime"),
        (
            "import operator\noperator.attrgetter('x')",
            "operator.attrgetter is not available to strategies: write a lambda",
        ),
        ("from operator import methodcaller", "operator.methodcaller is not available"),
        ("from numpy import load", "np.load is not available to strategies"),
        ("from pandas import read_csv", "pd.read_csv is not available to strategies: use data"),
        ("import random\nrandom.SystemRandom()", "random.SystemRandom is not available"),
        ("import time\ntime.sleep(1)", "time.sleep is not available"),
        ("import decimal\ndecimal.DefaultContext", "decimal.DefaultContext is not available"),
    ],
)
def test_an_absent_name_of_an_importable_module_says_so(statement, message):
    failure = fails(plotted(statement))
    assert failure.code == "not_available"
    assert failure.message.startswith(message)


@pytest.mark.parametrize(
    "statement",
    [
        "import os",
        "import sys",
        "import subprocess",
        "from os import path",
        "import numpy.lib",
        "import numpy.ctypeslib",
        "import pandas.io.common",
        "from . import x",
        "import builtins",
        "import importlib",
        "import talib.abstract",
        "import warnings",
        "__import__('os')",
    ],
)
def test_a_module_outside_the_list_cannot_be_imported(statement):
    failure = fails(plotted("x = 1", statement))
    assert (failure.code, failure.line) == ("import_not_allowed", 2)
    assert "numpy" in failure.hint


@pytest.mark.parametrize(
    "statement",
    [
        "import pandas, numpy, talib, pandas_ta, math",
        "import pandas as pd, numpy as np, pandas_ta as ta",
        "import pandas_ta_classic as ta",
        "from pandas import DataFrame, Series, Timestamp",
        "from numpy import *",
        "import numpy.random as r; r.normal()",
        "from numpy.linalg import norm; norm([1.0])",
        "from numpy import random, linalg",
        "import datetime, time, collections, itertools, functools, statistics, operator, random, decimal",
        "from collections import deque, defaultdict",
        "from collections.abc import Iterable",
        "from pandas.api.types import is_numeric_dtype; is_numeric_dtype(df.close)",
        "from datetime import datetime, timedelta, timezone; datetime.now(timezone.utc)",
        "from __future__ import annotations",
        "import math; math.sqrt(2)",
        "np.random.seed(3); np.random.default_rng(); np.random.RandomState()",
        "pd.offsets.BDay(1); pd.errors.EmptyDataError",
        "isinstance(np, type(math))",
        "class A:\n    pass\nA()",
        "import time; time.time()",
    ],
)
def test_what_is_promised_can_be_imported_and_used(statement):
    ok(plotted(statement))


def test_libraries_cannot_be_changed():
    for statement in ("np.mean = 1", "del pd.concat", "math.pi = 3", "ta.rsi = None"):
        failure = fails(plotted(statement))
        assert "read-only" in failure.message


def test_a_misspelt_name_of_a_library_is_told_the_near_one():
    assert "np.where" in fails(plotted("np.wher(1)")).hint
    assert "ta.rsi" in fails(plotted("ta.rsii(df.close)")).hint


def test_the_curated_names_are_there():
    ok(plotted("pd.DataFrame, np.mean, ta.rsi, talib.SMA, math.pi, DataFrame, params, parameters"))


@pytest.mark.parametrize("indicator", ["rsi", "sma", "macd", "bbands", "ema", "adx", "supertrend"])
def test_an_indicator_on_too_few_bars_is_a_series_of_gaps(indicator):
    columns = "df.high, df.low, df.close" if indicator in {"adx", "supertrend"} else "df.close"
    code = f"x = ta.{indicator}({columns})\nprint(type(x).__name__, len(x), x.isna().all())\nplot(x, 'x')"
    assert ok(code, [1, 2]).logs == ["Series 2 True"]


def test_a_block_for_running_as_a_script_is_left_alone():
    assert ok(plotted('if __name__ == "__main__":\n    raise ValueError')).logs == []


RANDOM = """
import random
print(random.random(), np.random.normal(), np.random.default_rng().normal(), random.Random().random(),
      np.random.RandomState().normal(), random.sample(range(99), 3), np.random.default_rng(5).normal())
"""


def test_random_numbers_are_the_same_for_the_same_job_and_others_for_another():
    first, again = ok(plotted(RANDOM)).logs, ok(plotted(RANDOM)).logs
    assert first == again
    assert ok(plotted(RANDOM), [1, 2, 3]).logs != first
    assert ok(plotted(RANDOM), parameters={"x": 1}).logs != first


def test_random_numbers_differ_from_bar_to_bar():
    code = "import random\ndef strategy(data):\n    print(random.random(), np.random.random())"
    logs = ok(code).logs
    assert len(set(logs)) == 10
    assert ok(code).logs == logs
