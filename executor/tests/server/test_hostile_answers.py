"""Whatever a child sends, the server stays up and says what was wrong; tried through real children."""

import pytest
from running_executor import REACH_OS, RunningExecutor

# The only way out of the sandbox that the kernel leaves open: the child's own socket.
SEND = "system['sys'].modules['_socket'].socket(1, 1, 0, 3).send"
NEVER = "def strategy(data):\n    return 'HOLD'\n"


@pytest.mark.parametrize(
    ("does", "code"),
    [
        (f"{SEND}((2**31 - 1).to_bytes(4, 'little'))", "result"),
        (f"{SEND}((3).to_bytes(4, 'little') + b'abc')", "invalid_result"),
        (f"{SEND}(bytes(4) * 3)", "invalid_result"),
        (f"{SEND}((8).to_bytes(4, 'little')); system['_exit'](0)", "crashed"),
        ("system['_exit'](3)", "crashed"),
        ("system['abort']()", "crashed"),
        ("system['close'](3)", "exception"),  # refused
    ],
)
def test_a_forged_or_broken_answer_is_the_users_and_the_next_is_right(
    plain_executor: RunningExecutor, does: str, code: str
) -> None:
    answer = plain_executor.execute(f"{REACH_OS}\n{does}\n{NEVER}", user_id="mallory")
    assert not answer.success
    assert answer.failure.code == code, answer.error
    assert getattr(answer.failure, "class") == ("limit" if code == "result" else "user")
    after = plain_executor.execute(NEVER, user_id="mallory")
    assert after.success, after.error
    assert after.live_signal.signal_type == "HOLD"


def test_code_cached_for_one_owner_is_not_another_owners(executor: RunningExecutor) -> None:
    code = NEVER + "# seen\n"
    hits = [executor.execute(code, user_id=user).cache_hit for user in ("a", "a", "b", "", "")]
    assert hits == [False, True, False, False, False]
