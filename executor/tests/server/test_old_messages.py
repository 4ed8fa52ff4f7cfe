"""Answers to requests without columns: every point there, and under 4 MiB."""

import numpy as np
from running_executor import RunningExecutor, some_prices

from strategiz_executor.generated import strategy_execution_pb2 as messages
from strategiz_executor.server.bars import iso_times
from strategiz_executor.server.old_bars import read_messages
from strategiz_executor.server.point_records import parse_points

MANY = 20_000


def old_bars(count: int) -> list[messages.MarketDataBar]:
    """Hourly bars with their times as strings."""
    times = iso_times(1_577_923_200_000 + 3_600_000 * np.arange(count))
    return [
        messages.MarketDataBar(
            timestamp=time, open=close, high=close + 1, low=close - 1, close=close, volume=1
        )
        for time, close in zip(times, some_prices(count).tolist(), strict=True)
    ]


def test_points_written_as_records_are_those_written_one_by_one() -> None:
    labels = ["2024-01-02", "2024-01-03", "2024-01-04T00:00:00Z", "2024-01-05", "2024-01-06"]
    values = np.array([0.0, -1.5, 1e300, 2.0, 3.0])
    at_once, one_by_one = messages.Performance(), messages.Performance()
    parse_points(at_once, 15, labels, values, tail=b"\x1a\x03bar")
    for label, value in zip(labels, values.tolist(), strict=True):
        one_by_one.equity_curve.add(timestamp=label, portfolio_value=value, type="bar")
    assert at_once == one_by_one


def test_times_of_old_clients_are_read_in_every_form_of_iso_8601() -> None:
    texts = ["2024-01-02", "2024-01-02T01:00:00", "2024-01-02T03:00:00+01:00", "2024-01-02T03:00:00Z",
             "2024-01-02 04:00:00.250", "20240103"]  # fmt: skip
    bars = read_messages([messages.MarketDataBar(timestamp=text, high=1) for text in texts])
    first = 1_704_153_600_000
    hours = (bars.timestamp_ms - first) / 3_600_000
    assert hours.tolist() == [0, 1, 2, 3, 4 + 0.25 / 3600, 24]
    assert bars.labels() == tuple(texts)


def test_an_answer_with_many_plots_is_cut_below_4_mib_with_a_note(executor: RunningExecutor) -> None:
    code = "for i in range(20):\n    plot(df['close'] + i, f'p{i}')\n"
    request = messages.ExecuteStrategyRequest(code=code, market_data=old_bars(MANY), timeout_seconds=20)
    answer = executor.stub.ExecuteStrategy(request, timeout=30)
    assert answer.success, answer.error
    assert 2 << 20 < answer.ByteSize() < 4 << 20
    assert 1 <= len(answer.indicators) < 20
    assert len(answer.performance.equity_curve) == MANY
    assert any("plots left out" in line for line in answer.logs)


def test_an_answer_with_many_reasons_is_cut_below_4_mib_with_a_note(executor: RunningExecutor) -> None:
    code = "for i, t in enumerate(df.index):\n    signal('SELL' if i % 2 else 'BUY', t, 1.0, 'x' * 150)\n"
    request = messages.ExecuteStrategyRequest(code=code, market_data=old_bars(MANY), timeout_seconds=30)
    answer = executor.stub.ExecuteStrategy(request, timeout=35)
    assert answer.success, answer.error
    assert len(answer.signals) == MANY
    assert answer.ByteSize() < 4 << 20
    assert any("4 MiB" in line for line in answer.logs)
