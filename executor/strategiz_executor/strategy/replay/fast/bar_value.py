"""A scalar that stands for "this value at every bar" of a path run."""

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from .expression import Values

if TYPE_CHECKING:
    from .path_run import PathRun

NUMBERS = (bool, int, float, np.bool_, np.int64, np.float64)

# Elementwise, and the same bit for bit on a scalar and in a vector (tests/strategy/test_operations_are_causal.py).
EXACT_UFUNCS = frozenset(
    (
        np.add, np.subtract, np.multiply, np.true_divide, np.negative, np.absolute, np.sign, np.maximum, np.minimum,
        np.fmax, np.fmin, np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal,
        np.logical_and, np.logical_or, np.logical_not, np.isnan, np.isfinite, np.isinf, np.sqrt, np.floor, np.ceil,
        np.log, np.exp, np.square,
    )
)  # fmt: skip


class BarValue:
    """One numpy scalar a bar. Arithmetic and comparisons hold for all bars at once; its truth is a decision.

    Whatever else is asked of it gives up, so that no answer can differ from that of the scalar itself.
    """

    __slots__ = ("plain", "run", "values")
    is_stand_in = True

    def __init__(self, run: "PathRun", values: Values, plain: bool = False) -> None:
        self.run = run
        self.values = values
        # Whether the scalar is Python's own (as len gives it): that one raises where numpy's divides by zero.
        self.plain = plain

    def __bool__(self) -> bool:
        return self.run.decide(self.values if self.values.dtype == bool else self.values.astype(bool))

    def __getattr__(self, name: str) -> NoReturn:
        raise self.run.give_up(f"attribute {name} of a value")

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self.run.give_up("a value used as a plain number, an index or text")

    __float__ = __int__ = __index__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _refuse
    __iter__ = __len__ = __hash__ = __contains__ = __getitem__ = __call__ = _refuse
    __str__ = __repr__ = __format__ = __bytes__ = __array__ = __array_function__ = _refuse

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: object, **options: object) -> "BarValue":
        if method != "__call__" or options or self.plain or ufunc not in EXACT_UFUNCS:
            raise self.run.give_up(f"np.{ufunc.__name__} of a value")
        with np.errstate(all="ignore"):
            return BarValue(self.run, ufunc(*(self._operand(each) for each in inputs)))

    def apply(self, function: Callable[..., Any], *others: object, reflected: bool = False) -> "BarValue":
        """`function` over the values of all bars; gives up on an operand that is not a number."""
        operands = [self.values, *(self._operand(other) for other in others)]
        plain = self.plain and all(_is_plain(other) for other in others)
        if reflected:
            operands.reverse()
        if plain and function is operator.truediv and not np.all(operands[1]):
            raise self.run.give_up("a division by zero")
        with np.errstate(all="ignore"):
            return BarValue(self.run, function(*operands), plain)

    def _operand(self, other: object) -> Any:
        if type(other) is BarValue:
            return other.values
        if type(other) not in NUMBERS:
            raise self.run.give_up(f"arithmetic of a value with {type(other).__name__}")
        if type(other) is int and not -(2**53) <= other <= 2**53:
            raise self.run.give_up("an integer beyond 2**53")
        return other


def _is_plain(other: object) -> bool:
    return other.plain if type(other) is BarValue else type(other) in (bool, int, float)


def _binary(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: BarValue, other: object) -> Any:
        if hasattr(type(other), "is_column_stand_in"):
            return NotImplemented
        return self.apply(function, other)

    return method


def _reflected(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, other: self.apply(function, other, reflected=True)


_ARITHMETIC = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv}
_COMPARISONS = {name: getattr(operator, name) for name in ("lt", "le", "gt", "ge", "eq", "ne")}
for _name, _function in _ARITHMETIC.items():
    setattr(BarValue, f"__{_name}__", _binary(_function))
    setattr(BarValue, f"__r{_name}__", _reflected(_function))
for _name, _function in _COMPARISONS.items():
    setattr(BarValue, f"__{_name}__", _binary(_function))


def _logical(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: BarValue, other: object) -> Any:
        if self.plain or self.values.dtype != bool or not (type(other) in (bool, np.bool_) or _is_truth(other)):
            raise self.run.give_up("& or | of values that are not truths")
        return self.apply(function, other)

    return method


def _is_truth(other: object) -> bool:
    return type(other) is BarValue and other.values.dtype == bool and not other.plain


_LOGIC: dict[str, Callable[..., Any]] = {"and": operator.and_, "or": operator.or_, "xor": operator.xor}
for _name, _function in _LOGIC.items():
    setattr(BarValue, f"__{_name}__", _logical(_function))
    setattr(BarValue, f"__r{_name}__", _logical(_function))


def _number_only(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: BarValue) -> BarValue:
        if self.values.dtype == bool:
            raise self.run.give_up("the sign of a truth")
        return self.apply(function)

    return method


_SIGNS: dict[str, Callable[..., Any]] = {"neg": operator.neg, "pos": operator.pos, "abs": operator.abs}
for _name, _function in _SIGNS.items():
    setattr(BarValue, f"__{_name}__", _number_only(_function))


def _invert(self: BarValue) -> BarValue:
    if self.plain or self.values.dtype != bool:
        raise self.run.give_up("~ of a number")
    return self.apply(operator.invert)


def _refused_operator(self: BarValue, *_: object) -> NoReturn:
    raise self.run.give_up("an operator that the path run does not follow")


setattr(BarValue, "__invert__", _invert)  # noqa: B010  (mypy knows no assignment of methods)
for _name in ("mod", "floordiv", "pow", "divmod", "matmul", "lshift", "rshift"):
    setattr(BarValue, f"__{_name}__", _refused_operator)
    setattr(BarValue, f"__r{_name}__", _refused_operator)
