"""Libraries as a strategy sees them in the fast ways: calls with a stand-in in them are met here.

TA-Lib functions and the listed indicators of `ta` run once over the whole column; any other call goes on with real
prefixes where the run has them, or gives up.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any, cast

import numpy as np
import pandas as pd

from .expression import PRIMITIVES, Expression
from .stand_ins import ColumnStandIn, Run

# Of talib: functions whose value at a bar depends on later ones, or whose prefixes were seen to differ.
TALIB_REFUSED = frozenset(
    {"HT_DCPERIOD", "HT_DCPHASE", "HT_PHASOR", "HT_SINE", "HT_TRENDLINE", "HT_TRENDMODE", "MAMA"}
)

# Of ta: one Series from one or more Series, equal on every prefix (tests/strategy/test_operations_are_causal.py).
TA_SERIES = frozenset(
    {
        "sma",
        "ema",
        "rsi",
        "roc",
        "mom",
        "wma",
        "hma",
        "dema",
        "tema",
        "atr",
        "cci",
        "willr",
        "obv",
        "mfi",
        "cmo",
        "stdev",
    }
)


class LibraryView:
    """A library whose functions look at their arguments before they are called."""

    __slots__ = ("call", "library")

    def __init__(self, library: ModuleType, call: Callable[[str, Callable[..., Any], Any, Any], Any]) -> None:
        self.library = library
        self.call = call

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.library, name)
        if isinstance(found, ModuleType):
            return LibraryView(found, self.call)
        if isinstance(found, type | np.ufunc) or not callable(found):
            return found
        return lambda *arguments, **keywords: self.call(name, found, arguments, keywords)


def view_of(label: str, library: ModuleType) -> LibraryView:
    """The library as the fast ways show it; `label` is talib, pandas_ta, numpy, pandas, math or another."""
    listed = {"talib": _talib_call, "pandas_ta": _ta_call}.get(label)

    def call(name: str, function: Callable[..., Any], arguments: Any, keywords: Any) -> Any:
        run = next(filter(None, map(_run_of, (*arguments, *keywords.values()))), None)
        if run is None:
            return function(*arguments, **keywords)
        if listed is not None:
            found = listed(run, name, function, arguments, keywords)
            if found is not None:
                return found
        if function is np.where:
            return function(*arguments, **keywords)
        return function(
            *[_real(run, value, f"{label}.{name}") for value in arguments],
            **{key: _real(run, value, f"{label}.{name}") for key, value in keywords.items()},
        )

    return LibraryView(library, call)


def _run_of(value: object) -> Run | None:
    """The run that a stand-in in `value` belongs to; None where there is none in it."""
    if isinstance(value, list | tuple):
        return next(filter(None, map(_run_of, value)), None)
    if isinstance(value, dict):
        return _run_of(list(value.values()))
    return cast("Run", value.run) if hasattr(type(value), "is_stand_in") else None  # type: ignore[attr-defined]


def _real(run: Run, value: Any, what: str) -> Any:
    if type(value) in (list, tuple):
        return type(value)(_real(run, part, what) for part in value)
    if type(value) is dict:
        return {key: _real(run, part, what) for key, part in value.items()}
    return run.unknown(value, what) if hasattr(type(value), "is_stand_in") else value


def _talib_call(run: Run, name: str, function: Callable[..., Any], arguments: Any, keywords: Any) -> Any:
    """A TA-Lib function over whole columns; None where it is not on the list or its arguments are not plain."""
    columns = [value for value in (*arguments, *keywords.values()) if type(value) is ColumnStandIn]
    if name in TALIB_REFUSED or not _plain(arguments, keywords) or not _float_columns(columns):
        return None
    key = run.memory.key("talib", name, *_key_parts(arguments, keywords))
    kind = "series" if any(column.expression.kind == "series" for column in columns) else "array"

    def make() -> tuple[Expression, ...] | Expression:
        found = function(
            *[_values(value) for value in arguments],
            **{name: _values(value) for name, value in keywords.items()},
        )
        if isinstance(found, tuple):
            parts = enumerate(found)
            return tuple(Expression(part, run.memory.key("part", key, at), kind) for at, part in parts)
        return Expression(found, key, kind)

    found = run.memory.recall(key, make)
    return tuple(map(run.column, found)) if isinstance(found, tuple) else run.column(found)


def _ta_call(run: Run, name: str, function: Callable[..., Any], arguments: Any, keywords: Any) -> Any:
    """A listed indicator over whole columns; None where it is not on the list."""
    if name not in TA_SERIES or not _plain(arguments, keywords):
        return None
    index = run.index()
    key = run.memory.key("ta", name, *_key_parts(arguments, keywords))

    def series(value: Any) -> Any:
        if type(value) is not ColumnStandIn:
            return value
        return pd.Series(value.expression.values, index=index, name=value.expression.name)

    def make() -> Expression | None:
        found = function(*map(series, arguments), **{name: series(value) for name, value in keywords.items()})
        if not isinstance(found, pd.Series) or len(found) != len(index):
            return None
        return Expression(found.to_numpy(), key, "series", None if found.name is None else str(found.name))

    found = run.memory.recall(key, make)
    return None if found is None else run.column(found)


def _plain(arguments: Any, keywords: Any) -> bool:
    return all(
        type(value) is ColumnStandIn or type(value) in PRIMITIVES
        for value in (*arguments, *keywords.values())
    )


def _float_columns(columns: list[ColumnStandIn]) -> bool:
    return bool(columns) and all(column.expression.values.dtype == np.float64 for column in columns)


def _values(value: Any) -> Any:
    return np.ascontiguousarray(value.expression.values) if type(value) is ColumnStandIn else value


def _key_parts(arguments: Any, keywords: Any) -> list[Any]:
    named = [part for name in sorted(keywords) for part in (name, keywords[name])]
    parts: list[Any] = []
    for value in [*arguments, "|", *named]:
        if type(value) is ColumnStandIn:
            parts += ["column", value.expression.key, value.expression.kind]
        else:
            parts += [type(value).__name__, value]
    return parts
