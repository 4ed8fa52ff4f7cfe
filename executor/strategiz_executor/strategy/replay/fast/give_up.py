"""How a fast way ends when it meets something that it cannot follow."""


class GiveUp(BaseException):
    """Not an Exception, so that `except Exception` in a strategy does not swallow it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OpenBars(BaseException):
    """The path ends here: what happens on its bars is not known without their real prefixes."""


class Abandonment:
    """Remembers that a run gave up, even if the code caught the GiveUp with a bare `except`."""

    def __init__(self) -> None:
        self.reason = ""

    def give_up(self, reason: str) -> GiveUp:
        """The exception to raise; the first reason is kept."""
        self.reason = self.reason or reason
        return GiveUp(reason)
