"""What may be done to an expression: each operation is causal and equal to pandas on every prefix.

The proof is tests/strategy/test_operations_are_causal.py, which takes every entry of the tables here. An argument
that is not listed gives up: many a method is causal only for some of its arguments.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .expression import PRIMITIVES, Values

Check = Callable[[Any], bool]


def _whole(value: object) -> bool:
    return type(value) is int and 0 <= value <= 1_000_000


def _number(value: object) -> bool:
    return type(value) in (int, float)


def _number_or_none(value: object) -> bool:
    return value is None or _number(value)


def _truth(value: object) -> bool:
    return type(value) is bool


@dataclass(frozen=True)
class Method:
    """A pandas method: its parameters in order with what each may be, and the dtypes it may be called on."""

    parameters: Mapping[str, Check]
    kinds: str = "fi"  # dtype kinds: f float64, i int64, b bool

    def bind(self, arguments: tuple[object, ...], keywords: Mapping[str, object]) -> dict[str, object] | None:
        """The arguments by name; None where one is not allowed."""
        names = list(self.parameters)
        if len(arguments) > len(names):
            return None
        given = {**dict(zip(names, arguments, strict=False)), **keywords}
        if len(given) != len(arguments) + len(keywords):
            return None
        allowed = all(
            name in self.parameters and type(value) in PRIMITIVES and self.parameters[name](value)
            for name, value in given.items()
        )
        return given if allowed else None


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
}

WINDOWS: dict[str, Method] = {
    "rolling": Method({"window": _whole, "min_periods": lambda value: value is None or _whole(value)}),
    "expanding": Method({"min_periods": _whole}),
    "ewm": Method(
        {
            "com": _number_or_none,
            "span": _number_or_none,
            "halflife": _number_or_none,
            "alpha": _number_or_none,
            "min_periods": lambda value: value is None or _whole(value),
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
        "count": Method({}),
        "skew": Method({}),
        "kurt": Method({}),
        "quantile": Method({"q": lambda value: type(value) is float and 0 <= value <= 1}),
    },
    "expanding": {
        "mean": Method({}),
        "sum": Method({}),
        "min": Method({}),
        "max": Method({}),
        "std": Method(_DDOF),
        "var": Method(_DDOF),
        "count": Method({}),
    },
    "ewm": {"mean": Method({}), "std": Method({}), "var": Method({})},
}

# Series of all bars so far -> scalar: what a reduction over each prefix gives.
PREFIX_REDUCTIONS: dict[str, Callable[[Values], Values]] = {
    "max": np.fmax.accumulate,
    "min": np.fmin.accumulate,
}


def series_method(values: Values, name: str, arguments: dict[str, object]) -> Values:
    """`getattr(series, name)(**arguments)` over the whole column."""
    with np.errstate(all="ignore"):
        return np.asarray(getattr(pd.Series(values), name)(**arguments).to_numpy())


def window_method(
    values: Values, window: str, options: dict[str, object], name: str, arguments: dict[str, object]
) -> Values:
    """`getattr(getattr(series, window)(**options), name)(**arguments)` over the whole column."""
    direct = _direct_kernel(values, window, options, name, arguments)
    if direct is not None:
        return direct
    opened = getattr(pd.Series(values), window)(**options)
    return np.asarray(getattr(opened, name)(**arguments).to_numpy())


def _direct_kernel(
    values: Values, window: str, options: dict[str, object], name: str, arguments: dict[str, object]
) -> Values | None:
    """pandas' own C kernel without its 200 us of Python, for the plain rolling cases; the same bits."""
    size = options.get("window")
    kernel = _KERNELS.get(name)
    if (
        window != "rolling"
        or kernel is None
        or arguments
        or len(options) != 1
        or type(size) is not int
        or size < 1
    ):
        return None
    data = values.astype(np.float64)
    if not np.isfinite(data).all():
        data = np.where(np.isinf(data), np.nan, data)
    end = np.arange(1, len(data) + 1, dtype=np.int64)
    start = np.maximum(end - size, 0)
    return np.asarray(kernel(data, start, end, size))


def _load_kernels() -> dict[str, Callable[..., Values]]:
    """Private names of pandas: where a release has moved them, the public way serves."""
    try:
        kernels = importlib.import_module("pandas._libs.window.aggregations")
    except ImportError:
        return {}
    names = {"mean": "roll_mean", "sum": "roll_sum", "max": "roll_max", "min": "roll_min"}
    return {name: getattr(kernels, kernel) for name, kernel in names.items() if hasattr(kernels, kernel)}


_KERNELS = _load_kernels()
