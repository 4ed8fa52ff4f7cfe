"""A rehearsed child of a real zygote: what a job still has to be given pages for."""

import asyncio
import io
import sys
from pathlib import Path

import pytest

from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.server.bars import SentBars, read_columns
from strategiz_executor.server.child_link import ChildLink
from strategiz_executor.server.executor import fast_form
from strategiz_executor.server.limits import ExecutionLimits
from strategiz_executor.server.logs import Log
from strategiz_executor.server.pool import Pool
from strategiz_executor.server.request_frame import execution_frame, raw_bars
from strategiz_executor.server.zygote_process import ZygoteSettings
from strategiz_executor.server.zygotes import Recycling, ZygotePlan
from strategiz_executor.strategy.made_up_bars import made_up_bars

LIMITS = ExecutionLimits()
SETTINGS = ZygoteSettings(memory_mb=512, cpu_seconds=31, sandbox=True, language_layer=True)
PLAN = ZygotePlan(SETTINGS, 1, Recycling(executions=1_000, age_s=3_600))
AHEAD = 2
MINOR_FAULTS = 7  # proc_pid_stat(5), from the state on
FEW_PAGES = 15  # 5 to 11 are usual; 15 to 83 with gaps in the zygote's memory and shorter rehearsals
CODE = """
def strategy(data):
    fast = data["close"].rolling(param("fast", 12)).mean()
    slow = data["close"].rolling(param("slow", 50)).mean()
    return "BUY" if fast.iloc[-1] > slow.iloc[-1] else "SELL"
"""


def faults(child: ChildLink) -> int:
    stat = Path(f"/proc/{child.pid}/stat").read_text(encoding="ascii")
    return int(stat.rpartition(")")[2].split()[MINOR_FAULTS])


async def take_rehearsed(pool: Pool) -> ChildLink:
    while pool.waiting < AHEAD or pool.health()["children_rehearsed"] != "1":
        await asyncio.sleep(0.01)
    child = await pool.take()
    assert child.has_rehearsed
    return child


async def ask(child: ChildLink, frame: RequestFrame, bars: SentBars) -> tuple[ResultFrame, bytes, int]:
    """The answer, the compiled code that came before it, and the page faults that both took."""
    before, compiled = faults(child), b""
    await child.send(frame.SerializeToString(), *raw_bars(bars))
    while not (answer := ResultFrame.FromString(bytes(await child.receive(LIMITS.result_bytes)))).last:
        compiled = answer.compiled
    assert answer.success
    return answer, compiled, faults(child) - before


async def faults_of_a_first_and_a_later_job() -> tuple[int, int]:
    bars = read_columns(made_up_bars(2_519, seed=7))
    frame = execution_frame(CODE, bars, "{}", LIMITS)
    frame.backtest, frame.first_execution, frame.timeframe = True, True, "1D"
    pool = Pool(PLAN, AHEAD, Log(io.StringIO()))
    try:
        async with asyncio.timeout(60):
            await pool.start()
            first = await take_rehearsed(pool)
            answer, compiled, faults_of_first = await ask(first, frame, bars)
            pool.give_back(first, answered=True)
            frame.compiled, frame.fast_form, frame.first_execution = compiled, fast_form(answer), False
            later = await take_rehearsed(pool)
            answer, _, faults_of_later = await ask(later, frame, bars)
            pool.give_back(later, answered=True)
    finally:
        await pool.close()
    return faults_of_first, faults_of_later


@pytest.mark.skipif(sys.platform != "linux", reason="page faults of Linux")
def test_hardly_a_page_is_new_to_it():
    first, later = asyncio.run(faults_of_a_first_and_a_later_job())
    assert first < FEW_PAGES
    assert later < FEW_PAGES
