"""pandas' own C kernels without their 200 us of Python, for the plain rolling and ewm cases: the same bits."""

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from .expression import Values


def window_kernel(
    values: Values, window: str, options: dict[str, Any], name: str, arguments: dict[str, object]
) -> Values | None:
    """The values of a window method; None where the public way must serve."""
    if arguments:
        return None
    if window == "rolling" and name in _ROLLING:
        return _rolling(values, options, _ROLLING[name])
    return _ewm_mean(values, options) if window == "ewm" and name == "mean" else None


def _rolling(values: Values, options: dict[str, Any], kernel: Callable[..., Values]) -> Values | None:
    size = options.get("window")
    least = options.get("min_periods")
    least = size if least is None else least
    if type(size) is not int or type(least) is not int or not 1 <= least <= size:
        return None
    end = np.arange(1, len(values) + 1, dtype=np.int64)
    return np.asarray(kernel(_floats(values), np.maximum(end - size, 0), end, least))


def _ewm_mean(values: Values, options: dict[str, Any]) -> Values | None:
    com = _centre_of_mass(options)
    if com is None or _EWM is None:
        return None
    least = options.get("min_periods")
    start, end = np.zeros(1, np.int64), np.array([len(values)], np.int64)
    adjust, ignore_na = options.get("adjust", True), options.get("ignore_na", False)
    return np.asarray(
        _EWM(_floats(values), start, end, max(least or 0, 1), com, adjust, ignore_na, None, True)
    )


def _centre_of_mass(options: dict[str, Any]) -> float | None:
    """pandas' get_center_of_mass for its valid arguments; None for the rest, which pandas refuses itself."""
    given = [name for name in ("com", "span", "halflife", "alpha") if options.get(name) is not None]
    if len(given) != 1:
        return None
    value = options[given[0]]
    match given[0]:
        case "com" if value >= 0:
            return float(value)
        case "span" if value >= 1:
            return float((value - 1) / 2)
        case "alpha" if 0 < value <= 1:
            return float((1 - value) / value)
        case _:
            return None


def _floats(values: Values) -> Values:
    """What pandas' _prep_values makes of a column: float64, infinities as NaN."""
    floats = values.astype(np.float64, copy=False)
    infinite = np.isinf(floats)
    return np.where(infinite, np.nan, floats) if infinite.any() else floats


def _load() -> tuple[dict[str, Callable[..., Values]], Callable[..., Values] | None]:
    """Private names of pandas: where a release has moved them, the public way serves."""
    try:
        kernels = importlib.import_module("pandas._libs.window.aggregations")
    except ImportError:
        return {}, None
    names = {"mean": "roll_mean", "sum": "roll_sum", "max": "roll_max", "min": "roll_min"}
    rolling = {name: getattr(kernels, kernel) for name, kernel in names.items() if hasattr(kernels, kernel)}
    return rolling, getattr(kernels, "ewm", None)


_ROLLING, _EWM = _load()
