"""The cells of one owner's strategy, answered one after the other."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace

from strategiz_executor import batch_layout as layout
from strategiz_executor.backtest import Options, assumptions, options_from
from strategiz_executor.backtest.metrics import Yardstick, yardstick_of
from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.strategy.bars_frame import read_series
from strategiz_executor.strategy.batch.found import (
    Found,
    find_by_columns,
    find_by_paths,
    find_usually,
)
from strategiz_executor.strategy.batch.summary import NoteSets, framed, record, summarise
from strategiz_executor.strategy.compile import Program, compile_program, dump_program, load_program
from strategiz_executor.strategy.execution import KnownSeries, failed_answer, job_of, run_execution
from strategiz_executor.strategy.failures import syntax_failure
from strategiz_executor.strategy.isolation import in_own_context, strict_warnings
from strategiz_executor.strategy.language import LanguageLayer
from strategiz_executor.strategy.limits import RunLimits, limits_of
from strategiz_executor.strategy.printing import LogOutput
from strategiz_executor.strategy.replay.fast.expression import Memory
from strategiz_executor.strategy.result_frame import versions
from strategiz_executor.strategy.stopwatch import Stopwatch
from strategiz_executor.strategy.strategy_run import Job, LatestRun
from strategiz_executor.strategy.whole_run import Form

GUARDED_CELL_IN = 50


class BatchCells:
    """Takes frames of kind BATCH; what the first says (code, options, limits) holds for the later ones."""

    def __init__(self, layer: LanguageLayer) -> None:
        self._layer = layer
        self._program: Program | None = None
        self._first = RequestFrame()
        self._options = Options()
        self._limits = RunLimits(0)
        self._latest = LatestRun()
        self._notes = NoteSets()
        self._known: KnownSeries | None = None
        self._form: Form | None = None
        self._of_columns_alone = False
        self._yardstick: Yardstick | None = None
        self._assumptions_sent = False

    def answers(self, frame: RequestFrame) -> Iterator[bytes]:
        """Answer the cells of one frame in order, each as batch_layout.py says."""
        if self._program is None:
            yield from self._begin(frame)
        if self._program is None:
            return
        if frame.HasField("bars"):
            self._look_at(frame)
        with strict_warnings(), contextlib.redirect_stdout(LogOutput(self._latest.log)):
            for place, parameters in enumerate(frame.batch.parameters_json, frame.batch.first_place):
                yield from self._answer(self._program, place, parameters)

    def _begin(self, frame: RequestFrame) -> Iterator[bytes]:
        self._first.CopyFrom(frame)
        self._first.ClearField("bars")
        self._first.batch.ClearField("parameters_json")
        self._options = options_from(frame.options)
        program = load_program(frame.code, frame.compiled, self._layer) if frame.compiled else None
        if program is None:
            try:
                program = compile_program(frame.code, self._layer)
            except Exception as error:  # noqa: BLE001  (the compiler raises many kinds for hostile sources)
                refused = ResultFrame(last=True, failure=syntax_failure(error, frame.code))
                yield framed(layout.REFUSED, refused.SerializeToString())
                return
            yield framed(layout.COMPILED, dump_program(program, self._layer))
        self._program = program

    def _look_at(self, frame: RequestFrame) -> None:
        """Begin the next series: nothing of the last is kept."""
        self._first.timeframe = frame.timeframe
        self._first.symbol = frame.symbol
        self._known = KnownSeries(read_series(frame.bars), self._new_memory())
        self._form = self._yardstick = None
        self._of_columns_alone = False
        self._limits = limits_of(self._first.limits, len(self._known.series))
        self._assumptions_sent = False

    def _new_memory(self) -> Memory:
        return Memory(self._first.batch.memory_bytes)

    def _answer(self, program: Program, place: int, parameters: str) -> Iterator[bytes]:
        began = time.perf_counter_ns()
        request = self._request(place, parameters)
        try:
            if self._first.batch.full:
                answer = in_own_context(lambda: self._in_full(request, program))
                yield framed(layout.RESULT, layout.PLACE.pack(place) + answer.SerializeToString())
                return
            summary = in_own_context(lambda: self._in_summary(request, program, place))
        except BaseException as error:  # noqa: BLE001  (also SystemExit and the like, which code may raise)
            self._forget(error)
            answer = failed_answer(error, program, self._latest)
            answer.result.Clear()
            yield framed(layout.RESULT, layout.PLACE.pack(place) + answer.SerializeToString())
            return
        yield from self._unsent()
        yield record(place, (time.perf_counter_ns() - began) // 1_000, summary)

    def _request(self, place: int, parameters: str) -> RequestFrame:
        """Answer what stands for the cell's own request, without the bars."""
        request = self._first
        request.parameters_json = parameters
        request.first_execution = place % GUARDED_CELL_IN == 0 or self._form is None
        return request

    def _in_full(self, request: RequestFrame, program: Program) -> ResultFrame:
        known = self._series()
        answer = run_execution(request, program, self._layer, Stopwatch(), known)
        if answer.success:
            self._form = Form(answer.replay.form)
        else:
            self._forget(None)
        return answer

    def _in_summary(self, request: RequestFrame, program: Program, place: int) -> tuple[object, ...]:
        known = self._series()
        job = job_of(request, program, self._layer, self._latest, known.series)
        found = None if request.first_execution else self._find_as_before(job, known.memory)
        if found is None:
            checked = job if place % GUARDED_CELL_IN == 0 else replace(job, look_ahead_check=False)
            found = find_usually(checked, self._limits, known.memory)
            if request.first_execution:
                self._of_columns_alone = found.of_columns_alone
        summary = summarise(known.series.bars, self._yardstick_of(known), found, self._notes)
        self._form = found.form
        return summary

    def _find_as_before(self, job: Job, memory: Memory) -> Found | None:
        """What the cell says, found as the last one was; None where the usual way decides."""
        if self._form is Form.COLUMN:
            return find_by_columns(job, self._limits, memory) if self._of_columns_alone else None
        return None if self._form is None else find_by_paths(job, self._form, self._limits, memory)

    def _yardstick_of(self, known: KnownSeries) -> Yardstick:
        if self._yardstick is None:
            self._yardstick = yardstick_of(known.series.bars, self._options, self._first.timeframe)
        return self._yardstick

    def _series(self) -> KnownSeries:
        """The series, with its memory; for measurements with an empty one a cell."""
        if self._known is None:
            raise ValueError("a frame of cells without a series")
        if self._first.batch.no_shared_expressions:
            self._forget(None)
        return self._known

    def _forget(self, _error: BaseException | None) -> None:
        """Drop what is remembered: a cell that failed may have failed for want of memory."""
        if self._known is not None:
            self._known = KnownSeries(self._known.series, self._new_memory())

    def _unsent(self) -> Iterator[bytes]:
        if not self._assumptions_sent and self._known is not None:
            self._assumptions_sent = True
            message = assumptions(self._known.series.bars, self._options, self._first.timeframe, versions())
            yield framed(layout.ASSUMPTIONS, message.SerializeToString())
        if self._notes.unsent:
            yield from self._notes.unsent
            self._notes.unsent.clear()
