"""Single bars asked with their real prefix: for bars that a fast way left open, and as its guard."""

from __future__ import annotations

from dataclasses import replace

from strategiz_executor.strategy.bars_frame import frame_up_to
from strategiz_executor.strategy.random_numbers import reseed
from strategiz_executor.strategy.replay.bar_words import Said
from strategiz_executor.strategy.replay.plain import look_of, settle
from strategiz_executor.strategy.strategy_run import LatestRun, StrategyRun
from strategiz_executor.strategy.whole_run import Form, WholeRun

_UNCUT_LOG = 1 << 30


class RealBars:
    """Asks a strategy that keeps nothing between calls, at any bar in any order."""

    def __init__(self, whole: WholeRun) -> None:
        job = whole.run.job
        reseed(job.seed)
        self._run = StrategyRun(replace(job, log_bytes=_UNCUT_LOG, latest=LatestRun()))
        self._form: Form = whole.form
        self._look = look_of(self._run, whole.form)
        self.text = ""
        """What the bar asked last printed, also where it raised."""

    def said_at(self, bar: int) -> Said:
        """What the strategy says at one bar. Raises RaisedByStrategyError or AnswerError as the plain loop would."""
        run = self._run
        before = len(run.log.pieces)
        run.recorder.look_at(bar + 1)
        try:
            answer = self._look(frame_up_to(run.job.series, bar + 1))
        finally:
            self.text = "".join(run.log.pieces[before:])
        settle(answer, run.recorder, bar)
        return [(signal.type, signal.reason) for signal in run.recorder.of_this_bar()]
