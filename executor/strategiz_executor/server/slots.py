"""Slots: executions that run at once, one a core and one more. A full executor has a short line, then refuses."""

import asyncio
import contextlib
import enum
from collections import deque
from collections.abc import AsyncIterator

from strategiz_executor.server.errors import NoFreeSlot

LONGEST_WAIT_S = 2.0


class Work(enum.Enum):
    """What a slot is wanted for."""

    SINGLE = "single"
    BATCH = "batch"


class Slots:
    """`count` slots, of which one is kept for single executions when there are several."""

    def __init__(self, count: int, line_length: int) -> None:
        self.count = count
        self._line_length = line_length
        self._batch_count = count - 1 if count > 1 else count
        self._busy = dict.fromkeys(Work, 0)
        self._line: deque[tuple[asyncio.Future[None], Work]] = deque()

    @property
    def busy(self) -> int:
        """Slots in use."""
        return sum(self._busy.values())

    @property
    def waiting(self) -> int:
        """Calls in the short line."""
        return len(self._line)

    @contextlib.asynccontextmanager
    async def hold(self, work: Work, deadline_s: float | None) -> AsyncIterator[None]:
        """Holds a slot; waits at most two seconds and half of `deadline_s`.

        Raises NoFreeSlot when the line is full or the wait was in vain.
        """
        if not self.try_take(work):
            await self._wait(work, longest_wait(deadline_s))
        try:
            yield
        finally:
            self.give_back(work)

    def try_take(self, work: Work) -> bool:
        """Takes a slot if one is free now and nobody in the line could use it."""
        if any(self.is_free(waiting) for _, waiting in self._line) or not self.is_free(work):
            return False
        self._busy[work] += 1
        return True

    def give_back(self, work: Work) -> None:
        """Frees a slot and hands it to the first in the line that may have it."""
        self._busy[work] -= 1
        self._serve_line()

    def is_free(self, work: Work) -> bool:
        """Whether there is a slot for this work, whoever waits for it."""
        if self.busy >= self.count:
            return False
        return work is Work.SINGLE or self._busy[Work.BATCH] < self._batch_count

    async def _wait(self, work: Work, seconds: float) -> None:
        if len(self._line) >= self._line_length:
            raise NoFreeSlot(f"all {self.count} slots are busy and {self._line_length} calls wait: try again")
        place = (asyncio.get_running_loop().create_future(), work)
        self._line.append(place)
        try:
            async with asyncio.timeout(seconds):
                await place[0]
        except BaseException as error:
            self._leave_line(place)
            if isinstance(error, TimeoutError):
                raise NoFreeSlot(f"no slot became free in {seconds:.1f} s: try again") from None
            raise

    def _leave_line(self, place: tuple[asyncio.Future[None], Work]) -> None:
        """A slot granted in the very tick of a time-out or cancellation goes to the next in line."""
        if place in self._line:
            self._line.remove(place)
        elif place[0].done() and not place[0].cancelled():
            self.give_back(place[1])

    def _serve_line(self) -> None:
        for place in list(self._line):
            future, work = place
            if future.done():
                self._line.remove(place)
            elif self.is_free(work):
                self._line.remove(place)
                self._busy[work] += 1
                future.set_result(None)


def longest_wait(deadline_s: float | None) -> float:
    """Seconds that a call may stand in the line: two, and half of its deadline."""
    return LONGEST_WAIT_S if deadline_s is None else max(0.0, min(LONGEST_WAIT_S, deadline_s / 2))
