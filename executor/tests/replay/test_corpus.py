"""Every strategy of the corpus is answered as by the plain loop: signals, reasons, logs, plots, failures."""

import pytest
from both_ways import bars_named, both_ways
from corpus import CORPUS

BARS = ("market", "7", "steps")


@pytest.mark.parametrize("name", CORPUS)
def test_the_chosen_way_answers_what_the_plain_loop_answers(name: str):
    for bars in (*BARS, "short"):
        answers = both_ways(CORPUS[name], bars_named(bars))
        assert answers.difference() == "", f"{bars} by {answers.way}"
