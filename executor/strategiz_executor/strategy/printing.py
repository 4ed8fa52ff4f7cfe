"""`print` of a strategy: the job's log, kept up to a number of bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

KILOBYTE = 1024


class PrintLog:
    """Keeps the first `limit` bytes of what is printed and counts the rest."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.pieces: list[str] = []
        self.used = 0
        self.cut_bytes = 0

    def print(
        self,
        *values: Any,
        sep: str | None = " ",
        end: str | None = "\n",
        file: None = None,
        flush: bool = False,
    ) -> None:
        """Write values as Python's print does; `file` stays None, as there is only the log."""
        if file is not None:
            raise TypeError("print writes to the job's logs only: leave out file=")
        separator = " " if sep is None else sep
        self.write(separator.join([str(value) for value in values]) + ("\n" if end is None else end))

    def write(self, text: str) -> None:
        """Append text, or as much of it as the limit leaves; after a cut nothing more is kept."""
        encoded = text.encode("utf-8", "replace")
        room = self.limit - self.used
        kept = encoded[:room]
        self.cut_bytes += len(encoded) - len(kept)
        if kept:
            self.used += len(kept)
            self.pieces.append(kept.decode("utf-8", "ignore"))

    def lines(self) -> list[str]:
        """Answer what was printed by line, with a last line saying what was cut."""
        lines = "".join(self.pieces).split("\n")
        if lines[-1] == "":
            lines.pop()
        if self.cut_bytes:
            lines.append(f"[{self.cut_note()}]")
        return lines

    def cut_note(self) -> str:
        """Answer the sentence for a cut log."""
        return f"logs cut at the limit of {self.limit / KILOBYTE:g} KB, {self.cut_bytes} bytes left out"


class LogOutput(io.TextIOBase):
    """Standard output for libraries that write to it (`df.info()`): the log of the run that is going on."""

    def __init__(self, current: Callable[[], PrintLog | None]) -> None:
        self._current = current

    def writable(self) -> bool:
        """Answer True."""
        return True

    def write(self, text: str) -> int:
        """Append text to the log; before the first run it goes nowhere."""
        log = self._current()
        if log is not None:
            log.write(text)
        return len(text)
