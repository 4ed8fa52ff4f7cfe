"""A fast way that goes wrong: the guard sees it, the plain loop answers, and the defect is told."""

import numpy as np
import pytest
from both_ways import answer_to, bars_named, both_ways

from strategiz_executor.server.executor import form_by_paths
from strategiz_executor.strategy.replay import by_paths

CROSS = """
def strategy(data):
    return 'BUY' if data.close.iloc[-1] > data.close.rolling(5).mean().iloc[-1] else 'SELL'
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
    assert form_by_paths(answers.fast.replay) == 0


def test_a_code_seen_before_is_run_whole_in_one_execution_of_twenty() -> None:
    answers = [answer_to(CROSS, bars_named(str(seed)), form=1) for seed in range(100)]
    assert 0 < sum(answer.timings.run_ms > 0 for answer in answers) < 15


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
