"""The zygotes of one server: replaced when they die, and recycled when they are old, without a gap.

A recycled zygote serves until the new one is up and its canary was refused everything. Then it forks no
more, its running children finish, and it ends with the last of them.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from strategiz_executor.server.logs import Log
from strategiz_executor.server.zygote_process import Zygote, ZygoteLost, ZygoteSettings

LONGEST_START_S = 60.0
RESTART_DELAYS_S = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
LONG_LIFE_S = 30.0
RECYCLE_AGAIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Recycling:
    """A zygote is recycled after so many executions, or at this age."""

    executions: int
    age_s: float


@dataclass(frozen=True, slots=True)
class ZygotePlan:
    """How many zygotes a server has, what each is told, and when it is recycled."""

    settings: ZygoteSettings
    count: int
    recycling: Recycling


class Zygotes:
    """`plan.count` zygotes that serve, and those that are about to or about to end.

    `on_change` is called when one begins to serve, is retired, or is lost.
    """

    def __init__(
        self,
        plan: ZygotePlan,
        on_child: Callable[[Zygote, int, socket.socket], None],
        on_change: Callable[[], None],
        log: Log,
    ) -> None:
        self._plan = plan
        self._on_child = on_child
        self._on_change = on_change
        self._log = log
        self._all: list[Zygote] = []
        self._heir: Zygote | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._short_lives = 0
        self._closing = False
        self._generation = 0
        self._recycled = 0
        self._no_recycling_before = 0.0
        self._lost = 0
        self.versions: dict[str, str] = {}

    @property
    def serving(self) -> list[Zygote]:
        """Those that fork children."""
        return [zygote for zygote in self._all if zygote.is_ready and not zygote.retired]

    @property
    def retired(self) -> list[Zygote]:
        """Those whose heirs serve, and whose last children still run."""
        return [zygote for zygote in self._all if zygote.retired]

    def health(self) -> dict[str, str]:
        """How old they are and what became of earlier ones, for GetHealth's metadata."""
        now = asyncio.get_running_loop().time()
        serving = self.serving
        return {
            "zygotes": str(len(serving)),
            "zygote_generation": str(max((zygote.generation for zygote in serving), default=0)),
            "zygote_age_seconds": str(int(max((now - zygote.born for zygote in serving), default=0))),
            "zygote_executions": str(max((zygote.executions for zygote in serving), default=0)),
            "zygotes_recycled": str(self._recycled),
            "zygotes_lost": str(self._lost),
        }

    async def start(self) -> None:
        """Starts them. Raises ZygoteLost where one ends or its canary reaches something."""
        await asyncio.gather(*(self._start(self._new()) for _ in range(self._plan.count)))

    def count_execution(self, zygote: Zygote) -> None:
        """Notes that a child of this zygote was given work."""
        zygote.executions += 1
        if zygote.executions >= self._plan.recycling.executions:
            self._recycle(zygote, "executions")

    def end_if_retired(self, zygote: Zygote) -> None:
        """Ends a retired zygote, once it has no children."""
        if zygote.retired and not zygote.lost and not zygote.forks_under_way:
            self._spawn(zygote.close())

    async def close(self) -> None:
        """Ends all of them."""
        self._closing = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*(zygote.close() for zygote in list(self._all)))

    def _new(self) -> Zygote:
        self._generation += 1
        zygote = Zygote(self._plan.settings, self._generation, self._on_child, self._on_lost)
        self._all.append(zygote)
        return zygote

    async def _start(self, zygote: Zygote) -> None:
        """Waits until it serves. Raises ZygoteLost."""
        loop = asyncio.get_running_loop()
        self.versions = await asyncio.shield(zygote.hello)
        now = loop.time()
        self._log.event(
            "zygote_ready", pid=zygote.pid, generation=zygote.generation, ms=round(1e3 * (now - zygote.born))
        )
        loop.call_later(self._plan.recycling.age_s, self._recycle, zygote, "age")
        self._on_change()

    def _recycle(self, old: Zygote, why: str) -> None:
        """Begins to replace a zygote: one at a time, once the last to retire has ended, not soon after a failure."""
        if self._closing or old.retired or old.lost:
            return
        loop = asyncio.get_running_loop()
        if self._heir is not None or self.retired or loop.time() < self._no_recycling_before:
            if why == "age":
                loop.call_later(RECYCLE_AGAIN_S, self._recycle, old, why)
            return
        self._heir = self._new()
        self._log.event("zygote_recycling", pid=old.pid, generation=old.generation, why=why)
        self._spawn(self._hand_over(old, self._heir))

    async def _hand_over(self, old: Zygote, heir: Zygote) -> None:
        try:
            async with asyncio.timeout(LONGEST_START_S):
                await self._start(heir)
        except (TimeoutError, ZygoteLost) as error:
            self._log.event("zygote_not_recycled", level="error", pid=old.pid, reason=repr(error))
            await heir.close()
            self._heir = None
            self._no_recycling_before = asyncio.get_running_loop().time() + RECYCLE_AGAIN_S
            if old.lost:
                await self._replace(old)
            else:
                self._recycle(old, "age")
            return
        self._heir = None
        if not old.lost:
            old.retired = True
            self._recycled += 1
        self._on_change()

    def _on_lost(self, zygote: Zygote) -> None:
        self._all = [other for other in self._all if other is not zygote]
        if self._closing:
            return
        if zygote.retired:
            self._spawn(self._bury(zygote))
        elif zygote is not self._heir:
            self._lost += 1
            self._log.event("zygote_lost", level="error", pid=zygote.pid)
            self._spawn(self._replace(zygote) if self._heir is None else zygote.close())
        self._on_change()

    async def _bury(self, zygote: Zygote) -> None:
        await zygote.close()
        self._log.event("zygote_ended", pid=zygote.pid, executions=zygote.executions)

    async def _replace(self, zygote: Zygote) -> None:
        await zygote.close()
        delay = RESTART_DELAYS_S[min(self._short_lives, len(RESTART_DELAYS_S) - 1)]
        self._short_lives += 1
        await asyncio.sleep(delay)
        with contextlib.suppress(ZygoteLost):  # that loss orders the next replacement itself
            await self._start(self._new())
            asyncio.get_running_loop().call_later(LONG_LIFE_S, self._forget_short_lives)

    def _forget_short_lives(self) -> None:
        self._short_lives = 0

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
