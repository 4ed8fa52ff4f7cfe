"""Which signals count: a signal of the same type as the last one is dropped."""

from __future__ import annotations

from collections.abc import Sequence

from strategiz_executor.strategy.signal_recorder import Signal


def without_repeats(signals: Sequence[Signal]) -> list[Signal]:
    """Answer the signals by time, same bar as written, without those that repeat the last one's type."""
    kept: list[Signal] = []
    last = 0
    for signal in sorted(signals, key=lambda signal: signal.bar):
        if signal.type != last:
            kept.append(signal)
            last = signal.type
    return kept
