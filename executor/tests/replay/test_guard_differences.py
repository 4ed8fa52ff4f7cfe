"""A fast way that goes wrong: the guard sees it, the plain loop answers, and the defect is told."""

import numpy as np
import pytest
from both_ways import bars_named, both_ways

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


def test_a_right_fast_way_tells_none() -> None:
    answers = both_ways(CROSS, bars_named("market"), guarded=True)
    assert (answers.way, answers.fast.replay.guard_difference_bar) == ("paths", 0)
