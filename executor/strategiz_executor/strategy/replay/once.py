"""Forms 2 and 3: the run on the whole series is all there is to run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from strategiz_executor.strategy.answers import column_answer
from strategiz_executor.strategy.replay.replayed import Replayed, live_of
from strategiz_executor.strategy.signal_recorder import Signal
from strategiz_executor.strategy.whole_run import Form, WholeRun


def replay_once(whole: WholeRun) -> Replayed:
    """Answer what a run of form 2 or 3 said. Raises AnswerError."""
    return _replay_column(whole) if whole.form is Form.COLUMN else _replay_dated(whole)


def _replay_column(whole: WholeRun) -> Replayed:
    """Answer the signals of a Series, array or list over all bars. Raises AnswerError."""
    answer = column_answer(whole.answer, whole.run.job.series)
    bars = np.flatnonzero(answer.events)
    signals = [
        Signal(bar, type_) for bar, type_ in zip(bars.tolist(), answer.events[bars].tolist(), strict=True)
    ]
    return _once(whole, signals, never_sells=answer.never_sells)


def _replay_dated(whole: WholeRun) -> Replayed:
    """Answer the signals that were called with timestamps, by time, same bar as written."""
    signals = sorted(whole.run.recorder.signals, key=lambda signal: signal.bar)
    return _once(whole, signals, never_sells=False)


def _once(whole: WholeRun, signals: Sequence[Signal], *, never_sells: bool) -> Replayed:
    run = whole.run
    return Replayed(
        form=whole.form,
        way="once",
        why_not_faster="",
        calls=1,
        signals=signals,
        live=live_of(signals, len(run.job.series) - 1),
        plots=run.recorder.plots,
        log=run.log,
        parameters=run.parameters,
        warm_up=None,
        never_sells=never_sells,
    )
