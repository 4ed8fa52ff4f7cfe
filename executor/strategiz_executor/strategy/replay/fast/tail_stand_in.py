"""The last few values of a column, as `.iloc[-5:]`, `.tail(5)` or an array's `[-5:]` give them; and single ones."""

from typing import Any, NoReturn

from .expression import Expression
from .reductions import reduced, reduction
from .refusals import refuse_the_rest
from .run import ReadOnly, Run, real_attribute, real_parts


def element(column: Any, position: int, kind: str = "") -> Any:
    """The scalar at a position from either end. Raises IndexError as the real prefix would."""
    run, expression = column._run, column._expression
    run.require_bar(position, kind or expression.kind)
    return run.last(expression, -position) if position < 0 else run.first(expression, position)


class TailStandIn:
    """The last `count` values of a column, fewer where the prefix is shorter. Known by its reductions alone."""

    __slots__ = ("_count", "_expression", "_run")
    _is_stand_in = True
    __pandas_priority__ = 10_000

    def __init__(self, run: Run, expression: Expression, count: int) -> None:
        self._run = run
        self._expression = expression
        self._count = count

    @classmethod
    def cut(cls, column: Any, positions: object) -> "TailStandIn | None":
        """The values in `[-k:]` and, up to a bar before the last, `[-k:-m]`; None for another range."""
        if type(positions) is not slice or positions.stop is not None or positions.step is not None:
            return None
        start = positions.start
        if type(start) is not int or start >= 0:
            return None
        return cls(column._run, column._expression, -start)

    def __getattr__(self, name: str) -> Any:
        expression = self._expression
        if reduction(name, expression.kind, expression.values) is not None:
            return lambda *arguments, **keywords: self._reduce(name, arguments, keywords)
        return real_attribute(self._run, self, name, "the last values")

    def _reduce(self, name: str, arguments: Any, keywords: Any) -> Any:
        run, source, count = self._run, self._expression, self._count
        reduce = reduction(name, source.kind, source.values)
        if arguments or keywords or reduce is None:
            return real_attribute(run, self, name, "the last values")(*arguments, **keywords)
        key = run.memory.key("tail", source.key, source.kind, name, count)
        make = lambda: Expression(reduced(source.values, reduce, count), key, "array")  # noqa: E731
        return run.last(run.memory.recall(key, make), 1)

    def _real(self) -> Any:
        return self._run.real(self, "the last values used as a whole")

    def __getitem__(self, position: object) -> Any:
        return self._real()[real_parts(self._run, position, "an index")]

    def __len__(self) -> int:
        return len(self._real())

    def __iter__(self) -> Any:
        return iter(self._real())

    def __reversed__(self) -> Any:
        return reversed(self._real())

    def __contains__(self, value: object) -> bool:
        return value in self._real()

    def __bool__(self) -> bool:
        return bool(self._real())

    def __str__(self) -> str:
        return str(self._real())

    def __repr__(self) -> str:
        return repr(self._real())

    def __format__(self, specification: str) -> str:
        return format(self._real(), specification)

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self._run.give_up("an operation on the last values of a column")


refuse_the_rest(TailStandIn)


class PositionStandIn:
    """`column.iloc` and `column.iat`."""

    __slots__ = ("_column", "_name", "_run")
    _is_stand_in = True

    def __init__(self, column: Any, name: str) -> None:
        self._run = column._run
        self._column = column
        self._name = name

    def __getitem__(self, position: object) -> Any:
        if type(position) is int:
            return element(self._column, position, "array" if self._name == "iat" else "")
        tail = TailStandIn.cut(self._column, position) if self._name == "iloc" else None
        return self._real()[position] if tail is None else tail

    def __setitem__(self, position: object, value: object) -> NoReturn:
        raise self._column._run.give_up("a write into a column")

    def __getattr__(self, name: str) -> Any:
        raise self._column._run.give_up(f"{name} of {self._name}")

    def _real(self) -> ReadOnly:
        run = self._column._run
        return ReadOnly(
            run, getattr(run.real(self._column, f"{self._name} with a range"), self._name), self._name
        )

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self._run.give_up(f"{self._name} used as a whole")


refuse_the_rest(PositionStandIn)
