"""A batch's child gets what others leave of a core: its cells' time is time on one, and has an end all the same."""

import os
import signal
import time

from batch_calls import BatchAnswer, batch_children, batch_request, read_batch, run_batch
from running_executor import RunningExecutor

BUSY = "def strategy(data):\n    for _ in range(param('rounds', 0)):\n        pass\n    return 'HOLD'\n"
LIMIT_S = 1
MOST_S = 10 * LIMIT_S
CELLS = [(0, {"rounds": rounds}) for rounds in (2_000_000, 0, 0)]


def run_stopped(
    executor: RunningExecutor, code: str, *stops: float, between_s: float = 0.02, call_s: int = 0
) -> tuple[BatchAnswer, float]:
    """A batch whose child is stopped in the middle, for so long each time, or for good; and how long it took."""
    before = batch_children(executor)
    request = batch_request(code, CELLS, series=[3], cell_timeout_seconds=LIMIT_S, timeout_seconds=call_s)
    began = time.monotonic()
    stream = executor.stub.ExecuteBatch(request, timeout=60)
    while not (found := batch_children(executor) - before):
        assert time.monotonic() < began + 10
    [child] = found
    os.kill(child, signal.SIGSTOP)
    for number, seconds in enumerate(stops):
        if number:
            time.sleep(between_s)
            os.kill(child, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(child, signal.SIGCONT)
    return read_batch(stream), time.monotonic() - began


def test_a_cell_that_gets_no_core_for_longer_than_its_limit_is_not_failed_for_that(
    executor: RunningExecutor,
) -> None:
    stopped_s = 3 * LIMIT_S
    answer, _ = run_stopped(executor, BUSY, stopped_s)
    assert set(answer.metrics) == {0, 1, 2}, answer.failures
    assert answer.totals.wall_ms >= stopped_s * 1e3


def test_what_a_cell_says_just_before_it_is_due_takes_nothing_of_its_time(executor: RunningExecutor) -> None:
    answer, _ = run_stopped(executor, f"{BUSY}# says\n", 0.9 * LIMIT_S, 0.6 * LIMIT_S)
    assert set(answer.metrics) == {0, 1, 2}, answer.failures


def test_a_cell_that_never_gets_one_again_ends_after_ten_times_its_limit_and_that_is_our_fault(
    executor: RunningExecutor,
) -> None:
    answer, seconds = run_stopped(executor, f"{BUSY}# never\n")
    assert {cell: failure.code for cell, failure in answer.failures.items()} == {0: "no_core"}
    assert getattr(answer.failures[0], "class") == "platform"
    assert set(answer.metrics) == {1, 2}
    assert seconds >= MOST_S


def test_a_call_that_ends_past_the_limit_of_a_cell_fails_that_cell_so_that_the_next_call_goes_on(
    executor: RunningExecutor,
) -> None:
    answer, _ = run_stopped(executor, f"{BUSY}# call\n", call_s=3 * LIMIT_S)
    assert {cell: failure.code for cell, failure in answer.failures.items()} == {0: "no_core"}
    assert answer.failure.code == "call_deadline"
    assert answer.totals.failed == len(CELLS)


def test_a_cell_that_uses_its_limit_up_on_a_core_is_its_authors(executor: RunningExecutor) -> None:
    cells = [(0, {"rounds": rounds}) for rounds in (1 << 40, 0)]
    answer = run_batch(
        executor, batch_request(f"{BUSY}# endless\n", cells, series=[3], cell_timeout_seconds=LIMIT_S)
    )
    failure = answer.failures[0]
    assert (getattr(failure, "class"), failure.code, failure.limit_value) == ("limit", "timeout", LIMIT_S)
    assert set(answer.metrics) == {1}
