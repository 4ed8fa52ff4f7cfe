"""Raw little-endian columns read as numpy arrays, with every length checked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class BadColumn(ValueError):  # noqa: N818
    """A column is not what it must be; the message says which and why."""


def read_column(raw: bytes, dtype: str, name: str, length: int | None = None) -> NDArray[Any]:
    """`raw` as a read-only array of `dtype` ("<i8", "<f8", "<i4", "i1"), of `length` values if given."""
    size = np.dtype(dtype).itemsize
    if len(raw) % size:
        raise BadColumn(f"{name} has {len(raw)} bytes, not a multiple of {size}")
    if length is not None and len(raw) != length * size:
        raise BadColumn(f"{name} has {len(raw) // size} values, not {length}")
    return np.frombuffer(raw, dtype)


def all_finite(column: NDArray[Any]) -> bool:
    """Whether no value is NaN or infinite."""
    return bool(np.logical_and.reduce(np.isfinite(column)))


def all_within(column: NDArray[Any], low: int, high: int) -> bool:
    """Whether each value is at least `low` and at most `high`; true of an empty column."""
    if not len(column):
        return True
    return bool(np.minimum.reduce(column) >= low and np.maximum.reduce(column) <= high)
