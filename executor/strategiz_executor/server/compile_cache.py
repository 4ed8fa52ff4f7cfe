"""Compiled code of earlier executions: opaque bytes that only a child ever loads.

Keyed by owner, so that a poisoned entry can harm only the owner who made it; with no owner nothing
is kept.
"""

import hashlib
from collections import OrderedDict

DEFAULT_BYTES = 64 << 20
ENTRY_BYTES = 256  # keys and bookkeeping, roughly

Key = tuple[str, bytes]


class CompileCache:
    """Least recently used entries leave first; bounded by bytes."""

    def __init__(self, most_bytes: int = DEFAULT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._entries: OrderedDict[Key, bytes] = OrderedDict()
        self._forms: dict[Key, int] = {}
        self.hits = 0
        self.misses = 0

    def key(self, owner: str, code: str) -> Key | None:
        """Names one owner's one source; None where nothing may be kept."""
        return (owner, hashlib.sha256(code.encode()).digest()) if owner else None

    def get(self, key: Key | None) -> bytes | None:
        """The compiled code, or None."""
        compiled = self._entries.get(key) if key is not None else None
        if key is None or compiled is None:
            self.misses += 1
            return None
        self._entries.move_to_end(key)
        self.hits += 1
        return compiled

    def peek(self, key: Key | None) -> bytes | None:
        """The compiled code, or None, without counting a hit or a miss."""
        return self._entries.get(key) if key is not None else None

    def fast_form(self, key: Key | None) -> int:
        """The form of the code's last execution where the next can be answered fast; else 0."""
        return self._forms.get(key, 0) if key is not None else 0

    def note_fast_form(self, key: Key | None, form: int) -> None:
        """Keeps that form beside the compiled code, if there is some; 0 takes it away."""
        if key is None or key not in self._entries:
            return
        if form:
            self._forms[key] = form
        else:
            self._forms.pop(key, None)

    def put(self, key: Key | None, compiled: bytes) -> None:
        """Keeps `compiled` if there is an owner and room for it."""
        if key is None or not compiled or len(compiled) + ENTRY_BYTES > self._most_bytes:
            return
        self._drop(key)
        self._entries[key] = compiled
        self._bytes += len(compiled) + ENTRY_BYTES
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: Key) -> None:
        gone = self._entries.pop(key, None)
        self._forms.pop(key, None)
        if gone is not None:
            self._bytes -= len(gone) + ENTRY_BYTES
