"""A batch's child gets what others leave of a core, whatever session they were started in."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_calls import CROSS, batch_children, batch_request, read_batch
from running_executor import RunningExecutor, ordinary_user

from strategiz_executor.server.batch_child import NICENESS

HANGS = "def strategy(data):\n    while True:\n        pass\n"
AT_ONCE = 3


@pytest.fixture(params=["this user", "nobody"])
def running(request: pytest.FixtureRequest) -> Iterator[RunningExecutor]:
    """An executor with slots for three batches."""
    if not Path("/proc/self/autogroup").exists():
        pytest.skip("this kernel shares cores without autogroups")
    if request.param == "nobody" and os.geteuid() != 0:
        pytest.skip("only root can start a server as another user")
    started = RunningExecutor(
        "--slots", str(AT_ONCE + 1), through=ordinary_user() if request.param == "nobody" else ()
    )
    yield started
    started.stop()


def niceness(pid: int) -> tuple[str, int]:
    """The name of the process's autogroup, and how nice that is."""
    name, _, value = Path(f"/proc/{pid}/autogroup").read_text().split()
    return name, int(value)


def nice_children(running: RunningExecutor) -> list[int]:
    """Children of batches whose session is nice too."""
    return [pid for pid in batch_children(running) if niceness(pid)[1] == NICENESS]


def wait_for_nice_children(running: RunningExecutor, count: int) -> list[int]:
    deadline = time.monotonic() + 10
    while len(found := nice_children(running)) < count:
        assert time.monotonic() < deadline, {pid: niceness(pid) for pid in batch_children(running)}
        time.sleep(0.01)
    return found


def wait_for_niceness(pid: int, value: int) -> None:
    deadline = time.monotonic() + 10
    while (found := niceness(pid)[1]) != value:
        assert time.monotonic() < deadline, f"nice {found} instead of {value}"
        time.sleep(0.01)


def test_batches_that_start_together_are_nice_each_in_a_session_of_its_own(running: RunningExecutor) -> None:
    streams = [
        running.stub.ExecuteBatch(batch_request(HANGS, [(0, {})], user_id=f"owner-{number}"), timeout=60)
        for number in range(AT_ONCE)
    ]
    running.wait_for_busy_slots(AT_ONCE)
    found = wait_for_nice_children(running, AT_ONCE)
    running.wait_for_all_children(AT_ONCE + 1)  # one that was just forked has no session of its own yet
    waiting = set(running.children_of(running.zygote())) - set(found)
    assert {niceness(pid)[1] for pid in waiting} == {0}
    groups = [niceness(pid)[0] for pid in (*found, *waiting, running.process.pid)]
    assert len(set(groups)) == len(groups)
    for stream in streams:
        stream.cancel()


def test_a_cell_that_waited_for_a_core_as_long_as_its_limit_is_nice_no_longer(
    running: RunningExecutor,
) -> None:
    cells = [(0, {"fast": fast}) for fast in range(1, 2_000)]
    request = batch_request(CROSS, cells, series=[500], user_id="ann", cell_timeout_seconds=1)
    stream = running.stub.ExecuteBatch(request, timeout=60)
    [child] = wait_for_nice_children(running, 1)
    os.kill(child, signal.SIGSTOP)
    wait_for_niceness(child, 0)
    os.kill(child, signal.SIGCONT)
    wait_for_niceness(child, NICENESS)
    assert len(read_batch(stream).metrics) == len(cells)
