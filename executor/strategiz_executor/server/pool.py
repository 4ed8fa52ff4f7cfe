"""Children waiting ahead, forked by zygotes.

A child serves one owner's work and is killed. The answer leaves first, and whoever gets it may have work to do on the
same cores: killing, reaping and forking the next one cost 12 to 18 ms of CPU, so they wait REFILL_DELAY_S.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass

from strategiz_executor.server.child_link import ChildEnded, ChildLink, FrameTooLong, LockdownFailed
from strategiz_executor.server.errors import ExecutionFailed
from strategiz_executor.server.failures import no_child
from strategiz_executor.server.logs import Log
from strategiz_executor.server.zygote_process import Reaped, Zygote, ZygoteLost
from strategiz_executor.server.zygotes import LONGEST_START_S, ZygotePlan, Zygotes

REFILL_DELAY_S = 0.006
LONGEST_READY_S = 10.0
LONGEST_CHILD_WAIT_S = 30.0  # a new zygote takes 2 to 3 s on a free core, several times that on a busy one
LONGEST_REPORT_S = 0.5
REFILL_AGAIN_S = 0.2


class PoolNotReady(Exception):  # noqa: N818
    """No child could be made ready at start; the zygote's own words are on stderr."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended. `reaped` is None where nobody could tell (its zygote has ended too)."""

    reaped: Reaped | None
    by_itself: bool


