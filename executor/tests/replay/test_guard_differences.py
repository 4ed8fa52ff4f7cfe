"""A fast way that goes wrong: the guard sees it, the plain loop answers, and the defect is told."""

import numpy as np
import pytest
from both_ways import answer_to, bars_named, both_ways

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.server.executor import fast_form
from strategiz_executor.strategy.replay import by_paths
from strategiz_executor.strategy.replay.by_columns import _ColumnRecord
from strategiz_executor.strategy.replay.fast.column_run import ColumnRun
from strategiz_executor.strategy.run import execute

CROSS = """
def strategy(data):
    return 'BUY' if data.close.iloc[-1] > data.close.rolling(5).mean().iloc[-1] else 'SELL'
"""
COLUMNS = """
def strategy(data):
    average = data.close.rolling(param("bars", 5)).mean()
    print("average of", param("bars", 5))
    plot(average, "average", color="red")
    return data.close > average
"""


@pytest.fixture
def wrong_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns every signal of the path run around."""
    right = by_paths.ask_by_paths

    def wrong(*arguments):
        asked = right(*arguments)
        np.negative(asked.words.types, out=asked.words.types)
        return asked

    monkeypatch.setattr(by_paths, "ask_by_paths", wrong)


@pytest.mark.usefixtures("wrong_paths")
def test_a_wrong_fast_way_is_told_by_its_bar_and_answered_by_the_plain_loop() -> None:
    bars = bars_named("market")
    answers = both_ways(CROSS, bars, guarded=True)
    assert answers.fast.replay.way == "plain"
    assert answers.fast.replay.guard_difference_bar == len(bars.close) // 8
    assert answers.fast.result == answers.plain.result


@pytest.mark.usefixtures("wrong_paths")
def test_a_wrong_fast_way_is_not_built_on_by_the_next_execution() -> None:
    answers = both_ways(CROSS, bars_named("market"), guarded=True)
    assert fast_form(answers.fast) == 0


@pytest.fixture
def wrong_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns every answer by columns around."""
    right = ColumnRun.follow
    monkeypatch.setattr(ColumnRun, "follow", lambda *given: ~right(*given))


@pytest.mark.parametrize(("code", "form"), [(CROSS, 1), (COLUMNS, 2)], ids=["paths", "columns"])
def test_a_code_seen_before_is_run_whole_in_one_execution_of_twenty(code: str, form: int) -> None:
    answers = [answer_to(code, bars_named(str(seed)), form=form) for seed in range(100)]
    assert 0 < sum(answer.timings.run_ms > 0 for answer in answers) < 15


def test_columns_seen_before_say_plot_and_print_what_their_run_does() -> None:
    for seed in range(5):
        bars = bars_named(str(seed))
        first = answer_to(COLUMNS, bars, {"bars": 7}, guarded=True)
        again = answer_to(COLUMNS, bars, {"bars": 7}, form=fast_form(first))
        assert (first.of_columns_alone, again.of_columns_alone) == (True, True)
        assert list(first.result.logs) == ["average of 7"]
        for part in ("result", "live", "metrics", "warnings", "replay"):
            assert repr(getattr(again, part)) == repr(getattr(first, part)), part


@pytest.mark.parametrize("name", ["plot", "print"])
def test_a_plot_or_print_of_columns_that_differs_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record of columns leaves one out, which the real run has."""
    bars = bars_named("market")
    monkeypatch.setattr(_ColumnRecord, name, lambda *_given, **_named: None)
    told = answer_to(COLUMNS, bars, guarded=True)
    assert told.replay.guard_difference_bar == len(bars.close) // 8
    assert not told.of_columns_alone


def test_columns_are_known_without_the_look_ahead_check_too() -> None:
    request = RequestFrame(code=COLUMNS, bars=bars_named("market"), parameters_json="{}", timeframe="1D")
    request.first_execution = True
    *_, first = execute(request)
    assert fast_form(first) == 2
    request.first_execution, request.fast_form = False, 2
    *_, again = execute(request)
    assert (again.result, fast_form(again)) == (first.result, 2)


@pytest.mark.usefixtures("wrong_columns")
def test_columns_that_say_something_else_are_told_and_their_run_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bars = bars_named("market")
    told = answer_to(COLUMNS, bars, guarded=True)
    assert told.replay.guard_difference_bar > 0
    assert fast_form(told) == 0
    assert not told.of_columns_alone
    monkeypatch.undo()
    assert told.result == answer_to(COLUMNS, bars, guarded=True).result


@pytest.mark.usefixtures("wrong_paths")
def test_a_wrong_fast_way_of_a_code_seen_before_is_told_by_that_execution() -> None:
    answers = [answer_to(CROSS, bars_named(str(seed)), form=1) for seed in range(100)]
    told = [answer for answer in answers if answer.replay.guard_difference_bar]
    assert 0 < len(told) < 15
    assert all(answer.replay.way == "plain" for answer in told)


def test_a_code_that_plots_is_always_run_whole() -> None:
    code = CROSS.replace("    return", "    plot(data.close, 'close')\n    return")
    answers = [answer_to(code, bars_named(str(seed)), form=1) for seed in range(3)]
    assert all(answer.replay.way == "paths" and answer.timings.run_ms > 0 for answer in answers)


def test_a_right_fast_way_tells_none() -> None:
    answers = both_ways(CROSS, bars_named("market"), guarded=True)
    assert (answers.way, answers.fast.replay.guard_difference_bar) == ("paths", 0)
