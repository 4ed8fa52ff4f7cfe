"""Processes die without taking the service along, and none is left behind."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import grpc
import pytest
from running_executor import RunningExecutor, some_columns

Start = Callable[..., RunningExecutor]
ENDLESS = "def strategy(data):\n    while True:\n        pass\n"
NEVER = "def strategy(data):\n    return 'HOLD'\n"


def kill_and_wait(running: RunningExecutor, children: list[int]) -> None:
    """Kills children of the zygote and waits until they have ended."""
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while set(children) & set(running.children_of(running.zygote())):
        assert time.monotonic() < deadline, "the killed children have not ended"
        time.sleep(0.005)


def test_a_killed_server_leaves_no_process(start_executor: Start) -> None:
    running = start_executor("--slots", "2")
    calls = [running.start_execution(ENDLESS, timeout_seconds=30) for _ in range(2)]
    running.wait_for_busy_slots(2)
    assert len(running.processes()) >= 4
    os.kill(running.process.pid, signal.SIGKILL)
    running.wait_until_gone(5)
    assert all(call.exception(timeout=5) for call in calls)


def test_a_killed_zygote_fails_its_executions_as_ours_and_is_replaced(start_executor: Start) -> None:
    running = start_executor("--slots", "2")
    first = running.zygote()
    call = running.start_execution(ENDLESS, timeout_seconds=30)
    running.wait_for_busy_slots(1)
    os.kill(first, signal.SIGKILL)
    answer = call.result(timeout=10)
    assert (getattr(answer.failure, "class"), answer.failure.code) == ("platform", "child_died")
    assert running.zygote(count=2) != first
    assert running.execute(NEVER).success
    assert running.health().status == "SERVING"


def test_a_killed_child_is_a_failure_of_ours_and_the_next_execution_is_right(start_executor: Start) -> None:
    running = start_executor("--slots", "1")
    waiting = running.children_of(running.zygote())
    call = running.start_execution(ENDLESS, timeout_seconds=30)
    running.wait_for_busy_slots(1)
    kill_and_wait(running, waiting)
    assert call.result(timeout=10).failure.code == "child_died"
    assert running.execute(NEVER).success


def test_killed_waiting_children_cost_no_execution(start_executor: Start) -> None:
    running = start_executor("--slots", "1")
    kill_and_wait(running, running.children_of(running.zygote()))
    assert running.execute(NEVER).success


def wait_for_rehearsal(running: RunningExecutor) -> None:
    """Waits until a child has rehearsed and is back in line."""
    deadline = time.monotonic() + 20
    while running.health().metadata["children_rehearsed"] != "1":
        assert time.monotonic() < deadline, running.health().metadata
        time.sleep(0.005)


def test_the_next_child_rehearses_whenever_nothing_is_to_be_done(start_executor: Start) -> None:
    running = start_executor("--slots", "1")
    for _ in range(3):
        wait_for_rehearsal(running)
        answer = running.execute(NEVER)
        assert answer.success
        assert not answer.logs
    wait_for_rehearsal(running)
    calls = [running.start_execution(ENDLESS, timeout_seconds=1)]
    running.wait_for_busy_slots(1)
    kill_and_wait(running, running.children_of(running.zygote()))
    assert calls[0].result(timeout=10).failure.code == "child_died"
    assert running.execute(NEVER).success


def test_sigterm_lets_running_calls_finish_and_refuses_new_ones(start_executor: Start) -> None:
    running = start_executor("--slots", "1")
    call = running.start_execution(ENDLESS, timeout_seconds=1)
    running.wait_for_busy_slots(1)
    running.process.send_signal(signal.SIGTERM)
    running.wait_for_event("stopping")
    with pytest.raises(grpc.RpcError) as raised:
        running.execute(NEVER)
    # CANCELLED where the call was on its way as the server told its clients to go.
    assert raised.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
    assert call.result(timeout=10).failure.code == "timeout"
    assert running.process.wait(10) == 0
    running.wait_until_gone(5)


def test_sigterm_ends_calls_that_outlast_the_grace(start_executor: Start) -> None:
    running = start_executor("--slots", "1", "--grace-seconds", "0")
    call = running.start_execution(ENDLESS, timeout_seconds=30)
    running.wait_for_busy_slots(1)
    started = time.monotonic()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(10) == 0
    assert time.monotonic() - started < 5
    assert call.exception(timeout=5) is not None
    running.wait_until_gone(5)


def test_many_executions_leave_no_process_and_no_descriptor(executor: RunningExecutor) -> None:
    def held() -> tuple[int, int]:
        """Its processes and descriptors, counted while all children wait: each of these holds some."""
        executor.wait_for_all_children()
        return len(executor.processes()), executor.descriptors()

    executor.execute(NEVER)
    processes, descriptors = held()
    for _ in range(50):
        assert executor.execute(NEVER, user_id="a").success
    deadline = time.monotonic() + 10
    while (now := held())[0] > processes or now[1] > descriptors:
        assert time.monotonic() < deadline, f"before {(processes, descriptors)}, now {now}"
        time.sleep(0.02)


def test_the_memory_of_a_call_is_kept_for_the_next(executor: RunningExecutor) -> None:
    def faults() -> int:
        return int(Path(f"/proc/{executor.process.pid}/stat").read_text().rpartition(")")[2].split()[7])

    bars = some_columns(2_520)
    for _ in range(10):
        assert executor.execute(NEVER, bars).success
    before = faults()
    for _ in range(10):
        assert executor.execute(NEVER, bars).success
    assert faults() - before < 400  # by default more than a hundred a call
