"""A cell's metrics as one record of batch_layout.py."""

from __future__ import annotations

import math
from operator import attrgetter

from strategiz_executor import batch_layout as layout
from strategiz_executor.backtest import Bars, run_backtest
from strategiz_executor.backtest.metrics import Yardstick, metrics_of
from strategiz_executor.backtest.moments import return_moments
from strategiz_executor.backtest.returns import excess_of
from strategiz_executor.generated.strategy_execution_pb2 import NoteSet
from strategiz_executor.strategy.batch.found import Found
from strategiz_executor.strategy.texts import MAX_VALUE, wire_text

_FIGURES = attrgetter(*(name for name, _ in layout.METRICS))
_BODY_BYTES = layout.RECORD_STRUCT.size - layout.LENGTH_BYTES
LONGEST_RUN_US = (1 << 32) - 1

Notes = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...], str, int]


class NoteSets:
    """Numbers the sets of notes that cells have, so that each is sent once."""

    def __init__(self) -> None:
        self._ids: dict[Notes, int] = {}
        self.unsent: list[bytes] = []

    def id_of(self, warnings: dict[str, str], unavailable: dict[str, str], found: Found) -> int:
        """The set's number, NO_NOTES for an empty one and where there are too many sets to tell them all."""
        why_not_faster, bar = found.why_not_faster, found.guard_difference_bar
        if not (warnings or unavailable or why_not_faster):
            return layout.NO_NOTES
        notes = (tuple(warnings.items()), tuple(unavailable.items()), why_not_faster, bar)
        number = self._ids.get(notes)
        if number is None:
            if len(self._ids) >= layout.MOST_NOTE_SETS:
                return layout.NO_NOTES
            number = self._ids[notes] = len(self._ids)
            message = NoteSet(
                warnings=warnings,
                unavailable=unavailable,
                why_not_faster=wire_text(why_not_faster, MAX_VALUE),
                guard_difference_bar=bar,
            )
            self.unsent.append(
                framed(layout.NOTES, layout.NOTES_ID.pack(number) + message.SerializeToString())
            )
        return number


def summarise(bars: Bars, yardstick: Yardstick, found: Found, notes: NoteSets) -> tuple[object, ...]:
    """Answer live, way, notes, returns and figures of a cell. Raises BacktestOverflowError."""
    backtest = run_backtest(bars, found.bars, found.types, yardstick.options)
    excess = excess_of(backtest.equity, yardstick.options.risk_free_rate)
    metrics = metrics_of(backtest, excess, yardstick)
    moments = return_moments(excess)
    warnings = found.warnings
    if backtest.warnings:
        warnings = {**warnings, **{warning.code: warning.message for warning in backtest.warnings}}
    figures = [math.nan if value is None else value for value in _FIGURES(metrics)]
    return (
        found.live,
        layout.WAYS.index(found.way),
        notes.id_of(warnings, metrics.unavailable, found),
        moments.returns,
        *figures,
        *moments[1:],
    )


def record(place: int, run_us: int, summary: tuple[object, ...]) -> bytes:
    """Answer the record of the cell at `place` among those of its series."""
    live, way, notes, returns, *figures = summary
    return layout.RECORD_STRUCT.pack(
        _BODY_BYTES, layout.RECORD, live, way, 0, place, notes, returns, min(run_us, LONGEST_RUN_US), *figures
    )


def framed(tag: int, body: bytes) -> bytes:
    """Answer a body with its head."""
    return layout.HEAD.pack(len(body) + 1, tag) + body
