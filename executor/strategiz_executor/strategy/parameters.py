"""`param` and `params`: the parameters of a job, converted to what the strategy asks for."""

from __future__ import annotations

import math
import sys
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from strategiz_executor.strategy.errors import ParameterError
from strategiz_executor.strategy.texts import plain_text

TRUE_WORDS = frozenset({"true", "1", "yes"})
FALSE_WORDS = frozenset({"false", "0", "no"})

Value = str | int | float | bool | None

_OWN_KINDS = {bool: "bool", int: "int", float: "float", str: "str"}
"""Of a default that has no say in what `param` answers where the job has the parameter."""

_EXACT_INTEGER = 2**53


class Declaration(NamedTuple):
    """One parameter as the strategy declared it."""

    name: str
    type: str
    default: Value
    low: float | None
    high: float | None
    line: int


class ParameterReader:
    """Answers `param` for one job and remembers what was asked."""

    def __init__(self, given: dict[str, Value]) -> None:
        self.given = given
        self.declared: dict[str, Declaration] = {}
        self._answered: dict[tuple[str, type], Value] = {}

    def param(
        self,
        name: str,
        default: Any,
        min: float | None = None,
        max: float | None = None,
    ) -> Any:
        """Answer the job's parameter in the default's type, the default where the job has none.

        Raises ParameterError naming parameter, value and rule.
        """
        unbounded = min is None and max is None
        if unbounded and type(name) is str:
            answered = self._answered.get((name, type(default)))
            if answered is not None:
                return answered
        if not isinstance(name, str):
            raise ParameterError(f"param's first argument is the name, a string, not {name!r}")
        name = plain_text(name)
        kind = _kind_of(name, default)
        if not unbounded:
            _check_bound_arguments(name, kind, min, max)
        if name not in self.declared:
            self.declared[name] = Declaration(
                name, kind, _plain(default), _bound(min), _bound(max), sys._getframe(1).f_lineno
            )
        value = _convert(name, kind, self.given[name]) if name in self.given else default
        if not unbounded:
            _check_bounds(name, value, min, max)
        if unbounded and name in self.given and type(default) in _OWN_KINDS:
            self._answered[name, type(default)] = value
        return value


def _kind_of(name: str, default: Any) -> str:
    own = _OWN_KINDS.get(type(default))
    if own is not None:
        return own
    for kind, types in (("bool", bool), ("int", Integral), ("float", Real), ("str", str)):
        if isinstance(default, types):
            return kind
    if default is None:
        return "any"
    raise ParameterError(
        f"the default of parameter {name!r} must be a number, a string, a boolean or None, not {default!r}"
    )


def _plain(default: Any) -> Value:
    if type(default) in _OWN_KINDS:
        return default  # type: ignore[no-any-return]
    if isinstance(default, Integral) and not isinstance(default, bool):
        return int(default)
    if isinstance(default, Real) and not isinstance(default, bool):
        return float(default)
    return None if default is None else default if isinstance(default, bool) else plain_text(default)


def _check_bound_arguments(name: str, kind: str, low: Any, high: Any) -> None:
    for word, bound in (("min", low), ("max", high)):
        if bound is None:
            continue
        if kind in {"bool", "str"}:
            raise ParameterError(f"parameter {name!r} is a {kind}: {word} is for numbers")
        if isinstance(bound, bool) or not isinstance(bound, Real) or math.isnan(bound):
            raise ParameterError(f"{word} of parameter {name!r} must be a number, not {bound!r}")


def _bound(bound: float | None) -> float | None:
    return None if bound is None else float(bound)


def _convert(name: str, kind: str, value: Value) -> Value:
    if type(value) is int and kind == "int" and -_EXACT_INTEGER <= value <= _EXACT_INTEGER:
        return value
    converted: Value = value if kind == "any" else _CONVERSIONS[kind](value)
    if converted is None and (value is not None or kind != "any"):
        raise ParameterError(f"parameter {name!r} must be {_RULES[kind]}, is {value!r}")
    return converted


def _to_bool(value: Value) -> bool | None:
    word = str(value).strip().lower()
    if word in TRUE_WORDS or value == 1:
        return True
    return False if word in FALSE_WORDS or value == 0 else None


def _to_int(value: Value) -> int | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    number = _to_float(value)
    return int(number) if number is not None and number.is_integer() else None


def _to_float(value: Value) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _to_str(value: Value) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


_CONVERSIONS = {"bool": _to_bool, "int": _to_int, "float": _to_float, "str": _to_str}
_RULES = {
    "bool": "true or false (also 1, 0, yes, no)",
    "int": "a whole number",
    "float": "a number",
    "str": "a string",
}


def _check_bounds(name: str, value: Any, low: float | None, high: float | None) -> None:
    if (low is None and high is None) or value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise ParameterError(
            f"parameter {name!r} must be a number to be compared with its bounds, is {value!r}"
        )
    if low is not None and not value >= low:
        raise ParameterError(f"parameter {name!r} must be at least {low}, is {value}")
    if high is not None and not value <= high:
        raise ParameterError(f"parameter {name!r} must be at most {high}, is {value}")
