"""A run that follows columns alone: no single value is looked at, so that nothing of a bar can reach an earlier one.

Every operation on the list gives, at each bar, what it gives on the bars up to that one. So does whatever is made of
nothing but such operations, whatever comes after the bar.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from .expression import Expression, Values
from .frame_stand_in import FrameStandIn
from .give_up import GiveUp, OpenBars
from .path_run import PathRun
from .run import is_column

SINGLE_VALUE = "a single value"


class ColumnRun(PathRun):
    """One call of a strategy of form 2 with stand-ins for its columns."""

    def follow(self, call: Callable[[FrameStandIn], Any]) -> Values | None:
        """The column that the strategy answers; None where it raises, gives up or answers something else."""
        try:
            answer = call(FrameStandIn(self))
        except (Exception, OpenBars, GiveUp):  # noqa: BLE001 - the author's: the real run has told what it is
            return None
        if self.abandonment.reason or not is_column(answer):
            return None
        return answer._expression.values

    def decide(self, condition: Values) -> NoReturn:
        """What the bars decide is beyond this run."""
        raise self.give_up("a decision")

    def leave_open(self, mask: Values) -> None:
        """No bar is left open."""
        if mask.any():
            raise self.give_up("bars left open")

    def at_every_bar(
        self, function: Callable[..., Any], arguments: Any, keywords: dict[str, Any], what: str
    ) -> NoReturn:
        """There are no values of single bars."""
        raise self.give_up(what)

    def require_bar(self, position: int, kind: str) -> NoReturn:
        """As `last`."""
        raise self.give_up(SINGLE_VALUE)

    def last(self, expression: Expression, back: int) -> NoReturn:
        """The value of one bar, which could reach another."""
        raise self.give_up(SINGLE_VALUE)

    def first(self, expression: Expression, position: int) -> NoReturn:
        """As `last`."""
        raise self.give_up(SINGLE_VALUE)

    def length(self) -> NoReturn:
        """How many bars there are is known at the last one."""
        raise self.give_up("the number of bars")
