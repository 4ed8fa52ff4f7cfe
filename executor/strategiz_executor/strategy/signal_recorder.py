"""`signal` and `plot`: what a strategy said, at which bar."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from strategiz_executor.strategy.bars_frame import Series
from strategiz_executor.strategy.errors import NoBarsYetError, PlotError, SignalTimeError
from strategiz_executor.strategy.one_a_bar import NotOneABarError, is_column, one_a_bar
from strategiz_executor.strategy.signal_arguments import (
    DATED_NAMES,
    UNDATED_NAMES,
    named_values,
    nanoseconds_of,
    refuse_timestamp,
    signal_price,
    signal_type,
    text_of,
)
from strategiz_executor.strategy.source_shape import TIMESTAMP_ARGUMENTS, mixed_signals
from strategiz_executor.strategy.texts import described, plain_text


class Signal(NamedTuple):
    """One signal; `type` is 1 for BUY and -1 for SELL, `price` NaN for the bar's close."""

    bar: int
    type: int
    reason: str = ""
    price: float = math.nan
    icon: str = ""


class Plot(NamedTuple):
    """One indicator; `values` is f64, one a bar, NaN a gap."""

    name: str
    color: str
    linewidth: float
    overlay: bool
    values: npt.NDArray[np.float64]


class SignalRecorder:
    """Records the calls of one run, bar after bar."""

    def __init__(self, series: Series) -> None:
        self.series = series
        self.count = 0
        self.signals: list[Signal] = []
        self.plots: list[Plot] = []
        self.dated_line = 0
        self.undated_line = 0
        self._bar_began = 0
        self._bar_of_time: dict[int, int] = {}

    def look_at(self, count: int) -> None:
        """Begin the bar with index count - 1, of which the first `count` bars are seen; 0 is module level.

        Plots of earlier bars are dropped: those of the last bar count.
        """
        self.count = count
        self._bar_began = len(self.signals)
        self.plots = []

    def of_this_bar(self) -> Sequence[Signal]:
        """Answer what was signalled since the bar began."""
        return self.signals[self._bar_began :]

    def forget_this_bar(self) -> None:
        """Drop what was signalled since the bar began."""
        del self.signals[self._bar_began :]

    def add(self, type_: int) -> None:
        """Record a signal that the strategy answered instead of calling."""
        self.signals.append(Signal(self.count - 1, type_))

    def signal(self, type: Any, *values: Any, **named: Any) -> None:
        """Record a BUY or SELL: signal(type, reason) or signal(type, timestamp, price, reason, icon)."""
        self._require_bars("signal")
        line = sys._getframe(1).f_lineno
        if "timestamp" in named or "price" in named or len(values) + 1 >= TIMESTAMP_ARGUMENTS:
            self.dated_line = self.dated_line or line
            self._check_kinds()
            given = named_values("timestamp, price, reason, icon", DATED_NAMES, values, named)
            bar = self._bar_at(given.get("timestamp"))
            price = signal_price(given.get("price"))
        else:
            self.undated_line = self.undated_line or line
            self._check_kinds()
            given = named_values("reason", UNDATED_NAMES, values, named)
            refuse_timestamp(given.get("reason"))
            bar, price = self.count - 1, math.nan
        self.signals.append(
            Signal(bar, signal_type(type), text_of(given, "reason"), price, text_of(given, "icon"))
        )

    def plot(
        self,
        series: Any,
        name: Any,
        color: Any = "blue",
        linewidth: Any = 1,
        overlay: Any = True,
    ) -> None:
        """Record an indicator: one value a bar; what is no finite number is a gap."""
        self._require_bars("plot")
        if not isinstance(linewidth, Real) or isinstance(linewidth, bool) or not math.isfinite(linewidth):
            raise PlotError(
                f"linewidth of plot {described(name)} must be a number, is {described(linewidth)}"
            )
        values = self._plot_values(series, described(name))
        self.plots.append(Plot(plain_text(name), plain_text(color), float(linewidth), bool(overlay), values))

    def _plot_values(self, series: Any, name: str) -> npt.NDArray[np.float64]:
        if not is_column(series):
            raise PlotError(
                f"plot {name} must be a Series, an array or a list with one value a bar, is {described(series)}"
            )
        try:
            values = one_a_bar(series, self.series, self.count)
            numbers = _floats(values)
        except NotOneABarError as error:
            raise PlotError(
                f"plot {name} {error}", hint="plot a column of data, or one computed from it"
            ) from error
        except (TypeError, ValueError) as error:
            raise PlotError(f"plot {name} must hold numbers: {error}") from error
        numbers[~np.isfinite(numbers)] = np.nan
        return numbers

    def _require_bars(self, name: str) -> None:
        if self.count == 0:
            raise NoBarsYetError(
                f"{name} was called at module level of a strategy(data), where no bar is looked at",
                hint=f"call {name} inside strategy(data)",
            )

    def _check_kinds(self) -> None:
        if self.dated_line and self.undated_line:
            raise mixed_signals(self.dated_line, self.undated_line)

    def _bar_at(self, timestamp: Any) -> int:
        nanoseconds = nanoseconds_of(timestamp)
        if not self._bar_of_time:
            self._bar_of_time = {time: bar for bar, time in enumerate(self.series.nanoseconds.tolist())}
        bar = self._bar_of_time.get(nanoseconds, self.count)
        if bar >= self.count:
            raise SignalTimeError(
                f"there is no bar at {described(timestamp)}",
                hint="pass a time of data.index; times without a zone are UTC",
            )
        return bar


def _floats(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    if values.dtype == object:
        return np.array([math.nan if pd.isna(value) else float(value) for value in values], dtype=np.float64)
    if values.dtype.kind not in "biuf":
        raise TypeError(f"values of type {values.dtype} are none")
    return values.astype(np.float64)
