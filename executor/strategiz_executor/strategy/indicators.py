"""The indicators of `ta`, which answer a Series of NaN instead of None on too few bars."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
import pandas as pd
import pandas_ta_classic

SIGNAL_FUNCTIONS = (
    "cross",
    "cross_value",
    "crossover",
    "above",
    "above_value",
    "below",
    "below_value",
    "signals",
)
"""Utilities of the library that its users call beside the indicators."""


def curated_indicators() -> dict[str, Callable[..., Any]]:
    """Answer every indicator of the library by name."""
    library: Any = pandas_ta_classic
    names = [name for category in library.Category.values() for name in category]
    return {name: _never_none(getattr(library, name)) for name in [*names, *SIGNAL_FUNCTIONS]}


def _never_none(indicator: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(indicator)
    def call(*columns: Any, **settings: Any) -> Any:
        answer = indicator(*columns, **settings)
        if answer is not None:
            return answer
        return _gaps_like(columns, settings)

    del call.__wrapped__  # would lead to the library's own module
    return call


def _gaps_like(columns: tuple[Any, ...], settings: dict[str, Any]) -> pd.Series | None:
    for value in [*columns, *settings.values()]:
        if isinstance(value, pd.Series):
            return pd.Series(np.nan, index=value.index, dtype="float64")
    return None
