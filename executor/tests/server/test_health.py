"""What a caller learns without running anything."""

from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from running_executor import RunningExecutor, some_columns

from strategiz_executor.generated import strategy_execution_pb2 as messages

SERVICE = "strategiz.execution.v1.StrategyExecutionService"


def test_health_tells_limits_versions_slots_and_how_locked_down_it_is(executor: RunningExecutor) -> None:
    health = executor.health()
    assert health.status == "SERVING"
    assert list(health.supported_languages) == ["python"]
    assert (health.max_timeout_seconds, health.max_memory_mb, health.slots) == (30, 512, 2)
    assert {"service", "version", "python", "numpy", "pandas", "sandbox"} <= set(health.metadata)
    layers = set(health.metadata["sandbox_layers"].split(","))
    assert {"rlimits", "no_new_privs"} <= layers
    assert (health.metadata["sandbox"] == "incomplete") == ("seccomp" not in layers)
    assert health.instance_id == executor.wait_for_event("listening")["instance_id"]


def test_health_tells_generation_age_and_executions_of_the_zygote(executor: RunningExecutor) -> None:
    before = executor.health().metadata
    assert executor.execute("def strategy(data):\n    return 'HOLD'\n", 3).success
    told = executor.health().metadata
    assert int(told["zygote_executions"]) == int(before["zygote_executions"]) + 1
    assert (told["zygotes"], told["zygote_generation"]) == ("1", "1")
    assert (told["zygotes_recycled"], told["zygotes_lost"]) == ("0", "0")
    assert int(told["zygote_age_seconds"]) >= int(before["zygote_age_seconds"]) >= 0


def test_a_probe_sees_it_serving(executor: RunningExecutor) -> None:
    probe = health_pb2_grpc.HealthStub(executor.channel)
    for name in ("", SERVICE):
        assert probe.Check(health_pb2.HealthCheckRequest(service=name), timeout=10).status == 1


def test_reflection_lists_the_service(executor: RunningExecutor) -> None:
    stub = reflection_pb2_grpc.ServerReflectionStub(executor.channel)
    question = reflection_pb2.ServerReflectionRequest(list_services="")
    (answer,) = stub.ServerReflectionInfo(iter([question]), timeout=10)
    assert SERVICE in [service.name for service in answer.list_services_response.service]


def test_log_lines_carry_the_callers_ids(executor: RunningExecutor) -> None:
    code = "def strategy(data):\n    return 'HOLD'\n"
    request = messages.ExecuteStrategyRequest(code=code, bars=some_columns(3))
    ids = [("x-request-id", "r1"), ("x-job-id", "j1"), ("x-attempt-id", "a1")]
    executor.stub.ExecuteStrategy(request, metadata=ids, timeout=20)
    logged = [event for event in executor.events if event.get("job_id") == "j1"]
    while not logged:
        executor.wait_for_event("execution")
        logged = [event for event in executor.events if event.get("job_id") == "j1"]
    assert (logged[0]["request_id"], logged[0]["attempt_id"]) == ("r1", "a1")
