"""Many cells of one strategy in one call: each answered as an execution of its own."""

import math
import os
import signal
import time

import grpc
import numpy as np
import pytest
from batch_calls import CROSS, BatchAnswer, batch_children, batch_request, read_batch, run_batch
from running_executor import RunningExecutor, some_columns, some_prices

from strategiz_executor.generated import strategy_execution_pb2 as messages

GRID = [(0, {"fast": fast, "slow": slow}) for fast in range(2, 9) for slow in range(10, 20)]
SLOW_WHEN_ASKED = "def strategy(data):\n    while param('hang', False):\n        pass\n    return 'HOLD'\n"
FULL = messages.BATCH_DETAIL_FULL


def single(
    executor: RunningExecutor, code: str, bars: int, parameters: dict
) -> messages.ExecuteStrategyResponse:
    request = batch_request(code, [(0, parameters)])
    return executor.execute(code, bars, parameters_json=request.cells.parameters_json[0], timeframe="1D")


def assert_same_metrics(summary: dict[str, float], metrics: messages.Metrics) -> None:
    for name, value in summary.items():
        if math.isnan(value):
            assert not metrics.HasField(name), name
        else:
            assert value == getattr(metrics, name), name


def test_each_cell_is_answered_as_an_execution_of_its_own(executor: RunningExecutor) -> None:
    answer = run_batch(executor, batch_request(CROSS, GRID, series=[300], user_id="a"))
    assert set(answer.metrics) == set(range(len(GRID)))
    assert (answer.totals.cells, answer.totals.succeeded, answer.totals.children) == (len(GRID), len(GRID), 1)
    for cell in (0, 1, 17, 49, 50, 69):
        alone = single(executor, CROSS, 300, GRID[cell][1])
        assert_same_metrics(answer.metrics[cell], alone.metrics)
        assert (
            answer.columns[cell]["live"] == {"BUY": 1, "SELL": -1, "HOLD": 0}[alone.live_signal.signal_type]
        )
        assert dict(answer.notes[cell].unavailable) == dict(alone.metrics.unavailable)
        assert answer.assumptions[0] == alone.assumptions


def test_full_results_are_those_of_single_executions(executor: RunningExecutor) -> None:
    cells = [(series, parameters) for series in (0, 1) for _, parameters in GRID[:3]]
    answer = run_batch(executor, batch_request(CROSS, cells, series=[120, 90], detail=FULL))
    assert set(answer.results) == set(range(6))
    for cell, (series, parameters) in enumerate(cells):
        alone = single(executor, CROSS, (120, 90)[series], parameters)
        alone.live_signal.symbol = "TEST"
        for part in ("result", "metrics", "assumptions", "live_signal", "warnings", "replay", "logs"):
            assert getattr(answer.results[cell], part) == getattr(alone, part), part


def test_sharing_expressions_changes_no_figure(executor: RunningExecutor) -> None:
    shared = run_batch(executor, batch_request(CROSS, GRID, series=[200]))
    alone = run_batch(executor, batch_request(CROSS, GRID, series=[200], no_shared_expressions=True))
    assert repr(shared.metrics) == repr(alone.metrics)  # NaN is equal to itself as text


def test_the_moments_of_returns_are_those_of_the_equity_curve(executor: RunningExecutor) -> None:
    summary = run_batch(executor, batch_request(CROSS, GRID[:1], series=[300])).columns[0]
    result = run_batch(executor, batch_request(CROSS, GRID[:1], series=[300], detail=FULL)).results[0].result
    equity = np.frombuffer(result.equity, "<f8")
    returns = equity[1:] / equity[:-1] - 1
    centred = returns - returns.mean()
    assert summary["returns"] == len(returns) == 299
    assert summary["return_mean"] == pytest.approx(returns.mean())
    assert summary["return_sd"] == pytest.approx(returns.std(ddof=1))
    assert summary["return_skewness"] == pytest.approx((centred**3).mean() / (centred**2).mean() ** 1.5)
    assert summary["return_kurtosis"] == pytest.approx((centred**4).mean() / (centred**2).mean() ** 2)


