"""Single bars asked with their real prefix: for bars that a fast way left open, and as its guard."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from strategiz_executor.strategy.bars_frame import frame_up_to
from strategiz_executor.strategy.parameters import Declaration
from strategiz_executor.strategy.random_numbers import reseed
from strategiz_executor.strategy.replay.bar_words import Said
from strategiz_executor.strategy.replay.plain import Look, look_of, settle
from strategiz_executor.strategy.strategy_run import Job, LatestRun, StrategyRun
from strategiz_executor.strategy.whole_run import Form

_UNCUT_LOG = 1 << 30


class RealBars:
    """Asks a strategy that keeps nothing between calls, at any bar in any order."""

    def __init__(self, job: Job, form: Form) -> None:
        self._job = job
        self._form = form
        self.text = ""
        """What the bar asked last printed, also where it raised."""

    @cached_property
    def run(self) -> StrategyRun:
        """A run of its own, made when the first bar is asked."""
        reseed(self._job.seed)
        return StrategyRun(replace(self._job, log_bytes=_UNCUT_LOG, latest=LatestRun()))

    @cached_property
    def _look(self) -> Look:
        return look_of(self.run, self._form)

    def declared(self) -> dict[str, Declaration]:
        """The parameters that the bars asked for."""
        return self.run.parameters.declared if "run" in self.__dict__ else {}

    def said_at(self, bar: int) -> Said:
        """What the strategy says at one bar. Raises RaisedByStrategyError or AnswerError as the plain loop would."""
        run, look = self.run, self._look
        before = len(run.log.pieces)
        run.recorder.look_at(bar + 1)
        try:
            answer = look(frame_up_to(run.job.series, bar + 1))
        finally:
            self.text = "".join(run.log.pieces[before:])
        settle(answer, run.recorder, bar)
        return [(signal.type, signal.reason) for signal in run.recorder.of_this_bar()]
