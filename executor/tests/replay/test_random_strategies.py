"""Strategies made at random are answered as by the plain loop, bar by bar."""

import os

from both_ways import answer_to, both_ways, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_strategies import column_sources, sources

EXAMPLES = int(os.environ.get("REPLAY_EXAMPLES", "60"))


few_or_many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="REPLAY_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)


@few_or_many
@given(sources(), st.integers(0, 5))
def test_the_chosen_way_answers_what_the_plain_loop_answers(source: str, seed: int):
    answers = both_ways(source, walk(seed, 45, 0.5))
    assert answers.difference() == "", f"by {answers.way}\n{source}"


@few_or_many
@given(column_sources(), st.integers(0, 5))
def test_columns_seen_before_answer_what_their_run_answers(source: str, seed: int):
    bars = walk(seed, 45, 0.5)
    again, really = answer_to(source, bars, form=2), answer_to(source, bars)
    for part in ("success", "failure", "live", "warnings", "result", "metrics"):
        assert repr(getattr(again, part)) == repr(getattr(really, part)), f"{part}\n{source}"
