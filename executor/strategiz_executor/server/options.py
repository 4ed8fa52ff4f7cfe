"""What an operator chooses, as checked values."""

import os
from dataclasses import dataclass

from strategiz_executor.server.zygotes import Recycling


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Options of one server. `token` is None where nobody has to show one."""

    host: str
    port: int
    slots: int
    zygotes: int
    recycling: Recycling
    line: int
    memory_mb: int
    grace_s: float
    sandbox: bool
    language_layer: bool
    token: str | None

    @property
    def auth(self) -> str:
        """How callers are told apart, for health and logs."""
        return "token" if self.token else "none"
