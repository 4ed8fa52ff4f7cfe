"""The plain loop: forms 1 and 4 with a real prefix of the bars for every bar.

This is what every faster way must equal, bar by bar.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from strategiz_executor.strategy.answers import word_of
from strategiz_executor.strategy.bars_frame import frame_up_to
from strategiz_executor.strategy.errors import AnswerError, RaisedByStrategyError
from strategiz_executor.strategy.random_numbers import reseed
from strategiz_executor.strategy.replay.replayed import Replayed, WarmUp, live_of
from strategiz_executor.strategy.signal_recorder import SignalRecorder
from strategiz_executor.strategy.strategy_run import StrategyRun
from strategiz_executor.strategy.texts import described
from strategiz_executor.strategy.whole_run import Form, WholeRun

Look = Callable[[pd.DataFrame], Any]


def replay_plainly(whole: WholeRun) -> Replayed:
    """Answer what the strategy says at every bar, asked in order from the first to the last.

    Nothing of the run on the whole series is kept: modules, generators and logs begin anew.
    """
    run = StrategyRun(whole.run.job)
    reseed(run.job.seed)
    warm_up = _ask_every_bar(run, look_of(run, whole.form))
    bars = len(run.job.series)
    return Replayed(
        form=whole.form,
        way="plain",
        why_not_faster="",
        calls=bars,
        signals=run.recorder.signals,
        live=live_of(run.recorder.of_this_bar(), bars - 1),
        plots=run.recorder.plots,
        log=run.log,
        parameters=run.parameters,
        warm_up=warm_up,
        never_sells=False,
    )


def look_of(run: StrategyRun, form: Form) -> Look:
    """Answer what is done with a bar's prefix: form 4 executes the code on it, form 1 calls `strategy`."""
    if form == Form.CODE_PER_BAR:
        return run.execute_module
    run.execute_module(None)
    function = run.strategy()
    return lambda frame: run.call(function, frame)


def _ask_every_bar(run: StrategyRun, look: Look) -> WarmUp | None:
    """Ask bar after bar; the unbroken run of bars from the first at which the code raises is warm-up."""
    last = len(run.job.series) - 1
    warm_up: WarmUp | None = None
    answered = False
    for bar in range(last + 1):
        run.recorder.look_at(bar + 1)
        try:
            answer = look(frame_up_to(run.job.series, bar + 1))
        except RaisedByStrategyError as raised:
            if answered or bar == last or isinstance(raised.error, MemoryError):
                raised.bar = bar
                raise
            run.recorder.forget_this_bar()
            warm_up = WarmUp(bar + 1, type(raised.error).__name__)
            continue
        answered = True
        settle(answer, run.recorder, bar)
    return warm_up


def settle(answer: Any, recorder: SignalRecorder, bar: int) -> None:
    """Make the bar's answer a signal, unless calls of `signal` already said it."""
    if answer is None:
        return
    word = word_of(answer, bar)
    called = [signal.type for signal in recorder.of_this_bar()]
    if not called:
        if word:
            recorder.add(word)
    elif called != [word]:
        raise AnswerError(
            f"strategy called signal(type, reason) and answered {described(answer)}",
            hint="after calling signal answer nothing, or answer the same word",
            bar=bar,
        )
