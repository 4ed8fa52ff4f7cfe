"""The proxy run: one call per bar, with stand-ins that read remembered columns at that bar.

Scalars are the real numbers, so whatever is done with them is exact. A request that is on no list goes on with the
real object: a prefix cut from the remembered column.
"""

from collections.abc import Callable
from typing import Any, NoReturn

import pandas as pd

from .column_stand_in import ColumnStandIn
from .expression import UNSURE_NAME, Expression, Memory, Values
from .frame_stand_in import OWN_COLUMNS, FrameStandIn
from .give_up import Abandonment, GiveUp
from .row_stand_in import RowStandIn
from .run import is_stand_in
from .table_stand_in import TableRow, TableStandIn
from .tail_stand_in import TailStandIn


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

    def index(self) -> pd.DatetimeIndex:
        """The times of all bars."""
        found = self._frame.index
        assert isinstance(found, pd.DatetimeIndex)
        return found

    def column(self, expression: Expression) -> ColumnStandIn:
        """A stand-in of this run."""
        return ColumnStandIn(self, expression)

    def require_bar(self, position: int, kind: str) -> None:
        """Raises IndexError as the real prefix does."""
        count = self._bar + 1
        if -count <= position < count:
            return
        if kind == "array":
            raise IndexError(f"index {position} is out of bounds for axis 0 with size {count}")
        raise IndexError("single positional indexer is out-of-bounds")

    def last(self, expression: Expression, back: int) -> Any:
        """The number `back` bars before the end of this prefix."""
        return expression.values[self._bar + 1 - back]

    def first(self, expression: Expression, position: int) -> Any:
        """The number at `position` from the start."""
        return expression.values[position]

    def length(self) -> int:
        """How many bars this prefix has."""
        return self._bar + 1

    def leave_open(self, mask: Values) -> None:
        """A bar whose real prefix must tell what happens ends this way of replay."""
        if mask[self._bar]:
            raise self.give_up("a bar that only its real prefix can tell")

    def at_every_bar(
        self, function: Callable[..., Any], arguments: Any, keywords: dict[str, Any], what: str
    ) -> NoReturn:
        """There are no values of many bars here."""
        raise self.give_up(what)

    def real(self, value: Any, what: str) -> Any:
        """The real object that a stand-in stands for; anything else as it is."""
        if type(value) is ColumnStandIn:
            return self._real_column(value._expression, 0)
        if type(value) is FrameStandIn:
            return self._real_frame(value._written)
        if type(value) is TailStandIn:
            return self._real_column(value._expression, max(self._bar + 1 - value._count, 0))
        if type(value) is TableStandIn:
            return self._real_table(value._columns)
        if type(value) is RowStandIn:
            return self._real_frame(value._frame._written).iloc[value._position]
        if type(value) is TableRow:
            return self._real_table(value._table._columns).iloc[value._position]
        if is_stand_in(value):
            raise self.give_up(what)
        return value

    def _real_column(self, expression: Expression, start: int) -> Any:
        if expression.name == UNSURE_NAME:
            raise self.give_up("the name of an indicator")
        end = self._bar + 1
        values = expression.values[start:end].copy()
        if expression.kind == "array":
            values.flags.writeable = False  # a write raises, also where the real array takes it: never lost
            return values
        return pd.Series(values, index=self._frame.index[start:end], name=expression.name)

    def _real_table(self, columns: dict[Any, Expression]) -> pd.DataFrame:
        end = self._bar + 1
        values = {name: column.values[:end].copy() for name, column in columns.items()}
        return pd.DataFrame(values, index=self._frame.index[:end])

    def _real_frame(self, written: dict[str, Expression]) -> pd.DataFrame:
        end = self._bar + 1
        real = self._frame.iloc[:end][list(OWN_COLUMNS)].copy()
        for name, expression in written.items():
            real[name] = expression.values[:end]
        return real

    def give_up(self, reason: str) -> GiveUp:
        """Marks the whole replay as given up."""
        return self.abandonment.give_up(reason)
