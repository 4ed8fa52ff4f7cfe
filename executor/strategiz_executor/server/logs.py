"""Logs: one JSON object a line on stdout, written by a thread so that a slow reader stops nobody."""

import json
import queue
import sys
import threading
from datetime import UTC, datetime
from typing import TextIO

MOST_WAITING = 10_000
CLOSE_SECONDS = 1.0


class Log:
    """Events with fields. When the reader is slower than the server, lines are dropped and counted."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._lines: queue.Queue[dict[str, object] | None] = queue.Queue(MOST_WAITING)
        self._dropped = 0
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def event(self, name: str, *, level: str = "info", **fields: object) -> None:
        """Logs one event; never blocks."""
        time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        try:
            self._lines.put_nowait({"time": time, "level": level, "event": name, **fields})
        except queue.Full:
            self._dropped += 1

    def close(self) -> None:
        """Writes what is left, for a second at most."""
        try:
            self._lines.put(None, timeout=CLOSE_SECONDS)
        except queue.Full:
            return
        self._thread.join(CLOSE_SECONDS)

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            if self._dropped:
                line["dropped_before"], self._dropped = self._dropped, 0
            try:
                self._out.write(json.dumps(line, default=str, ensure_ascii=False) + "\n")
                self._out.flush()
            except (OSError, ValueError):
                return  # nobody reads any more: the queue fills up and drops
