"""Strategies made at random are answered as by the plain loop, bar by bar."""

import os

from both_ways import both_ways, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_strategies import sources

EXAMPLES = int(os.environ.get("REPLAY_EXAMPLES", "60"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="REPLAY_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(sources(), st.integers(0, 5))
def test_the_chosen_way_answers_what_the_plain_loop_answers(source: str, seed: int):
    answers = both_ways(source, walk(seed, 45, 0.5))
    assert answers.difference() == "", f"by {answers.way}\n{source}"
