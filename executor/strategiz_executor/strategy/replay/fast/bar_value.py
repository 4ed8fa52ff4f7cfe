"""A scalar that stands for "this value at every bar" of a path run."""

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from .expression import NUMBERS, WIDEST_INTEGER, Values
from .refusals import refuse_the_rest

if TYPE_CHECKING:
    from .path_run import PathRun

# Elementwise, and the same bit for bit on a scalar and in a vector (tests/replay/test_operations_are_causal.py).
EXACT_UFUNCS = frozenset(
    (
        np.add, np.subtract, np.multiply, np.true_divide, np.negative, np.absolute, np.sign, np.maximum, np.minimum,
        np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal,
        np.logical_and, np.logical_or, np.logical_not, np.isnan, np.isfinite, np.isinf, np.sqrt, np.floor, np.ceil,
        np.log, np.exp, np.square,
    )
)  # fmt: skip

_FLOAT = np.dtype(np.float64)
_INT32 = np.dtype(np.int32)
_OTHERWISE_FOR_SCALARS = frozenset((np.power, np.remainder, np.floor_divide, np.divmod, np.float_power))
_SCALAR_METHODS = frozenset({"item", "round", "is_integer"})


class BarValue:
    """One scalar a bar. Arithmetic and comparisons hold for all bars at once; its truth is a decision.

    Whatever else is asked of it is asked of the real scalar of every bar, or gives up.
    """

    __slots__ = ("_plain", "_run", "_values")
    _is_stand_in = True

    def __init__(self, run: "PathRun", values: Values, plain: bool = False) -> None:
        self._run = run
        self._values = values
        # Whether the scalar is Python's own (as len gives it): that one raises where numpy's divides by zero.
        self._plain = plain

    def __bool__(self) -> bool:
        values = self._values
        return self._run.decide(values if values.dtype == bool else values.astype(bool))

    def __getattr__(self, name: str) -> Any:
        if name in _SCALAR_METHODS:
            return lambda *arguments: self._run.at_every_bar(
                lambda scalar, *others: getattr(scalar, name)(*others), (self, *arguments), {}, name
            )
        kind = None if self._plain else self._values.dtype.type
        if kind is not None and not name.startswith("__") and not hasattr(kind, name):
            raise AttributeError(f"'numpy.{kind.__name__}' object has no attribute '{name}'")
        raise self._run.give_up(f"attribute {name} of a value")

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self._run.give_up("a value used as a plain number, an index or text")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: object, **options: object) -> Any:
        if method != "__call__" or options:
            raise self._run.give_up(f"np.{ufunc.__name__} of a value")
        if ufunc in _OTHERWISE_FOR_SCALARS:  # called by np.float64(2) ** value too, which is not np.power
            raise self._run.give_up(f"np.{ufunc.__name__} of a value")
        if ufunc not in EXACT_UFUNCS:
            return self._run.at_every_bar(ufunc, inputs, {}, f"np.{ufunc.__name__}")
        operands = [self._operand(each) for each in inputs]
        with np.errstate(all="ignore"):
            return BarValue(self._run, ufunc(*operands))

    def _apply(self, function: Callable[..., Any], *others: object, reflected: bool = False) -> "BarValue":
        """`function` over the values of all bars; gives up on an operand that is not a number."""
        operands = [self._values, *(self._operand(other) for other in others)]
        plain = self._plain and all(map(_is_plain, others))
        if reflected:
            operands.reverse()
        if plain:
            operands = [_as_python_has_it(operand) for operand in operands]
            if function is operator.truediv:
                self._run.leave_open(np.broadcast_to(np.asarray(operands[1]) == 0, self._values.shape))
        with np.errstate(all="ignore"):
            found = function(*operands)
        if plain and found.dtype.kind == "i" and (abs(found) > WIDEST_INTEGER).any():
            raise self._run.give_up("an integer beyond 2**53")
        return BarValue(self._run, found, plain)

    def _operand(self, other: object) -> Any:
        kind = type(other)
        if kind is BarValue:
            if _INT32 in (other._values.dtype, self._values.dtype):  # type: ignore[attr-defined]
                raise self._run.give_up("arithmetic of 32-bit values")
            return other._values  # type: ignore[attr-defined]
        if kind not in NUMBERS:
            raise self._run.give_up(f"arithmetic of a value with {kind.__name__}")
        if kind is int and not -WIDEST_INTEGER <= other <= WIDEST_INTEGER:  # type: ignore[operator]
            raise self._run.give_up("an integer beyond 2**53")
        return other


