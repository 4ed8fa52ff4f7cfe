"""`data.iloc[-1]`: one bar of the frame on every prefix. Its scalars are those of the columns, which hold them."""

from typing import Any, NoReturn

import pandas as pd

from .refusals import refuse_the_rest
from .run import ReadOnly, Run, real_attribute


class RowPositions:
    """`data.iloc`."""

    __slots__ = ("_frame", "_run")
    _is_stand_in = True

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self._run = frame._run

    def __getitem__(self, position: object) -> Any:
        run = self._frame._run
        if type(position) is int:
            run.require_bar(position, "series")
            return RowStandIn(self._frame._copy(), position)
        real = run.real(self._frame, "iloc of the frame with a range")
        return ReadOnly(run, real.iloc, "iloc")[position]

    def __setitem__(self, position: object, value: object) -> NoReturn:
        raise self._frame._run.give_up("a write through iloc")

    def __getattr__(self, name: str) -> NoReturn:
        raise self._frame._run.give_up(f"{name} of iloc")

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self._run.give_up("iloc used as a whole")


refuse_the_rest(RowPositions)


class RowStandIn:
    """A bar by position; the frame's later writes are not in it."""

    __slots__ = ("_frame", "_position", "_run")
    _is_stand_in = True
    __pandas_priority__ = 10_000

    def __init__(self, frame: Any, position: int) -> None:
        self._frame = frame
        self._position = position
        self._run: Run = frame._run

    def __getitem__(self, name: object) -> Any:
        if type(name) is str:
            expression = self._frame._expression(name)
            if expression is not None:
                position = self._position
                return (
                    self._run.last(expression, -position)
                    if position < 0
                    else self._run.first(expression, position)
                )
            if name not in self._frame:
                raise KeyError(name)
        return self._real()[name]

    def __getattr__(self, name: str) -> Any:
        if not hasattr(pd.Series, name) and self._frame._expression(name) is not None:
            return self[name]
        return real_attribute(self._run, self, name, "a row")

    def get(self, name: str, default: object = None) -> Any:
        """The scalar, or `default` where there is no such column."""
        return self[name] if name in self._frame else default

    def _real(self) -> Any:
        return self._run.real(self, "a row as a whole")

    def __contains__(self, name: object) -> bool:
        return name in self._frame

    def __len__(self) -> int:
        return len(self._frame._column_names())

    def __iter__(self) -> Any:
        return iter(self._real())

    def __str__(self) -> str:
        return str(self._real())

    def __repr__(self) -> str:
        return repr(self._real())

    def __format__(self, specification: str) -> str:
        return format(self._real(), specification)

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self._run.give_up("an operation on a row")


refuse_the_rest(RowStandIn)
