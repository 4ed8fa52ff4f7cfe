"""A batch's child gets what others leave of a core: its cells' time is time on one, and has an end all the same."""

import os
import signal
import time

from batch_calls import BatchAnswer, batch_children, batch_request, read_batch
from running_executor import RunningExecutor

BUSY = "def strategy(data):\n    for _ in range(param('rounds', 0)):\n        pass\n    return 'HOLD'\n"
LIMIT_S = 1
CELLS = [(0, {"rounds": 0 if number != 1 else 4_000_000}) for number in range(3)]


def run_stopped(executor: RunningExecutor, code: str, seconds: float | None) -> tuple[BatchAnswer, float]:
    """A batch whose child is stopped in the middle, for so long or for good; and how long it took."""
    before = batch_children(executor)
    request = batch_request(code, CELLS, series=[3], cell_timeout_seconds=LIMIT_S)
    stream = executor.stub.ExecuteBatch(request, timeout=60)
    began = time.monotonic()
    while not (found := batch_children(executor) - before):
        assert time.monotonic() < began + 10
    [child] = found
    os.kill(child, signal.SIGSTOP)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGCONT)
    return read_batch(stream), time.monotonic() - began


def test_a_cell_that_gets_no_core_for_longer_than_its_limit_is_not_failed_for_that(
    executor: RunningExecutor,
) -> None:
    answer, _ = run_stopped(executor, BUSY, 1.6 * LIMIT_S)
    assert set(answer.metrics) == {0, 1, 2}


def test_a_cell_that_never_gets_one_again_ends_after_four_times_its_limit(executor: RunningExecutor) -> None:
    answer, seconds = run_stopped(executor, f"{BUSY}# never\n", None)
    [failure] = answer.failures.values()
    assert (failure.code, failure.limit_value) == ("timeout", LIMIT_S)
    assert LIMIT_S <= failure.limit_used < 1.25 * LIMIT_S
    assert set(answer.metrics) == {0, 1, 2} - set(answer.failures)
    assert seconds >= 4 * LIMIT_S
