"""What a cell says at its bars, as far as a summary needs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from strategiz_executor.strategy.codes import WarningCode
from strategiz_executor.strategy.errors import RaisedByStrategyError, StrategyError
from strategiz_executor.strategy.execution import find_signals, signal_columns
from strategiz_executor.strategy.limits import RunLimits, check_signal_count
from strategiz_executor.strategy.notes import notes_on
from strategiz_executor.strategy.repeats import without_repeats
from strategiz_executor.strategy.replay.by_columns import replay_by_columns
from strategiz_executor.strategy.replay.by_paths import Asked, ask_by_paths, live_of_words
from strategiz_executor.strategy.replay.fast.expression import Memory
from strategiz_executor.strategy.replay.fast_run import PathStrategyRun
from strategiz_executor.strategy.replay.not_this_way import NotThisWayError
from strategiz_executor.strategy.replay.real_bars import RealBars
from strategiz_executor.strategy.replay.replayed import Replayed
from strategiz_executor.strategy.signal_recorder import Signal
from strategiz_executor.strategy.stopwatch import Stopwatch
from strategiz_executor.strategy.strategy_run import Job
from strategiz_executor.strategy.whole_run import Form

ASKED_AT_EVERY_BAR = frozenset({Form.WORD_PER_BAR, Form.CODE_PER_BAR})
NOT_IN_SUMMARIES = frozenset({WarningCode.PLOTS_CUT.value, WarningCode.LOGS_CUT.value})


class Found(NamedTuple):
    """Signals without repeats as columns (bars i32, types i8), the last bar's own answer, and notes."""

    bars: np.ndarray
    types: np.ndarray
    live: int
    way: str
    form: Form
    why_not_faster: str
    warnings: dict[str, str]
    guard_difference_bar: int = 0
    of_columns_alone: bool = False


def find_usually(job: Job, limits: RunLimits, memory: Memory) -> Found:
    """Answer what an execution of its own would find, its guards included. Raises what that raises."""
    replayed, signals = find_signals(job, limits, memory, Stopwatch())
    return _found(replayed, signals, job)


def find_by_columns(job: Job, limits: RunLimits, memory: Memory) -> Found | None:
    """Answer form 2 without its real run, where it is made of columns alone; None where the usual way decides."""
    replayed = replay_by_columns(job, memory)
    if replayed is None:
        return None
    signals = without_repeats(replayed.signals)
    check_signal_count(signals, limits)
    return _found(replayed, signals, job)


def _found(replayed: Replayed, signals: list[Signal], job: Job) -> Found:
    bars, types = signal_columns(signals)
    return Found(
        bars,
        types,
        replayed.live.type,
        replayed.way,
        Form(replayed.form),
        replayed.why_not_faster,
        dict(_warnings(replayed, job)),
        replayed.guard_difference_bar,
        replayed.of_columns_alone,
    )


def find_by_paths(job: Job, form: Form, limits: RunLimits, memory: Memory) -> Found | None:
    """Answer forms 1 and 4 without the run on the whole series: a path that holds for the last bar is that run.

    None where the paths alone do not tell everything, or anything is raised: the usual way then decides.
    """
    gate = job.program.fast
    if form not in ASKED_AT_EVERY_BAR or (
        gate.for_module if form is Form.CODE_PER_BAR else gate.for_function
    ):
        return None
    run = PathStrategyRun(job)
    real = RealBars(job, form)
    try:
        asked = ask_by_paths(run, form, real, memory)
    except (NotThisWayError, RaisedByStrategyError, StrategyError):
        return None
    finally:
        run.let_go()
    run.parameters.declared = {**real.declared(), **run.parameters.declared}
    bars, types = _columns(asked, limits)
    replayed = Replayed(
        form=form,
        way="paths",
        why_not_faster="",
        calls=asked.calls,
        signals=(),
        live=live_of_words(asked.words),
        plots=(),
        log=run.log,
        parameters=run.parameters,
        warm_up=asked.warm_up,
        never_sells=False,
    )
    return Found(bars, types, replayed.live.type, "paths", form, "", dict(_warnings(replayed, job)))


def _columns(asked: Asked, limits: RunLimits) -> tuple[np.ndarray, np.ndarray]:
    words = asked.words
    if words.many:
        signals = without_repeats(words.signals())
        check_signal_count(signals, limits)
        return signal_columns(signals)
    bars = words.bars_of_signals()
    check_signal_count(bars, limits)
    return bars.astype(np.int32), words.types[bars]


def _warnings(replayed: Replayed, job: Job) -> Iterator[tuple[str, str]]:
    for note in notes_on(replayed, job, 0):
        if note.code not in NOT_IN_SUMMARIES:
            yield note.code, note.message
