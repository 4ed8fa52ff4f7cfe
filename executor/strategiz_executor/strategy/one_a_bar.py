"""Values that must be one a bar: what plot takes and what form 2 answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from strategiz_executor.strategy.bars_frame import Series

COLUMN_TYPES = (pd.Series, pd.Index, np.ndarray, ExtensionArray, list)


class NotOneABarError(Exception):
    """The values do not fit the bars; the message ends a sentence that begins with what they are."""


def is_column(value: object) -> bool:
    """Whether a value is a Series, an array or a list (and not a scalar in an array's clothes).

    By its real type: what an object of the author's own class says of itself is not asked.
    """
    if issubclass(type(value), np.ndarray):
        return bool(np.ndarray.ndim.__get__(value) != 0)
    return issubclass(type(value), COLUMN_TYPES)


def one_a_bar(column: Any, series: Series, count: int) -> npt.NDArray[Any]:
    """Answer the values as an array in the order of the first `count` bars, of dtype object for lists.

    Raises NotOneABarError for another length, more dimensions, or a Series over other times.
    """
    if isinstance(column, np.ndarray) and column.ndim != 1:
        raise NotOneABarError(f"has {column.ndim} dimensions, one value a bar is wanted")
    if len(column) != count:
        raise NotOneABarError(f"has {len(column)} values, the bars are {count}")
    if isinstance(column, pd.Series):
        _check_index(column.index, series, count)
    if isinstance(column, list):
        values = np.empty(count, dtype=object)
        for place, value in enumerate(column):
            values[place] = value
        return values
    if isinstance(column, np.ndarray):
        return column
    return column.to_numpy()  # type: ignore[no-any-return]


def _check_index(index: pd.Index, series: Series, count: int) -> None:
    if not isinstance(index, pd.DatetimeIndex):
        return
    times = index.as_unit("ns").asi8
    if not np.array_equal(times, series.nanoseconds[:count]):
        raise NotOneABarError("is a Series whose index is not that of the bars")
