"""Whatever a child sends, the server stays up and says what was wrong; tried through real children."""

import base64
import hashlib
import zlib

import numpy as np
import pytest
from running_executor import REACH_OS, RunningExecutor

from strategiz_executor.generated.frames_pb2 import ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import ExecutionResult

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


def lying(**changed: bytes) -> ResultFrame:
    """A success over 60 bars but for one column."""
    result = ExecutionResult(equity=np.full(60, 1e4).tobytes())
    for name, value in changed.items():
        setattr(result if name == "equity" else result.signals, name, value)
    return ResultFrame(last=True, success=True, result=result)


@pytest.mark.parametrize(
    "lie",
    [
        lying(equity=np.full(60, np.nan).tobytes()),
        lying(equity=np.full(61, 1.0).tobytes()),
        lying(bar=np.full(100_000, 59, "<i4").tobytes()),
        lying(bar=np.full(1, 60, "<i4").tobytes()),
        ResultFrame(last=True, success=True),
        ResultFrame(last=True),
    ],
    ids=["equity NaN", "a bar more", "many signals", "a foreign bar", "nothing", "no failure"],
)
def test_a_forged_result_that_lies_is_refused(plain_executor: RunningExecutor, lie: ResultFrame) -> None:
    answer = plain_executor.execute(sending(lie))
    assert answer.failure.code == "invalid_result", answer
    assert plain_executor.execute(NEVER).success


def sending(frame: ResultFrame) -> str:
    """Code that answers this frame itself."""
    raw = frame.SerializeToString()
    packed = base64.b85encode(zlib.compress(len(raw).to_bytes(4, "little") + raw)).decode()
    return (
        f"{REACH_OS}\nload = system['sys'].modules['builtins'].__import__\n"
        f"forged = load('zlib').decompress(load('base64').b85decode({packed!r}))\n"
        f"send = {SEND}\nwhile forged:\n    forged = forged[send(forged):]\n{NEVER}"
    )


def test_a_guard_difference_is_counted_and_logged_with_the_hash_of_the_code_alone(
    plain_executor: RunningExecutor,
) -> None:
    before = int(plain_executor.health().metadata["guard_differences"])
    told = lying()
    told.replay.guard_difference_bar = 7
    code = sending(told)
    assert plain_executor.execute(code).success
    logged = plain_executor.wait_for_event("guard_difference")
    assert int(plain_executor.health().metadata["guard_differences"]) == before + 1
    assert (logged["level"], logged["bar"]) == ("error", 7)
    assert logged["code_sha256"] == hashlib.sha256(code.encode()).hexdigest()
    assert "strategy" not in str(logged)


def test_code_cached_for_one_owner_is_not_another_owners(executor: RunningExecutor) -> None:
    code = NEVER + "# seen\n"
    hits = [executor.execute(code, user_id=user).cache_hit for user in ("a", "a", "b", "", "")]
    assert hits == [False, True, False, False, False]
