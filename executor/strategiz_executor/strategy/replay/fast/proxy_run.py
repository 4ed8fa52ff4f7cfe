"""The proxy run: one call per bar, with stand-ins that read remembered columns at that bar.

Scalars are the real numbers, so whatever is done with them is exact. A request that is on no list goes on with the
real object: a prefix cut from the remembered column.
"""

from typing import Any

import pandas as pd

from .expression import Expression, Memory
from .frame_stand_in import OWN_COLUMNS, FrameStandIn
from .give_up import Abandonment, GiveUp
from .stand_ins import ColumnStandIn


class ProxyRun:
    """The Run of one bar."""

    def __init__(self, frame: pd.DataFrame, memory: Memory, bar: int, abandonment: Abandonment) -> None:
        self.memory = memory
        self.bars = len(frame)
        self.abandonment = abandonment
        self._frame = frame
        self._bar = bar

    def source(self, name: str) -> Expression:
        """A column of the bars themselves."""
        key = self.memory.key("frame", name)
        return self.memory.recall(
            key, lambda: Expression(self._frame[name].to_numpy(), key, "series", name), name
        )

    def index(self) -> "pd.Index[Any]":
        """The times of all bars."""
        return self._frame.index

    def column(self, expression: Expression) -> ColumnStandIn:
        """A stand-in of this run."""
        return ColumnStandIn(self, expression)

    def last(self, expression: Expression, back: int) -> Any:
        """The number `back` bars before the end of this prefix."""
        at = self._bar + 1 - back
        if at < 0:
            raise IndexError("single positional indexer is out-of-bounds")
        return expression.values[at]

    def first(self, expression: Expression, position: int) -> Any:
        """The number at `position` from the start."""
        if position > self._bar:
            raise IndexError("single positional indexer is out-of-bounds")
        return expression.values[position]

    def length(self) -> int:
        """How many bars this prefix has."""
        return self._bar + 1

    def unknown(self, stand_in: Any, what: str) -> Any:
        """The real object that `stand_in` stands for."""
        if type(stand_in) is ColumnStandIn:
            return self._real_column(stand_in.expression)
        if type(stand_in) is FrameStandIn and not what.startswith("a write"):
            return self._real_frame(stand_in)
        raise self.give_up(what)

    def _real_column(self, expression: Expression) -> Any:
        end = self._bar + 1
        values = expression.values[:end].copy()
        if expression.kind == "array":
            return values
        return pd.Series(values, index=self._frame.index[:end], name=expression.name)

    def _real_frame(self, stand_in: FrameStandIn) -> pd.DataFrame:
        end = self._bar + 1
        real = self._frame.iloc[:end][list(OWN_COLUMNS)].copy()
        for name, expression in stand_in.written.items():
            real[name] = expression.values[:end]
        return real

    def give_up(self, reason: str) -> GiveUp:
        """Marks the whole replay as given up."""
        return self.abandonment.give_up(reason)
