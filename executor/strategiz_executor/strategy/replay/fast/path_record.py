"""What one call of a path run says: prints and undated signals, with the values of bars still open."""

from typing import Any

from .bar_value import BarValue
from .expression import PRIMITIVES
from .path_run import PathRun
from .stand_ins import ColumnStandIn
from .text import DeferredText, text_at

WORDS = {"BUY": 1, "SELL": -1}


class PathRecord:
    """Takes the place of print, signal and plot during a path."""

    def __init__(self, run: PathRun) -> None:
        self.run = run
        self.prints: list[tuple[tuple[Any, ...], str, str]] = []
        self.signals: list[tuple[int, Any]] = []

    def print(self, *values: Any, sep: Any = " ", end: Any = "\n", **other: Any) -> None:
        """Record a line; a frame, a column or an object of another kind gives up."""
        if other or not all(map(self._is_text, values)):
            raise self.run.give_up("print of something other than texts and values")
        self.prints.append((values, " " if sep is None else sep, "\n" if end is None else end))

    def signal(self, *values: Any, **named: Any) -> None:
        """Record an undated signal in its plain form."""
        given = {**dict(zip(("type", "reason"), values, strict=False)), **named}
        word = given.get("type")
        known = WORDS.get(word.upper()) if type(word) is str else None
        if known is None or len(values) > 2 or not given.keys() <= {"type", "reason"} or len(given) < len(named):
            raise self.run.give_up("a signal that is not signal(type, reason)")
        if not self._is_text(given.get("reason")):
            raise self.run.give_up("a reason that is no text")
        self.signals.append((known, given.get("reason")))

    def plot(self, series: Any, name: Any, color: Any = "blue", linewidth: Any = 1, overlay: Any = True) -> None:
        """Plots count from the run on the whole series; here only what could fail on a prefix gives up."""
        plain = type(name) is str and type(color) is str and type(linewidth) in (int, float) and type(overlay) is bool
        if type(series) is not ColumnStandIn or not plain:
            raise self.run.give_up("a plot of something other than a column")

    def text(self, bar: int) -> str:
        """What was printed, as it is at one bar."""
        return "".join(
            sep.join([text_at(value, bar) for value in values]) + end for values, sep, end in self.prints
        )

    @staticmethod
    def reason(reason: Any, bar: int) -> str:
        """The reason of a signal at one bar."""
        return "" if reason is None else text_at(reason, bar)

    @staticmethod
    def _is_text(value: Any) -> bool:
        return type(value) in (*PRIMITIVES, DeferredText) or (type(value) is BarValue and not value.plain)
