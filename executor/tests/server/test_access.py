"""Who may call, and when the executor refuses to start."""

import subprocess
import sys
from collections.abc import Callable

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from running_executor import RunningExecutor

from strategiz_executor.generated import strategy_execution_pb2 as messages
from strategiz_executor.server.cli import RefusedOptions, read_options

Start = Callable[..., RunningExecutor]
HEALTH = messages.HealthRequest()


def test_with_a_token_only_callers_that_show_it_are_served(start_executor: Start) -> None:
    running = start_executor("--slots", "1", EXECUTOR_TOKEN="a long secret")
    refused = [None, [("authorization", "Bearer another")], [("authorization", "a long secret")]]
    for metadata in refused:
        with pytest.raises(grpc.RpcError) as raised:
            running.stub.GetHealth(HEALTH, metadata=metadata, timeout=10)
        assert raised.value.code() is grpc.StatusCode.UNAUTHENTICATED
        assert "secret" not in raised.value.details()
    shown = [("authorization", "Bearer a long secret")]
    assert running.stub.GetHealth(HEALTH, metadata=shown, timeout=10).metadata["auth"] == "token"
    probe = health_pb2_grpc.HealthStub(running.channel)
    assert probe.Check(health_pb2.HealthCheckRequest(), timeout=10).status == 1
    assert "a long secret" not in str(running.events)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "executor.internal"])
def test_beyond_loopback_it_refuses_to_start_without_a_token(host: str) -> None:
    with pytest.raises(RefusedOptions, match="set EXECUTOR_TOKEN"):
        read_options(["--host", host], {}, "linux")
    assert read_options(["--host", host], {"EXECUTOR_TOKEN": "x"}, "linux").token == "x"
    assert read_options(["--host", host], {"EXECUTOR_AUTH": "none"}, "linux").auth == "none"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost"])
def test_on_loopback_no_token_is_needed(host: str) -> None:
    assert read_options(["--host", host], {}, "linux").token is None


def test_contradicting_settings_are_refused() -> None:
    with pytest.raises(RefusedOptions, match="contradict"):
        read_options([], {"EXECUTOR_AUTH": "none", "EXECUTOR_TOKEN": "x"}, "linux")
    with pytest.raises(RefusedOptions, match="EXECUTOR_AUTH"):
        read_options([], {"EXECUTOR_AUTH": "basic"}, "linux")


def test_elsewhere_than_on_linux_one_line_says_what_to_do() -> None:
    with pytest.raises(RefusedOptions) as raised:
        read_options([], {}, "darwin")
    assert all(word in str(raised.value) for word in ("Linux", "Docker", "--unsafe-no-sandbox"))
    assert "\n" not in str(raised.value)
    assert not read_options(["--unsafe-no-sandbox"], {}, "darwin").sandbox


def test_a_refusal_is_one_line_on_stderr_and_exit_code_2() -> None:
    command = [sys.executable, "-m", "strategiz_executor", "--host", "0.0.0.0", "--port", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, env={}, cwd=".")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1


def test_a_port_in_use_is_one_line_and_exit_code_1(executor: RunningExecutor) -> None:
    port = executor.address.rpartition(":")[2]
    command = [sys.executable, "-m", "strategiz_executor", "--port", port, "--slots", "1"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in ended.stdout
