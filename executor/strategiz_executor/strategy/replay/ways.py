"""Which way of replay a strategy gets: the fastest that gives the answer of the plain loop."""

from __future__ import annotations

from dataclasses import replace

from strategiz_executor.strategy.errors import RaisedByStrategyError
from strategiz_executor.strategy.replay.by_paths import replay_by_paths
from strategiz_executor.strategy.replay.by_proxies import replay_by_proxies
from strategiz_executor.strategy.replay.fast.expression import Memory
from strategiz_executor.strategy.replay.guard import GuardDifferenceError
from strategiz_executor.strategy.replay.not_this_way import NotThisWayError
from strategiz_executor.strategy.replay.once import replay_once
from strategiz_executor.strategy.replay.plain import replay_plainly
from strategiz_executor.strategy.replay.replayed import Replayed
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


FAST_WAYS = (replay_by_paths, replay_by_proxies)
"""From the fastest on."""


def replay_fast_alone(whole: WholeRun) -> Replayed | None:
    """Answer forms 1 and 4 by their paths, None where that cannot be done: for a look at many bars in passing."""
    if _reason_of_gate(whole):
        return None
    try:
        return replay_by_paths(whole, Memory())
    except (NotThisWayError, RaisedByStrategyError):
        return None


def _reason_of_gate(whole: WholeRun) -> str:
    gate = whole.run.job.program.fast
    return gate.for_module if whole.form == Form.CODE_PER_BAR else gate.for_function


def _replay_every_bar(whole: WholeRun, memory: Memory) -> Replayed:
    reason = _reason_of_gate(whole)
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
