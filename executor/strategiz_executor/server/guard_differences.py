"""Defects of the fast ways of replay that their guard saw: counted, and logged with the hash of the code alone."""

import hashlib

from strategiz_executor.server.logs import Log


class GuardDifferences:
    """Counts what children tell. A hostile child can tell one that was not; it can hide none but its own."""

    def __init__(self, log: Log) -> None:
        self.count = 0
        self._log = log

    def note(self, code: str, bar: int) -> None:
        """Takes the bar, counted from 1, of a replay or of a cell's notes; 0 is no difference."""
        if bar > 0:
            self.count += 1
            code_sha256 = hashlib.sha256(code.encode()).hexdigest()
            self._log.event("guard_difference", level="error", code_sha256=code_sha256, bar=bar)
