"""The limits that the child itself keeps; the server keeps time, CPU, memory, source and bars."""

from __future__ import annotations

import math
from collections.abc import Sized
from dataclasses import dataclass

from strategiz_executor.generated.frames_pb2 import Limits
from strategiz_executor.strategy.codes import LimitName
from strategiz_executor.strategy.errors import LimitExceededError

KIBIBYTE = 1 << 10
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class RunLimits:
    """Signals after repeats are dropped, plots, bytes of logs and bytes of the whole answer.

    timeout_s is the wall time that the server allows, infinite where it did not say.
    """

    signals: int
    plots: int = 20
    log_bytes: int = 64 * KIBIBYTE
    result_bytes: int = 8 * MEBIBYTE
    timeout_s: float = math.inf


def limits_of(message: Limits, bars: int) -> RunLimits:
    """Answer the limits of a request; an unset one has its default, for signals the number of bars."""
    return RunLimits(
        signals=message.signals or bars,
        plots=message.plots or RunLimits.plots,
        log_bytes=message.log_bytes or RunLimits.log_bytes,
        result_bytes=message.result_bytes or RunLimits.result_bytes,
        timeout_s=message.timeout_ms / 1_000 or RunLimits.timeout_s,
    )


def check_signal_count(signals: Sized, limits: RunLimits) -> None:
    """Raise LimitExceededError for more signals, after repeats were dropped, than the limit."""
    if len(signals) > limits.signals:
        raise LimitExceededError(LimitName.SIGNALS, limits.signals, len(signals), "signals")
