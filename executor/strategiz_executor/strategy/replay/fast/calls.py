"""Every call that a strategy makes in a fast way (rewriting.py): where no stand-in is among the arguments, as it is.

Functions that are on a list are met with the stand-ins; the author's own and those of containers take them as they
are; all others get the real objects, or the scalars of every bar, or the run gives up.
"""

import functools
from collections.abc import Callable
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

import numpy as np
import pandas as pd

from strategiz_executor.strategy.language import FILE_NAME

from .at_every_bar import MixedTypesError, call_at_every_bar
from .bar_value import BarValue
from .column_stand_in import ColumnStandIn
from .combine import chosen_by_condition
from .expression import UNSURE_NAME
from .frame_stand_in import FrameStandIn
from .library_calls import library_call
from .path_run import PathRun
from .row_stand_in import RowStandIn
from .run import RealMethod, Run, is_column, real_parts, run_among
from .table_stand_in import TableStandIn
from .text import DeferredText, text_of

_CONTAINERS = (list, dict, set, tuple)
# Of Python itself: they reach a stand-in by its special methods alone, which are exact or give up.
_BY_SPECIAL_METHODS: frozenset[Any] = frozenset(
    (
        abs, all, any, bool, callable, dict, enumerate, filter, hasattr, getattr, iter, list, map, next, range,
        reversed, set, frozenset, sorted, tuple, zip, divmod, pow,
    )
)  # fmt: skip
_CHOOSE: frozenset[Any] = frozenset((max, min))
_OURS = ("strategiz_executor.strategy.replay.", "strategiz_executor.strategy.language.")


def called(function: Any, *arguments: Any, **keywords: Any) -> Any:
    """Answer `function(*arguments, **keywords)` where some of them may be stand-ins."""
    run = run_among(arguments) or (run_among(keywords.values()) if keywords else None)
    if run is None or _is_direct(function):
        return function(*arguments, **keywords)
    special = _SPECIAL.get(function)
    if special is not None:
        return special(run, *arguments, **keywords)
    if function in _CHOOSE:
        return _choose(run, function, arguments, keywords)
    if type(function) is BuiltinMethodType and type(function.__self__) is str:
        return _text_method(run, function, arguments, keywords)
    found = library_call(run, function, arguments, keywords)
    return _on_real(run, function, arguments, keywords) if found is None else found


def _is_direct(function: Any) -> bool:
    kind = type(function)
    if kind is FunctionType:
        return function.__code__.co_filename == FILE_NAME or str(function.__module__).startswith(_OURS)
    if kind is MethodType:
        return str(getattr(function.__func__, "__module__", "")).startswith(_OURS)
    if kind is BuiltinMethodType and type(function.__self__) in _CONTAINERS:
        return True
    if isinstance(function, np.ufunc) or kind is RealMethod:
        return True
    if isinstance(function, type) and issubclass(function, BaseException):
        return True
    return function in _BY_SPECIAL_METHODS


def _on_real(run: Run, function: Callable[..., Any], arguments: Any, keywords: Any) -> Any:
    """With the real objects; in a path run with the scalars of every bar, if there are no columns."""
    name = getattr(function, "__name__", "a call")
    if name in _CHANGING:
        raise run.give_up(f"{name} of a stand-in, which changes it")
    if isinstance(run, PathRun):
        if type(function) is functools.partial:
            raise run.give_up("a call through functools.partial")
        return run.at_every_bar(function, arguments, keywords, name)
    return function(
        *[real_parts(run, value, name) for value in arguments],
        **{key: real_parts(run, value, name) for key, value in keywords.items()},
    )


# Functions of numpy and operator that write into an argument: the write would be lost with the real object.
_CHANGING = frozenset(
    {"put", "copyto", "place", "putmask", "fill_diagonal", "put_along_axis", "setitem", "delitem", "nan_to_num",
     "iadd", "isub", "imul", "itruediv", "ifloordiv", "imod", "ipow", "imatmul", "iand", "ior", "ixor", "ilshift",
     "irshift", "iconcat", "shuffle"}
)  # fmt: skip


def _choose(run: Run, function: Any, arguments: Any, keywords: Any) -> Any:
    """max and min: of every bar's scalars, or by their comparisons, each of which is a decision."""
    if isinstance(run, PathRun) and not keywords and not _has_columns(arguments):
        try:
            return call_at_every_bar(run, function, arguments, keywords, function.__name__)
        except MixedTypesError:
            pass
    return function(*arguments, **keywords)


def _has_columns(arguments: Any) -> bool:
    return any(
        _has_columns(value) if type(value) in (list, tuple) else type(value) not in _CHOICES
        for value in arguments
    )


_CHOICES = (BarValue, bool, int, float, np.float64, np.int64)


