"""Checks records of cells before anything of them is used: as answer.py does, many cells at a time."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategiz_executor import batch_layout as layout
from strategiz_executor.generated.strategy_execution_pb2 import Assumptions, NoteSet
from strategiz_executor.server.answer import BadAnswer, check_scalars, check_texts
from strategiz_executor.server.batch_answers import Records

NAMES = (*(name for name, _ in layout.METRICS), *layout.RETURNS)
COLUMN = {name: number for number, name in enumerate(NAMES)}
ALWAYS_THERE = np.array([COLUMN[name] for name, nullable in layout.METRICS if not nullable])
COUNTS = ("longest_drawdown_bars", "total_trades", "profitable_trades", "buy_count", "sell_count",
          "ignored_signals", "pending_signals", "open_position")  # fmt: skip
NOT_NEGATIVE = (
    "max_drawdown_pct",
    "volatility_pct",
    "exposure_pct",
    "win_rate_pct",
    "return_sd",
    "return_kurtosis",
)
SHARES = ("exposure_pct", "win_rate_pct")
A_HAIR = 1 + 1e-9


def check_records(records: Records, first_place: int, bars: int, most_signals: int, note_sets: int) -> None:
    """Raises BadAnswer unless these are the cells from `first_place` on, over so many bars."""
    expected = np.arange(first_place, first_place + len(records))
    _require((records["place"] == expected).all(), "cells out of order, or that were not asked for")
    _require(_within(records["live"], -1, 1), "a live signal of an unknown type")
    _require(_within(records["way"], 0, len(layout.WAYS) - 1), "an unknown way of replay")
    _require(_within(records["notes"], layout.NO_NOTES, note_sets - 1), "notes that were not sent")
    _require((records["returns"] == bars - 1).all(), "not one return from bar to bar")
    _check_figures(records["figures"], bars, most_signals)


def _check_figures(figures: NDArray[np.float64], bars: int, most_signals: int) -> None:
    missing = np.isnan(figures)
    _require(not missing[:, ALWAYS_THERE].any(), "a metric that is always there is missing")
    _require((np.isfinite(figures) | missing).all(), "a metric is not finite")
    counts = figures[:, _numbers(COUNTS)]
    _require_none((counts != np.floor(counts)) | (counts < 0), COUNTS, "is no count")
    _require_none(figures[:, _numbers(NOT_NEGATIVE)] < 0, NOT_NEGATIVE, "is negative")
    _require_none(figures[:, _numbers(SHARES)] > 100 * A_HAIR, SHARES, "is above 100")
    longest, trades, wins, buys, sells, ignored, pending, open_position = counts.T
    signals = buys + sells
    _require((signals <= most_signals).all(), "more signals than the limit")
    _require((ignored + pending <= signals).all(), "signals that do not add up")
    _require((trades <= signals).all(), "more trades than signals")
    _require((wins <= trades).all(), "more wins than trades")
    _require((longest <= bars).all(), "a drawdown longer than the series")
    _require((open_position <= 1).all(), "open_position is neither 0 nor 1")


def check_notes(notes: NoteSet) -> None:
    """Raises BadAnswer for notes that are too many or too long."""
    check_texts(notes.warnings, "warnings")
    check_texts(notes.unavailable, "unavailable metrics")
    check_scalars(notes, "notes")


def check_assumptions(assumptions: Assumptions) -> None:
    """Raises BadAnswer for numbers that are not finite and texts that are too long."""
    check_scalars(assumptions, "assumptions")


def _within(column: NDArray[Any], low: int, high: int) -> bool:
    return bool(((column >= low) & (column <= high)).all())


@cache
def _numbers(names: tuple[str, ...]) -> NDArray[np.intp]:
    return np.array([COLUMN[name] for name in names])


def _require_none(wrong: NDArray[np.bool_], names: tuple[str, ...], complaint: str) -> None:
    """`wrong` has one column a name."""
    if wrong.any():
        raise BadAnswer(f"{names[int(wrong.any(axis=0).argmax())]} {complaint}")


def _require(holds: Any, complaint: str) -> None:
    if not holds:
        raise BadAnswer(complaint)
