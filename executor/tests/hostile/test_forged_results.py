"""Whatever a child sends over its socket, the server refuses what no honest run can have said, and stays as it was."""

import math

import pytest
from hostile_arena import Arena
from hostile_frames import BROKEN, LIES, TOO_LONG, framed, sending, success
from hostile_groups import Groups

from strategiz_executor.generated.frames_pb2 import ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import Failure, Metrics

WAIT = "own.recv(1)\n"  # so that the forged frame alone is what the server gets


LYING = {name: sending(framed(lie.SerializeToString())) + WAIT for name, lie in LIES.items()}
BREAKING = {name: sending(frame) + WAIT for name, frame in BROKEN.items()}
OVERFLOWING = {name: sending(frame) + WAIT for name, frame in TOO_LONG.items()}


@pytest.mark.parametrize("name", LYING)
def test_lies(groups: Groups, name: str) -> None:
    groups.program(LYING, name).failed_by("invalid_result")


@pytest.mark.parametrize("name", BREAKING)
def test_broken(groups: Groups, name: str) -> None:
    groups.program(BREAKING, name).failed_by("invalid_result")


@pytest.mark.parametrize("name", OVERFLOWING)
def test_too_long(groups: Groups, name: str) -> None:
    groups.program(OVERFLOWING, name).failed_by("result")


FORGED = framed(success(metrics=Metrics(total_return_pct=1e6, total_trades=99)).SerializeToString())
COMPILED = framed(ResultFrame(compiled=b"\xe3" * 100).SerializeToString())


@pytest.mark.parametrize(
    "body",
    [
        sending(FORGED) + WAIT,
        sending(FORGED * 3),
        sending(FORGED + b"\xff\xff\xff\xff"),
        sending(FORGED) + "while True:\n    pass",
        sending(FORGED) + "libc.abort()",
        sending(FORGED)
        + "while True:\n    try:\n        own.send(b'x' * 4096)\n    except OSError:\n        pass",
    ],
    ids=[
        "a_forged_success_is_its_owners_alone",
        "a_success_sent_three_times_is_answered_once",
        "what_follows_a_forged_success_is_never_read",
        "a_child_that_goes_on_after_its_answer_is_killed",
        "a_child_that_dies_after_its_answer_has_answered",
        "a_child_that_floods_after_its_answer_is_killed",
    ],
)
def test_forged_successes(arena: Arena, body: str) -> None:
    """A strategy may lie about itself: it could as well have printed the lie. Nobody else sees it."""
    outcome = arena.run(body)
    if not outcome.language_layer:
        assert outcome.answer.success
        assert outcome.answer.metrics.total_return_pct == 1e6


def test_forged_compiled_code_harms_no_other_owner(arena: Arena) -> None:
    """The frame with the compiled code is believed, and kept for this owner and source alone."""
    source = f"{arena.prologue('')}\n{sending(COMPILED + FORGED)}{WAIT}\nplot(data['close'], 'close')\n"
    first = arena.run_source(source, user_id="forger")
    again = arena.run_source(source, user_id="forger")
    victim = arena.run_source(source, user_id="victim")
    if not arena.language_layer:
        assert (first.answer.cache_hit, victim.answer.cache_hit) == (False, False)
        assert again.answer.success or getattr(again.answer.failure, "class") == "user"


@pytest.mark.parametrize("kind", ["user", "limit"])
def test_a_forged_failure_is_cut_to_a_readable_length(arena: Arena, kind: str) -> None:
    failure = Failure(**{"class": kind, "code": "x" * 10_000, "message": "y" * 1_000_000, "line": -7})
    failure.limit_value = failure.limit_used = float("nan")
    frame = ResultFrame(last=True, failure=failure).SerializeToString()
    answer = arena.run(sending(framed(frame)) + WAIT).answer
    assert not answer.success
    assert len(answer.failure.message) <= 4096
    assert len(answer.failure.code) <= 4096
    assert math.isfinite(answer.failure.limit_value)
    assert answer.failure.line >= 0
