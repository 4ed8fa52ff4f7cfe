"""What may be done to an expression: each operation is causal and equal to pandas on every prefix.

The proof is tests/replay/test_operations_are_causal.py, which takes every entry of the tables here. An argument that
is not listed is not allowed: many a method is causal only for some of its arguments.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from .expression import PRIMITIVES, Values
from .window_kernels import window_kernel

Check = Callable[[Any], bool]


def _whole(value: object) -> bool:
    return type(value) is int and 0 <= value <= 1_000_000


def _number(value: object) -> bool:
    return type(value) in (int, float)


def _number_or_none(value: object) -> bool:
    return value is None or _number(value)


def _whole_or_none(value: object) -> bool:
    return value is None or _whole(value)


def _truth(value: object) -> bool:
    return type(value) is bool


def _float_or_none(value: object) -> bool:
    return value is None or type(value) is float


@dataclass(frozen=True)
class Method:
    """A pandas method: its parameters in order with what each may be, and the dtypes it may be called on."""

    parameters: Mapping[str, Check]
    kinds: str = "fi"  # f float64, i int64, b bool
    named_only: frozenset[str] = frozenset()

    @cached_property
    def _by_place(self) -> tuple[str, ...]:
        return tuple(name for name in self.parameters if name not in self.named_only)

    def bind(self, arguments: tuple[object, ...], keywords: Mapping[str, object]) -> dict[str, object] | None:
        """The arguments by name; None where one is not allowed."""
        if not (arguments or keywords):
            return {}
        if len(arguments) > len(self._by_place):
            return None
        given = {**dict(zip(self._by_place, arguments, strict=False)), **keywords}
        if len(given) != len(arguments) + len(keywords):
            return None
        for name, value in given.items():
            check = self.parameters.get(name)
            if check is None or type(value) not in PRIMITIVES or not check(value):
                return None
        return given

    def takes(self, values: Values) -> bool:
        """Whether the method may be called on a column of this dtype."""
        return values.dtype.kind in self.kinds and values.dtype.itemsize in (1, 8)


def key_parts(arguments: dict[str, object]) -> tuple[Any, ...]:
    """Named arguments as parts of a key."""
    if len(arguments) < 2:
        return next(iter(arguments.items()), ())
    return tuple([part for name in sorted(arguments) for part in (name, arguments[name])])


# Series -> Series of the same length and name.
SERIES_METHODS: dict[str, Method] = {
    "shift": Method({"periods": _whole}),
    "diff": Method({"periods": _whole}),
    "pct_change": Method({"periods": lambda value: _whole(value) and value > 0}, "f"),
    "abs": Method({}),
    "clip": Method({"lower": _number_or_none, "upper": _number_or_none}, "f"),
    "fillna": Method({"value": _number}, "f"),
    "ffill": Method({}, "f"),
    "round": Method({"decimals": _whole}, "f"),
    "replace": Method({"to_replace": _number, "value": lambda value: type(value) is float}, "f"),
    "cumsum": Method({}),
    "cumprod": Method({}, "f"),
    "cummax": Method({}),
    "cummin": Method({}),
    "isna": Method({}, "fib"),
    "isnull": Method({}, "fib"),
    "notna": Method({}, "fib"),
    "notnull": Method({}, "fib"),
    "between": Method(
        {
            "left": _number,
            "right": _number,
            "inclusive": lambda value: value in ("both", "neither", "left", "right"),
        }
    ),
    "astype": Method({"dtype": lambda value: value in ("float", "float64")}, "fib"),
    "copy": Method({"deep": _truth}, "fib"),
}
# Those whose dtype on a bool column is that of the prefix too.
BOOL_METHODS: dict[str, Method] = {
    "shift": Method({"periods": _whole, "fill_value": _truth}, "b", frozenset({"fill_value"})),
    "astype": Method({"dtype": lambda value: value in ("int", "int64", "float", "float64")}, "b"),
    "cumsum": Method({}, "b"),
}

_WINDOW = {
    "window": _whole,
    "min_periods": _whole_or_none,
    "center": lambda value: value is False,
}
WINDOWS: dict[str, Method] = {
    "rolling": Method(_WINDOW),
    "expanding": Method({"min_periods": _whole}),
    "ewm": Method(
        {
            "com": _number_or_none,
            "span": _number_or_none,
            "halflife": _number_or_none,
            "alpha": _number_or_none,
            "min_periods": _whole_or_none,
            "adjust": _truth,
            "ignore_na": _truth,
        }
    ),
}

_DDOF = {"ddof": _whole}
WINDOW_METHODS: dict[str, dict[str, Method]] = {
    "rolling": {
        "mean": Method({}),
        "sum": Method({}),
        "min": Method({}),
        "max": Method({}),
        "median": Method({}),
        "std": Method(_DDOF),
        "var": Method(_DDOF),
        "sem": Method(_DDOF),
        "count": Method({}),
        "skew": Method({}),
        "kurt": Method({}),
        "rank": Method({"pct": _truth}, named_only=frozenset({"pct"})),
        "quantile": Method({"q": lambda value: type(value) is float and 0 <= value <= 1}),
    },
    "expanding": {
        "mean": Method({}),
        "sum": Method({}),
        "min": Method({}),
        "max": Method({}),
        "median": Method({}),
        "std": Method(_DDOF),
        "var": Method(_DDOF),
        "count": Method({}),
    },
    "ewm": {"mean": Method({}), "std": Method({}), "var": Method({})},
}


def series_method(values: Values, name: str, arguments: dict[str, object]) -> Values:
    """`getattr(series, name)(**arguments)` over the whole column."""
    direct = _DIRECT.get(name)
    with np.errstate(all="ignore"):
        if direct is not None:
            found = direct(values, arguments)
            if found is not None:
                return found
        return np.asarray(getattr(pd.Series(values), name)(**arguments).to_numpy())


def _shift(values: Values, arguments: dict[str, Any]) -> Values | None:
    periods = arguments.get("periods", 1)
    if values.dtype != np.float64 or len(arguments) > 1:
        return None
    moved = np.empty_like(values)
    moved[:periods] = np.nan
    moved[periods:] = values[: len(values) - periods] if periods < len(values) else values[:0]
    return moved


def _diff(values: Values, arguments: dict[str, Any]) -> Values | None:
    periods = arguments.get("periods", 1)
    if values.dtype != np.float64 or not 0 < periods < len(values):
        return None
    changes = np.empty_like(values)
    changes[:periods] = np.nan
    np.subtract(values[periods:], values[:-periods], out=changes[periods:])
    return changes


def _clip(values: Values, arguments: dict[str, Any]) -> Values | None:
    lower, upper = arguments.get("lower"), arguments.get("upper")
    if (lower is None) == (upper is None):
        return None
    bound: Any = lower if upper is None else upper
    if np.isnan(bound):
        return None
    kept = values >= bound if upper is None else values <= bound
    return np.where(kept | np.isnan(values), values, np.float64(bound))


# What pandas does in the end, without its 50 to 150 us of Python; None where it does more than that.
_DIRECT: dict[str, Callable[[Values, dict[str, Any]], Values | None]] = {
    "shift": _shift,
    "diff": _diff,
    "clip": _clip,
    "abs": lambda values, _: np.abs(values),
    "isna": lambda values, _: np.isnan(values) if values.dtype == np.float64 else None,
    "notna": lambda values, _: ~np.isnan(values) if values.dtype == np.float64 else None,
    "copy": lambda values, _: values,
}


def window_method(
    values: Values, window: str, options: dict[str, object], name: str, arguments: dict[str, object]
) -> Values:
    """`getattr(getattr(series, window)(**options), name)(**arguments)` over the whole column."""
    direct = window_kernel(values, window, options, name, arguments)
    if direct is not None:
        return direct
    opened = getattr(pd.Series(values), window)(**options)
    return np.asarray(getattr(opened, name)(**arguments).to_numpy())
