"""Which way of replay a strategy gets: the fastest that gives the answer of the plain loop."""

from __future__ import annotations

from dataclasses import replace

from strategiz_executor.strategy.errors import RaisedByStrategyError, StrategyError
from strategiz_executor.strategy.replay.by_columns import replay_by_columns
from strategiz_executor.strategy.replay.by_paths import replay_by_paths, replay_by_paths_alone
from strategiz_executor.strategy.replay.by_proxies import replay_by_proxies
from strategiz_executor.strategy.replay.fast.expression import Memory
from strategiz_executor.strategy.replay.guard import GuardDifferenceError, is_guarded
from strategiz_executor.strategy.replay.not_this_way import NotThisWayError
from strategiz_executor.strategy.replay.once import replay_once
from strategiz_executor.strategy.replay.plain import replay_plainly
from strategiz_executor.strategy.replay.replayed import Replayed
from strategiz_executor.strategy.strategy_run import Job
from strategiz_executor.strategy.whole_run import Form, WholeRun


def replay(whole: WholeRun, memory: Memory) -> Replayed:
    """Answer the signals, logs and plots of a strategy whose run on the whole series went well.

    `memory` holds expressions of this series and no other. Raises StrategyError for an answer that is no
    signal, RaisedByStrategyError (with its bar) for an exception after a bar that succeeded.
    """
    match whole.form:
        case Form.COLUMN | Form.DATED_SIGNALS:
            return replay_once(whole)
        case _:
            return _replay_every_bar(whole, memory)


def replay_as_before(job: Job, memory: Memory) -> Replayed | None:
    """Answer forms 1 and 4 by their paths alone, form 2 by its columns, where an earlier execution went so.

    A path that holds for the last bar is the run on the whole series. None where that run is needed: for dated
    signals and plots of form 1, as a guard, and wherever paths or columns do not tell everything or anything is raised.
    """
    shape = job.program.shape
    if not job.fast_form or shape.dated_signal_line or shape.unclear_signal_line or is_guarded(job):
        return None
    form = Form(job.fast_form)
    if form is Form.COLUMN:
        return replay_by_columns(job, memory)
    if form not in ASKED_AT_EVERY_BAR or shape.plot_line or _reason_of_gate(job, form):
        return None
    try:
        return replay_by_paths_alone(job, form, memory)
    except (NotThisWayError, RaisedByStrategyError, StrategyError):
        return None


ASKED_AT_EVERY_BAR = frozenset({Form.WORD_PER_BAR, Form.CODE_PER_BAR})
FAST_WAYS = (replay_by_paths, replay_by_proxies)
"""From the fastest on."""


def replay_fast_alone(whole: WholeRun) -> Replayed | None:
    """Answer forms 1 and 4 by their paths, None where that cannot be done: for a look at many bars in passing."""
    if _reason_of_gate(whole.run.job, whole.form):
        return None
    try:
        return replay_by_paths(whole, Memory())
    except (NotThisWayError, RaisedByStrategyError):
        return None


def _reason_of_gate(job: Job, form: Form) -> str:
    gate = job.program.fast
    return gate.for_module if form == Form.CODE_PER_BAR else gate.for_function


def _replay_every_bar(whole: WholeRun, memory: Memory) -> Replayed:
    reason = _reason_of_gate(whole.run.job, whole.form)
    why: list[str] = [reason] if reason else []
    difference_bar = 0
    if not reason:
        for way in FAST_WAYS:
            try:
                return replace(way(whole, memory), why_not_faster="; ".join(why))
            except GuardDifferenceError as difference:
                why, difference_bar = [difference.reason], difference.bar + 1
                break
            except NotThisWayError as refused:
                why.append(refused.reason)
    return replace(replay_plainly(whole), why_not_faster="; ".join(why), guard_difference_bar=difference_bar)
