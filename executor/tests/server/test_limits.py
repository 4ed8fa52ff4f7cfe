"""Crossing a limit ends in class limit and names the limit, its value and what was used."""

import pytest
from running_executor import RunningExecutor, some_columns

from strategiz_executor.generated import strategy_execution_pb2 as messages

NEVER = "def strategy(data):\n    return 'HOLD'\n"


def over(answer: messages.ExecuteStrategyResponse) -> tuple[str, str, float]:
    """Class, limit and its value."""
    assert not answer.success
    return getattr(answer.failure, "class"), answer.failure.limit_name, answer.failure.limit_value


def test_a_source_over_64_kb_is_refused(executor: RunningExecutor) -> None:
    answer = executor.execute(NEVER + "#" * 65_536)
    assert over(answer) == ("limit", "source", 64)
    assert answer.failure.limit_used > 64
    assert executor.execute(NEVER + "#" * (65_536 - len(NEVER))).success


def test_more_than_20000_bars_are_refused(executor: RunningExecutor) -> None:
    answer = executor.execute(NEVER, bars=some_columns(20_001))
    assert over(answer) == ("limit", "bars", 20_000)
    assert answer.failure.limit_used == 20_001


@pytest.mark.parametrize(
    "code",
    [
        "def strategy(data):\n    np.ones(1 << 27).sum()\n    return 'HOLD'\n",
        "def strategy(data):\n    x = [0] * (1 << 28)\n    return 'HOLD'\n",
        "def strategy(data):\n    x = []\n    while True:\n        x.append('y' * (8 << 20))\n",
    ],
)
def test_memory_over_its_limit_ends_the_execution_and_not_the_executor(
    executor: RunningExecutor, code: str
) -> None:
    answer = executor.execute(code, timeout_seconds=20)
    assert over(answer) == ("limit", "memory", 512)
    assert executor.execute(NEVER).success


def test_a_request_can_ask_for_less_memory(executor: RunningExecutor) -> None:
    code = "def strategy(data):\n    np.ones(20 << 20).sum()\n    return 'HOLD'\n"
    assert executor.execute(code, bars=3).success
    assert over(executor.execute(code, bars=3, memory_mb=64)) == ("limit", "memory", 64)


def test_a_result_over_8_mb_ends_the_execution(executor: RunningExecutor) -> None:
    code = "for i, t in enumerate(df.index):\n    signal('BUY' if i % 2 else 'SELL', t, 1.0, 'x' * 2000)\n"
    answer = executor.execute(code, bars=4000, timeout_seconds=20)
    assert over(answer) == ("limit", "result", 8)
    assert answer.failure.limit_used > 8


def test_logs_are_cut_with_a_note(executor: RunningExecutor) -> None:
    code = "def strategy(data):\n    print('y' * 3000)\n    return 'HOLD'\n"
    answer = executor.execute(code, bars=60)
    assert answer.success, answer.error
    assert sum(map(len, answer.logs)) < 67_000
