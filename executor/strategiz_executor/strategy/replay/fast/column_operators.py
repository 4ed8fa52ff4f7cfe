"""What a column does with operators: elementwise where that is the same on every prefix, else on the real object."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .combine import combine
from .run import is_column

ARITHMETIC = ("add", "sub", "mul", "truediv")
OF_FLOATS = ("pow", "mod", "floordiv")


def _operator(name: str, function: Callable[..., Any], reflected: bool = False) -> Callable[..., Any]:
    def method(self: Any, other: object) -> Any:
        if function is operator.truediv and is_truth(self) and is_truth(other):
            return function(self._run.real(self, name), self._run.real(other, name))  # pandas refuses it
        return combine(self._run, function, name, (other, self) if reflected else (self, other))

    return method


def _of_floats(name: str, function: Callable[..., Any], reflected: bool = False) -> Callable[..., Any]:
    """pandas fills what integers give when divided by zero, by the data of the whole prefix."""

    def method(self: Any, other: object) -> Any:
        operands = (other, self) if reflected else (self, other)
        if all(_is_float(operand) for operand in operands) and is_column(operands[0]):
            return combine(self._run, function, name, operands)
        return function(*[self._run.real(operand, name) for operand in operands])

    return method


def _is_float(operand: object) -> bool:
    if is_column(operand):
        return operand._expression.values.dtype == np.float64
    return type(operand) in (int, float) and operand != 0


def _logical(name: str, function: Callable[..., Any], reflected: bool = False) -> Callable[..., Any]:
    def method(self: Any, other: object) -> Any:
        operands = (other, self) if reflected else (self, other)
        if all(is_truth(operand) for operand in operands):
            return combine(self._run, function, name, operands)
        return function(*[self._run.real(operand, name) for operand in operands])

    return method


def is_truth(operand: object) -> bool:
    """A truth, or a column of truths."""
    return (
        operand._expression.values.dtype == bool if is_column(operand) else type(operand) in (bool, np.bool_)
    )


def _signed(name: str, function: Callable[..., Any], kinds: str) -> Callable[..., Any]:
    def method(self: Any) -> Any:
        if self._expression.values.dtype.kind in kinds:
            return combine(self._run, function, name, (self,))
        return function(self._run.real(self, name))

    return method


def _in_place(function: Callable[..., Any]) -> Callable[..., Any]:
    """`column += x` changes the object that every name of it sees; of an array, its memory."""

    def method(self: Any, other: object) -> Any:
        if self._expression.kind == "array":
            raise self._run.give_up("an array changed in place")
        found = function(self, other)
        if not is_column(found):
            raise self._run.give_up("a column changed in place")
        self._expression = found._expression.named(self._expression.name)
        return self

    return method


def give_operators(owner: type) -> None:
    """Every operator that a column knows, as methods of its class."""
    for name in ARITHMETIC:
        function = getattr(operator, name)
        setattr(owner, f"__{name}__", _operator(name, function))
        setattr(owner, f"__r{name}__", _operator(name, function, reflected=True))
    for name in OF_FLOATS:
        function = getattr(operator, name)
        setattr(owner, f"__{name}__", _of_floats(name, function))
        setattr(owner, f"__r{name}__", _of_floats(name, function, reflected=True))
    for name in ("lt", "le", "gt", "ge", "eq", "ne"):
        setattr(owner, f"__{name}__", _operator(name, getattr(operator, name)))
    for name, function in {"and": operator.and_, "or": operator.or_, "xor": operator.xor}.items():
        setattr(owner, f"__{name}__", _logical(name, function))
        setattr(owner, f"__r{name}__", _logical(name, function, reflected=True))
    for name, function, kinds in (
        ("neg", operator.neg, "fi"), ("pos", operator.pos, "fi"), ("abs", operator.abs, "fi"),
        ("invert", operator.invert, "b"),
    ):  # fmt: skip
        setattr(owner, f"__{name}__", _signed(name, function, kinds))
    for name in (*ARITHMETIC, *OF_FLOATS):
        setattr(owner, f"__i{name}__", _in_place(getattr(operator, name)))
    for name, function in {"and": operator.and_, "or": operator.or_, "xor": operator.xor}.items():
        setattr(owner, f"__i{name}__", _in_place(function))
