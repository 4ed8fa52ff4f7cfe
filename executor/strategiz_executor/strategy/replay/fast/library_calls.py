"""TA-Lib functions and the listed indicators of `ta`, run once over whole columns."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from strategiz_executor.strategy.namespace import toolbox

from .expression import PRIMITIVES, Expression
from .indicator_call import IndicatorCall
from .run import Run, is_column
from .table_stand_in import TableStandIn

# Of talib: functions that take a prefix without a single value as zeros; columns that begin with a gap are not theirs.
TALIB_WANTS_VALUES = frozenset({"WAD", "CORREL", "AD", "NVI", "PVI", "VWAP"})

# Of ta: one Series from one or more Series, equal on every prefix (tests/replay/test_ta_is_causal.py).
TA_SERIES = frozenset(
    {"sma", "ema", "rma", "wma", "hma", "dema", "tema", "t3", "zlma", "vwma", "trima", "alma", "linreg", "rsi", "roc",
     "mom", "cci", "willr", "obv", "mfi", "cmo", "atr", "natr", "true_range", "stdev", "variance", "zscore", "ad",
     "adosc", "cmf", "uo", "ao", "apo", "vwap", "hl2", "hlc3", "ohlc4", "slope", "median", "efi", "pvt", "bop", "chop"}
)  # fmt: skip
# Of ta: several columns. On prefixes too short for them it answers a Series of NaN, so those bars are left open.
TA_TABLES = frozenset(
    {"macd", "bbands", "stoch", "stochrsi", "adx", "aroon", "kc", "donchian", "supertrend", "vortex", "psar", "ppo",
     "ha", "tsi", "trix", "accbands", "dm", "kst"}
)  # fmt: skip
TA_SETTINGS = frozenset(
    {"length", "fast", "slow", "medium", "signal", "std", "k", "d", "smooth_k", "rsi_length", "multiplier", "scalar",
     "af0", "af", "max_af", "lower_length", "upper_length", "c", "high", "low", "close", "open_", "volume"}
)  # fmt: skip


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
        found[getattr(talib, name)] = ("talib", name)
    return found | _indicators(names["ta"])


def _indicators(ta: Any) -> dict[Any, tuple[str, str]]:
    return {getattr(ta, name): ("ta", name) for name in TA_SERIES | TA_TABLES}


def _talib_call(run: Run, name: str, function: Callable[..., Any], arguments: Any, keywords: Any) -> Any:
    """Series of other numbers are cast by TA-Lib's own wrapper; arrays of them it refuses."""
    columns = [value._expression for value in (*arguments, *keywords.values()) if is_column(value)]
    if any(column.kind == "array" and column.values.dtype != np.float64 for column in columns):
        return None
    if name in TALIB_WANTS_VALUES and any(np.isnan(column.values[:1]).any() for column in columns):
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
    """None where the indicator answers something else than one value a bar, or has settings that are on no list."""
    values = [value for value in (*arguments, *keywords.values()) if not is_column(value)]
    if not keywords.keys() <= TA_SETTINGS or any(type(value) not in (int, float) for value in values):
        return None
    if any(
        is_column(value) and value._expression.kind != "series" for value in (*arguments, *keywords.values())
    ):
        return None
    if name in TA_TABLES and not _all_finite(arguments, keywords):
        return None  # whether there are columns then depends on the gaps
    key = run.memory.key("ta", name, *_key_parts(arguments, keywords))
    call = IndicatorCall(run, function, arguments, keywords)
    found = run.memory.recall(key, lambda: call.table(key) if name in TA_TABLES else call.series(key))
    if isinstance(found, Expression):
        return run.column(found)
    if found is None:
        return None
    columns, least = found
    run.leave_open(np.arange(run.bars) < least - 1)
    return TableStandIn(run, columns)


def _all_finite(arguments: Any, keywords: Any) -> bool:
    return all(
        np.isfinite(value._expression.values).all()
        for value in (*arguments, *keywords.values())
        if is_column(value)
    )


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
