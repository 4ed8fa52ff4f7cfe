"""Conditions of which the source alone says that they are never, or always, true."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
}
REFUSED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
}
"""What holds where the comparison does not. (Neither holds for NaN, of which every comparison is false.)"""


@dataclass(frozen=True)
class Bound:
    """What a comparison says of an expression, written as its author has it."""

    expression: str
    sign: type[ast.cmpop]
    number: float


def constant_truth(test: ast.expr) -> bool | None:
    """Answer what a condition without variables comes to; None where it depends on something."""
    match test:
        case ast.Constant():
            return bool(test.value)
        case ast.UnaryOp(op=ast.Not()):
            inner = constant_truth(test.operand)
            return None if inner is None else not inner
        case ast.BoolOp():
            parts = [constant_truth(each) for each in test.values]
            decides = isinstance(test.op, ast.Or)
            if decides in parts:
                return decides
            return None if None in parts else not decides
        case ast.Compare():
            return _compared(test)
    return None


def contradiction(test: ast.expr) -> str:
    """Answer how the parts of a condition exclude each other, "" if they do not."""
    bounds = list(_bounds(test))
    for place, bound in enumerate(bounds):
        for earlier in bounds[:place]:
            if _exclude(earlier, bound):
                return f"{_text(earlier)} and {_text(bound)} exclude each other"
    return ""


def taken_before(test: ast.expr, earlier: ast.expr) -> bool:
    """Tell whether whatever meets the condition has met the one asked before it."""
    parts = (
        earlier.values if isinstance(earlier, ast.BoolOp) and isinstance(earlier.op, ast.Or) else [earlier]
    )
    refused = [_refused(part) for part in parts]
    wanted = list(_bounds(test))
    return any(_exclude(left, right) for left in refused if left is not None for right in wanted)


def _compared(test: ast.Compare) -> bool | None:
    values = [_constant(each) for each in (test.left, *test.comparators)]
    if None in values:
        return None
    try:
        return all(
            COMPARED[type(sign)](left, right)
            for sign, left, right in zip(test.ops, values, values[1:], strict=False)
        )
    except (KeyError, TypeError):  # `is` and `in`, or values that have no order
        return None


def _constant(node: ast.expr) -> float | str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return _number(node)


def _number(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _number(node.operand)
        return None if number is None else -number
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    return None


def _bounds(test: ast.expr) -> Iterator[Bound]:
    """What all has to hold: comparisons with numbers, joined by `and` or, of columns, by `&`."""
    match test:
        case ast.BoolOp(op=ast.And()):
            for each in test.values:
                yield from _bounds(each)
        case ast.BinOp(op=ast.BitAnd()):
            yield from _bounds(test.left)
            yield from _bounds(test.right)
        case ast.Compare():
            operands = [test.left, *test.comparators]
            for sign, left, right in zip(test.ops, operands, operands[1:], strict=False):
                bound = _bound(left, type(sign), right)
                if bound is not None:
                    yield bound


def _bound(left: ast.expr, sign: type[ast.cmpop], right: ast.expr) -> Bound | None:
    if sign not in MIRRORED:
        return None
    if (number := _number(right)) is not None and _is_the_same_again(left):
        return Bound(ast.unparse(left), sign, number)
    if (number := _number(left)) is not None and _is_the_same_again(right):
        return Bound(ast.unparse(right), MIRRORED[sign], number)
    return None


def _is_the_same_again(node: ast.expr) -> bool:
    """An expression that has the same value when it is written twice in one condition: no call, no assignment."""
    changing = (ast.Call, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom, ast.Lambda)
    return not any(isinstance(each, changing) for each in ast.walk(node))


def _refused(test: ast.expr) -> Bound | None:
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    bound = _bound(test.left, type(test.ops[0]), test.comparators[0])
    if bound is None or bound.sign not in REFUSED:
        return None
    return Bound(bound.expression, REFUSED[bound.sign], bound.number)


def _exclude(one: Bound, other: Bound) -> bool:
    if one.expression != other.expression or math.isnan(one.number) or math.isnan(other.number):
        return False
    if other.sign is ast.Eq:
        return not COMPARED[one.sign](other.number, one.number)
    if one.sign is ast.Eq:
        return not COMPARED[other.sign](one.number, other.number)
    low, high = (one, other) if one.sign in (ast.Gt, ast.GtE) else (other, one)
    if low.sign not in (ast.Gt, ast.GtE) or high.sign not in (ast.Lt, ast.LtE):
        return False
    both_closed = low.sign is ast.GtE and high.sign is ast.LtE
    return low.number > high.number or (low.number == high.number and not both_closed)


def _text(bound: Bound) -> str:
    signs = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "=="}
    return f"{bound.expression} {signs[bound.sign]} {bound.number:g}"
