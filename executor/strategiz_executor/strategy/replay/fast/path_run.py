"""The path run: the strategy is called once per decision path instead of once per bar.

Each call gets stand-ins whose scalars hold a value for every bar. When the code asks one for its truth, the run
goes on for the bars on one side and is repeated for those on the other. What a path answers holds for the bars in
its mask; bars on which it raised, or that it could not decide, are left to real prefixes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from .at_every_bar import MixedTypesError, call_at_every_bar
from .bar_value import BarValue
from .column_stand_in import ColumnStandIn
from .expression import Expression, Memory, Values
from .frame_stand_in import FrameStandIn
from .give_up import Abandonment, GiveUp, OpenBars
from .run import Source, is_stand_in

MAX_PATHS = 64
MAX_DECISIONS = 1_000

Mask = npt.NDArray[np.bool_]


class Path(NamedTuple):
    """One finished path: its answer and what it recorded, for the bars in `mask`."""

    mask: Mask
    answer: Any
    record: Any


class Record(Protocol):
    """What is said on a path."""

    def so_far(self) -> "Record":
        """A copy that what follows does not change."""


@dataclass
class Paths:
    """All paths of one strategy over one series. `undecided`: bars that need a real prefix."""

    undecided: Mask
    found: list[Path] = field(default_factory=list)
    calls: int = 0


class PathRun:
    """One exploration; also the Run that its stand-ins belong to."""

    def __init__(self, source: Source, memory: Memory) -> None:
        self.memory = memory
        self.bars = len(source)
        self.abandonment = Abandonment()
        self._source = source
        self._sources: dict[str, Expression] = {}
        self._script: list[bool] = []
        self._position = 0
        self._all = _all(self.bars)
        self._mask = self._all
        self._live = self.bars  # how many bars there are in the mask
        self._waiting: list[list[bool]] = []
        self._paths = Paths(np.zeros(self.bars, bool))
        self.record: Record | None = None  # of the call under way

    @cached_property
    def _numbers(self) -> npt.NDArray[np.int64]:
        return np.arange(self.bars)

    def explore(self, call: Callable[[FrameStandIn], Any]) -> Paths:
        """Follows every path. `call` begins a record of prints and reasons, and answers what the strategy does.

        Raises GiveUp where the strategy cannot be followed.
        """
        paths = self._paths
        self._waiting = [[]]
        try:
            while self._waiting:
                self._check_count()
                self._begin(self._waiting.pop())
                paths.calls += 1
                self._follow(call)
        finally:
            del self._paths, self.record  # which know this run: the collector would have to find them
        return paths

    def _check_count(self) -> None:
        if len(self._paths.found) >= MAX_PATHS or self._paths.calls >= MAX_PATHS:
            raise self.give_up(f"more than {MAX_PATHS} decision paths")

    def _begin(self, script: list[bool]) -> None:
        self._script = script
        self._position = 0
        self._mask, self._live = self._all, self.bars

    def _follow(self, call: Callable[[FrameStandIn], Any]) -> None:
        try:
            answer = call(FrameStandIn(self))
        except (Exception, OpenBars):  # noqa: BLE001 - the author's: real prefixes tell what it was
            self._stop_if_abandoned()
            self._paths.undecided |= self._mask
            return
        self._stop_if_abandoned()
        self._paths.found.append(Path(self._mask, answer, self.record))

    def _stop_if_abandoned(self) -> None:
        if self.abandonment.reason:
            raise GiveUp(self.abandonment.reason)

    def decide(self, condition: Values) -> bool:
        """The truth of `condition` on this path; the other side is put in line where both have bars."""
        holds, count = self._where(condition)
        if self._position == len(self._script):
            answer = count > 0
            if answer and count < self._live:
                self._waiting.append([*self._script, False])
            self._settle(answer)
        return self._go_on(holds, count)

    def answer_where(self, condition: Values, answer: Any) -> bool:
        """The same, where the strategy does nothing but answer `answer` if it holds.

        The path goes on with the other bars, if there are any: those that have their answer are a path that ends here.
        """
        holds, count = self._where(condition if condition.dtype == bool else condition.astype(bool))
        if self._position == len(self._script):
            if 0 < count < self._live:
                self._check_count()
                record = self.record and self.record.so_far()
                self._paths.found.append(Path(holds, answer, record))
            self._settle(0 < count == self._live)
        return self._go_on(holds, count)

    def _where(self, condition: Values) -> tuple[Mask, int]:
        """The bars of this path at which the condition holds, and how many they are."""
        holds = condition if self._mask is self._all else self._mask & condition
        return holds, int(np.count_nonzero(holds))

    def _settle(self, answer: bool) -> None:
        """Make a decision that no earlier call has made."""
        if self._position >= MAX_DECISIONS:
            raise self.give_up(f"more than {MAX_DECISIONS} decisions on one path")
        self._script = [*self._script, answer]

    def _go_on(self, holds: Mask, count: int) -> bool:
        """Follow the decision that is next in the script."""
        answer = self._script[self._position]
        self._position += 1
        if answer:
            self._mask, self._live = holds, count
        elif count:
            self._mask, self._live = self._mask ^ holds, self._live - count
        return answer

    def leave_open(self, mask: Values) -> None:
        """Leave the bars in `mask` to their real prefixes: the path goes on with the others."""
        if mask.any() and self.decide(mask):
            raise OpenBars

    def live_bars(self) -> list[int]:
        """The bars of this path."""
        return np.flatnonzero(self._mask).tolist()

    def at_every_bar(
        self, function: Callable[..., Any], arguments: Any, keywords: dict[str, Any], what: str
    ) -> Any:
        """The answer of a function of scalars, called for every bar of this path."""
        try:
            return call_at_every_bar(self, function, arguments, keywords, what)
        except MixedTypesError:
            raise self.give_up(f"{what} that answers different types") from None

    def source(self, name: str) -> Expression:
        """A column of the bars themselves."""
        found = self._sources.get(name)
        if found is None:
            key = self.memory.key("frame", name)
            make = lambda: Expression(self._source.column(name), key, "series", name)  # noqa: E731
            found = self._sources[name] = self.memory.recall(key, make, name)
        return found

    def index(self) -> pd.DatetimeIndex:
        """The times of all bars."""
        return self._source.index

    def column(self, expression: Expression) -> ColumnStandIn:
        """A stand-in of this run."""
        return ColumnStandIn(self, expression)

    def require_bar(self, position: int, kind: str) -> None:
        """Prefixes too short for a position raise, as the real ones do."""
        count = -position if position < 0 else position + 1
        if count > 1 and self.decide(self._numbers < count - 1):
            if kind == "array":
                raise OpenBars  # numpy's message names the length
            raise IndexError("single positional indexer is out-of-bounds")

    def last(self, expression: Expression, back: int) -> BarValue:
        """The value `back` bars before the end of every prefix."""
        return BarValue(self, lagged(expression.values, back - 1))

    def first(self, expression: Expression, position: int) -> BarValue:
        """The value at `position` from the start, the same at every bar that has it."""
        at = min(position, self.bars - 1)
        return BarValue(self, np.full(self.bars, expression.values[at]))

    def length(self) -> BarValue:
        """How many bars each prefix has."""
        return BarValue(self, self._numbers + 1, plain=True)

    def real(self, value: Any, what: str) -> Any:
        """A path has no single real object to go on with."""
        if is_stand_in(value):
            raise self.give_up(what)
        return value

    def give_up(self, reason: str) -> GiveUp:
        """Marks the whole run as given up."""
        return self.abandonment.give_up(reason)


@lru_cache(maxsize=4)
def _all(bars: int) -> Mask:
    """So many bars, to be read: the same for every cell of a batch."""
    mask = np.ones(bars, bool)
    mask.flags.writeable = False
    return mask


def lagged(values: Values, bars: int) -> Values:
    """`values` moved `bars` later; the first `bars` are never read, their prefixes are too short."""
    if bars == 0:
        return values
    moved = np.empty_like(values)
    moved[:bars] = values[:1]
    moved[bars:] = values[:-bars] if bars < len(values) else values[:0]
    return moved
