"""What stand-ins need of the run they belong to: one path, or one bar."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeGuard

import pandas as pd

from .expression import Expression, Memory, Values


class StandIn(Protocol):
    """Stands for a real object on every prefix."""

    _run: "Run"


class Column(StandIn, Protocol):
    """Stands for a Series or an array."""

    _expression: Expression


class Source(Protocol):
    """The bars that a path run is over."""

    def __len__(self) -> int:
        """How many there are."""

    @property
    def index(self) -> pd.DatetimeIndex:
        """Their times."""

    def column(self, name: str) -> Values:
        """A column of numbers."""


class Run(Protocol):
    """A path of a path run, or a bar of a proxy run."""

    memory: Memory
    bars: int

    def source(self, name: str) -> Expression:
        """A column of the bars themselves."""

    def index(self) -> "pd.DatetimeIndex":
        """The times of all bars."""

    def column(self, expression: Expression) -> Any:
        """A stand-in of this run for `expression`."""

    def last(self, expression: Expression, back: int) -> Any:
        """The scalar `back` bars before the last (1 is the last); IndexError where the prefix is shorter."""

    def first(self, expression: Expression, position: int) -> Any:
        """The scalar at `position` from the start; IndexError where the prefix is shorter."""

    def require_bar(self, position: int, kind: str) -> None:
        """IndexError where the prefix is too short for a position, as a real object of this kind says it."""

    def length(self) -> Any:
        """How many bars the prefix has."""

    def real(self, value: Any, what: str) -> Any:
        """The real object that a stand-in stands for, anything else as it is; GiveUp where there is none."""

    def leave_open(self, mask: Values) -> None:
        """Leave the bars in `mask` to their real prefixes."""

    def at_every_bar(
        self, function: Callable[..., Any], arguments: Any, keywords: dict[str, Any], what: str
    ) -> Any:
        """The answer of a function of scalars."""

    def give_up(self, reason: str) -> BaseException:
        """The exception that ends the run."""


def is_column(value: object) -> TypeGuard[Column]:
    """Whether a value stands for a Series or an array."""
    return hasattr(type(value), "_is_column_stand_in")


def is_stand_in(value: object) -> TypeGuard[StandIn]:
    """Whether a value stands for something else."""
    return hasattr(type(value), "_is_stand_in")


def run_of(value: object) -> Run | None:
    """The run that a stand-in in `value` belongs to; None where there is none in it."""
    kind = type(value)
    if hasattr(kind, "_is_stand_in"):
        return value._run  # type: ignore[attr-defined, no-any-return]
    if kind is list or kind is tuple or kind is set:
        return run_among(value)  # type: ignore[arg-type]
    if kind is dict:
        return run_among(value.values())  # type: ignore[attr-defined]
    return None


def run_among(values: Iterable[object]) -> Run | None:
    """The run of the first stand-in among `values`."""
    for value in values:
        found = run_of(value)
        if found is not None:
            return found
    return None


def real_parts(run: Run, value: Any, what: str) -> Any:
    """`value` with the stand-ins in its lists, tuples and dicts made real."""
    kind = type(value)
    if kind is list or kind is tuple:
        return kind([real_parts(run, part, what) for part in value])
    if kind is dict:
        return {key: real_parts(run, part, what) for key, part in value.items()}
    return run.real(value, what)


class RealMethod:
    """A method of the real object: stand-ins among its arguments are made real too."""

    __slots__ = ("_function", "_name", "_run")

    def __init__(self, run: Run, function: Callable[..., Any], name: str) -> None:
        self._run = run
        self._function = function
        self._name = name

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Gives up on a change in place, which would be lost with the real object."""
        if "inplace" in keywords:
            raise self._run.give_up(f"{self._name} in place")
        return self._function(
            *[real_parts(self._run, value, self._name) for value in arguments],
            **{name: real_parts(self._run, value, self._name) for name, value in keywords.items()},
        )


class ReadOnly:
    """`.loc`, `.at` and the like of a real object: a write would be lost with it."""

    __slots__ = ("_indexer", "_name", "_run")

    def __init__(self, run: Run, indexer: Any, name: str) -> None:
        self._run = run
        self._indexer = indexer
        self._name = name

    def __getitem__(self, key: Any) -> Any:
        return self._indexer[real_parts(self._run, key, self._name)]

    def __setitem__(self, key: Any, value: Any) -> None:
        raise self._run.give_up(f"a write through {self._name}")


INDEXERS = frozenset({"loc", "at", "iloc", "iat"})
_CHANGE = frozenset(
    {"update", "pop", "insert", "ta", "sort", "fill", "partition", "put", "resize", "setfield", "setflags",
     "itemset", "byteswap", "attrs", "flags", "set_flags", "isetitem", "popitem", "setdefault"}
)  # fmt: skip


def real_attribute(run: Run, stand_in: Any, name: str, what: str) -> Any:
    """An attribute of the real object, safe against changes that would be lost; GiveUp where there is none."""
    if name in _CHANGE:
        raise run.give_up(f"{name} of {what}, which changes it")
    found = getattr(run.real(stand_in, f"{name} of {what}"), name)
    if name in INDEXERS:
        return ReadOnly(run, found, name)
    return RealMethod(run, found, name) if callable(found) and not isinstance(found, type) else found
