"""Why a fast way was not taken."""


class NotThisWayError(Exception):
    """A way of replay cannot give the answer of the plain loop for this strategy; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
