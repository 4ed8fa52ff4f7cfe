"""Several computed columns side by side: what `pd.concat([...], axis=1)`, `data[[...]]` and `ta.macd` answer."""

from typing import Any, NoReturn

import numpy as np
import pandas as pd

from .expression import Expression
from .refusals import refuse_the_rest
from .run import Run, real_attribute, real_parts
from .tail_stand_in import element

# One number a row: computed over the whole table by pandas itself (tests/replay/test_operations_are_causal.py).
ROW_REDUCTIONS = frozenset({"max", "min", "sum", "mean"})


class TableStandIn:
    """A DataFrame of float columns with names that differ; only read."""

    __slots__ = ("_columns", "_run")
    _is_stand_in = True
    _is_table_stand_in = True
    __pandas_priority__ = 10_000

    def __init__(self, run: Run, columns: dict[Any, Expression]) -> None:
        self._run = run
        self._columns = columns

    def __getitem__(self, name: Any) -> Any:
        if type(name) is str and self._is_named():
            if name in self._columns:
                return self._run.column(self._columns[name].named(name))
            raise KeyError(name)
        return self._real()[real_parts(self._run, name, "an index into a table")]

    def _is_named(self) -> bool:
        return type(next(iter(self._columns))) is str

    def __getattr__(self, name: str) -> Any:
        if name in ROW_REDUCTIONS:
            return lambda *arguments, **keywords: self._reduce_rows(name, arguments, keywords)
        if not self._is_named():
            raise self._run.give_up(f"{name} of columns side by side")
        if name in self._columns and not hasattr(pd.DataFrame, name):
            return self[name]
        if name == "columns":
            return pd.Index(list(self._columns))
        if name == "empty":
            return False
        if name == "shape":
            return (self._run.length(), len(self._columns))
        if name == "iloc":
            return _TablePositions(self)
        return real_attribute(self._run, self, name, "a table")

    def _reduce_rows(self, name: str, arguments: Any, keywords: Any) -> Any:
        run = self._run
        if arguments or keywords not in ({"axis": 1}, {"axis": "columns"}):
            return real_attribute(run, self, name, "a table")(*arguments, **keywords)
        key = run.memory.key("rows", name, *[column.key for column in self._columns.values()])

        def make() -> Expression:
            with np.errstate(all="ignore"):
                table = pd.DataFrame({at: column.values for at, column in enumerate(self._columns.values())})
                return Expression(getattr(table, name)(axis=1).to_numpy(), key)

        return run.column(run.memory.recall(key, make))

    def _real(self) -> Any:
        if not self._is_named():
            raise self._run.give_up("columns side by side as a whole")
        return self._run.real(self, "a table as a whole")

    def __contains__(self, name: object) -> bool:
        return name in (self._columns if self._is_named() else self._real())

    def __len__(self) -> int:
        return len(self._real())

    def __iter__(self) -> Any:
        return iter(list(self._columns) if self._is_named() else self._real())

    def __bool__(self) -> bool:
        return bool(self._real())

    def __str__(self) -> str:
        return str(self._real())

    def __repr__(self) -> str:
        return repr(self._real())

    def __format__(self, specification: str) -> str:
        return format(self._real(), specification)

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self._run.give_up("an operation on a whole table")


refuse_the_rest(TableStandIn)


class _TablePositions:
    """`table.iloc`: single columns, single scalars, the rest on the real one."""

    __slots__ = ("_run", "_table")
    _is_stand_in = True

    def __init__(self, table: TableStandIn) -> None:
        self._table = table
        self._run = table._run

    def __getitem__(self, position: Any) -> Any:
        run, names = self._table._run, list(self._table._columns)
        if type(position) is tuple and len(position) == 2 and type(position[1]) is int:
            rows, at = position
            if not -len(names) <= at < len(names):
                raise IndexError("single positional indexer is out-of-bounds")
            column = self._table[names[at]]
            if type(rows) is slice and rows == slice(None):
                return column
            if type(rows) is int:
                return element(column, rows)
        elif type(position) is int:
            run.require_bar(position, "series")
            return TableRow(self._table, position)
        return run.real(self._table, "iloc of a table").iloc[position]

    def __setitem__(self, position: object, value: object) -> NoReturn:
        raise self._table._run.give_up("a write through iloc")

    def __getattr__(self, name: str) -> NoReturn:
        raise self._table._run.give_up(f"{name} of iloc")

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self._run.give_up("iloc used as a whole")


refuse_the_rest(_TablePositions)


class TableRow:
    """A row of a table of floats."""

    __slots__ = ("_position", "_run", "_table")
    _is_stand_in = True

    def __init__(self, table: TableStandIn, position: int) -> None:
        self._table = table
        self._position = position
        self._run = table._run

    def __getitem__(self, name: Any) -> Any:
        if type(name) is not str or name not in self._table._columns:
            return self._run.real(self, "an index into a row")[name]
        expression, position = self._table._columns[name], self._position
        return (
            self._run.last(expression, -position) if position < 0 else self._run.first(expression, position)
        )

    def __getattr__(self, name: str) -> Any:
        return real_attribute(self._run, self, name, "a row")

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self._run.give_up("an operation on a row")


refuse_the_rest(TableRow)
