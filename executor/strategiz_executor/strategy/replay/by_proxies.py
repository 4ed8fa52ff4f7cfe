"""Forms 1 and 4 by one call per bar, over remembered columns (fast/proxy_run.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from strategiz_executor.strategy.bars_frame import frame_up_to
from strategiz_executor.strategy.errors import AnswerError, RaisedByStrategyError
from strategiz_executor.strategy.printing import PrintLog
from strategiz_executor.strategy.replay.bar_words import BarWords
from strategiz_executor.strategy.replay.fast.expression import Memory
from strategiz_executor.strategy.replay.fast.frame_stand_in import FrameStandIn
from strategiz_executor.strategy.replay.fast.give_up import Abandonment, GiveUp
from strategiz_executor.strategy.replay.fast.proxy_run import ProxyRun
from strategiz_executor.strategy.replay.fast_run import ProxyStrategyRun
from strategiz_executor.strategy.replay.guard import check_guard_bars
from strategiz_executor.strategy.replay.not_this_way import NotThisWayError
from strategiz_executor.strategy.replay.plain import settle
from strategiz_executor.strategy.replay.real_bars import RealBars
from strategiz_executor.strategy.replay.replayed import Replayed, WarmUp, live_of
from strategiz_executor.strategy.whole_run import Form, WholeRun


def replay_by_proxies(whole: WholeRun, memory: Memory) -> Replayed:
    """Answer what the plain loop would, or raise NotThisWayError."""
    run = ProxyStrategyRun(whole.run.job)
    real = RealBars(whole.run.job, whole.form)
    abandonment = Abandonment()
    try:
        look = _look_of(run, whole.form)
        run.abandonment = abandonment
        words, warm_up = _ask_every_bar(run, look, memory, abandonment, real)
    except GiveUp as gave_up:
        raise NotThisWayError(abandonment.reason or gave_up.reason) from None
    check_guard_bars(words, whole, real, 0 if warm_up is None else warm_up.bars)
    bars = len(run.job.series)
    log = PrintLog(run.job.log_bytes)
    log.write("".join(run.log.pieces))
    run.parameters.declared = {**real.declared(), **run.parameters.declared}
    return Replayed(
        form=whole.form,
        way="proxies",
        why_not_faster="",
        calls=bars,
        signals=run.recorder.signals,
        live=live_of(run.recorder.of_this_bar(), bars - 1),
        plots=whole.run.recorder.plots,
        log=log,
        parameters=run.parameters,
        warm_up=warm_up,
        never_sells=False,
    )


def _look_of(run: ProxyStrategyRun, form: Form) -> Callable[[Any], Any]:
    if form == Form.CODE_PER_BAR:
        return run.execute_module
    run.execute_module(None)
    function = run.strategy()
    return lambda stand_in: run.call(function, stand_in)


def _ask_every_bar(
    run: ProxyStrategyRun,
    look: Callable[[Any], Any],
    memory: Memory,
    abandonment: Abandonment,
    real: RealBars,
) -> tuple[BarWords, WarmUp | None]:
    series = run.job.series
    frame = frame_up_to(series, len(series))
    words = BarWords(np.zeros(len(series), np.int8))
    warm_up: WarmUp | None = None
    for bar in range(len(series)):
        run.recorder.look_at(bar + 1)
        pieces = len(run.log.pieces)
        try:
            settle(look(FrameStandIn(ProxyRun(frame, memory, bar, abandonment))), run.recorder, bar)
        except (RaisedByStrategyError, AnswerError):
            warm_up = _really_raised(real, bar, warm_up, len(series) - 1)
            run.recorder.forget_this_bar()
        if abandonment.reason:
            raise NotThisWayError(abandonment.reason)
        said = run.recorder.of_this_bar()
        if said:
            words.many[bar] = [(signal.type, signal.reason) for signal in said]
        if len(run.log.pieces) > pieces:
            words.texts.append((bar, "".join(run.log.pieces[pieces:])))
    return words, warm_up


def _really_raised(real: RealBars, bar: int, warm_up: WarmUp | None, last: int) -> WarmUp:
    """A bar on which the call raised, asked with its real prefix: it must be warm-up, else the plain loop tells."""
    try:
        real.said_at(bar)
    except RaisedByStrategyError as raised:
        in_warm_up = bar == (0 if warm_up is None else warm_up.bars) and bar < last
        if in_warm_up and not isinstance(raised.error, MemoryError):
            return WarmUp(bar + 1, type(raised.error).__name__)
    except AnswerError:
        raise NotThisWayError("the code answers no signal at a bar") from None
    raise NotThisWayError("the code fails at a bar")
