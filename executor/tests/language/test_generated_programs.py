"""Random programs with the layer and without: the same values, the same order of evaluation, the same errors."""

from generated_programs import PROGRAMS
from hypothesis import HealthCheck, given, settings
from language_programs import outcome

from strategiz_executor.strategy.language import GUARDED_PYTHON, PLAIN_PYTHON


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(PROGRAMS)
def test_a_random_program_means_what_it_means_in_python(program: str):
    assert outcome(program, GUARDED_PYTHON) == outcome(program, PLAIN_PYTHON)
