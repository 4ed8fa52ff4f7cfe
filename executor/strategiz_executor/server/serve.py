"""The life of one server: pool, port, calls, and an orderly end."""

import asyncio
import contextlib
import gc
import secrets
import signal

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from strategiz_executor import __version__
from strategiz_executor.generated.strategy_execution_pb2_grpc import (
    add_StrategyExecutionServiceServicer_to_server,
)
from strategiz_executor.server.auth import TokenCheck
from strategiz_executor.server.compile_cache import CompileCache
from strategiz_executor.server.executor import Executor
from strategiz_executor.server.guard_differences import GuardDifferences
from strategiz_executor.server.health import sandbox_state
from strategiz_executor.server.kept_children import KeptChildren
from strategiz_executor.server.limits import ExecutionLimits
from strategiz_executor.server.logs import Log
from strategiz_executor.server.options import ServerOptions
from strategiz_executor.server.owner_session import cpu_limit_s
from strategiz_executor.server.pool import Pool, PoolNotReady
from strategiz_executor.server.service import StrategyExecutionService
from strategiz_executor.server.slots import Slots
from strategiz_executor.server.zygote_process import ZygoteSettings
from strategiz_executor.server.zygotes import ZygotePlan

SERVICE_NAME = "strategiz.execution.v1.StrategyExecutionService"
LONGEST_MESSAGE = 50 << 20
# 2,520 bars are 121 kB: they come in one frame, and without waiting for the receiver to allow more.
RECEIVED_AT_ONCE = 1 << 20
CALLS_BESIDE_EXECUTIONS = 64  # health, reflection, and those about to be refused
CHILDREN_AHEAD = 1  # waiting beyond one per slot


def channel_options(concurrent_calls: int) -> list[tuple[str, int]]:
    """50 MB messages; pings every 30 s without data are welcome (grpc-java's keepalive)."""
    return [
        ("grpc.max_receive_message_length", LONGEST_MESSAGE),
        ("grpc.max_send_message_length", LONGEST_MESSAGE),
        ("grpc.max_concurrent_streams", concurrent_calls),
        ("grpc.http2.lookahead_bytes", RECEIVED_AT_ONCE),
        ("grpc.http2.max_frame_size", RECEIVED_AT_ONCE),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ("grpc.http2.max_ping_strikes", 2),
        ("grpc.so_reuseport", 0),  # a second server on the same port fails instead of sharing it
    ]


async def serve(options: ServerOptions, log: Log) -> int:
    """Serves until SIGTERM or SIGINT. Returns the exit code."""
    limits = ExecutionLimits(memory_mb=options.memory_mb)
    settings = ZygoteSettings(options.memory_mb, cpu_limit_s(limits), options.sandbox, options.language_layer)
    plan = ZygotePlan(settings, options.zygotes, options.recycling)
    pool = Pool(plan, options.slots + CHILDREN_AHEAD, log)
    stop = _stop_on_signals()
    try:
        await pool.start()
        await _serve_from(pool, limits, options, log, stop)
    except PoolNotReady as error:
        log.event("not_started", level="error", reason=f"no sandbox process became ready: {error}")
        return 1
    except OSError as error:
        log.event("not_started", level="error", reason=str(error))
        return 1
    finally:
        await pool.close()
    return 0


async def _serve_from(
    pool: Pool, limits: ExecutionLimits, options: ServerOptions, log: Log, stop: asyncio.Event
) -> None:
    slots = Slots(options.slots, options.line)
    versions = {**pool.zygotes.versions, "executor": __version__}
    for name in ("time_zones", "canary"):
        versions.pop(name, None)
    executor = Executor(
        limits, slots, pool, CompileCache(), versions, GuardDifferences(log), KeptChildren(pool)
    )
    instance_id = secrets.token_hex(8)
    probe = health.aio.HealthServicer()
    concurrent_calls = options.slots + options.line + CALLS_BESIDE_EXECUTIONS
    server = grpc.aio.server(
        interceptors=[TokenCheck(options.token)] if options.token else [],
        options=channel_options(concurrent_calls),
        maximum_concurrent_rpcs=concurrent_calls,
    )
    service = StrategyExecutionService(executor, options, instance_id, log)
    add_StrategyExecutionServiceServicer_to_server(service, server)  # type: ignore[no-untyped-call]
    health_pb2_grpc.add_HealthServicer_to_server(probe, server)
    reflection.enable_server_reflection(
        (SERVICE_NAME, "grpc.health.v1.Health", reflection.SERVICE_NAME), server
    )
    port = _bind(server, options)
    gc.collect()
    gc.freeze()  # what is there now stays: no collection of later garbage has to look at it
    await server.start()
    for name in ("", SERVICE_NAME):
        await probe.set(name, health_pb2.HealthCheckResponse.SERVING)
    _announce(options, port, pool, instance_id, log)
    await stop.wait()
    log.event("stopping", busy_slots=slots.busy, grace_s=options.grace_s)
    await probe.enter_graceful_shutdown()
    await server.stop(options.grace_s)
    log.event("stopped")


def _bind(server: grpc.aio.Server, options: ServerOptions) -> int:
    host = f"[{options.host}]" if ":" in options.host else options.host
    try:
        port = server.add_insecure_port(f"{host}:{options.port}")
    except RuntimeError as error:
        raise OSError(f"cannot listen on {host}:{options.port}: {error}") from error
    if port == 0:
        raise OSError(f"cannot listen on {host}:{options.port}")
    return int(port)


def _announce(options: ServerOptions, port: int, pool: Pool, instance_id: str, log: Log) -> None:
    state = sandbox_state(pool.layers, sandbox=options.sandbox)
    if state != "complete":
        log.event("sandbox_not_complete", level="warning", sandbox=state, layers=pool.layers)
    if not options.language_layer:
        log.event("language_layer_off", level="warning", reason="--unsafe-no-language-layer")
    log.event(
        "listening",
        host=options.host,
        port=port,
        slots=options.slots,
        auth=options.auth,
        sandbox=state,
        instance_id=instance_id,
        version=__version__,
    )


def _stop_on_signals() -> asyncio.Event:
    """The first signal asks for an orderly end; a second one ends the process as the system does."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, ask, number)
    return stop
