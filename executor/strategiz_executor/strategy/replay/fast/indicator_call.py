"""One call of an indicator of `ta` over whole columns."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from .expression import UNSURE_NAME, Expression
from .run import Run, is_column

_LONGEST_SEARCH = 512


class IndicatorCall:
    """The function with its arguments, to be called on any number of the first bars."""

    def __init__(self, run: Run, function: Callable[..., Any], arguments: Any, keywords: Any) -> None:
        self._run = run
        self._function = function
        self._arguments = arguments
        self._keywords = keywords

    def series(self, key: int) -> Expression | None:
        """Its one column; None where it answers something else."""
        bars = self._run.bars
        found = self._answer(bars)
        if not isinstance(found, pd.Series) or len(found) != bars or found.dtype != np.float64:
            return None
        return Expression(found.to_numpy(), key, "series", UNSURE_NAME)

    def table(self, key: int) -> tuple[dict[str, Expression], int] | None:
        """Its columns, and the fewest bars on which it has them; None where it answers something else."""
        found = self._answer(self._run.bars)
        least = self._fewest_bars()
        if not _is_table(found, self._run.bars) or least is None:
            return None
        parts = self._run.memory
        columns = {
            str(label): Expression(
                column.to_numpy(), parts.key("part", key, str(label)), "series", str(label)
            )
            for label, column in found.items()
        }
        return columns, least

    def _fewest_bars(self) -> int | None:
        """By doubling and halving: an indicator that has its columns on some bars has them on more."""
        enough = 1
        while not self._has_columns(enough):
            enough *= 2
            if enough > min(_LONGEST_SEARCH, self._run.bars):
                return None
        too_few = enough // 2
        while enough - too_few > 1:
            middle = (enough + too_few) // 2
            if self._has_columns(middle):
                enough = middle
            else:
                too_few = middle
        return enough

    def _has_columns(self, count: int) -> bool:
        try:
            return _is_table(self._answer(count), count)
        except Exception:  # noqa: BLE001  (these bars are left to real prefixes, which raise it again)
            return False

    def _answer(self, count: int) -> Any:
        return self._function(
            *[self._first(value, count) for value in self._arguments],
            **{name: self._first(value, count) for name, value in self._keywords.items()},
        )

    def _first(self, value: Any, count: int) -> Any:
        if not is_column(value):
            return value
        expression = value._expression
        index = self._run.index()[:count]
        return pd.Series(expression.values[:count].copy(), index=index, name=expression.name)


def _is_table(found: Any, count: int) -> bool:
    return (
        isinstance(found, pd.DataFrame) and len(found) == count and bool((found.dtypes == np.float64).all())
    )
