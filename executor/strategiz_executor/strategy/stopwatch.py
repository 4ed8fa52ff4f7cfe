"""How long the phases of one request took."""

from __future__ import annotations

import time
from typing import Literal

from strategiz_executor.generated.strategy_execution_pb2 import Timings

Phase = Literal["compile_ms", "run_ms", "replay_ms", "backtest_ms", "encode_ms"]
NANOSECONDS_PER_MILLISECOND = 1e6


class Stopwatch:
    """Laps from its creation on, in milliseconds."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self._last = time.perf_counter_ns()
        self._laps: dict[Phase, float] = {}

    def lap(self, phase: Phase) -> None:
        """End a phase and begin the next."""
        now = time.perf_counter_ns()
        self._laps[phase] = (now - self._last) / NANOSECONDS_PER_MILLISECOND
        self._last = now

    def timings(self) -> Timings:
        """Answer the phases that were ended."""
        return Timings(**self._laps)