def test_a_bad_series_and_bad_cells_do_not_end_the_others(executor: RunningExecutor) -> None:
    close = some_prices(60).copy()
    close[30] = -1
    series = [60, some_columns(60, close=close.tobytes()), 60]
    cells = [
        (0, {"fast": 2}),
        (1, {}),
        (1, {}),
        (2, "{not json"),
        (2, {"fast": 2}),
        (2, {"fast": "two"}),
        (0, {}),
    ]
    answer = run_batch(executor, batch_request(CROSS, cells, series=series))
    assert set(answer.metrics) == {0, 4, 6}
    codes = {cell: failure.code for cell, failure in answer.failures.items()}
    assert codes == {1: "bad_market_data", 2: "bad_market_data", 3: "bad_parameter", 5: "bad_parameter"}
    assert "row 31" in answer.failures[1].message
    assert "TEST" in answer.failures[1].message
    assert (answer.totals.succeeded, answer.totals.failed) == (3, 4)


def test_an_exception_in_a_cell_names_its_line_and_bar_and_the_others_go_on(
    executor: RunningExecutor,
) -> None:
    code = "def strategy(data):\n    if len(data) == param('at', 0):\n        raise ValueError('there')\n    return 0\n"
    answer = run_batch(executor, batch_request(code, [(0, {"at": at}) for at in (0, 40, 60, 1)]))
    assert set(answer.metrics) == {0, 3}
    assert answer.failures[1].line == 3
    assert answer.failures[1].bar_timestamp.startswith("2020-02-10")
    assert (answer.failures[2].code, answer.failures[2].message) == ("exception", "there")


def test_code_that_does_not_compile_fails_every_cell_at_once(executor: RunningExecutor) -> None:
    answer = run_batch(executor, batch_request("def strategy(data:\n", GRID))
    assert (answer.failure.code, answer.totals.failed) == ("syntax_error", len(GRID))
    assert not answer.answered


def test_an_endless_cell_ends_at_its_limit_and_the_rest_is_answered(executor: RunningExecutor) -> None:
    cells = [(0, {"hang": number == 20}) for number in range(60)]
    started = time.monotonic()
    answer = run_batch(executor, batch_request(SLOW_WHEN_ASKED, cells, cell_timeout_seconds=1))
    assert (
        time.monotonic() - started < 10 + 4
    )  # ten times its limit where others have the cores; and the other cells
    assert set(answer.metrics) == set(range(60)) - {20}
    assert answer.failures[20].code == "timeout"
    assert 1 <= answer.failures[20].limit_used < 1.1 + 0.15
    assert answer.totals.children == 2


def test_the_time_of_the_whole_call_ends_what_is_left(executor: RunningExecutor) -> None:
    cells = [(0, {"hang": number >= 5}) for number in range(30)]
    answer = run_batch(executor, batch_request(SLOW_WHEN_ASKED, cells, timeout_seconds=1))
    assert set(answer.metrics) == set(range(5))
    assert (answer.failure.code, answer.totals.failed) == ("call_deadline", 25)


def test_a_deadline_of_the_caller_still_brings_a_partial_answer(executor: RunningExecutor) -> None:
    cells = [(0, {"hang": number >= 5}) for number in range(30)]
    answer = run_batch(executor, batch_request(SLOW_WHEN_ASKED, cells), timeout=1.5)
    assert (len(answer.metrics), answer.failure.code) == (5, "call_deadline")


def test_a_killed_child_costs_the_cell_it_was_at_and_is_replaced(executor: RunningExecutor) -> None:
    cells = [(0, {"hang": number == 10}) for number in range(40)]
    before = batch_children(executor)  # kept for calls of others
    stream = executor.stub.ExecuteBatch(batch_request(SLOW_WHEN_ASKED, cells), timeout=60)
    answer = BatchAnswer()
    while len(answer.metrics) < 10:
        answer.add(next(stream))
    # The batch's own alone: one of those that wait takes over, and would be the next to be killed.
    [child] = batch_children(executor) - before
    os.kill(child, signal.SIGKILL)
    for message in stream:
        answer.add(message)
    assert set(answer.metrics) == set(range(40)) - {10}
    assert (getattr(answer.failures[10], "class"), answer.failures[10].code) == ("platform", "child_died")
    assert answer.totals.children == 2


