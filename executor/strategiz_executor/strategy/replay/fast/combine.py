"""Elementwise operations over columns and plain numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .expression import NUMBERS, WIDEST_INTEGER, Expression
from .run import Run, is_column

_NUMBERS = frozenset(NUMBERS)
_INTEGERS = (int, np.int64)


def combine(run: Run, function: Callable[..., Any], name: str, operands: tuple[Any, ...]) -> Any:
    """`function` over the whole columns, or over the real objects where an operand is on no list."""
    found = combined(run, function, name, operands)
    if found is None:
        return function(*[run.real(operand, name) for operand in operands])
    return run.column(found)


def combined(
    run: Run, function: Callable[..., Any], name: str, operands: tuple[Any, ...]
) -> Expression | None:
    """The expression of an elementwise operation; None where an operand is neither a column nor a number."""
    keys: list[Any] = []
    columns: list[Expression] = []
    for operand in operands:
        if type(operand) in _NUMBERS:
            if _is_wide(operand):
                return None
            keys += ("number", operand)
        elif is_column(operand):
            keys += ("column", operand._expression.key)
            columns.append(operand._expression)
        else:
            return None
    names = {column.name for column in columns if column.kind == "series"}
    kind = "series" if names else "array"
    label = names.pop() if len(names) == 1 else None
    key = run.memory.key(name, kind, *keys)

    def make() -> Expression:
        parts = [operand._expression.values if is_column(operand) else operand for operand in operands]
        with np.errstate(all="ignore"):
            return Expression(np.asarray(function(*parts)), key, kind, label)

    return run.memory.recall(key, make, label or "")


def _is_wide(operand: Any) -> bool:
    return type(operand) in _INTEGERS and not -WIDEST_INTEGER <= operand <= WIDEST_INTEGER


def chosen_by_condition(run: Run, condition: Any, chosen: Any, other: Any) -> Any:
    """np.where: gives an array."""
    if not is_column(condition) or condition._expression.values.dtype != bool:
        return None
    found = combined(run, np.where, "np.where", (condition, chosen, other))
    return None if found is None else run.column(found.as_array())


def where(column: Any, name: str, condition: Any, other: Any) -> Any:
    """Series.where and mask of float columns; for others the dtype would depend on the prefix. None if not so."""
    run = column._run
    if column._expression.values.dtype != np.float64 or not is_column(condition):
        return None
    if condition._expression.values.dtype != bool:
        return None
    if is_column(other):
        if other._expression.values.dtype != np.float64:
            return None
    elif type(other) not in (int, float, np.float64):
        return None
    order = (condition, column, other) if name == "where" else (condition, other, column)
    found = combined(run, np.where, f"series.{name}", order)
    return None if found is None else run.column(found.named(column._expression.name))
