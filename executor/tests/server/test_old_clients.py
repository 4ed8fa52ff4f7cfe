"""A client generated from the old contract alone gets right answers from all four RPCs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from grpc_tools import protoc
from running_executor import RunningExecutor

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def answers(executor: RunningExecutor, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What each RPC answered, as JSON with the old names."""
    stubs = tmp_path_factory.mktemp("stubs")
    outputs = [f"--python_out={stubs}", f"--grpc_python_out={stubs}"]
    assert protoc.main(["protoc", f"-I{HERE}", *outputs, "old_contract.proto"]) == 0
    command = [sys.executable, str(HERE / "old_client.py"), executor.address, str(stubs)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_an_execution_has_signals_indicators_and_logs(answers: dict) -> None:
    answer = answers["execute"]
    assert answer["success"], answer
    assert answer["execution_time_ms"] >= 1
    assert "me" in answer["logs"]
    assert [(s["timestamp"], s["type"], s["price"], s["reason"]) for s in answer["signals"]] == [
        ("2024-01-01T00:00:00Z", "BUY", 10.5, "in"),
        ("2024-01-03T00:00:00Z", "SELL", 12.5, "out"),
    ]
    (indicator,) = answer["indicators"]
    assert indicator["name"] == "twice"
    assert indicator["data"][0] == {"timestamp": "2024-01-01T00:00:00Z", "value": 21.0}
    assert len(indicator["data"]) == 6


def test_its_performance_is_what_a_calculator_gives(answers: dict) -> None:
    """Bought at the open of bar 2 and sold at that of bar 4, 0.05 % slippage and commission a side."""
    performance = answers["execute"]["performance"]
    bought, sold = 11 * 1.0005, 13 * 0.9995
    quantity = 10_000 / (bought * 1.0005)
    final = quantity * sold * 0.9995
    (trade,) = performance["trades"]
    assert trade["buy_timestamp"], trade["sell_timestamp"] == ("2024-01-02T00:00:00Z", "2024-01-04T00:00:00Z")
    assert trade["buy_price"] == pytest.approx(bought)
    assert trade["sell_price"] == pytest.approx(sold)
    assert trade["pnl"] == pytest.approx(final - 10_000)
    assert trade["win"] and (trade["buy_reason"], trade["sell_reason"]) == ("in", "out")
    assert performance["total_return"] == pytest.approx(final / 100 - 100)
    assert performance["total_pnl"] == pytest.approx(final - 10_000)
    assert (performance["total_trades"], performance["win_rate"]) == (1, 100)
    assert (performance["buy_count"], performance["sell_count"]) == (1, 1)
    points = performance["equity_curve"]
    assert [point["type"] for point in points] == ["initial", "buy", "bar", "sell", "bar", "final"]
    assert points[0]["portfolio_value"] == 10_000
    assert points[2]["portfolio_value"] == pytest.approx(quantity * 12.5)
    assert points[5]["portfolio_value"] == pytest.approx(final)
    assert [point["timestamp"][:10] for point in points][::5] == ["2024-01-01", "2024-01-06"]
    hold = 100 * (15.5 / (11 * 1.0005 * 1.0005) - 1)
    assert performance["buy_and_hold_return_percent"] == pytest.approx(hold)
    assert performance["start_date"], performance["end_date"] == (
        "2024-01-01T00:00:00Z",
        "2024-01-06T00:00:00Z",
    )


def test_a_failing_strategy_answers_ok_with_type_message_and_line(answers: dict) -> None:
    answer = answers["broken"]
    assert not answer.get("success", False)
    assert answer["error"].startswith("KeyError: 'Close'")
    assert answer["error"].endswith("(line 2)")


def test_a_list_has_the_live_signal(answers: dict) -> None:
    answer = answers["list"]
    assert (answer["success"], answer["total_deployments"], answer["successful_deployments"]) == (True, 1, 1)
    (result,) = answer["results"]
    assert (result["deployment_id"], result["deployment_type"], result["success"]) == ("d", "BOT", True)
    assert result["signal"]["signal_type"] == "SELL"
    assert (result["signal"]["symbol"], result["signal"]["price"]) == ("AAA", 15.5)
    assert result["signal"]["timestamp"] == "2024-01-06T00:00:00Z"


def test_code_is_validated(answers: dict) -> None:
    assert answers["valid"]["valid"]
    assert not answers["invalid"].get("valid", False)
    assert "SyntaxError" in answers["invalid"]["errors"][0]


def test_health_is_told(answers: dict) -> None:
    health = answers["health"]
    assert (health["status"], health["supported_languages"]) == ("SERVING", ["python"])
    assert (health["max_timeout_seconds"], health["max_memory_mb"]) == (30, 512)
    assert {"service", "version"} <= set(health["metadata"])
