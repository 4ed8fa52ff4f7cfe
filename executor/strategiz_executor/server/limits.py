"""What one execution may use. An operator can lower or raise the defaults."""

from dataclasses import dataclass

MEGABYTE = 1 << 20
KILOBYTE = 1 << 10


@dataclass(frozen=True, slots=True)
class ExecutionLimits:
    """Limits of one execution, in the units of their names."""

    default_timeout_s: float = 10.0
    max_timeout_s: int = 30
    memory_mb: int = 512
    source_bytes: int = 64 * KILOBYTE
    parameters_bytes: int = 64 * KILOBYTE
    bars: int = 20_000
    plots: int = 20
    log_bytes: int = 64 * KILOBYTE
    result_bytes: int = 8 * MEGABYTE
    compiled_bytes: int = 2 * MEGABYTE
