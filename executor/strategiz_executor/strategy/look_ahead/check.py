"""The look-ahead check: the run repeated with bars that end earlier or go on otherwise, and what differs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from strategiz_executor.strategy.look_ahead.cuts import Cut, choose_cuts
from strategiz_executor.strategy.look_ahead.other_future import series_with, signals_of
from strategiz_executor.strategy.look_ahead.seen import LookAhead, Unchecked
from strategiz_executor.strategy.repeats import without_repeats
from strategiz_executor.strategy.replay.replayed import Replayed
from strategiz_executor.strategy.signal_recorder import Signal
from strategiz_executor.strategy.strategy_run import Job
from strategiz_executor.strategy.whole_run import Form

FORMS_WITH_ALL_BARS = frozenset({Form.COLUMN, Form.DATED_SIGNALS})
OTHER_NUMBERS = 104_729
"""Added to every seed for the runs that show what hangs on random numbers."""

Said = dict[int, tuple[int, ...]]


def find_look_ahead(
    replayed: Replayed, job: Job, began: float, ends_at: float
) -> LookAhead | Unchecked | None:
    """Answer the first bar that differs on the first cut on which any does.

    Forms 1 and 4 see no later bars, and what is made of columns alone cannot: they are not run again.

    A run in which the code raises shows nothing, nor does a difference that comes from random numbers or
    the clock. Begins no run that would not have ended at `ends_at` if it took as long as the longest before it,
    or as everything since `began` (both of time.perf_counter).
    """
    form, really = Form(replayed.form), replayed.signals
    if form not in FORMS_WITH_ALL_BARS or replayed.of_columns_alone:
        return None
    cuts = choose_cuts(without_repeats(really), len(job.series), job.seed)
    longest = time.perf_counter() - began
    for made, cut in enumerate(cuts):
        now = time.perf_counter()
        if now + longest > ends_at:
            return Unchecked(made, len(cuts))
        otherwise = signals_of(job, series_with(job.series, cut), form)
        longest = max(longest, time.perf_counter() - now)
        found = None if otherwise is None else _difference(otherwise, really, cut)
        if found is not None:
            return None if _hangs_on_chance(job, form, cut, really, otherwise) else found
    return None


def _difference(otherwise: Sequence[Signal], really: Sequence[Signal], cut: Cut) -> LookAhead | None:
    """The first of the bars before the cut at which the two say something else."""
    other_words, real_words = _said_before(cut, otherwise), _said_before(cut, really)
    if other_words == real_words:
        return None
    spoken = other_words.keys() | real_words.keys()
    bar = min(bar for bar in spoken if other_words.get(bar) != real_words.get(bar))
    return LookAhead(bar, cut, other_words.get(bar, ()), real_words.get(bar, ()))


def _said_before(cut: Cut, signals: Sequence[Signal]) -> Said:
    said: Said = {}
    for signal in signals:
        if signal.bar < cut.bars:
            said[signal.bar] = (*said.get(signal.bar, ()), signal.type)
    return said


def _hangs_on_chance(
    job: Job, form: Form, cut: Cut, really: Sequence[Signal], otherwise: Sequence[Signal] | None
) -> bool:
    """Whether either run says something else with other random numbers, or a moment later."""
    other = replace(job, seed_shift=OTHER_NUMBERS)
    for series, before in ((job.series, really), (series_with(job.series, cut), otherwise)):
        again = signals_of(other, series, form)
        if again is None or before is None or _difference(again, before, cut) is not None:
            return True
    return False
