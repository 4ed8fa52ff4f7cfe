"""Stand-ins for the frame and its columns: what a strategy gets instead of a real prefix in the fast ways.

A stand-in holds an Expression and the run that it belongs to. The run decides what a scalar of it is (a BarValue in
a path run, the number itself in a proxy run) and what happens to a request that is on no list.
"""

import operator
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

import numpy as np
import pandas as pd

from .bar_value import EXACT_UFUNCS, NUMBERS
from .expression import Expression, Memory, Values
from .operations import (
    PREFIX_REDUCTIONS,
    SERIES_METHODS,
    WINDOW_METHODS,
    WINDOWS,
    Method,
    series_method,
    window_method,
)


class Run(Protocol):
    """What stand-ins need of the run they belong to."""

    memory: Memory
    bars: int

    def source(self, name: str) -> Expression:
        """A column of the bars themselves."""

    def index(self) -> "pd.Index[Any]":
        """The times of all bars."""

    def column(self, expression: Expression) -> "ColumnStandIn":
        """A stand-in of this run for `expression`."""

    def last(self, expression: Expression, back: int) -> Any:
        """The scalar `back` bars before the last (1 is the last); IndexError where the prefix is shorter."""

    def first(self, expression: Expression, position: int) -> Any:
        """The scalar at `position` from the start; IndexError where the prefix is shorter."""

    def length(self) -> Any:
        """How many bars the prefix has."""

    def unknown(self, stand_in: Any, what: str) -> Any:
        """A request that is on no list: the real object to go on with, or GiveUp."""

    def give_up(self, reason: str) -> BaseException:
        """The exception that ends the run."""


class ColumnStandIn:
    """ "This column up to every bar"."""

    __slots__ = ("expression", "run")
    is_column_stand_in = True
    is_stand_in = True

    def __init__(self, run: Run, expression: Expression) -> None:
        self.run = run
        self.expression = expression

    def __getattr__(self, name: str) -> Any:
        known = _attribute(self, name)
        return (
            getattr(self.run.unknown(self, f"attribute {name} of a column"), name) if known is None else known
        )

    def __getitem__(self, position: object) -> Any:
        if self.expression.kind == "array" and type(position) is int:
            return _element(self, position)
        return self.run.unknown(self, "an index into a column")[position]

    def __setitem__(self, position: object, value: object) -> NoReturn:
        raise self.run.give_up("a write into a column")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: object) -> Any:
        if method != "__call__" or options or ufunc not in EXACT_UFUNCS:
            raise self.run.give_up(f"np.{ufunc.__name__} of a column")
        return combine(self.run, ufunc, f"np.{ufunc.__name__}", inputs)

    def __array_function__(
        self, function: Callable[..., Any], _: object, arguments: Any, options: Any
    ) -> Any:
        if function is np.where and len(arguments) == 3 and not options:
            return _where(self.run, *arguments)
        raise self.run.give_up(f"np.{function.__name__} of a column")

    def __array__(self, *_: object, **__: object) -> Values:
        raise self.run.give_up("a column used as a plain array")

    def __len__(self) -> int:
        raise self.run.give_up("the length of a column")

    def __iter__(self) -> NoReturn:
        raise self.run.give_up("a loop over a column")

    def __bool__(self) -> bool:
        return bool(self.run.unknown(self, "the truth of a column"))

    def __contains__(self, _: object) -> bool:
        raise self.run.give_up("a search in a column")

    def _refuse(self, *_: object, **__: object) -> Any:
        raise self.run.give_up("a column used as text, a number or a key")

    __float__ = __int__ = __index__ = __hash__ = __str__ = __repr__ = __format__ = __call__ = _refuse
    __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = __pow__ = __rpow__ = __matmul__ = __divmod__ = _refuse


