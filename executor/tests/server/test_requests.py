"""What is wrong with a request is said by a status or a failure that names it."""

import grpc
import numpy as np
import pytest
from running_executor import DAY_MS, FIRST_DAY_MS, RunningExecutor, some_columns

from strategiz_executor.generated import strategy_execution_pb2 as messages

NEVER = "def strategy(data):\n    return 'HOLD'\n"


def changed(name: str, row: int, value: float, bars: int = 5) -> messages.BarColumns:
    """Columns with one value replaced."""
    kind = "<i8" if name in ("timestamp_ms", "volume") else "<f8"
    column = np.frombuffer(getattr(some_columns(bars), name), kind).copy()
    column[row] = value
    return some_columns(bars, **{name: column.tobytes()})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"timeout_seconds": 31}, "timeout_seconds is 31"),
        ({"timeout_seconds": -1}, "timeout_seconds is -1"),
        ({"memory_mb": 513}, "memory_mb is 513"),
        ({"timeframe": "2h"}, "timeframe is '2h'"),
        ({"options": messages.BacktestOptions(fill="best")}, "options.fill is 'best'"),
        ({"options": messages.BacktestOptions(sizing=0)}, "options.sizing is 0"),
        (
            {"options": messages.BacktestOptions(initial_capital=float("nan"))},
            "options.initial_capital is nan",
        ),
        ({"parameters_json": "[1]"}, "one JSON object"),
        ({"parameters_json": "{"}, "not JSON"),
        ({"parameters_json": '{"a": {"b": 1}}'}, "'a' must be a string, a number or a boolean"),
        ({"parameters_json": '{"a": NaN}'}, "NaN"),
        ({"parameters_json": '{"a": 1e999}'}, "finite"),
        ({"bars": some_columns(5, open=b"1234567")}, "bars.open has 7 bytes"),
        ({"bars": some_columns(5, close=b"\0" * 32)}, "bars.close has 4 values, not 5"),
        ({"bars": some_columns(5, volume=b"")}, "bars.volume has 0 values, not 5"),
        ({"market_data": [messages.MarketDataBar()]}, "not both"),
    ],
)
def test_a_malformed_request_is_an_invalid_argument(
    executor: RunningExecutor, fields: dict, said: str
) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        executor.execute(NEVER, **fields)
    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert said in raised.value.details()


def test_another_language_names_those_there_are(executor: RunningExecutor) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        executor.execute(NEVER, language="pinescript")
    assert raised.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert "python" in raised.value.details()
    assert executor.execute(NEVER, language="python").success
    assert executor.execute(NEVER, language="").success


@pytest.mark.parametrize(
    ("bars", "said"),
    [
        (some_columns(0), "there are no bars"),
        (changed("timestamp_ms", 3, FIRST_DAY_MS), "row 4 (2020-01-02T00:00:00Z): its timestamp is before"),
        (
            changed("timestamp_ms", 3, FIRST_DAY_MS + 2 * DAY_MS),
            "row 4 (2020-01-04T00:00:00Z): its timestamp repeats",
        ),
        (changed("timestamp_ms", 4, 2**62), "row 5: timestamp"),
        (changed("close", 2, float("nan")), "row 3 (2020-01-04T00:00:00Z): close is nan"),
        (changed("open", 0, float("inf")), "row 1 (2020-01-02T00:00:00Z): open is inf"),
        (changed("low", 4, -1.0), "row 5 (2020-01-06T00:00:00Z): low is -1"),
        (changed("high", 1, 1.0), "row 2 (2020-01-03T00:00:00Z): high 1 is below low"),
    ],
)
def test_bad_market_data_names_row_and_reason(
    executor: RunningExecutor, bars: messages.BarColumns, said: str
) -> None:
    answer = executor.execute(NEVER, bars=bars)
    assert not answer.success
    assert (getattr(answer.failure, "class"), answer.failure.code) == ("user", "bad_market_data")
    assert said in answer.error
    assert answer.execution_time_ms >= 1


def test_an_old_clients_timestamp_that_is_none_names_the_row(executor: RunningExecutor) -> None:
    bars = [
        messages.MarketDataBar(timestamp=time, open=1, high=1, low=1, close=1)
        for time in ("2020-01-02", "soon")
    ]
    answer = executor.stub.ExecuteStrategy(
        messages.ExecuteStrategyRequest(code=NEVER, market_data=bars), timeout=20
    )
    assert "row 2: 'soon' is not an ISO 8601 timestamp" in answer.error


def test_one_bar_is_enough(executor: RunningExecutor) -> None:
    answer = executor.execute(NEVER, bars=1)
    assert answer.success, answer.error


def test_parameters_arrive_with_their_types(executor: RunningExecutor) -> None:
    code = (
        "n = param('n', 5)\nx = param('x', 0.5)\non = param('on', False)\n"
        "def strategy(data):\n    print(n + 1, x, on)\n    return 'HOLD'\n"
    )
    answer = executor.execute(code, bars=1, parameters_json='{"n": 6, "x": 1.5, "on": true}')
    assert answer.success, answer.error
    assert "7 1.5 True" in "\n".join(answer.logs)
    answer = executor.execute(code, bars=1, parameters={"n": "7", "x": "2.5", "on": "yes"})
    assert answer.success, answer.error
    assert "8 2.5 True" in "\n".join(answer.logs)


def test_what_an_owners_code_was_answered_by_is_known_to_that_owner_alone(executor: RunningExecutor) -> None:
    code = "def strategy(data):\n    return 'BUY' if data.close.iloc[-1] > data.close.iloc[0] else 'SELL'\n"

    def is_run_whole(bars: int, owner: str) -> bool:
        answer = executor.execute(code, bars, user_id=owner)
        assert (answer.success, answer.replay.way) == (True, "paths")
        return answer.timings.run_ms > 0

    assert is_run_whole(60, "one")
    assert not all(is_run_whole(bars, "one") for bars in (61, 62, 63))  # one in twenty is, as a guard
    assert is_run_whole(60, "another")
    assert is_run_whole(60, "")
    assert is_run_whole(60, "")
