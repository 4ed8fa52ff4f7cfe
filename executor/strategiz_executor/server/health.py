"""GetHealth: what there is, how busy it is, and how locked down it is."""

from strategiz_executor import __version__
from strategiz_executor.generated.strategy_execution_pb2 import HealthResponse
from strategiz_executor.server.executor import Executor
from strategiz_executor.server.options import ServerOptions
from strategiz_executor.server.request_frame import LANGUAGES

SERVICE = "strategiz-executor"
REQUIRED_LAYERS = frozenset(("rlimits", "no_new_privs", "seccomp"))


def health_response(executor: Executor, options: ServerOptions, instance_id: str) -> HealthResponse:
    """SERVING while a zygote serves."""
    layers = executor.pool.layers
    metadata = {
        **executor.pool.zygotes.versions,
        **executor.pool.zygotes.health(),
        **executor.pool.health(),
        "service": SERVICE,
        "version": __version__,
        # Of all that an answer may depend on, as in the assumptions of each result.
        "versions": ", ".join(f"{name} {version}" for name, version in sorted(executor.versions.items())),
        "sandbox": sandbox_state(layers, sandbox=options.sandbox),
        "sandbox_layers": ",".join(layers),
        "language_layer": "on" if options.language_layer else "off (unsafe)",
        "auth": options.auth,
        "default_timeout_seconds": f"{executor.limits.default_timeout_s:g}",
        "cache_hits": str(executor.cache.hits),
        "cache_misses": str(executor.cache.misses),
        "guard_differences": str(executor.guard_differences.count),
    }
    return HealthResponse(
        status="SERVING" if executor.pool.zygotes.serving else "NOT_SERVING",
        supported_languages=LANGUAGES,
        max_timeout_seconds=executor.limits.max_timeout_s,
        max_memory_mb=executor.limits.memory_mb,
        metadata=metadata,
        slots=executor.slots.count,
        busy_slots=executor.slots.busy,
        waiting_calls=executor.slots.waiting,
        instance_id=instance_id,
    )


def sandbox_state(layers: tuple[str, ...], *, sandbox: bool) -> str:
    """One word: complete, degraded (no Landlock), incomplete (a required layer is missing), off."""
    if not sandbox:
        return "off (unsafe)"
    if not layers or REQUIRED_LAYERS - set(layers):
        return "incomplete"
    return "complete" if "landlock" in layers else "degraded"
