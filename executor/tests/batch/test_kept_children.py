"""Calls of one batch that follow one another share a child; others never do."""

import itertools
import os
import signal
import time
from typing import Any

import numpy as np
import pytest
from batch_calls import CROSS, batch_children, batch_request, run_batch
from running_executor import REACH_OS, RunningExecutor, some_columns

from strategiz_executor import batch_layout as layout
from strategiz_executor.generated import strategy_execution_pb2 as messages
from strategiz_executor.server.batch_answers import RECORD
from strategiz_executor.server.kept_children import KEPT_S

CELLS = [(0, {"fast": fast, "slow": slow}) for fast in (2, 3, 4) for slow in (9, 14)]
NUMBERS = itertools.count()
HANGS = "def strategy(data):\n    while param('hang', False):\n        pass\n    return 'HOLD'\n"


class Children:
    """Children of batches that were not there before: those of earlier tests may be kept still."""

    def __init__(self, executor: RunningExecutor) -> None:
        self._executor = executor
        self._before = batch_children(executor)

    def now(self) -> set[int]:
        return batch_children(self._executor) - self._before

    def become(self, count: int, seconds: float) -> set[int]:
        deadline = time.monotonic() + seconds
        while len(found := self.now()) != count:
            assert time.monotonic() < deadline, found
            time.sleep(0.01)
        return found


@pytest.fixture
def children(executor: RunningExecutor) -> Children:
    return Children(executor)


@pytest.fixture
def code() -> str:
    """Of this test alone."""
    return f"{CROSS}# {next(NUMBERS)}\n"


def cpu_ms(pid: int) -> float:
    """CPU time that a process has used, by the kernel's clock of it (clock_getcpuclockid)."""
    return time.clock_gettime((~pid << 3) | 2) * 1e3


def same_figures(one: dict[str, float], other: dict[str, float]) -> bool:
    return repr(one) == repr(other)


def test_the_next_call_of_a_batch_is_answered_by_the_same_child(
    executor: RunningExecutor, children: Children, code: str
) -> None:
    request = batch_request(code, CELLS, series=[200], user_id="ann")
    first = run_batch(executor, request)
    [kept] = children.now()
    used_before = cpu_ms(kept)
    second = run_batch(executor, request)
    assert children.now() == {kept}
    assert second.totals.children == 1
    assert same_figures(second.metrics, first.metrics)
    assert second.assumptions == first.assumptions != {}
    # What it used after the first answer may be told with the second; what it used for the first is not.
    used = cpu_ms(kept) - used_before
    assert 0 < second.totals.child_cpu_ms < used + first.totals.child_cpu_ms / 2


def test_other_bars_are_looked_at_anew(executor: RunningExecutor, children: Children, code: str) -> None:
    run_batch(executor, batch_request(code, CELLS, series=[200], user_id="ann"))
    kept = children.now()
    bars = some_columns(90)
    second = run_batch(executor, batch_request(code, CELLS, series=[bars, bars], user_id="ann"))
    assert children.now() == kept
    alone = run_batch(executor, batch_request(code, CELLS, series=[bars], user_id="bob"))
    assert same_figures(second.metrics, alone.metrics)
    assert second.assumptions == alone.assumptions


@pytest.mark.parametrize(
    "changed",
    [
        {"user_id": "bob"},
        {"code": CROSS + "# another\n"},
        {"options": messages.BacktestOptions(commission_pct=1)},
        {"memory_mb": 256},
        {"cell_timeout_seconds": 5},
        {"detail": messages.BATCH_DETAIL_FULL},
        {"no_shared_expressions": True},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_call_that_differs_gets_a_child_of_its_own(
    executor: RunningExecutor, children: Children, code: str, changed: dict
) -> None:
    request = batch_request(code, CELLS[:2], user_id="ann")
    run_batch(executor, request)
    request.MergeFrom(messages.ExecuteBatchRequest(**changed))
    run_batch(executor, request)
    assert len(children.now()) == 2


def test_nobodys_child_is_not_kept(executor: RunningExecutor, children: Children, code: str) -> None:
    run_batch(executor, batch_request(code, CELLS[:2]))
    children.become(0, seconds=KEPT_S / 2)


def test_a_child_is_kept_for_a_moment(executor: RunningExecutor, children: Children, code: str) -> None:
    run_batch(executor, batch_request(code, CELLS[:2], user_id="ann"))
    children.become(1, seconds=0.1)
    children.become(0, seconds=KEPT_S + 2)


def test_a_kept_child_that_dies_costs_nothing(
    executor: RunningExecutor, children: Children, code: str
) -> None:
    request = batch_request(code, CELLS, user_id="ann")
    first = run_batch(executor, request)
    [kept] = children.now()
    os.kill(kept, signal.SIGKILL)
    second = run_batch(executor, request)
    assert same_figures(second.metrics, first.metrics)
    assert kept not in children.now()


def test_a_kept_child_that_has_more_to_say_is_not_used_again(plain_executor: RunningExecutor) -> None:
    forged = np.zeros(1, RECORD)
    forged["length"], forged["tag"] = RECORD.itemsize - layout.LENGTH_BYTES, layout.RECORD
    forged["notes"], forged["returns"] = layout.NO_NOTES, 59
    send = f"{REACH_OS}\nsend = system['sys'].modules['_socket'].socket(1, 1, 0, 3).send\nsend({forged.tobytes()!r})\n"
    code = "if param('forge', False):\n    " + send.replace("\n", "\n    ") + "\n" + HANGS
    for _ in range(3):  # its own answer comes after the forged one, sometimes with it, and is for no cell
        lie = run_batch(plain_executor, batch_request(code, [(0, {"forge": True})], user_id="mallory"))
        assert set(lie.metrics) | set(lie.failures) == {0}
        honest = run_batch(plain_executor, batch_request(code, [(0, {}), (0, {"n": 1})], user_id="mallory"))
        assert set(honest.metrics) == {0, 1}


def one_hangs_and_one_waits(executor: RunningExecutor, code: str) -> tuple[Any, Any]:
    """Two calls: one owner's holds the slot, another's stands in the line."""
    hanging = executor.stub.ExecuteBatch(
        batch_request(HANGS, [(0, {"hang": True})], user_id="ann"), timeout=60
    )
    executor.wait_for_busy_slots(1)
    executor.wait_for_all_children()
    return hanging, executor.stub.ExecuteBatch(batch_request(code, CELLS, user_id="bob"), timeout=60)


def test_a_call_in_the_line_has_its_child_before_its_slot(
    executor: RunningExecutor, children: Children, code: str
) -> None:
    hanging, waiting = one_hangs_and_one_waits(executor, code)
    executor.wait_for_busy_slots(1, waiting=1)
    both = children.become(2, seconds=1)
    executor.wait_for_all_children()  # others take their places
    hanging.cancel()
    answers = list(waiting)
    assert answers[-1].totals.succeeded == len(CELLS)
    assert children.become(1, seconds=2) < both


def test_a_call_that_leaves_the_line_takes_its_child_along(
    executor: RunningExecutor, children: Children, code: str
) -> None:
    hanging, waiting = one_hangs_and_one_waits(executor, code)
    children.become(2, seconds=2)
    waiting.cancel()
    children.become(1, seconds=1)
    hanging.cancel()
    executor.wait_for_busy_slots(0)
