"""Every strategy of the corpus is answered as by the plain loop: signals, reasons, logs, plots, failures."""

import pytest
from both_ways import bars_named, both_ways
from corpus import CORPUS

from strategiz_executor.strategy.language import GUARDED_PYTHON, PLAIN_PYTHON

BARS = ("market", "7", "steps")


@pytest.mark.parametrize("name", CORPUS)
def test_the_chosen_way_answers_what_the_plain_loop_answers(name: str):
    for bars in (*BARS, "short"):
        layer = PLAIN_PYTHON if bars == "7" else GUARDED_PYTHON
        answers = both_ways(CORPUS[name], bars_named(bars), layer=layer)
        assert answers.difference() == "", f"{bars} by {answers.way}"


FAST = {name for name in CORPUS if name.startswith("causal: ")}


@pytest.mark.parametrize("name", sorted(FAST))
def test_a_causal_strategy_takes_one_call_a_path(name: str):
    answers = both_ways(CORPUS[name], bars_named("market"))
    assert answers.way == "paths", answers.why
    assert answers.fast.replay.calls <= 64


BRANCHES = """
def strategy(data):
    fast, slow = data.close.rolling(5).mean(), data.close.rolling(20).mean()
    if fast.iloc[-1] > slow.iloc[-1] or len(data) % 9 == 0:
        return 'BUY'
    return 'SELL' if fast.iloc[-1] < slow.iloc[-1] else None
"""


def test_branches_that_answer_a_constant_need_no_call_of_their_own():
    answers = both_ways(BRANCHES, bars_named("market"))
    assert answers.difference() == ""
    assert (answers.way, answers.fast.replay.calls) == ("paths", 1)