class WindowStandIn:
    """`column.rolling(...)`, `.expanding(...)` or `.ewm(...)` before its method is called."""

    __slots__ = ("column", "kind", "options")

    def __init__(self, column: ColumnStandIn, kind: str, options: dict[str, object]) -> None:
        self.column = column
        self.kind = kind
        self.options = options

    def __getattr__(self, name: str) -> Any:
        method = WINDOW_METHODS[self.kind].get(name)
        if method is None:
            real = self.column.run.unknown(self.column, f"{self.kind}().{name}")
            return getattr(getattr(real, self.kind)(**self.options), name)
        return lambda *arguments, **keywords: self._call(name, method, arguments, keywords)

    def _call(
        self, name: str, method: Method, arguments: tuple[object, ...], keywords: dict[str, object]
    ) -> Any:
        run, source = self.column.run, self.column.expression
        given = method.bind(arguments, keywords)
        if given is None:
            real = getattr(run.unknown(self.column, f"an argument of {self.kind}().{name}"), self.kind)(
                **self.options
            )
            return getattr(real, name)(*arguments, **keywords)
        key = run.memory.key(self.kind, source.key, *_flat(self.options), name, *_flat(given))

        def make() -> Expression:
            return Expression(
                window_method(source.values, self.kind, self.options, name, given), key, "series", source.name
            )

        return run.column(run.memory.recall(key, make, source.name or ""))


class PositionStandIn:
    """`column.iloc` and `column.iat`."""

    __slots__ = ("column", "name")

    def __init__(self, column: ColumnStandIn, name: str) -> None:
        self.column = column
        self.name = name

    def __getitem__(self, position: object) -> Any:
        if type(position) is int:
            return _element(self.column, position)
        return getattr(self.column.run.unknown(self.column, f"{self.name} with a range"), self.name)[position]

    def __setitem__(self, position: object, value: object) -> NoReturn:
        raise self.column.run.give_up("a write into a column")


def _element(column: ColumnStandIn, position: int) -> Any:
    run = column.run
    return run.last(column.expression, -position) if position < 0 else run.first(column.expression, position)


def _flat(arguments: dict[str, object]) -> tuple[Any, ...]:
    return tuple(part for name in sorted(arguments) for part in (name, arguments[name]))


def _attribute(column: ColumnStandIn, name: str) -> Any:
    """What a column answers by itself; None for what is on no list."""
    expression = column.expression
    if expression.kind == "array":
        return None
    if name in ("iloc", "iat"):
        return PositionStandIn(column, name)
    if name == "values":
        return column.run.column(_as_array(expression))
    if name == "to_numpy":
        return lambda: column.run.column(_as_array(expression))
    if name in _OPERATOR_METHODS:
        return lambda other: combine(column.run, _OPERATOR_METHODS[name], name, (column, other))
    if name in SERIES_METHODS:
        return lambda *arguments, **keywords: _series_call(column, name, arguments, keywords)
    if name in WINDOWS:
        return lambda *arguments, **keywords: _open_window(column, name, arguments, keywords)
    if name in PREFIX_REDUCTIONS and expression.values.dtype.kind in "fi":
        return lambda: _reduce(column, name)
    if name in ("where", "mask"):
        return lambda condition, other=np.nan: _series_where(column, name, condition, other)
    return None


def _as_array(expression: Expression) -> Expression:
    return Expression(expression.values, expression.key, "array", None)


def _series_call(
    column: ColumnStandIn, name: str, arguments: tuple[object, ...], keywords: dict[str, object]
) -> Any:
    run, source, method = column.run, column.expression, SERIES_METHODS[name]
    if name == "astype" and arguments[:1] == (float,):
        arguments = ("float64",)
    given = method.bind(arguments, keywords)
    if given is None or source.values.dtype.kind not in method.kinds:
        return getattr(run.unknown(column, f"{name} with these arguments"), name)(*arguments, **keywords)
    key = run.memory.key("method", source.key, name, *_flat(given))

    def make() -> Expression:
        return Expression(series_method(source.values, name, given), key, "series", source.name)

    return run.column(run.memory.recall(key, make, source.name or ""))


def _open_window(
    column: ColumnStandIn, name: str, arguments: tuple[object, ...], keywords: dict[str, object]
) -> Any:
    given = WINDOWS[name].bind(arguments, keywords)
    if given is None or column.expression.values.dtype.kind not in "fi":
        return getattr(column.run.unknown(column, f"{name} with these arguments"), name)(
            *arguments, **keywords
        )
    return WindowStandIn(column, name, given)


def _reduce(column: ColumnStandIn, name: str) -> Any:
    run, source = column.run, column.expression
    key = run.memory.key("prefix", source.key, name)
    make = lambda: Expression(PREFIX_REDUCTIONS[name](source.values), key, "array")  # noqa: E731
    return run.last(run.memory.recall(key, make), 1)


