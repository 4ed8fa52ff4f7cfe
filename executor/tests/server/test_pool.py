"""Waiting children in the server's own process: moments that no caller can bring about from outside."""

import asyncio
import io
import os
import select
import signal

import pytest

from strategiz_executor.server.child_link import ChildEnded, ChildLink
from strategiz_executor.server.logs import Log
from strategiz_executor.server.pool import Pool
from strategiz_executor.server.zygote_process import ZygoteSettings
from strategiz_executor.server.zygotes import Recycling, ZygotePlan

AHEAD = 3
SETTINGS = ZygoteSettings(memory_mb=256, cpu_seconds=31, sandbox=True, language_layer=True)
RECYCLED_AT_ONCE = ZygotePlan(SETTINGS, 1, Recycling(executions=1, age_s=3_600))
RECYCLED_SELDOM = ZygotePlan(SETTINGS, 1, Recycling(executions=1_000, age_s=3_600))


def test_children_that_become_ready_after_their_zygote_has_retired_do_not_keep_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asyncio.run(_retire_with_all_children_on_their_way(monkeypatch))


async def _retire_with_all_children_on_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    may_be_ready = asyncio.Event()
    may_be_ready.set()
    become_ready = ChildLink.become_ready

    async def when_it_may(child: ChildLink) -> None:
        await become_ready(child)
        await may_be_ready.wait()

    monkeypatch.setattr(ChildLink, "become_ready", when_it_may)
    pool = Pool(RECYCLED_AT_ONCE, AHEAD, Log(io.StringIO()))
    try:
        async with asyncio.timeout(40):
            await pool.start()
            while pool.waiting < AHEAD or pool.health()["children_rehearsed"] != "1":
                await asyncio.sleep(0.01)
            may_be_ready.clear()
            while pool.zygotes.health()["zygotes_recycled"] == "0":
                while pool.waiting:
                    pool.give_back(await pool.take(), answered=False)
                await asyncio.sleep(0.01)
            may_be_ready.set()
            while pool.zygotes.retired or pool.waiting < AHEAD:
                await asyncio.sleep(0.01)
    finally:
        await pool.close()


def test_a_killed_child_that_takes_long_to_end_is_not_said_to_have_closed_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asyncio.run(_kill_a_child_whose_end_is_not_told(monkeypatch))


class _Silent:
    """A poll that never tells of an end."""

    def register(self, descriptor: int, events: int) -> None: ...

    def poll(self, timeout_ms: int) -> list[tuple[int, int]]:
        return []


async def _kill_a_child_whose_end_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "poll", _Silent)
    pool = Pool(RECYCLED_SELDOM, AHEAD, Log(io.StringIO()))
    try:
        async with asyncio.timeout(60):
            await pool.start()
            child = await pool.take()
            os.kill(child.pid, signal.SIGKILL)
            with pytest.raises(ChildEnded):
                await child.receive(1)
            ending = await pool.ending(child)
            pool.give_back(child, answered=False)
    finally:
        await pool.close()
    assert ending.by_itself
    assert ending.reaped is not None
    assert os.WTERMSIG(ending.reaped.status) == signal.SIGKILL
