"""TA-Lib functions and the listed indicators of `ta`, run once over whole columns."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from strategiz_executor.strategy.namespace import toolbox

from .expression import PRIMITIVES, Expression
from .run import Run, is_column
from .table_stand_in import TableStandIn

# Of talib: functions whose value at a bar depends on later ones, or whose prefixes were seen to differ.
TALIB_REFUSED = frozenset(
    {"HT_DCPERIOD", "HT_DCPHASE", "HT_PHASOR", "HT_SINE", "HT_TRENDLINE", "HT_TRENDMODE", "MAMA"}
)

# Of ta: one Series from one or more Series, equal on every prefix (tests/replay/test_operations_are_causal.py).
TA_SERIES = frozenset(
    {"sma", "ema", "rsi", "roc", "mom", "wma", "hma", "dema", "tema", "atr", "cci", "willr", "obv", "mfi", "cmo",
     "stdev"}
)  # fmt: skip
# Of ta: several columns. On prefixes too short for them it answers a Series of NaN, so those bars are left open.
TA_TABLES: frozenset[str] = frozenset()


def library_call(run: Run, function: Any, arguments: Any, keywords: Any) -> Any:
    """The stand-in for what a listed function answers; None where it is not on a list."""
    try:
        label, name = _listed().get(function, ("", ""))
    except TypeError:  # not hashable
        return None
    if not label or not _plain(arguments, keywords):
        return None
    if label == "talib":
        return _talib_call(run, name, function, arguments, keywords)
    return _ta_call(run, name, function, arguments, keywords)


@cache
def _listed() -> dict[Any, tuple[str, str]]:
    names = toolbox().names
    talib: Any = names["talib"]
    found: dict[Any, tuple[str, str]] = {}
    for name in talib.get_functions():
        if name not in TALIB_REFUSED:
            found[getattr(talib, name)] = ("talib", name)
    return found | _indicators(names["ta"])


def _indicators(ta: Any) -> dict[Any, tuple[str, str]]:
    return {getattr(ta, name): ("ta", name) for name in TA_SERIES | TA_TABLES}


def _talib_call(run: Run, name: str, function: Callable[..., Any], arguments: Any, keywords: Any) -> Any:
    """Series of other numbers are cast by TA-Lib's own wrapper; arrays of them it refuses."""
    columns = [value._expression for value in (*arguments, *keywords.values()) if is_column(value)]
    if any(column.kind == "array" and column.values.dtype != np.float64 for column in columns):
        return None
    kind = "series" if any(column.kind == "series" for column in columns) else "array"
    key = run.memory.key("talib", name, *_key_parts(arguments, keywords))

    def make() -> tuple[Expression, ...] | Expression:
        found = function(
            *[_floats(value) for value in arguments],
            **{name: _floats(value) for name, value in keywords.items()},
        )
        if isinstance(found, tuple):
            parts = enumerate(found)
            return tuple(Expression(part, run.memory.key("part", key, at), kind) for at, part in parts)
        return Expression(found, key, kind)

    found = run.memory.recall(key, make)
    return tuple(map(run.column, found)) if isinstance(found, tuple) else run.column(found)


def _ta_call(run: Run, name: str, function: Callable[..., Any], arguments: Any, keywords: Any) -> Any:
    """None where the indicator answers something else than one value a bar."""
    key = run.memory.key("ta", name, *_key_parts(arguments, keywords))
    index = run.index()

    def series(value: Any) -> Any:
        if not is_column(value):
            return value
        return pd.Series(value._expression.values, index=index, name=value._expression.name)

    def make() -> Expression | dict[str, Expression] | None:
        found = function(*map(series, arguments), **{name: series(value) for name, value in keywords.items()})
        if isinstance(found, pd.Series) and len(found) == len(index):
            return Expression(
                found.to_numpy(), key, "series", None if found.name is None else str(found.name)
            )
        if isinstance(found, pd.DataFrame) and len(found) == len(index):
            return {
                str(label): Expression(
                    column.to_numpy(), run.memory.key("part", key, label), "series", str(label)
                )
                for label, column in found.items()
            }
        return None

    found = run.memory.recall(key, make)
    if isinstance(found, dict):
        return _table(run, found)
    return None if found is None else run.column(found)


def _table(run: Run, columns: dict[str, Expression]) -> TableStandIn | None:
    if any(column.values.dtype != np.float64 for column in columns.values()):
        return None
    gaps = np.logical_or.reduce([np.isnan(column.values) for column in columns.values()])
    run.leave_open(np.logical_and.accumulate(gaps))
    return TableStandIn(run, columns)


def _plain(arguments: Any, keywords: Any) -> bool:
    values = (*arguments, *keywords.values())
    return any(map(is_column, values)) and all(
        is_column(value) or type(value) in PRIMITIVES for value in values
    )


def _floats(value: Any) -> Any:
    return value._expression.values.astype(np.float64, copy=False) if is_column(value) else value


def _key_parts(arguments: Any, keywords: Any) -> list[Any]:
    named = [part for name in sorted(keywords) for part in (name, keywords[name])]
    parts: list[Any] = []
    for value in [*arguments, "|", *named]:
        if is_column(value):
            parts += ["column", value._expression.key, value._expression.kind]
        else:
            parts += [type(value).__name__, value]
    return parts