def combine(run: Run, function: Callable[..., Any], name: str, operands: tuple[Any, ...]) -> Any:
    """An elementwise operation over columns and plain numbers."""
    parts: list[Any] = []
    keys: list[Any] = []
    for operand in operands:
        if type(operand) is ColumnStandIn:
            parts.append(operand.expression.values)
            keys += ["column", operand.expression.key]
        elif type(operand) in NUMBERS and not (type(operand) is int and abs(operand) > 2**53):
            parts.append(operand)
            keys += ["number", type(operand).__name__, float(operand).hex()]
        else:
            raise run.give_up(f"{name} of a column with {type(operand).__name__}")
    columns = [operand.expression for operand in operands if type(operand) is ColumnStandIn]
    kind = "series" if any(column.kind == "series" for column in columns) else "array"
    series = [column for column in columns if column.kind == "series"]
    label = series[0].name if series and all(column.name == series[0].name for column in series) else None
    key = run.memory.key(name, kind, *keys)

    def make() -> Expression:
        with np.errstate(all="ignore"):
            return Expression(np.asarray(function(*parts)), key, kind, label)

    return run.column(run.memory.recall(key, make, label or ""))


def _where(run: Run, condition: Any, chosen: Any, other: Any) -> Any:
    """np.where: gives an array."""
    if type(condition) is not ColumnStandIn or condition.expression.values.dtype != bool:
        raise run.give_up("np.where whose condition is not a comparison")
    found = combine(run, np.where, "np.where", (condition, chosen, other))
    return run.column(_as_array(found.expression))


def _series_where(column: ColumnStandIn, name: str, condition: Any, other: Any) -> Any:
    """Series.where and mask, for float columns: for others the dtype would depend on the prefix."""
    run, values = column.run, column.expression.values
    of_condition = condition.expression if type(condition) is ColumnStandIn else None
    if values.dtype.kind != "f" or of_condition is None or of_condition.values.dtype != bool:
        raise run.give_up(f"{name} of this kind")
    if type(other) is ColumnStandIn and other.expression.values.dtype.kind != "f":
        raise run.give_up(f"{name} with integers")
    if type(other) is bool or (type(other) is not ColumnStandIn and type(other) not in NUMBERS):
        raise run.give_up(f"{name} with {type(other).__name__}")
    order = (condition, column, other) if name == "where" else (condition, other, column)
    found = combine(run, np.where, f"series.{name}", order).expression
    return run.column(Expression(found.values, found.key, "series", column.expression.name))


_OPERATOR_METHODS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "truediv": operator.truediv, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
    "eq": operator.eq, "ne": operator.ne,
}  # fmt: skip


def _operator(name: str, function: Callable[..., Any], reflected: bool = False) -> Callable[..., Any]:
    def method(self: ColumnStandIn, other: object) -> Any:
        return combine(self.run, function, name, (other, self) if reflected else (self, other))

    return method


def _logical(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: ColumnStandIn, other: object) -> Any:
        both = type(other) is ColumnStandIn and other.expression.values.dtype == bool
        if self.expression.values.dtype != bool or not (both or type(other) is bool):
            raise self.run.give_up("& or | of columns that are not truths")
        return combine(self.run, function, name, (self, other))

    return method


def _signed(name: str, function: Callable[..., Any], kinds: str) -> Callable[..., Any]:
    def method(self: ColumnStandIn) -> Any:
        if self.expression.values.dtype.kind not in kinds:
            raise self.run.give_up(f"{name} of this kind of column")
        return combine(self.run, function, name, (self,))

    return method


for _name in ("add", "sub", "mul", "truediv"):
    _function = getattr(operator, _name)
    setattr(ColumnStandIn, f"__{_name}__", _operator(_name, _function))
    setattr(ColumnStandIn, f"__r{_name}__", _operator(_name, _function, reflected=True))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(ColumnStandIn, f"__{_name}__", _operator(_name, getattr(operator, _name)))
for _name, _function in {"and": operator.and_, "or": operator.or_, "xor": operator.xor}.items():
    setattr(ColumnStandIn, f"__{_name}__", _logical(_name, _function))
    setattr(ColumnStandIn, f"__r{_name}__", _logical(_name, _function))
for _name, _function, _kinds in (
    ("neg", operator.neg, "fi"), ("abs", operator.abs, "fi"), ("invert", operator.invert, "b"),
):  # fmt: skip
    setattr(ColumnStandIn, f"__{_name}__", _signed(_name, _function, _kinds))
