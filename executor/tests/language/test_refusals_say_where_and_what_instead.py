"""What an author reads whose source uses what strategies do not have."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "strategy"))

from strategy_runs import fails, tiny_bars, validated

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.strategy.language import GUARDED_PYTHON, PLAIN_PYTHON
from strategiz_executor.strategy.run import execute

SOURCE = """def strategy(data):
    _fast = 10
    close = data.close
    x = (close
         .__class__)
    return "BUY"
"""
SENTENCES = {
    "_fast = 1": "the name _fast is not available to strategies: write fast",
    "__fast = 1": "the name __fast is not available to strategies: write fast",
    "__ = 1": "the name __ is not available to strategies: write another name",
    "_1 = 1": "the name _1 is not available to strategies: write another name",
    "df._x": "the attribute _x is not available to strategies: write x",
    "df.x._y = 1": "the attribute _y is not available to strategies: write y",
    "del df._x": "the attribute _x is not available to strategies: write x",
    "df.__dict__": "the attribute __dict__ is not available to strategies: read the attributes by their names",
    "type(df).__weakref__": "the attribute __weakref__ is not available to strategies",
    "__file__": "the name __file__ is not available to strategies: strategies have no files",
    "def __init__(x): pass": "the name __init__ is not available to strategies here: write special",
    "class A:\n    def f(self):\n        __init__ = 1": "the name __init__ is not available to strategies here",
    "class A:\n    def __reduce__(self): pass": "the name __reduce__ is not available to strategies",
    "async def f(): pass": "async is not available to strategies: write a plain def",
    "def f(): return [x async for x in y]": "async is not available to strategies",
    "def f():\n    async with x: pass": "async is not available to strategies",
    "try: pass\nexcept* ValueError: pass": "except* is not available to strategies: write except",
    "from math import pi as _pi": "the name _pi is not available to strategies: write pi",
    "def f(a, *_args, **k): pass": "the name _args is not available to strategies: write args",
    "lambda _x: 0": "the name _x is not available to strategies: write x",
}


@pytest.mark.parametrize("source", SENTENCES)
def test_a_refusal_says_what_to_write_instead(source: str):
    failure = fails(source)
    assert failure.message.startswith(SENTENCES[source])
    assert (failure.code, failure.type, getattr(failure, "class")) == (
        "not_available",
        "NotAvailableError",
        "user",
    )


def test_the_failure_has_line_source_and_rule():
    failure = fails(SOURCE)
    assert (failure.line, failure.source_line) == (2, "_fast = 10")
    assert failure.hint == "names that begin with _ are kept for Python and the executor"


def test_validate_lists_every_place_with_line_and_column():
    answer = validated(SOURCE)
    assert not answer.valid
    assert [(each.severity, each.code, each.line, each.column) for each in answer.diagnostics] == [
        ("error", "not_available", 2, 5),
        ("error", "not_available", 5, 11),
    ]
    assert answer.errors[1] == (
        "NotAvailableError: the attribute __class__ is not available to strategies: write type(x) (line 5)"
    )


def test_a_name_that_is_absent_has_its_line_and_its_rule():
    failure = fails("x = 1\ndf.query('close > 3')\nplot(df.close, 'c')")
    assert (failure.code, failure.line, failure.source_line) == ("not_available", 2, "df.query('close > 3')")
    assert failure.message.startswith("df.query is not available to strategies: use a boolean mask")
    assert failure.hint == "strategies have no files, network, plotting or evaluation of text"


def test_without_the_layer_the_same_source_runs():
    source = "_fast = df.close.__class__\nplot(df.close, 'c')"
    *_, off = execute(RequestFrame(code=source, bars=tiny_bars([1, 2, 3])), PLAIN_PYTHON)
    *_, on = execute(RequestFrame(code=source, bars=tiny_bars([1, 2, 3])), GUARDED_PYTHON)
    assert (off.success, on.success) == (True, False)


def test_code_compiled_without_the_layer_is_not_taken_with_it():
    source = "x = df.query('close > 0')\nplot(df.close, 'c')"
    request = RequestFrame(code=source, bars=tiny_bars([1, 2, 3]))
    request.compiled = next(iter(execute(request, PLAIN_PYTHON))).compiled
    first, last = execute(request, GUARDED_PYTHON)
    assert first.compiled
    assert last.failure.code == "not_available"