def test_a_cancelled_batch_kills_its_child_and_frees_its_slot(executor: RunningExecutor) -> None:
    stream = executor.stub.ExecuteBatch(batch_request(SLOW_WHEN_ASKED, [(0, {"hang": True})]), timeout=60)
    executor.wait_for_busy_slots(1)
    stream.cancel()
    executor.wait_for_busy_slots(0, seconds=1)
    assert executor.execute(CROSS).success


def test_a_batch_leaves_a_slot_to_single_executions_and_runs_behind_them(executor: RunningExecutor) -> None:
    hanging = batch_request(SLOW_WHEN_ASKED, [(0, {"hang": True})])
    stream = executor.stub.ExecuteBatch(hanging, timeout=60)
    executor.wait_for_busy_slots(1)
    with pytest.raises(grpc.RpcError) as raised:
        list(executor.stub.ExecuteBatch(hanging, timeout=0.5))
    assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert executor.execute(CROSS).success
    assert batch_children(executor)
    stream.cancel()
    executor.wait_for_busy_slots(0)


def test_a_cell_leaves_nothing_behind_for_the_next(executor: RunningExecutor) -> None:
    code = """
import random
seen = []
def strategy(data):
    seen.append(1)
    if param('first', False):
        np.seterr(all='raise')
        random.seed(1)
        np.random.seed(1)
    print(len(seen), random.random(), float(np.random.rand()), np.geterr()['divide'])
    return 'HOLD'
"""
    cells = [(0, {"first": first}) for first in (False, True, False)]
    answer = run_batch(executor, batch_request(code, cells, series=[5], detail=FULL))
    logs = [list(answer.results[cell].logs) for cell in (0, 1, 2)]
    assert logs[0] == logs[2] != logs[1]
    assert logs[0] == list(single(executor, code, 5, {"first": False}).logs)
    assert logs[0][-1].endswith("warn")


def test_known_code_is_not_compiled_again(executor: RunningExecutor) -> None:
    code = CROSS + "# of a batch\n"
    runs = [run_batch(executor, batch_request(code, GRID[:2], user_id=user)) for user in ("b", "b", "c", "")]
    hits = [answer.totals.cache_hit for answer in runs]
    assert hits == [False, True, False, False]


def test_thousands_of_cells_cost_few_messages(executor: RunningExecutor) -> None:
    cells = [(0, {"fast": 2 + number % 40}) for number in range(2_000)]
    answer = run_batch(executor, batch_request(CROSS, cells, series=[100]))
    assert len(answer.metrics) == 2_000
    assert answer.message_count <= 20 + answer.totals.wall_ms / 50
    assert {answer.metrics[cell]["total_pnl"] for cell in range(0, 2_000, 40)} == {
        answer.metrics[0]["total_pnl"]
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"cell_timeout_seconds": 31}, "timeout_seconds"),
        ({"timeout_seconds": 601}, "timeout_seconds"),
        ({"memory_mb": 513}, "memory_mb"),
        ({"detail": 7}, "detail"),
        ({"options": messages.BacktestOptions(sizing=2)}, "sizing"),
        ({"cells": messages.BatchCells(series=b"\1\0\0\0")}, "series"),
        ({"cells": messages.BatchCells(series=b"\1\0\0")}, "cells.series"),
        ({"cells": messages.BatchCells(series=bytes(4), parameters_json=["", ""])}, "parameters_json"),
        ({"cells": messages.BatchCells(series=bytes(4 * 100_001))}, "at most 100000"),
    ],
)
def test_a_malformed_batch_is_refused(executor: RunningExecutor, change: dict, complaint: str) -> None:
    request = batch_request(CROSS, GRID[:1])
    for name, value in change.items():
        request.ClearField(name)
        request.MergeFrom(messages.ExecuteBatchRequest(**{name: value}))
    with pytest.raises(grpc.RpcError) as raised:
        run_batch(executor, request)
    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert complaint in raised.value.details()


def test_a_batch_without_cells_ends_at_once(executor: RunningExecutor) -> None:
    answer = read_batch(executor.stub.ExecuteBatch(batch_request(CROSS, []), timeout=10))
    assert (answer.totals.cells, answer.totals.children, answer.answered) == (0, 0, [])