def _as_python_has_it(operand: Any) -> Any:
    """Python adds True and True to 2, numpy to True."""
    is_array = isinstance(operand, np.ndarray)
    return operand.astype(np.int64) if is_array and operand.dtype == bool else operand


def _is_plain(other: object) -> bool:
    return other._plain if type(other) is BarValue else type(other) in (bool, int, float)


def _is_column(other: object) -> bool:
    return hasattr(type(other), "_is_column_stand_in")


def _binary(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: BarValue, other: object) -> Any:
        if type(other) is BarValue and not self._plain:
            values, others = self._values, other._values
            if values.dtype is _FLOAT and others.dtype is _FLOAT:  # what _apply comes to
                with np.errstate(all="ignore"):
                    return BarValue(self._run, function(values, others))
        return NotImplemented if _is_column(other) else self._apply(function, other)

    return method


def _reflected(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, other: self._apply(function, other, reflected=True)


def _of_scalars(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def method(self: BarValue, *others: object) -> Any:
        if any(map(_is_column, others)):
            return NotImplemented
        return self._run.at_every_bar(function, (self, *others), {}, name)

    return method


def _of_scalars_reflected(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    return lambda self, other: self._run.at_every_bar(function, (other, self), {}, name)


def _logical(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: BarValue, other: object) -> Any:
        if _is_column(other):
            return NotImplemented
        if (
            self._plain
            or self._values.dtype != bool
            or not (type(other) in (bool, np.bool_) or _is_truth(other))
        ):
            return self._run.at_every_bar(function, (self, other), {}, "& or |")
        return self._apply(function, other)

    return method


def _logical_reflected(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, other: self._run.at_every_bar(function, (other, self), {}, "& or |")


def _is_truth(other: object) -> bool:
    return type(other) is BarValue and other._values.dtype == bool and not other._plain


def _signed(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def method(self: BarValue) -> Any:
        if self._values.dtype == bool:
            return self._run.at_every_bar(function, (self,), {}, name)
        return self._apply(function)

    return method


for _name in ("add", "sub", "mul", "truediv"):
    setattr(BarValue, f"__{_name}__", _binary(getattr(operator, _name)))
    setattr(BarValue, f"__r{_name}__", _reflected(getattr(operator, _name)))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(BarValue, f"__{_name}__", _binary(getattr(operator, _name)))
_OF_SCALARS: dict[str, Callable[..., Any]] = {
    "mod": operator.mod,
    "floordiv": operator.floordiv,
    "pow": pow,
    "divmod": divmod,
}
_LOGIC: dict[str, Callable[..., Any]] = {"and": operator.and_, "or": operator.or_, "xor": operator.xor}
_SIGNS: dict[str, Callable[..., Any]] = {"neg": operator.neg, "pos": operator.pos, "abs": operator.abs}
for _name, _function in _OF_SCALARS.items():
    setattr(BarValue, f"__{_name}__", _of_scalars(_function, _name))
    setattr(BarValue, f"__r{_name}__", _of_scalars_reflected(_function, _name))
for _name, _function in _LOGIC.items():
    setattr(BarValue, f"__{_name}__", _logical(_function))
    setattr(BarValue, f"__r{_name}__", _logical_reflected(_function))
for _name, _function in _SIGNS.items():
    setattr(BarValue, f"__{_name}__", _signed(_function, _name))
setattr(BarValue, "__invert__", _of_scalars(operator.invert, "~"))  # noqa: B010  (mypy knows no assignment of methods)
refuse_the_rest(BarValue)
