"""Deadlines are kept from outside, and a full executor says so at once."""

import time

import grpc
import pytest
from running_executor import RunningExecutor

ENDLESS = "def strategy(data):\n    while True:\n        pass\n"
NEVER = "def strategy(data):\n    return 'HOLD'\n"
NOISE_S = 0.15  # of a busy machine, on top of the 100 ms that are allowed


def test_an_endless_loop_ends_with_an_error_naming_the_limit(executor: RunningExecutor) -> None:
    started = time.monotonic()
    answer = executor.execute(ENDLESS, timeout_seconds=1)
    took = time.monotonic() - started
    assert answer.error == "TimeoutError: execution exceeded the limit of 1 s"
    assert (getattr(answer.failure, "class"), answer.failure.code) == ("limit", "timeout")
    assert (answer.failure.limit_name, answer.failure.limit_value) == ("time", 1)
    assert 1 <= took < 1.1 + NOISE_S


def test_an_endless_loop_that_catches_everything_ends_too(executor: RunningExecutor) -> None:
    code = (
        "def strategy(data):\n    while True:\n        try:\n            while True:\n                pass\n"
        "        except Exception:\n            pass\n"
    )
    answer = executor.execute(code, timeout_seconds=1)
    assert answer.failure.code == "timeout"


def test_a_cancelled_call_kills_its_child_and_frees_its_slot(executor: RunningExecutor) -> None:
    before = set(executor.children_of(executor.zygote()))
    call = executor.start_execution(ENDLESS, timeout_seconds=30)
    executor.wait_for_busy_slots(1)
    call.cancel()
    executor.wait_for_busy_slots(0, seconds=1)
    deadline = time.monotonic() + 2
    while before <= set(executor.children_of(executor.zygote())):
        assert time.monotonic() < deadline, "every child that waited before is still there"
        time.sleep(0.005)
    assert executor.execute(NEVER).success


def test_a_deadline_shorter_than_the_timeout_ends_the_execution(executor: RunningExecutor) -> None:
    call = executor.start_execution(ENDLESS, timeout=0.5, timeout_seconds=30)
    with pytest.raises(grpc.RpcError) as raised:
        call.result()
    assert raised.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    executor.wait_for_busy_slots(0, seconds=1)


def test_a_full_executor_lets_a_short_line_wait_and_refuses_the_rest_at_once(
    executor: RunningExecutor,
) -> None:
    running = [executor.start_execution(ENDLESS, timeout_seconds=30) for _ in range(2)]
    executor.wait_for_busy_slots(2)
    waiting = [executor.start_execution(NEVER) for _ in range(2)]
    executor.wait_for_busy_slots(2, waiting=2)
    started = time.monotonic()
    with pytest.raises(grpc.RpcError) as raised:
        executor.execute(NEVER)
    assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert time.monotonic() - started < 0.1 + NOISE_S
    for call in running:
        call.cancel()
    assert all(call.result(timeout=10).success for call in waiting)
    executor.wait_for_busy_slots(0)


def test_a_call_waits_two_seconds_for_a_slot_and_half_its_deadline_at_most(
    executor: RunningExecutor,
) -> None:
    running = [executor.start_execution(ENDLESS, timeout_seconds=30) for _ in range(2)]
    executor.wait_for_busy_slots(2)
    for deadline, expected in ((30, 2.0), (1, 0.5)):
        started = time.monotonic()
        with pytest.raises(grpc.RpcError) as raised:
            executor.start_execution(NEVER, timeout=deadline).result()
        assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert expected - 0.1 < time.monotonic() - started < expected + 0.1 + NOISE_S
    for call in running:
        call.cancel()
    executor.wait_for_busy_slots(0)
