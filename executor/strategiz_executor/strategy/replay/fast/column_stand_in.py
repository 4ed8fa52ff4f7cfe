"""Stand-in for a column of the frame, or one computed from it: "this column up to every bar"."""

import operator
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from .bar_value import EXACT_UFUNCS
from .column_operators import give_operators, is_truth
from .combine import chosen_by_condition, combine, combined, where
from .expression import UNSURE_NAME, Expression
from .operations import BOOL_METHODS, SERIES_METHODS, WINDOWS, key_parts, series_method
from .reductions import reduced, reduction
from .refusals import refuse_the_rest
from .run import Run, real_attribute, real_parts
from .tail_stand_in import PositionStandIn, TailStandIn, element
from .window_stand_in import WindowStandIn

# Elementwise: the same at a bar whatever the length of the column (tests/replay/test_operations_are_causal.py).
COLUMN_UFUNCS = EXACT_UFUNCS | {np.log10, np.log2, np.log1p, np.expm1, np.power, np.tanh}


class ColumnStandIn:
    """A Series or an array on every prefix. What it does not know goes on with the real object, or gives up."""

    __slots__ = ("_expression", "_run")
    _is_column_stand_in = True
    _is_stand_in = True
    __pandas_priority__ = 10_000  # so that a real Series leaves an operation with this one to us

    def __init__(self, run: Run, expression: Expression) -> None:
        self._run = run
        self._expression = expression

    def __getattr__(self, name: str) -> Any:
        if self._expression.kind == "array":
            return _array_attribute(self, name)
        return _series_attribute(self, name)

    def __getitem__(self, position: object) -> Any:
        if self._expression.kind == "array":
            if type(position) is int:
                return element(self, position)
            tail = TailStandIn.cut(self, position)
            if tail is not None:
                return tail
        real = self._run.real(self, "an index into a column")
        return real[real_parts(self._run, position, "an index")]

    def _refuse_change(self, *_: object) -> NoReturn:
        raise self._run.give_up("a write into a column")

    __setitem__ = __delitem__ = _refuse_change

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: object) -> Any:
        if method != "__call__" or options:
            raise self._run.give_up(f"np.{ufunc.__name__} of a column")
        if ufunc not in COLUMN_UFUNCS:
            return ufunc(*[self._run.real(each, f"np.{ufunc.__name__}") for each in inputs])
        return combine(self._run, ufunc, f"np.{ufunc.__name__}", inputs)

    def __array_function__(
        self, function: Callable[..., Any], _: object, arguments: Any, options: Any
    ) -> Any:
        if function is np.where and len(arguments) == 3 and not options:
            found = chosen_by_condition(self._run, *arguments)
            if found is not None:
                return found
        name = f"np.{function.__name__}"
        named = {key: real_parts(self._run, value, name) for key, value in options.items()}
        return function(*[real_parts(self._run, value, name) for value in arguments], **named)

    def __array__(self, *_: object, **__: object) -> Any:
        raise self._run.give_up("a column used as a plain array")

    def _real(self) -> Any:
        return self._run.real(self, "a column used as a whole")

    def __len__(self) -> int:
        return len(self._real())

    def __iter__(self) -> Any:
        return iter(self._real())

    def __reversed__(self) -> Any:
        return reversed(self._real())

    def __bool__(self) -> bool:
        return bool(self._real())

    def __contains__(self, value: object) -> bool:
        return value in self._real()

    def __str__(self) -> str:
        return str(self._real())

    def __repr__(self) -> str:
        return repr(self._real())

    def __format__(self, specification: str) -> str:
        return format(self._real(), specification)

    def __float__(self) -> float:
        return float(self._real())

    def __int__(self) -> int:
        return int(self._real())

    def _refuse(self, *_: object, **__: object) -> Any:
        raise self._run.give_up("a column used as a number or a key")


def _series_attribute(column: ColumnStandIn, name: str) -> Any:
    """What a Series answers by itself."""
    run, expression = column._run, column._expression
    method = SERIES_METHODS.get(name)
    if name in BOOL_METHODS and expression.values.dtype == bool:
        method = BOOL_METHODS[name]
    if method is not None:
        return lambda *arguments, **keywords: _series_call(column, name, method, arguments, keywords)
    if name in WINDOWS:
        return lambda *arguments, **keywords: _open_window(column, name, arguments, keywords)
    if name in ("iloc", "iat"):
        return PositionStandIn(column, name)
    if name in _OPERATOR_METHODS:
        return lambda *arguments, **keywords: _operator_call(column, name, arguments, keywords)
    if name in ("where", "mask"):
        return lambda *arguments, **keywords: _where_call(column, name, arguments, keywords)
    if name in ("values", "to_numpy"):
        array = run.column(expression.as_array())
        return array if name == "values" else lambda *given, **named: _to_numpy(column, array, given, named)
    if name == "tail":
        return lambda *arguments, **keywords: _tail_call(column, arguments, keywords)
    if name == "name" and expression.name != UNSURE_NAME:
        return expression.name
    if name in _CONSTANTS:
        return _CONSTANTS[name](expression)
    if name in ("size", "shape"):
        return run.length() if name == "size" else (run.length(),)
    reduce = reduction(name, "series", expression.values)
    if reduce is not None:
        return lambda *arguments, **keywords: _reduce_call(column, name, arguments, keywords)
    return real_attribute(run, column, name, "a column")


