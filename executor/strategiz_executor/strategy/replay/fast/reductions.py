"""One number from all bars so far, or from the last few: what pandas' reductions give on every prefix.

Rounding depends on the order of additions, which numpy chooses by length: so sums are taken anew at every bar
(1 to 3 us each), not from a running total.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from .expression import Values

Reduction = Callable[[Values], Any]


def _sum(values: Values) -> Any:
    return values.sum() if values.dtype.kind != "f" else _filled(values).sum()


def _filled(values: Values) -> Values:
    gaps = np.isnan(values)
    return np.where(gaps, 0.0, values) if gaps.any() else values


def _mean(values: Values) -> Any:
    if values.dtype.kind != "f":
        return values.sum(dtype=np.float64) / np.float64(len(values))
    gaps = np.isnan(values)
    if not gaps.any():
        return values.sum() / np.float64(len(values))
    count = np.float64(len(values) - gaps.sum())
    return np.where(gaps, 0.0, values).sum() / count if count > 0 else np.nan


def _variance(values: Values) -> Any:
    floats = values.astype(np.float64, copy=False)
    gaps = np.isnan(floats)
    if gaps.any():
        floats = np.where(gaps, 0.0, floats)
    count = np.float64(len(floats) - gaps.sum())
    if count <= 1:
        return np.nan
    squares = (floats.sum() / count - floats) ** 2
    if gaps.any():
        np.putmask(squares, gaps, 0)
    return squares.sum() / (count - np.float64(1))


def _deviation(values: Values) -> Any:
    return np.sqrt(_variance(values))


def _largest(values: Values) -> Any:
    return _extreme(values, np.max, -np.inf)


def _smallest(values: Values) -> Any:
    return _extreme(values, np.min, np.inf)


def _extreme(values: Values, reduce: Reduction, filler: float) -> Any:
    if values.dtype.kind != "f":
        return reduce(values)
    gaps = np.isnan(values)
    if not gaps.any():
        return reduce(values)
    return np.nan if gaps.all() else reduce(np.where(gaps, filler, values))


def _any(values: Values) -> Any:
    return values.any()


def _all(values: Values) -> Any:
    return values.all()


# Series -> scalar, called without arguments, by the dtypes that it may be called on.
SERIES_REDUCTIONS: dict[str, tuple[str, Reduction]] = {
    "sum": ("fib", _sum),
    "mean": ("fi", _mean),
    "std": ("fi", _deviation),
    "var": ("fi", _variance),
    "max": ("fi", _largest),
    "min": ("fi", _smallest),
    "any": ("b", _any),
    "all": ("b", _all),
}
# The same of a numpy array, whose gaps are not skipped.
ARRAY_REDUCTIONS: dict[str, tuple[str, Reduction]] = {
    "sum": ("fib", lambda values: values.sum()),
    "mean": ("fi", lambda values: values.mean()),
    "std": ("fi", lambda values: values.std()),
    "max": ("fi", lambda values: values.max()),
    "min": ("fi", lambda values: values.min()),
    "any": ("b", _any),
    "all": ("b", _all),
}


def reduction(name: str, kind: str, values: Values) -> Reduction | None:
    """The reduction of that name for a column of this kind and dtype; None where it is on no list."""
    dtypes, found = (SERIES_REDUCTIONS if kind == "series" else ARRAY_REDUCTIONS).get(name, ("", _any))
    return found if values.dtype.kind in dtypes and values.dtype.itemsize in (1, 8) else None


def reduced(values: Values, reduce: Reduction, last: int | None) -> Values:
    """What `reduce` gives of every prefix, or of its last `last` values."""
    with np.errstate(all="ignore"):
        if last is None:
            return np.array([reduce(values[:end]) for end in range(1, len(values) + 1)])
        return np.array([reduce(values[max(end - last, 0) : end]) for end in range(1, len(values) + 1)])
