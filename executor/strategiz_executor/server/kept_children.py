"""Children that have answered a whole call of ExecuteBatch, kept a moment for the next call of the same batch.

A sweep comes in chunks, each a call of its own: its next one finds code, series and expressions where they are. A child
still serves one owner and one code, with one set of options and limits: it does what it would do in one longer call.
"""

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from strategiz_executor.server.batch_child import BatchChild
from strategiz_executor.server.batch_request import Batch
from strategiz_executor.server.pool import Pool

KEPT_S = 1.0
MOST_KEPT = 4
"""However many slots: a child that waits costs memory, some 20 to 40 MB with what it remembers."""

Key = bytes


def key_of(batch: Batch) -> Key | None:
    """What two calls must have in common; None where nobody says whose they are."""
    request = batch.request
    if not request.user_id:
        return None
    digest = hashlib.sha256()
    for part in (
        request.user_id.encode(),
        request.code.encode(),
        request.options.SerializeToString(deterministic=True),
        repr((batch.cell_timeout_s, batch.memory_mb, request.detail, request.no_shared_expressions)).encode(),
    ):
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.digest()


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    key: Key
    child: BatchChild
    ending: asyncio.TimerHandle


class KeptChildren:
    """At most MOST_KEPT of them, each for KEPT_S; the oldest goes first."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._kept: OrderedDict[BatchChild, _Kept] = OrderedDict()

    def take(self, key: Key | None) -> BatchChild | None:
        """One that was kept under this key and is as it was left, if there is one."""
        for kept in list(self._kept.values()):
            if kept.key == key:
                self._forget(kept)
                if kept.child.link.is_alive():
                    return kept.child
                self._end(kept.child)
        return None

    def keep(self, key: Key, child: BatchChild) -> None:
        """Takes a child that has answered all that it was given."""
        ending = asyncio.get_running_loop().call_later(KEPT_S, self._end_kept, child)
        self._kept[child] = _Kept(key, child, ending)
        while len(self._kept) > MOST_KEPT:
            self._end_kept(next(iter(self._kept)))

    def _end_kept(self, child: BatchChild) -> None:
        self._forget(self._kept[child])
        self._end(child)

    def _forget(self, kept: _Kept) -> None:
        kept.ending.cancel()
        del self._kept[kept.child]

    def _end(self, child: BatchChild) -> None:
        child.stop_sending()
        self._pool.give_back(child.link, answered=True)