def _array_attribute(column: ColumnStandIn, name: str) -> Any:
    expression = column._expression
    if name in ("dtype", "ndim"):
        return _CONSTANTS[name](expression)
    if name in ("size", "shape"):
        return column._run.length() if name == "size" else (column._run.length(),)
    if reduction(name, "array", expression.values) is not None:
        return lambda *arguments, **keywords: _reduce_call(column, name, arguments, keywords)
    return real_attribute(column._run, column, name, "an array")


_CONSTANTS: dict[str, Callable[[Expression], Any]] = {
    "dtype": lambda expression: expression.values.dtype,
    "ndim": lambda expression: 1,
    "empty": lambda expression: False,
}


def _on_real(column: ColumnStandIn, name: str, arguments: Any, keywords: Any) -> Any:
    """The call on the real object, with the arguments that no list allows."""
    return real_attribute(column._run, column, name, "a column")(*arguments, **keywords)


def _series_call(column: ColumnStandIn, name: str, method: Any, arguments: Any, keywords: Any) -> Any:
    run, source = column._run, column._expression
    if name == "astype" and len(arguments) == 1 and arguments[0] in (float, int):
        arguments = (arguments[0].__name__,)
    given = method.bind(arguments, keywords)
    if given is None or not method.takes(source.values):
        return _on_real(column, name, arguments, keywords)
    key = run.memory.key("method", source.key, name, *key_parts(given))

    def make() -> Expression:
        return Expression(series_method(source.values, name, given), key, "series", source.name)

    return run.column(run.memory.recall(key, make, source.name or ""))


def _open_window(column: ColumnStandIn, name: str, arguments: Any, keywords: Any) -> Any:
    method = WINDOWS[name]
    given = method.bind(arguments, keywords)
    if given is None or not method.takes(column._expression.values):
        return _on_real(column, name, arguments, keywords)
    return WindowStandIn(column, name, given)


def _operator_call(column: ColumnStandIn, name: str, arguments: Any, keywords: Any) -> Any:
    if len(arguments) == 1 and not keywords and not is_truth(column):
        found = combined(column._run, _OPERATOR_METHODS[name], name, (column, arguments[0]))
        if found is not None:
            return column._run.column(found)
    return _on_real(column, name, arguments, keywords)


def _where_call(column: ColumnStandIn, name: str, arguments: Any, keywords: Any) -> Any:
    given = {**dict(zip(("cond", "other"), arguments, strict=False)), **keywords}
    if len(arguments) <= 2 and given.keys() <= {"cond", "other"} and "cond" in given:
        found = where(column, name, given["cond"], given.get("other", np.nan))
        if found is not None:
            return found
    return _on_real(column, name, arguments, keywords)


def _to_numpy(column: ColumnStandIn, array: Any, arguments: Any, keywords: Any) -> Any:
    return _on_real(column, "to_numpy", arguments, keywords) if arguments or keywords else array


def _tail_call(column: ColumnStandIn, arguments: Any, keywords: Any) -> Any:
    count = arguments[0] if len(arguments) == 1 and not keywords else None
    if type(count) is int and count > 0:
        return TailStandIn(column._run, column._expression, count)
    return _on_real(column, "tail", arguments, keywords)


def _reduce_call(column: ColumnStandIn, name: str, arguments: Any, keywords: Any) -> Any:
    run, source = column._run, column._expression
    reduce = reduction(name, source.kind, source.values)
    if arguments or keywords or reduce is None:
        return _on_real(column, name, arguments, keywords)
    key = run.memory.key("prefix", source.key, source.kind, name)
    return run.last(
        run.memory.recall(key, lambda: Expression(reduced(source.values, reduce, None), key, "array")), 1
    )


_OPERATOR_METHODS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "truediv": operator.truediv, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
    "eq": operator.eq, "ne": operator.ne,
}  # fmt: skip
give_operators(ColumnStandIn)
refuse_the_rest(ColumnStandIn)
