"""Columns to try operations on, the prefixes to try them at, and what "the same" means: the same bits."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

DEEP = os.environ.get("REPLAY_TESTS") == "deep"
SHORT = 80
LONG = 320
TIMES = pd.date_range("2020-01-01", periods=LONG, tz="UTC")


class FrameSource:
    """A frame as the bars that a path run is over."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def __len__(self) -> int:
        """Answer the number of rows."""
        return len(self._frame)

    @property
    def index(self) -> pd.DatetimeIndex:
        """The times."""
        assert isinstance(self._frame.index, pd.DatetimeIndex)
        return self._frame.index

    def column(self, name: str) -> np.ndarray:
        """Answer a column."""
        return self._frame[name].to_numpy()


def lengths(seed: int, upto: int = LONG, first: int = SHORT, more: int = 8) -> list[int]:
    """Every length to `first`, then some at random; a fourth of them where REPLAY_TESTS is not "deep"."""
    chooser = np.random.default_rng(seed)
    counts = [*range(1, first + 1), *sorted(chooser.integers(first + 1, upto + 1, more).tolist())]
    if DEEP:
        return counts
    return [*counts[:12], *sorted(chooser.choice(counts[12:], len(counts) // 6, replace=False).tolist())]


def float_columns(seed: int = 1, count: int = LONG) -> dict[str, np.ndarray]:
    """Prices and what comes of them: gaps at the start and in the middle, infinities, runs, zeros of both signs."""
    chooser = np.random.default_rng(seed)
    prices = 50 + np.cumsum(chooser.normal(size=count))
    steps = np.round(prices)
    runs = steps.copy()
    runs[10:40], runs[150:] = 7.0, 0.1
    leading, scattered, infinite = prices.copy(), prices.copy(), prices.copy()
    leading[:13] = np.nan
    scattered[chooser.random(count) < 0.3] = np.nan
    scattered[0] = np.nan
    infinite[[5, 31, 200]] = [np.inf, -np.inf, np.inf]
    changes = np.diff(steps, prepend=steps[0])
    zeros = np.where(chooser.random(count) < 0.4, -0.0, np.sign(changes) * 0.0) + changes * (
        chooser.random(count) < 0.3
    )
    wide = chooser.normal(size=count) * 10.0 ** chooser.integers(-300, 300, count)
    return {
        "prices": prices,
        "steps": steps,
        "runs": runs,
        "leading gaps": leading,
        "scattered gaps": scattered,
        "infinities": infinite,
        "changes": changes,
        "zeros": zeros,
        "wide": wide,
        "gaps only": np.full(count, np.nan),
    }


def integer_columns(seed: int = 2, count: int = LONG) -> dict[str, np.ndarray]:
    chooser = np.random.default_rng(seed)
    return {
        "volume": chooser.integers(0, 5, count) * 1000,
        "signed": chooser.integers(-3, 4, count),
        "large": chooser.integers(2**50, 2**52, count),
    }


def truth_columns(seed: int = 3, count: int = LONG) -> dict[str, np.ndarray]:
    chooser = np.random.default_rng(seed)
    return {"truths": chooser.random(count) < 0.5, "never": np.zeros(count, bool)}


def columns_of(kinds: str) -> dict[str, np.ndarray]:
    """Columns of these dtype kinds."""
    found: dict[str, np.ndarray] = {}
    for kind, make in (("f", float_columns), ("i", integer_columns), ("b", truth_columns)):
        if kind in kinds:
            found |= make()
    return found


def same(one: Any, other: Any) -> bool:
    """Same dtype and same bits, any NaN being like any other."""
    one, other = np.asarray(one), np.asarray(other)
    if one.dtype != other.dtype:
        return False
    return one.tobytes() == other.tobytes() or (
        one.dtype.kind == "f" and bool(np.isnan(one) and np.isnan(other))
    )


def differing(
    whole: np.ndarray, at_prefix: Callable[[int], Any], counts: list[int]
) -> Iterator[tuple[int, Any, Any]]:
    """Lengths at which the whole column's value is not the one of the prefix."""
    for count in counts:
        real = at_prefix(count)
        if not same(whole[count - 1], real):
            yield count, whole[count - 1], real


def series_of(values: np.ndarray) -> pd.Series:
    """As a strategy has it: over times."""
    return pd.Series(values, index=TIMES[: len(values)], name="x")
