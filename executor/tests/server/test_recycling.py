"""Zygotes are replaced when they are old or die, and callers notice nothing but the executions that died with one."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from running_executor import RunningExecutor

from strategiz_executor.generated import strategy_execution_pb2 as messages

Start = Callable[..., RunningExecutor]
CROSS = """
def strategy(data):
    return data.close > data.close.rolling(5).mean()
"""
ENDLESS = "def strategy(data):\n    while True:\n        pass\n"
OFTEN = ("--recycle-after-executions", "5")
SELDOM = ("--recycle-after-executions", "1000000")


def outcome(answer: messages.ExecuteStrategyResponse) -> tuple[bool, str, bytes]:
    """What must be the same for every caller."""
    return answer.success, answer.failure.code, answer.result.signals.bar


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_zygotes_are_recycled_under_load_and_every_call_is_answered_right(start_executor: Start) -> None:
    running = start_executor("--slots", "2", *OFTEN)
    right = outcome(running.execute(CROSS))
    assert right[0]
    old = running.zygote()
    with ThreadPoolExecutor(2) as callers:
        while running.health().metadata["zygotes_recycled"] == "0":
            answers = list(callers.map(lambda _: outcome(running.execute(CROSS)), range(20)))
            assert answers == [right] * 20
    assert running.wait_for_event("zygote_ended")["pid"] == old
    assert old not in running.processes()
    told = running.health().metadata
    assert int(told["zygote_generation"]) >= 2
    assert (told["zygotes"], told["zygotes_lost"], told["canary"]) == ("1", "0", "all refused")


def test_a_running_execution_outlives_the_recycling_of_its_zygote(start_executor: Start) -> None:
    running = start_executor("--slots", "2", *OFTEN)
    old = running.zygote()
    call = running.start_execution(ENDLESS, timeout_seconds=30)
    running.wait_for_busy_slots(1)
    for _ in range(5):
        assert running.execute(CROSS).success
    new = running.zygote(count=2)
    wait_until(lambda: running.health().metadata["zygotes_recycled"] == "1")
    assert running.execute(CROSS).success
    assert old in running.processes()
    assert not call.done()
    call.cancel()
    assert running.wait_for_event("zygote_ended")["pid"] == old != new
    running.wait_for_busy_slots(0)
    assert old not in running.processes()


def test_a_zygote_is_recycled_at_its_age_without_a_call(start_executor: Start) -> None:
    running = start_executor("--slots", "1", "--recycle-after-seconds", "1")
    running.wait_for_event("zygote_ended", 60)
    assert running.health().status == "SERVING"
    assert running.execute(CROSS).success


def test_a_zygote_killed_under_load_costs_only_the_executions_it_held(start_executor: Start) -> None:
    running = start_executor("--slots", "2", "--line", "100", *SELDOM)
    right = outcome(running.execute(CROSS))
    held = running.start_execution(ENDLESS, timeout_seconds=30)
    running.wait_for_busy_slots(1)
    with ThreadPoolExecutor(1) as caller:
        answers = caller.submit(lambda: [outcome(running.execute(CROSS)) for _ in range(20)])
        os.kill(running.zygote(), signal.SIGKILL)
        failed = held.result(timeout=20).failure
        assert (getattr(failed, "class"), failed.code) == ("platform", "child_died")
        found = answers.result(timeout=60)
    lost = [each for each in found if each != right]
    assert len(lost) <= 1
    assert all(each[:2] == (False, "child_died") for each in lost)
    assert running.health().metadata["zygotes_lost"] == "1"


def test_an_old_zygote_killed_while_its_heir_starts_is_replaced_by_the_heir(start_executor: Start) -> None:
    running = start_executor("--slots", "1", "--recycle-after-executions", "1")
    old = running.zygote()
    assert running.execute(CROSS).success
    running.wait_for_event("zygote_recycling")
    os.kill(old, signal.SIGKILL)
    running.wait_for_event("zygote_lost")  # a call before that may be handed a child that dies with it
    assert running.execute(CROSS).success
    heir = running.zygote(count=2)
    assert heir != old
    assert old not in running.processes()


def test_an_heir_killed_while_it_starts_leaves_the_old_zygote_serving(start_executor: Start) -> None:
    running = start_executor("--slots", "1", "--recycle-after-executions", "2")
    old = running.zygote()
    for _ in range(2):
        assert running.execute(CROSS).success
    running.wait_for_event("zygote_recycling")
    (heir,) = [pid for pid in running.children_of(running.process.pid) if pid != old]
    os.kill(heir, signal.SIGKILL)
    running.wait_for_event("zygote_not_recycled")
    health = running.health()
    assert (health.status, health.metadata["zygote_generation"]) == ("SERVING", "1")
    assert running.execute(CROSS).success
    assert old in running.processes()
