"""Forms 1 and 4 by one call per decision path (fast/path_run.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from strategiz_executor.strategy.answers import word_of
from strategiz_executor.strategy.errors import AnswerError, RaisedByStrategyError
from strategiz_executor.strategy.replay.bar_words import BarWords
from strategiz_executor.strategy.replay.fast.expression import Memory
from strategiz_executor.strategy.replay.fast.give_up import GiveUp
from strategiz_executor.strategy.replay.fast.path_record import PathRecord
from strategiz_executor.strategy.replay.fast.path_run import Path, PathRun, Paths
from strategiz_executor.strategy.replay.fast.text import text_at
from strategiz_executor.strategy.replay.fast_run import PathStrategyRun
from strategiz_executor.strategy.replay.guard import check_guard_bars
from strategiz_executor.strategy.replay.not_this_way import NotThisWayError
from strategiz_executor.strategy.replay.real_bars import RealBars
from strategiz_executor.strategy.replay.replayed import Live, Replayed, WarmUp
from strategiz_executor.strategy.signal_recorder import Plot
from strategiz_executor.strategy.strategy_run import Job
from strategiz_executor.strategy.whole_run import Form, WholeRun

_MAX_REAL_BARS = 500


@dataclass(frozen=True)
class Asked:
    """What every bar was found to say. `calls`: of the strategy, one a path."""

    words: BarWords
    warm_up: WarmUp | None
    calls: int


def replay_by_paths(whole: WholeRun, memory: Memory) -> Replayed:
    """Answer what the plain loop would, or raise NotThisWayError."""
    run = PathStrategyRun(whole.run.job)
    real = RealBars(whole.run.job, whole.form)
    asked = ask_by_paths(run, whole.form, real, memory)
    check_guard_bars(asked.words, whole, real, 0 if asked.warm_up is None else asked.warm_up.bars)
    return _replayed(run, whole.form, real, asked, whole.run.recorder.plots)


def replay_by_paths_alone(job: Job, form: Form, memory: Memory) -> Replayed:
    """Answer the same for a code without plots, nothing of it compared with the run on the whole series.

    Raises NotThisWayError, and what module-level code raises.
    """
    run = PathStrategyRun(job)
    real = RealBars(job, form)
    return _replayed(run, form, real, ask_by_paths(run, form, real, memory), ())


def _replayed(
    run: PathStrategyRun, form: Form, real: RealBars, asked: Asked, plots: Sequence[Plot]
) -> Replayed:
    asked.words.write_log(run.log)
    run.parameters.declared = {**real.declared(), **run.parameters.declared}
    return Replayed(
        form=form,
        way="paths",
        why_not_faster="",
        calls=asked.calls,
        signals=asked.words.signals(),
        live=live_of_words(asked.words),
        plots=plots,
        log=run.log,
        parameters=run.parameters,
        warm_up=asked.warm_up,
        never_sells=False,
    )


def ask_by_paths(run: PathStrategyRun, form: Form, real: RealBars, memory: Memory) -> Asked:
    """Ask every bar, none of them guarded yet. Raises NotThisWayError, and what module-level code raises."""
    try:
        paths = _explore(run, form, memory)
        words = _words(paths, len(run.job.series))
    except GiveUp as gave_up:
        raise NotThisWayError(gave_up.reason) from None
    return Asked(words, _ask_open_bars(words, paths.undecided, real), paths.calls)


def _explore(run: PathStrategyRun, form: Form, memory: Memory) -> Paths:
    series = run.job.series
    exploration = PathRun(series, memory)
    look: Callable[[Any], Any] = run.execute_module
    if form != Form.CODE_PER_BAR:
        run.execute_module(None)
        function = run.strategy()
        look = lambda stand_in: run.call(function, stand_in)  # noqa: E731
    run.abandonment = exploration.abandonment
    run.recorder.look_at(len(series))

    def call(stand_in: Any) -> Any:
        run.record = exploration.record = PathRecord(exploration)
        return look(stand_in)

    return exploration.explore(call)


def _words(paths: Paths, bars: int) -> BarWords:
    """What each path said, put at its bars; a path whose answer is wrong is left to real prefixes."""
    words = BarWords(np.zeros(bars, np.int8))
    for number, path in enumerate(paths.found):
        said = _said(path)
        if said is None:
            paths.undecided |= path.mask
            continue
        if len(said) == 1:
            _put(words, path.mask, *said[0], number)
        elif said:
            for bar in np.flatnonzero(path.mask).tolist():
                words.many[bar] = [(type_, text_at(reason, bar)) for type_, reason in said]
        if path.record.prints:
            words.texts += [(bar, path.record.text(bar)) for bar in np.flatnonzero(path.mask).tolist()]
    return words


def _put(words: BarWords, mask: np.ndarray, type_: int, reason: Any, number: int) -> None:
    """One signal at the bars of a mask, whose reason is known by the number of its path."""
    np.putmask(words.types, mask, type_)
    if type(reason) is not str or reason:
        words.reasons[number] = lambda bar: text_at(reason, bar)
        if words.reason_of is None:
            words.reason_of = np.full(len(words.types), -1, np.int32)
        np.putmask(words.reason_of, mask, number)


def _said(path: Path) -> list[tuple[int, Any]] | None:
    """The signals of a path, None where its answer breaks a rule (plain.settle has the same rules)."""
    called: list[tuple[int, Any]] = path.record.signals
    if path.answer is None:
        return called
    try:
        word = word_of(path.answer, 0)
    except AnswerError:
        return None
    if called:
        return called if [type_ for type_, _ in called] == [word] else None
    return [(word, "")] if word else []


def _ask_open_bars(words: BarWords, undecided: np.ndarray, real: RealBars) -> WarmUp | None:
    """Bars on which a path raised, asked with real prefixes: warm-up, or a failure that the plain loop tells."""
    bars = np.flatnonzero(undecided).tolist()
    if len(bars) > _MAX_REAL_BARS:
        raise NotThisWayError(f"{len(bars)} bars on which the code raises or answers in a way not followed")
    warm_up: WarmUp | None = None
    for bar in bars:
        try:
            said = real.said_at(bar)
        except (RaisedByStrategyError, AnswerError) as error:
            cause = error.error if isinstance(error, RaisedByStrategyError) else None
            in_warm_up = bar == (0 if warm_up is None else warm_up.bars) and bar < len(undecided) - 1
            if cause is None or isinstance(cause, MemoryError) or not in_warm_up:
                raise NotThisWayError("the code fails at a bar") from None
            warm_up = WarmUp(bar + 1, type(cause).__name__)
            said = []
        words.many[bar] = said
        if real.text:
            words.texts.append((bar, real.text))
    for bar in [bar for bar in bars if len(words.many[bar]) == 0]:
        del words.many[bar]
    return warm_up


def live_of_words(words: BarWords) -> Live:
    """Answer the last bar's own answer."""
    said = words.said_at(len(words.types) - 1)
    return Live(*said[-1]) if said else Live(0, "")
