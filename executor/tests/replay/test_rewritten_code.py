"""The code of the fast ways is made of the tree that was compiled before, where the layer put no guard into it."""

import ast
from types import CodeType

import pytest

from strategiz_executor.strategy.compile import compile_program
from strategiz_executor.strategy.language import FILE_NAME, GUARDED_PYTHON, PLAIN_PYTHON, LanguageLayer
from strategiz_executor.strategy.replay.fast.rewriting import rewrite
from strategiz_executor.strategy.warm_up_strategies import RSI, SMA, TALIB

GUARDED = {
    "rsi": RSI,
    "an attribute that is looked at": "def strategy(data):\n    print(str(data).format(1))\n    return 'BUY'\n",
    "a format in a value": "def strategy(data):\n    return 'BUY' if data.query('close > 1').size else 'SELL'\n",
}
PLAIN = {
    "sma": SMA,
    "talib": TALIB,
    "f-strings, %, handlers and early answers": """
def strategy(data):
    try:
        last = data['close'].iloc[-1]
        print(f'{last:.2f}', 'at %s' % last, '{}'.format(last))
    except IndexError as error:
        raise ValueError(f'{error}') from error
    if last > 10 or last < 5:
        return 'BUY'
    return 'SELL' if last > 7 else None
""",
}


def same(one: object, other: object) -> bool:
    """Whether two pieces of code are the same, lines included."""
    if not isinstance(one, CodeType) or not isinstance(other, CodeType):
        return type(one) is type(other) and repr(one) == repr(other)
    parts = (
        "co_code",
        "co_names",
        "co_varnames",
        "co_freevars",
        "co_cellvars",
        "co_linetable",
        "co_exceptiontable",
    )
    return (
        all(getattr(one, part) == getattr(other, part) for part in parts)
        and len(one.co_consts) == len(other.co_consts)
        and all(map(same, one.co_consts, other.co_consts))
    )


@pytest.mark.parametrize("layer", [GUARDED_PYTHON, PLAIN_PYTHON], ids=lambda layer: layer.name)
@pytest.mark.parametrize("source", [*GUARDED.values(), *PLAIN.values()], ids=[*GUARDED, *PLAIN])
def test_it_is_that_of_a_tree_parsed_anew(source: str, layer: LanguageLayer) -> None:
    expected = layer.compile_tree(rewrite(ast.parse(source, FILE_NAME))).code
    assert same(compile_program(source, layer).fast_code, expected)


@pytest.mark.parametrize("source", GUARDED.values(), ids=GUARDED)
def test_a_tree_with_guards_is_not_taken(source: str) -> None:
    assert not GUARDED_PYTHON.compile_tree(ast.parse(source)).tree_is_kept


@pytest.mark.parametrize("source", PLAIN.values(), ids=PLAIN)
def test_a_tree_without_guards_is_taken(source: str) -> None:
    before = ast.parse(source)
    tree = ast.parse(source)
    assert GUARDED_PYTHON.compile_tree(tree).tree_is_kept
    assert ast.dump(tree) == ast.dump(before)
