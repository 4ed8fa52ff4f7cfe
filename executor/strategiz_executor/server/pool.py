"""Children waiting ahead, forked by zygotes that are replaced when they die.

A child serves one owner's work and is killed. The answer leaves first: killing, reaping and forking
the next one cost 12 to 18 ms of CPU, so they wait REFILL_DELAY_S.
"""

import asyncio
import contextlib
import socket
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass

from strategiz_executor.server.child_link import ChildEnded, ChildLink, FrameTooLong, LockdownFailed
from strategiz_executor.server.errors import ExecutionFailed
from strategiz_executor.server.failures import no_child
from strategiz_executor.server.logs import Log
from strategiz_executor.server.zygote_process import Reaped, Zygote, ZygoteLost, ZygoteSettings

REFILL_DELAY_S = 0.004
LONGEST_START_S = 60.0
LONGEST_READY_S = 10.0
LONGEST_CHILD_WAIT_S = 5.0
LONGEST_REPORT_S = 0.5
RESTART_DELAYS_S = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
LONG_LIFE_S = 30.0


class PoolNotReady(Exception):  # noqa: N818
    """No child could be made ready at start; the zygote's own words are on stderr."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended. `reaped` is None where nobody could tell (its zygote has ended too)."""

    reaped: Reaped | None
    by_itself: bool


class Pool:
    """The waiting children of one server."""

    def __init__(self, settings: ZygoteSettings, ahead: int, zygotes: int, log: Log) -> None:
        self._settings = settings
        self._ahead = ahead
        self._zygote_count = zygotes
        self._log = log
        self._zygotes: list[Zygote] = []
        self._ready: deque[ChildLink] = deque()
        self._waiters: deque[asyncio.Future[ChildLink]] = deque()
        self._children: set[ChildLink] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._becoming_ready = 0
        self._short_lives = 0
        self._closing = False
        self.versions: dict[str, str] = {}
        self.layers: tuple[str, ...] = ()

    @property
    def has_zygote(self) -> bool:
        """Whether a zygote is alive."""
        return bool(self._zygotes)

    @property
    def waiting_children(self) -> int:
        """Children ready for work."""
        return len(self._ready)

    async def start(self) -> None:
        """Starts the zygotes and waits for the first ready child. Raises PoolNotReady."""
        try:
            async with asyncio.timeout(LONGEST_START_S):
                await asyncio.gather(*(self._start_zygote() for _ in range(self._zygote_count)))
                child = await self._next_child()
        except (TimeoutError, ZygoteLost) as error:
            raise PoolNotReady(str(error) or f"no child within {LONGEST_START_S:g} s") from error
        self._ready.appendleft(child)

    async def take(self) -> ChildLink:
        """A ready child, oldest first. Raises ExecutionFailed (platform) when none comes in time."""
        while self._ready:
            child = self._ready.popleft()
            if child.is_alive():
                return child
            self._finish(child)
        try:
            async with asyncio.timeout(LONGEST_CHILD_WAIT_S):
                return await self._next_child()
        except TimeoutError:
            raise ExecutionFailed(no_child(LONGEST_CHILD_WAIT_S)) from None

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
        await asyncio.gather(*(zygote.close() for zygote in list(self._zygotes)))

    async def _start_zygote(self) -> None:
        zygote = Zygote(self._settings, self._on_child, self._on_lost)
        self._zygotes.append(zygote)
        started = asyncio.get_running_loop().time()
        self.versions = await asyncio.shield(zygote.hello)
        self._log.event(
            "zygote_ready", pid=zygote.pid, ms=round(1e3 * (asyncio.get_running_loop().time() - started))
        )
        self._refill()

    def _on_child(self, zygote: Zygote, pid: int, end: socket.socket) -> None:
        child = ChildLink(zygote, pid, end)
        self._children.add(child)
        if self._closing:
            self._finish(child)
            return
        self._becoming_ready += 1
        self._spawn(self._admit(child))

    async def _admit(self, child: ChildLink) -> None:
        try:
            async with asyncio.timeout(LONGEST_READY_S):
                await child.become_ready()
        except (TimeoutError, ChildEnded, FrameTooLong, LockdownFailed) as error:
            self._log.event("child_not_ready", level="error", pid=child.pid, reason=repr(error))
            self._finish(child, refill=False)
            asyncio.get_running_loop().call_later(RESTART_DELAYS_S[1], self._refill)
        else:
            self.layers = child.layers
            self._hand_over(child)
        finally:
            self._becoming_ready -= 1

    def _hand_over(self, child: ChildLink) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(child)
                return
        self._ready.append(child)

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
        """Orders what is missing from the zygote with the least to do."""
        usable = [zygote for zygote in self._zygotes if zygote.hello.done() and not zygote.lost]
        if self._closing or not usable:
            return
        waiters = sum(not waiter.done() for waiter in self._waiters)
        coming = self._becoming_ready + sum(zygote.forks_under_way for zygote in usable)
        for _ in range(self._ahead + waiters - len(self._ready) - coming):
            min(usable, key=lambda zygote: zygote.forks_under_way).fork(1)

    def _finish(self, child: ChildLink, *, refill: bool = True) -> None:
        if child not in self._children:
            return
        self._children.discard(child)
        child.kill()
        child.close()
        if not child.zygote.lost:
            child.zygote.reap(child.pid)
        if refill:
            self._refill()

    async def _exits(self, child: ChildLink) -> bool:
        """A process closes its sockets some moments before it has ended."""
        for _ in range(50):
            if child.has_exited() or child.zygote.lost:
                return True
            await asyncio.sleep(0.002)
        return False

    def _on_lost(self, zygote: Zygote) -> None:
        """Its waiting children end with it; executions under way find out by themselves."""
        self._zygotes = [other for other in self._zygotes if other is not zygote]
        for child in [child for child in self._ready if child.zygote is zygote]:
            self._ready.remove(child)
            self._finish(child, refill=False)
        if self._closing:
            return
        self._log.event("zygote_lost", level="error", pid=zygote.pid)
        self._spawn(self._replace(zygote))

    async def _replace(self, zygote: Zygote) -> None:
        await zygote.close()
        delay = RESTART_DELAYS_S[min(self._short_lives, len(RESTART_DELAYS_S) - 1)]
        self._short_lives += 1
        await asyncio.sleep(delay)
        with contextlib.suppress(ZygoteLost):  # that loss orders the next replacement itself
            await self._start_zygote()
            asyncio.get_running_loop().call_later(LONG_LIFE_S, self._forget_short_lives)

    def _forget_short_lives(self) -> None:
        self._short_lives = 0

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