def _text_method(run: Run, function: Any, arguments: Any, keywords: Any) -> Any:
    """ "...".format(...) and ", ".join(...) with values of bars."""
    if function.__name__ == "join" and len(arguments) == 1 and type(arguments[0]) in (list, tuple):
        return _joined(run, function.__self__, list(arguments[0]))
    if isinstance(run, PathRun):
        return run.at_every_bar(function, arguments, keywords, f"str.{function.__name__}")
    return _on_real(run, function, arguments, keywords)


def _joined(run: Run, separator: str, parts: list[Any]) -> Any:
    pieces: list[Any] = []
    for part in parts:
        if type(part) is DeferredText:
            pieces += [*part._parts, separator]
        elif type(part) is str:
            pieces += [part, separator]
        else:
            raise run.give_up("a join of something other than texts")
    return DeferredText(run, tuple(pieces[:-1]))


def formatted(text: Any, values: Any) -> Any:
    """`text % values`, where the text is a str or an f-string."""
    run = run_among((text, values))
    if run is None:
        return text % values
    return run.at_every_bar(lambda form, given: form % given, (text, values), {}, "% of a text")


def _length(run: Run, value: Any = None, *more: Any) -> Any:
    if not more and (is_column(value) or type(value) in (FrameStandIn, TableStandIn)):
        return run.length()
    return len(value, *more)


def _is_instance(run: Run, value: Any, kinds: Any) -> bool:
    if not hasattr(type(value), "_is_stand_in"):
        return isinstance(value, kinds)
    return any(
        issubclass(_real_type(run, value), kind) for kind in (kinds if type(kinds) is tuple else (kinds,))
    )


def _real_type(run: Run, value: Any) -> type:
    kind = type(value)
    if kind in (FrameStandIn, TableStandIn):
        return pd.DataFrame
    if kind is RowStandIn:
        return pd.Series
    if kind is ColumnStandIn:
        return pd.Series if value._expression.kind == "series" else np.ndarray
    if kind is DeferredText:
        return str
    if kind is BarValue:
        return type(value._values[:1].tolist()[0]) if value._plain else value._values.dtype.type
    raise run.give_up("isinstance of this value")


def _text(run: Run, *arguments: Any, **keywords: Any) -> Any:
    if len(arguments) == 1 and not keywords and type(arguments[0]) in (BarValue, DeferredText):
        return text_of(run, arguments[0])
    return str(*[run.real(value, "str") for value in arguments], **keywords)


def _missing(function: Any) -> Callable[..., Any]:
    """pd.isna and pd.notna: of a value a bool of Python's, of a column its method."""

    def call(run: Run, value: Any) -> Any:
        if isinstance(run, PathRun) and type(value) is BarValue:
            gaps = np.isnan(value._values)
            return BarValue(run, gaps if function is pd.isna else ~gaps, plain=True)
        if is_column(value) and value._expression.kind == "series":
            column: Any = value
            return column.isna() if function is pd.isna else column.notna()
        return function(real_parts(run, value, function.__name__))

    return call


def _chosen(run: Run, *arguments: Any, **keywords: Any) -> Any:
    if len(arguments) == 3 and not keywords:
        found = chosen_by_condition(run, *arguments)
        if found is not None:
            return found
    return _on_real(run, np.where, arguments, keywords)


def _concatenated(run: Run, *arguments: Any, **keywords: Any) -> Any:
    """pd.concat of float columns side by side."""
    columns = arguments[0] if len(arguments) == 1 and keywords in ({"axis": 1}, {"axis": "columns"}) else None
    if type(columns) is list and all(
        is_column(each) and each._expression.kind == "series" and each._expression.values.dtype == np.float64
        for each in columns
    ):
        return TableStandIn(run, _labelled([each._expression for each in columns]))
    return _on_real(run, pd.concat, arguments, keywords)


def _labelled(columns: list[Any]) -> dict[Any, Any]:
    """By name where all have one of their own, else by place: then only rows can be asked."""
    names = [column.name for column in columns]
    unique = None not in names and UNSURE_NAME not in names and len(set(names)) == len(names)
    return dict(zip(names if unique else range(len(names)), columns, strict=True))


def _summed(run: Run, *arguments: Any, **keywords: Any) -> Any:
    if isinstance(run, PathRun) and not _has_columns(arguments):
        return run.at_every_bar(sum, arguments, keywords, "sum")
    return sum(*arguments, **keywords)


_SPECIAL: dict[Any, Callable[..., Any]] = {
    len: _length,
    isinstance: _is_instance,
    str: _text,
    sum: _summed,
    np.where: _chosen,
    pd.concat: _concatenated,
    pd.isna: _missing(pd.isna),
    pd.isnull: _missing(pd.isna),
    pd.notna: _missing(pd.notna),
    pd.notnull: _missing(pd.notna),
}
