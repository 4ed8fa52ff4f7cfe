"""Programs with the language layer and without: the same prints, names, errors and lines."""

import pytest
from language_programs import both, corpus

from strategiz_executor.strategy.warm_up_strategies import RUNNING

CORPUS = (
    corpus("statements")
    | corpus("objects")
    | {f"warm-up {number}": code for number, code in enumerate(RUNNING)}
)


@pytest.mark.parametrize("name", CORPUS)
def test_a_program_means_what_it_means_in_python(name: str):
    plain, guarded = both(CORPUS[name])
    assert guarded == plain
    assert plain.printed or plain.error or "warm-up" in name or "signal" in name


def test_the_corpus_is_as_large_as_it_is_said_to_be():
    assert len(CORPUS) >= 80
