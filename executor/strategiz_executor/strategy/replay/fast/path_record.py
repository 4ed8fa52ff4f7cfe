"""What one call of a path run says: prints and undated signals, with the values of bars still open."""

from datetime import date
from typing import Any

import numpy as np

from .bar_value import BarValue
from .path_run import PathRun
from .run import is_column, is_stand_in
from .text import DeferredText, text_at

WORDS = {"BUY": 1, "SELL": -1}


class PathRecord:
    """Takes the place of print, signal and plot during a path."""

    def __init__(self, run: PathRun) -> None:
        self.run = run
        self.prints: list[tuple[list[Any], str, str]] = []
        self.signals: list[tuple[int, Any]] = []

    def so_far(self) -> "PathRecord":
        """What a path said that ends here for some of its bars."""
        record = PathRecord(self.run)
        record.prints, record.signals = self.prints.copy(), self.signals.copy()
        return record

    def print(self, *values: Any, sep: Any = " ", end: Any = "\n", **other: Any) -> None:
        """Record a line; a frame or a column gives up."""
        separator, ending = " " if sep is None else sep, "\n" if end is None else end
        if other or type(separator) is not str or type(ending) is not str:
            raise self.run.give_up("print with options that are not texts")
        self.prints.append(([self._text(value) for value in values], separator, ending))

    def signal(self, *values: Any, **named: Any) -> None:
        """Record an undated signal in its plain form."""
        given = {**dict(zip(("type", "reason"), values, strict=False)), **named}
        word = given.get("type")
        known = WORDS.get(word.upper()) if type(word) is str else None
        plain = (
            len(values) <= 2 and given.keys() <= {"type", "reason"} and len(given) == len(values) + len(named)
        )
        reason = given.get("reason")
        if known is None or not plain or isinstance(reason, date | np.datetime64):
            raise self.run.give_up("a signal that is not signal(type, reason)")
        self.signals.append((known, "" if reason is None else self._text(reason)))

    def plot(
        self, series: Any, name: Any, color: Any = "blue", linewidth: Any = 1, overlay: Any = True
    ) -> None:
        """Plots count from the run on the whole series; here only what could fail on a prefix gives up."""
        plain = (
            type(name) is str
            and type(color) is str
            and type(linewidth) in (int, float)
            and type(overlay) is bool
        )
        if not is_column(series) or not plain:
            raise self.run.give_up("a plot of something other than a column")

    def text(self, bar: int) -> str:
        """What was printed, as it is at one bar."""
        return "".join(
            [sep.join([text_at(value, bar) for value in values]) + end for values, sep, end in self.prints]
        )

    def _text(self, value: Any) -> Any:
        """A text now, unless it depends on the bar."""
        if type(value) in (BarValue, DeferredText):
            return value
        if is_stand_in(value):
            raise self.run.give_up("a column or a frame as a text")
        return str(value)
