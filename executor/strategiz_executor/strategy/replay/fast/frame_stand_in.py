"""The stand-in for the whole frame: columns by name, the author's own writes, rows and its length."""

from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from .expression import WIDEST_INTEGER, Expression
from .refusals import refuse_the_rest
from .row_stand_in import RowPositions
from .run import Run, is_column, real_attribute, real_parts

OWN_COLUMNS = ("timestamp", "open", "high", "low", "close", "volume")
NUMBER_COLUMNS = OWN_COLUMNS[1:]


class FrameStandIn:
    """ "The bars up to every bar". Writes last for one call, as in a real prefix."""

    __slots__ = ("_run", "_written")
    _is_frame_stand_in = True
    _is_stand_in = True
    __pandas_priority__ = 10_000

    def __init__(self, run: Run, written: dict[str, Expression] | None = None) -> None:
        object.__setattr__(self, "_run", run)
        object.__setattr__(self, "_written", written or {})

    def __getitem__(self, name: object) -> Any:
        if type(name) is str:
            expression = self._expression(name)
            if expression is not None:
                return self._run.column(expression)
            if name not in OWN_COLUMNS:
                raise KeyError(name)
        return self._real()[real_parts(self._run, name, "an index into the frame")]

    def _expression(self, name: str) -> Expression | None:
        """The column of that name as one of numbers; None for the timestamp and where there is none."""
        written: dict[str, Expression] = self._written
        if name in written:
            return written[name]
        return self._run.source(name) if name in NUMBER_COLUMNS else None

    def _column_names(self) -> tuple[str, ...]:
        return (*OWN_COLUMNS, *(name for name in self._written if name not in OWN_COLUMNS))

    def __setitem__(self, name: object, value: object) -> None:
        if type(name) is not str or name == "timestamp":
            raise self._run.give_up("a write into the frame other than of a column by name")
        if is_column(value):
            self._written[name] = value._expression.named(name)
        elif type(value) in (bool, int, float) and not (type(value) is int and abs(value) > WIDEST_INTEGER):
            self._written[name] = self._constant(name, value)
        else:
            raise self._run.give_up("a write into the frame of something other than a column or a number")

    def _constant(self, name: str, value: Any) -> Expression:
        key = self._run.memory.key("constant", value)
        return Expression(np.full(self._run.bars, value), key, "series", name)

    def __getattr__(self, name: str) -> Any:
        if name in NUMBER_COLUMNS or (name in self._written and not hasattr(pd.DataFrame, name)):
            return self[name]
        if name == "iloc":
            return RowPositions(self)
        if name == "copy":
            return self._copy
        if name == "empty":
            return False
        if name == "columns":
            return pd.Index(self._column_names())
        if name == "shape":
            return (self._run.length(), len(self._column_names()))
        return real_attribute(self._run, self, name, "the frame")

    def _copy(self, deep: bool = True) -> "FrameStandIn":
        """pandas 3 copies on write: a shallow copy shows no write either."""
        return FrameStandIn(self._run, dict(self._written))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise self._run.give_up("an attribute set on the frame")

    def __contains__(self, name: object) -> bool:
        return name in OWN_COLUMNS or name in self._written

    def get(self, name: str, default: object = None) -> Any:
        """The column, or `default` where there is none."""
        return self[name] if name in self else default  # noqa: SIM401  (this is get)

    def keys(self) -> Any:
        """The names of the columns."""
        return pd.Index(self._column_names())

    def _real(self) -> Any:
        return self._run.real(self, "the frame as a whole")

    def __len__(self) -> int:
        return len(self._real())

    def __bool__(self) -> bool:
        return bool(self._real())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._column_names())

    def __str__(self) -> str:
        return str(self._real())

    def __repr__(self) -> str:
        return repr(self._real())

    def __format__(self, specification: str) -> str:
        return format(self._real(), specification)

    def _refuse(self, *_: object, **__: object) -> Any:
        raise self._run.give_up("the frame in an expression")

    __delattr__ = _refuse


refuse_the_rest(FrameStandIn)
