"""What an `except` of a strategy may catch in a fast way: nothing that a stand-in alone has caused."""

import sys
from collections.abc import Callable
from typing import Any

from .give_up import Abandonment, GiveUp, OpenBars

# Raised by stand-ins on purpose, or by Python's own objects: never because an object was a stand-in.
TRUSTED = (IndexError, KeyError, ZeroDivisionError, StopIteration, AssertionError)


class Handlers:
    """Knows what the strategy itself has raised."""

    def __init__(self, abandonment: Callable[[], Abandonment | None]) -> None:
        self._abandonment = abandonment
        self._raised: list[BaseException] = []

    def raised(self, error: Any) -> Any:
        """Remember what a `raise` of the strategy raises."""
        if isinstance(error, type) and issubclass(error, BaseException):
            error = error()
        if isinstance(error, BaseException):
            self._raised = [*self._raised[-20:], error]
        return error

    def caught(self) -> None:
        """Begin a handler: a give-up goes on, and an error that real objects might not have caused becomes one."""
        error = sys.exc_info()[1]
        abandonment = self._abandonment()
        if error is None or abandonment is None:  # module level of form 1, where no stand-ins are
            return
        if abandonment.reason:
            raise GiveUp(abandonment.reason)
        if isinstance(error, OpenBars):
            raise error
        if type(error) not in TRUSTED and not any(error is one for one in self._raised):
            raise abandonment.give_up(f"a {type(error).__name__} that the code catches")
