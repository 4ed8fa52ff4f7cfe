"""One execution: the strategy over the bars of a request, and what came of it."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pandas as pd

from strategiz_executor.backtest import options_from, run_backtest
from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.strategy.bars_frame import Series, read_series
from strategiz_executor.strategy.codes import LimitName
from strategiz_executor.strategy.compile import Program
from strategiz_executor.strategy.errors import LimitExceededError
from strategiz_executor.strategy.failures import failure_of
from strategiz_executor.strategy.language import LanguageLayer
from strategiz_executor.strategy.limits import MEBIBYTE, RunLimits, check_signal_count, limits_of
from strategiz_executor.strategy.look_ahead.check import find_look_ahead
from strategiz_executor.strategy.notes import notes_on
from strategiz_executor.strategy.parameters import Value
from strategiz_executor.strategy.printing import LogOutput
from strategiz_executor.strategy.random_numbers import seed_of
from strategiz_executor.strategy.repeats import without_repeats
from strategiz_executor.strategy.replay.by_columns import compared_with_columns
from strategiz_executor.strategy.replay.fast.expression import Memory
from strategiz_executor.strategy.replay.guard import is_guarded
from strategiz_executor.strategy.replay.replayed import Replayed
from strategiz_executor.strategy.replay.ways import replay, replay_as_before
from strategiz_executor.strategy.result_frame import add_backtest, log_lines, success_frame
from strategiz_executor.strategy.signal_recorder import Signal
from strategiz_executor.strategy.stopwatch import Stopwatch
from strategiz_executor.strategy.strategy_run import Job, LatestRun, StrategyRun
from strategiz_executor.strategy.texts import plain_text
from strategiz_executor.strategy.whole_run import run_whole

SHARE_OF_TIME_FOR_CHECK = 0.5
"""Of the wall time, for everything up to the end of the look-ahead check: it must not be what runs out of time."""


@dataclass(frozen=True)
class KnownSeries:
    """A series that several executions in one process share, with the expressions remembered of it."""

    series: Series
    memory: Memory


def run_execution(
    frame: RequestFrame,
    program: Program,
    layer: LanguageLayer,
    watch: Stopwatch,
    known: KnownSeries | None = None,
) -> ResultFrame:
    """Answer the last frame of an execution, failed or not; raises nothing.

    A known series stands for the bars of the frame.
    """
    latest = LatestRun()
    try:
        with contextlib.redirect_stdout(LogOutput(latest.log)):
            known = known or KnownSeries(read_series(frame.bars), Memory())
            answer = _run(frame, job_of(frame, program, layer, latest, known.series), known.memory, watch)
    except BaseException as error:  # noqa: BLE001  (also SystemExit and the like, which code may raise)
        answer = failed_answer(error, program, latest)
    answer.timings.CopyFrom(watch.timings())
    return answer


def _run(frame: RequestFrame, job: Job, memory: Memory, watch: Stopwatch) -> ResultFrame:
    options = options_from(frame.options)
    limits = limits_of(frame.limits, len(job.series))
    replayed, signals = find_signals(job, limits, memory, watch)
    answer = success_frame(replayed, signals, job.series.bars, limits.plots)
    answer.warnings.extend(notes_on(replayed, job, limits.plots))
    watch.lap("encode_ms")
    if frame.backtest:
        backtest = run_backtest(job.series.bars, *signal_columns(signals), options)
        add_backtest(answer, backtest, job.series.bars, options, frame.timeframe)
        watch.lap("backtest_ms")
    _check_size(answer, limits)
    return answer


def find_signals(
    job: Job, limits: RunLimits, memory: Memory, watch: Stopwatch
) -> tuple[Replayed, list[Signal]]:
    """Run a strategy whole and at every bar; answer what it said, and the signals without repeats.

    The run on the whole series is left out where an earlier execution has shown that the paths tell everything.
    """
    replayed = replay_as_before(job, memory)
    if replayed is None:
        whole = run_whole(job)
        watch.lap("run_ms")
        replayed = replay(whole, memory)
        if job.look_ahead_check or is_guarded(job):
            replayed = compared_with_columns(replayed, job, memory)
    if job.look_ahead_check:
        ends_at = watch.began + limits.timeout_s * SHARE_OF_TIME_FOR_CHECK
        replayed = replace(replayed, ahead=find_look_ahead(replayed, job, watch.began, ends_at))
    signals = without_repeats(replayed.signals)
    check_signal_count(signals, limits)
    watch.lap("replay_ms")
    return replayed, signals


def job_of(
    frame: RequestFrame, program: Program, layer: LanguageLayer, latest: LatestRun, series: Series
) -> Job:
    """Answer the frame's strategy and parameters over a series."""
    seed = seed_of(frame.code, frame.parameters_json, series.checksum)
    return Job(
        program,
        layer,
        series,
        _parameters(frame),
        frame.limits.log_bytes or RunLimits.log_bytes,
        seed,
        latest,
        frame.first_execution,
        frame.backtest and (frame.options.look_ahead_check or not frame.options.HasField("look_ahead_check")),
        frame.fast_form,
    )


def _parameters(frame: RequestFrame) -> dict[str, Value]:
    return cast(dict[str, Value], json.loads(frame.parameters_json)) if frame.parameters_json else {}


def signal_columns(signals: list[Signal]) -> tuple[np.ndarray, np.ndarray]:
    """Answer bars (i32) and types (i8), as the backtest takes them."""
    return (
        np.array([signal.bar for signal in signals], np.int32),
        np.array([signal.type for signal in signals], np.int8),
    )


def _check_size(answer: ResultFrame, limits: RunLimits) -> None:
    used = answer.ByteSize()
    if used > limits.result_bytes:
        raise LimitExceededError(LimitName.RESULT, limits.result_bytes / MEBIBYTE, used / MEBIBYTE, "MB")


def failed_answer(error: BaseException, program: Program, latest: LatestRun) -> ResultFrame:
    """Answer the last frame of an execution that ended in `error`."""
    run = latest.run
    failure, bar = failure_of(error, program, _columns_seen(run))
    answer = ResultFrame(last=True, failure=failure, failure_bar=0 if bar is None else bar + 1)
    if run:
        answer.result.logs.extend(log_lines(run.log))
    return answer


def _columns_seen(run: StrategyRun | None) -> list[str]:
    """The columns of the bars as the strategy last left them, for hints."""
    try:
        seen = run.namespace.get("data") if run else None
        return [plain_text(column) for column in seen.columns] if isinstance(seen, pd.DataFrame) else []
    except Exception:  # noqa: BLE001  (a column may be named by an object of the author's own class)
        return []
