"""A batch's child gets what others leave of a core, whatever session they were started in."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_calls import batch_children, batch_request
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


def test_batches_that_start_together_are_nice_each_in_a_session_of_its_own(running: RunningExecutor) -> None:
    streams = [
        running.stub.ExecuteBatch(batch_request(HANGS, [(0, {})], user_id=f"owner-{number}"), timeout=60)
        for number in range(AT_ONCE)
    ]
    running.wait_for_busy_slots(AT_ONCE)
    deadline = time.monotonic() + 10
    while len(found := nice_children(running)) < AT_ONCE:
        assert time.monotonic() < deadline, {pid: niceness(pid) for pid in batch_children(running)}
        time.sleep(0.01)
    waiting = set(running.children_of(running.zygote())) - set(found)
    assert {niceness(pid)[1] for pid in waiting} == {0}
    groups = [niceness(pid)[0] for pid in (*found, *waiting, running.process.pid)]
    assert len(set(groups)) == len(groups)
    for stream in streams:
        stream.cancel()
