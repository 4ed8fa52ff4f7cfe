"""The run on the whole series: it comes first, fails the job where the code raises, and tells the form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from strategiz_executor.strategy.answers import word_of
from strategiz_executor.strategy.bars_frame import frame_up_to
from strategiz_executor.strategy.errors import (
    AnswerError,
    EntryError,
    NoBarsYetError,
    RaisedByStrategyError,
)
from strategiz_executor.strategy.one_a_bar import is_column
from strategiz_executor.strategy.random_numbers import reseed
from strategiz_executor.strategy.source_shape import check_shape
from strategiz_executor.strategy.strategy_run import Job, StrategyRun
from strategiz_executor.strategy.texts import described


class Form(IntEnum):
    """The four ways to write a strategy, as docs/strategies.md numbers them."""

    WORD_PER_BAR = 1
    COLUMN = 2
    DATED_SIGNALS = 3
    CODE_PER_BAR = 4


@dataclass(frozen=True)
class WholeRun:
    """The run and what `strategy` answered in it, None where there is no such function."""

    form: Form
    run: StrategyRun
    answer: Any

    def for_job(self, job: Job) -> WholeRun:
        """Answer this form over the bars of another job: the ways that begin anew need no more."""
        return WholeRun(self.form, StrategyRun(job), None)


def run_whole(job: Job) -> WholeRun:
    """Run the code once with all bars.

    Raises StrategyError where the code is none of the four forms, RaisedByStrategyError for what the
    code itself raises.
    """
    shape = job.program.shape
    check_shape(shape)
    if shape.strategy == "value":
        return _run_unclear(job)
    if shape.strategy and not shape.dated_signal_line:
        return _run_function(job)
    return _run_on_all_bars(job, call_strategy=bool(shape.strategy))


def _run_function(job: Job) -> WholeRun:
    """Forms 1 and 2: the module sees no bars, `strategy` sees all of them."""
    run = _begin(job)
    run.execute_module(None)
    function = run.strategy()
    answer = _call_on_all_bars(run, function)
    if run.recorder.dated_line:
        _refuse_answer(answer)
        return WholeRun(Form.DATED_SIGNALS, run, None)
    if not is_column(answer):
        word_of(answer, len(job.series) - 1)
        return WholeRun(Form.WORD_PER_BAR, run, answer)
    if run.recorder.signals:
        raise AnswerError(
            "strategy called signal(type, reason) and answered values for all bars",
            hint="answer the values alone, or call signal and answer nothing",
            line=run.recorder.undated_line,
        )
    return WholeRun(Form.COLUMN, run, answer)


def _run_on_all_bars(job: Job, *, call_strategy: bool) -> WholeRun:
    """Forms 3 and 4: top-level code sees all bars."""
    run = _begin(job)
    run.recorder.look_at(len(job.series))
    run.execute_module(frame_up_to(job.series, len(job.series)))
    if call_strategy:
        _refuse_answer(_call_on_all_bars(run, run.strategy()))
    undated = job.program.shape.undated_signal_line or run.recorder.undated_line
    return WholeRun(Form.CODE_PER_BAR if undated else Form.DATED_SIGNALS, run, None)


def _run_unclear(job: Job) -> WholeRun:
    """`strategy` is bound to a value of which only running tells whether it can be called."""
    shape = job.program.shape
    if not shape.dated_signal_line and _binds_function(job):
        return _run_function(job)
    if not (shape.has_signals or shape.plot_line):
        raise EntryError(
            "strategy is not a function, and the code calls neither signal nor plot",
            hint="define `def strategy(data):`",
            line=shape.strategy_line,
        )
    return _run_on_all_bars(job, call_strategy=False)


def _binds_function(job: Job) -> bool:
    run = _begin(job)
    try:
        run.execute_module(None)
    except RaisedByStrategyError as raised:
        if isinstance(raised.error, NoBarsYetError):
            return False
        raise
    return callable(run.namespace.get("strategy"))


def _begin(job: Job) -> StrategyRun:
    reseed(job.seed, job.seed_shift)
    return StrategyRun(job)


def _call_on_all_bars(run: StrategyRun, function: Any) -> Any:
    count = len(run.job.series)
    run.recorder.look_at(count)
    return run.call(function, frame_up_to(run.job.series, count))


def _refuse_answer(answer: Any) -> None:
    """Accept what says nothing beside signals with timestamps: None and HOLD."""
    if answer is not None and not (issubclass(type(answer), str) and str.upper(answer) == "HOLD"):
        raise AnswerError(
            f"strategy called signal with timestamps and answered {described(answer)}",
            hint="use one of the two: call signal with timestamps and answer nothing, or answer the signals",
        )
