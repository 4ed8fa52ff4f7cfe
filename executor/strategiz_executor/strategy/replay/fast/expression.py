"""Columns that are computed once for all bars and remembered by how they were computed."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[Any]
Found = TypeVar("Found")

# What an operation may take beside expressions. bool before int: True and 1 are different arguments.
PRIMITIVES = (bool, int, float, str, type(None))
NUMBERS = (bool, int, float, np.bool_, np.int64, np.float64)
WIDEST_INTEGER = 2**53
"""Beyond it int64 and float64 do not hold the same numbers."""

UNSURE_NAME = "(a name that short prefixes do not have)"
"""Of a Series that `ta` names only where there are enough bars."""

# Parts of a key that are equal only if they are the same; of floats 0.0 and -0.0 are too.
_PLAIN_PARTS = frozenset((int, str, bool, type(None)))
_MAX_KEYS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A column over all bars: `values[t]` is what the last element would be on the prefix up to bar t.

    kind: "series" or "array", as pandas or numpy would have given it. name: the name of the Series.
    key: interned; two expressions with one key were computed in the same way from the same columns.
    """

    values: Values
    key: int
    kind: str = "series"
    name: str | None = None

    def named(self, name: str | None) -> "Expression":
        """The same values as a Series of another name."""
        return Expression(self.values, self.key, "series", name)

    def as_array(self) -> "Expression":
        """The same values as numpy would hold them."""
        return Expression(self.values, self.key, "array", None)


class Memory:
    """Expressions by how they were computed; outlives a path, an execution of the same series in a batch too.

    `limit_bytes` caps what it holds: beyond it, expressions are computed and not kept.
    """

    def __init__(self, limit_bytes: int = 64 << 20) -> None:
        self._keys: dict[tuple[tuple[Hashable, ...], tuple[type, ...]], int] = {}
        self._expressions: dict[tuple[int, str], Any] = {}
        self._room = limit_bytes
        self._next = 0

    @property
    def is_full(self) -> bool:
        """Whether it holds no more than it does."""
        return self._room <= 0 or len(self._keys) >= _MAX_KEYS

    def key(self, *parts: Hashable) -> int:
        """A small number for `parts`: 1, 1.0 and True are different, as are 0.0 and -0.0."""
        kinds = tuple(map(type, parts))
        if not _PLAIN_PARTS.issuperset(kinds):
            parts = tuple([part.hex() if isinstance(part, float) else part for part in parts])
        typed = (parts, kinds)
        found = self._keys.get(typed)
        if found is None:
            found = self._next = self._next + 1
            if len(self._keys) < _MAX_KEYS:
                self._keys[typed] = found
        return found

    def recall(self, key: int, make: Callable[[], Found], label: str = "") -> Found:
        """What `make` gave the first time for this key."""
        found = self._expressions.get((key, label))
        if found is None:
            found = make()
            self._room -= _size(found)
            if self._room > 0:
                self._expressions[(key, label)] = found
        return cast("Found", found)


def _size(found: object) -> int:
    if isinstance(found, Expression):
        return int(found.values.nbytes) + 200
    if isinstance(found, tuple):
        return sum(_size(part) for part in found)
    return int(found.nbytes) if isinstance(found, np.ndarray) else 200
