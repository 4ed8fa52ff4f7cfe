"""Waiting children in the server's own process: moments that no caller can bring about from outside."""

import asyncio
import io

import pytest

from strategiz_executor.server.child_link import ChildLink
from strategiz_executor.server.logs import Log
from strategiz_executor.server.pool import Pool
from strategiz_executor.server.zygote_process import ZygoteSettings
from strategiz_executor.server.zygotes import Recycling, ZygotePlan

AHEAD = 3
SETTINGS = ZygoteSettings(memory_mb=256, cpu_seconds=31, sandbox=True, language_layer=True)
RECYCLED_AT_ONCE = ZygotePlan(SETTINGS, 1, Recycling(executions=1, age_s=3_600))


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