class Pool:
    """The waiting children of one server."""

    def __init__(self, plan: ZygotePlan, ahead: int, log: Log) -> None:
        self._ahead = ahead
        self._log = log
        self.zygotes = Zygotes(plan, self._on_child, self._on_zygotes, log)
        self._ready: deque[ChildLink] = deque()
        self._waiters: deque[asyncio.Future[ChildLink]] = deque()
        self._children: set[ChildLink] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._becoming_ready: set[ChildLink] = set()
        self._rehearsing: set[ChildLink] = set()
        self._closing = False
        self.layers: tuple[str, ...] = ()

    def health(self) -> dict[str, str]:
        """How many children wait, and how many of them have rehearsed, for GetHealth's metadata."""
        rehearsed = sum(child.has_rehearsed for child in self._ready)
        return {"children_waiting": str(len(self._ready)), "children_rehearsed": str(rehearsed)}

    @property
    def waiting(self) -> int:
        """Children that wait for work."""
        return len(self._ready)

    async def start(self) -> None:
        """Starts the zygotes and waits for the first ready child. Raises PoolNotReady."""
        try:
            async with asyncio.timeout(LONGEST_START_S):
                await self.zygotes.start()
                child = await self._next_child()
        except (TimeoutError, ZygoteLost) as error:
            raise PoolNotReady(str(error) or f"no child within {LONGEST_START_S:g} s") from error
        self._ready.appendleft(child)
        self._rehearse_next()  # all others may have come before this one was back in line

    async def take(self) -> ChildLink:
        """A ready child, oldest first. Raises ExecutionFailed (platform) when none comes in time."""
        while self._ready:
            child = self._ready.popleft()
            if child.is_alive():
                self.zygotes.count_execution(child.zygote)
                return child
            self._finish(child)
        try:
            async with asyncio.timeout(LONGEST_CHILD_WAIT_S):
                child = await self._next_child()
        except TimeoutError:
            raise ExecutionFailed(no_child(LONGEST_CHILD_WAIT_S)) from None
        self.zygotes.count_execution(child.zygote)
        return child

    def keep_out(self, child: ChildLink) -> None:
        """Has another one wait in place of a child that will be away for long."""
        if child in self._children:
            asyncio.get_running_loop().call_later(REFILL_DELAY_S, self._refill)

    def give_back(self, child: ChildLink, *, answered: bool) -> None:
        """Ends a child: at once, or a moment after its answer has left."""
        if answered:
            asyncio.get_running_loop().call_later(REFILL_DELAY_S, self._finish, child)
        else:
            self._finish(child)

    async def ending(self, child: ChildLink) -> Ending:
        """Finds out how a child that closed its socket has ended, and ends it if it has not."""
        by_itself = await self._exits(child)
        child.kill()
        child.make_nice(0)  # a nice one without a core would take long to end
        try:
            async with asyncio.timeout(LONGEST_REPORT_S):
                return Ending(await asyncio.shield(child.zygote.reap(child.pid)), by_itself)
        except (TimeoutError, ZygoteLost):
            return Ending(None, by_itself)

    async def close(self) -> None:
        """Kills every child and ends the zygotes."""
        self._closing = True
        for task in list(self._tasks):
            task.cancel()
        for child in list(self._children):
            self._finish(child)
        await self.zygotes.close()

    def _on_child(self, zygote: Zygote, pid: int, end: socket.socket) -> None:
        child = ChildLink(zygote, pid, end)
        self._children.add(child)
        if self._closing:
            self._finish(child)
            return
        self._becoming_ready.add(child)
        self._spawn(self._admit(child))

    async def _admit(self, child: ChildLink) -> None:
        failed: Exception | None = None
        try:
            async with asyncio.timeout(LONGEST_READY_S):
                await child.become_ready()
        except (TimeoutError, ChildEnded, FrameTooLong, LockdownFailed) as error:
            failed = error
        finally:
            self._becoming_ready.discard(child)
        if failed is None:
            self.layers = child.layers
            self._hand_over(child)
        else:
            self._log.event("child_not_ready", level="error", pid=child.pid, reason=repr(failed))
            self._finish(child, refill=False)
            asyncio.get_running_loop().call_later(REFILL_AGAIN_S, self._refill)

    def _hand_over(self, child: ChildLink) -> None:
        if not self._give_to_waiter(child):
            self._ready.append(child)
            self._end_spare_children()
            self._rehearse_next()

    def _give_to_waiter(self, child: ChildLink) -> bool:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(child)
                return True
        return False

    def _rehearse_next(self) -> None:
        """Has the child that is next in line rehearse, where no child is at work and another one waits.

        It is away from the line meanwhile: a call that comes now takes the child after it.
        """
        not_at_work = len(self._ready) + len(self._becoming_ready) + len(self._rehearsing)
        at_work = len(self._children) - not_at_work
        idle = not (at_work or self._rehearsing or self._waiters) and len(self._ready) > 1
        if idle and not self._closing and not self._ready[0].has_rehearsed:
            child = self._ready.popleft()
            self._rehearsing.add(child)
            self._spawn(self._rehearse(child))

    async def _rehearse(self, child: ChildLink) -> None:
        failed = False
        try:
            async with asyncio.timeout(LONGEST_READY_S):
                await child.rehearse()
        except (TimeoutError, ChildEnded, FrameTooLong) as error:
            self._log.event("child_not_ready", level="error", pid=child.pid, reason=repr(error))
            failed = True
        finally:
            self._rehearsing.discard(child)
        if failed:
            self._finish(child)
        elif not self._give_to_waiter(child):
            self._ready.appendleft(child)
            self._end_spare_children()

    def _end_spare_children(self) -> None:
        """Waiting children of a retired zygote go as those of its heir come."""
        for child in [child for child in self._ready if child.zygote.retired]:
            if len(self._ready) > self._ahead:
                self._ready.remove(child)
                self._finish(child)

    async def _next_child(self) -> ChildLink:
        waiter: asyncio.Future[ChildLink] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._refill()
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._hand_over(waiter.result())
            raise

    def _refill(self) -> None:
        """Orders what is missing from the zygote with the least to do; children of a retired one do not count."""
        usable = self.zygotes.serving
        if self._closing or not usable:
            return
        waiters = sum(not waiter.done() for waiter in self._waiters)
        there = (*self._ready, *self._becoming_ready, *self._rehearsing)
        there_to_stay = sum(not child.zygote.retired for child in there)
        coming = sum(zygote.forks_under_way for zygote in usable)
        for _ in range(self._ahead + waiters - there_to_stay - coming):
            min(usable, key=lambda zygote: zygote.forks_under_way).fork(1)

    def _finish(self, child: ChildLink, *, refill: bool = True) -> None:
        if child not in self._children:
            return
        self._children.discard(child)
        child.kill()
        child.close()
        if not child.zygote.lost:
            child.zygote.reap(child.pid)
        self._end_if_childless(child.zygote)
        if refill:
            self._refill()
            self._rehearse_next()

    def _end_if_childless(self, zygote: Zygote) -> None:
        if zygote.retired and not any(child.zygote is zygote for child in self._children):
            self.zygotes.end_if_retired(zygote)

    async def _exits(self, child: ChildLink) -> bool:
        """A process closes its sockets some moments before it has ended."""
        for _ in range(50):
            if child.has_exited() or child.zygote.lost:
                return True
            await asyncio.sleep(0.002)
        return False

    def _on_zygotes(self) -> None:
        """One serves, is retired or is lost; a lost one's waiting children ended with it.

        Executions under way find out by themselves.
        """
        for child in [child for child in self._ready if child.zygote.lost]:
            self._ready.remove(child)
            self._finish(child, refill=False)
        for zygote in self.zygotes.retired:
            self._end_if_childless(zygote)
        self._refill()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
