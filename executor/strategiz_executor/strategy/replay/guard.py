"""The guard over a fast way: some bars are asked again with real prefixes; a difference is a defect of ours."""

from __future__ import annotations

import random

from strategiz_executor.strategy.answers import word_of
from strategiz_executor.strategy.errors import AnswerError, RaisedByStrategyError
from strategiz_executor.strategy.replay.bar_words import BarWords, Said
from strategiz_executor.strategy.replay.not_this_way import NotThisWayError
from strategiz_executor.strategy.replay.real_bars import RealBars
from strategiz_executor.strategy.signal_recorder import Signal
from strategiz_executor.strategy.strategy_run import Job
from strategiz_executor.strategy.whole_run import Form, WholeRun

FIRST_TIME_BARS = 2
ONE_EXECUTION_IN = 20
DIFFERED = "a guard bar differed"


class GuardDifferenceError(NotThisWayError):
    """A fast way and a real prefix disagree: counted and logged as a defect, the plain loop answers."""

    def __init__(self, bar: int) -> None:
        self.bar = bar
        super().__init__(f"{DIFFERED} (bar {bar + 1}), which is a defect of the executor")


def check_guard_bars(words: BarWords, whole: WholeRun, real: RealBars, first: int) -> None:
    """Raise GuardDifferenceError where a guarded bar from `first` on says something else with its real prefix.

    The last bar is the run on the whole series, so it is always compared.
    """
    last = len(words.types) - 1
    if words.said_at(last) != _whole_said(whole):
        raise GuardDifferenceError(last)
    texts = dict(words.texts)
    for bar in _guard_bars(whole, first, last):
        try:
            said = real.said_at(bar)
        except (RaisedByStrategyError, AnswerError):
            raise GuardDifferenceError(bar) from None
        if said != words.said_at(bar) or real.text != texts.get(bar, ""):
            raise GuardDifferenceError(bar)


def is_guarded(job: Job) -> bool:
    """Whether this execution is one that the guard looks at; the same job is or is not, each time."""
    return job.first_execution or job.seed % ONE_EXECUTION_IN == 0


def _guard_bars(whole: WholeRun, first: int, last: int) -> list[int]:
    """Two bars on an owner's first execution of a code, one in one execution of twenty; told by the job's seed."""
    job = whole.run.job
    count = FIRST_TIME_BARS if job.first_execution else int(is_guarded(job))
    chooser = random.Random(job.seed)
    return [chooser.randrange(first, last) for _ in range(count)] if last > first else []


def _whole_said(whole: WholeRun) -> Said:
    signals: list[Signal] = whole.run.recorder.signals
    said = [(signal.type, signal.reason) for signal in signals]
    if said or whole.form == Form.CODE_PER_BAR:
        return said
    word = word_of(whole.answer, len(whole.run.job.series) - 1)
    return [(word, "")] if word else []
