"""Takes a child's answers to a batch: each is checked, matched with the cell it is for, and added to the message."""

from strategiz_executor import batch_layout as layout
from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.generated.strategy_execution_pb2 import Assumptions, Failure
from strategiz_executor.server.answer import BadAnswer, check_answer
from strategiz_executor.server.bars import SentBars
from strategiz_executor.server.batch_answers import Answer, CellFrame, Compiled, Notes, Records, Refused
from strategiz_executor.server.batch_child import BatchChild, SeriesKey
from strategiz_executor.server.batch_frames import asked_frame
from strategiz_executor.server.batch_message import BatchMessage
from strategiz_executor.server.batch_request import Batch, read_series
from strategiz_executor.server.errors import ExecutionFailed
from strategiz_executor.server.executor import Executor
from strategiz_executor.server.owner_session import ChildAnswer
from strategiz_executor.server.record_checks import check_assumptions, check_notes, check_records
from strategiz_executor.server.request_frame import Execution
from strategiz_executor.server.response import failure_response, own_failure, success_response


class Intake:
    """Counts and gathers what the cells of one batch came to."""

    def __init__(self, executor: Executor, batch: Batch) -> None:
        self.message = BatchMessage()
        self.succeeded = 0
        self.failed = 0
        self._executor = executor
        self._batch = batch
        self._compiled_key = executor.cache.key(batch.request.user_id, batch.request.code)
        self._bars: dict[int, SentBars] = {}
        self._asked: dict[int, RequestFrame] = {}
        self._hashes: dict[int, str] = {}
        self._assumed: set[int] = set()

    def bars_of(self, series: int) -> SentBars:
        """The bars of a series, read when first asked for. Raises ExecutionFailed."""
        found = self._bars.get(series)
        if found is None:
            limits = self._executor.limits
            found = self._bars[series] = read_series(self._batch.request.series[series], limits)
            self._asked[series] = asked_frame(self._batch, series, found, limits)
        return found

    def key_of(self, series: int) -> SeriesKey:
        """What tells the series from others; its bars have been read."""
        told = self._batch.request.series[series]
        return self._hash_of(series), told.timeframe, told.symbol

    def fail(self, cells: list[int], failure: Failure) -> None:
        """Adds cells that failed without an answer of their own."""
        self.message.add_failure(cells, failure)
        self.failed += len(cells)

    def accept(self, child: BatchChild, answer: Answer) -> None:
        """Takes one answer. Raises BadAnswer, or ExecutionFailed for the whole batch."""
        if isinstance(answer, Compiled):
            self._take_code(child, answer)
            return
        if not child.groups:
            raise BadAnswer("more answers than cells")
        if isinstance(answer, Refused):
            self._refuse(answer)
        elif isinstance(answer, Notes):
            self._take_notes(child, answer)
        elif isinstance(answer, Assumptions):
            self._take_assumptions(child, answer)
        elif isinstance(answer, CellFrame):
            self._take_frame(child, answer)
        else:
            self._take_records(child, answer)

    def _take_code(self, child: BatchChild, compiled: Compiled) -> None:
        """Once a child, before any code of the user could forge it; never in place of what is known."""
        if child.code_told:
            raise BadAnswer("compiled code a second time")
        child.code_told = True
        if not child.code_known and len(compiled.code) <= self._executor.limits.compiled_bytes:
            self._executor.cache.put(self._compiled_key, compiled.code)

    def _refuse(self, answer: Refused) -> None:
        check_answer(answer.frame, RequestFrame(), 0, self._executor.limits)
        if answer.frame.success:
            raise BadAnswer("a refusal without a failure")
        raise ExecutionFailed(answer.frame.failure)

    def _take_notes(self, child: BatchChild, answer: Notes) -> None:
        if answer.number != len(child.note_sets) or answer.number >= layout.MOST_NOTE_SETS:
            raise BadAnswer(f"notes with the number {answer.number}")
        child.note_bytes += answer.size
        if child.note_bytes > self._executor.limits.result_bytes:
            raise BadAnswer("more bytes of notes than of a result")
        check_notes(answer.notes)
        child.note_sets.append(answer.notes)
        self._note_difference(answer.notes.guard_difference_bar)

    def _take_assumptions(self, child: BatchChild, assumptions: Assumptions) -> None:
        key = self.key_of(child.groups[0].series)
        if child.assumed is not None and child.assumed[0] == key:
            raise BadAnswer("assumptions a second time")
        check_assumptions(assumptions)
        child.assumed = key, assumptions
        self._assume(child)

    def _assume(self, child: BatchChild) -> None:
        """Tells what the child's series rests on, once a call. A child that is kept tells us once for all calls."""
        series = child.groups[0].series
        if series in self._assumed or child.assumed is None or child.assumed[0] != self.key_of(series):
            return
        self._assumed.add(series)
        assumptions = Assumptions()
        assumptions.CopyFrom(child.assumed[1])
        assumptions.data_hash = self._hash_of(series)
        assumptions.versions.clear()
        assumptions.versions.update(self._executor.versions)
        self.message.add_assumptions(series, assumptions)

    def _take_records(self, child: BatchChild, records: Records) -> None:
        if self._batch.full:
            raise BadAnswer("a summary where a full result was asked for")
        while len(records):
            if not child.groups:
                raise BadAnswer("more answers than cells")
            count = min(len(records), child.groups[0].left)
            try:
                self._take_alike(child, records[:count])
            except BadAnswer:
                if count == 1:
                    raise
                count = 1  # so that those before the bad one count, and it alone is blamed
                self._take_alike(child, records[:count])
            records = records[count:]

    def _take_alike(self, child: BatchChild, records: Records) -> None:
        """Takes records of cells of the child's oldest group. Raises BadAnswer where one of them is unsound."""
        group, count = child.groups[0], len(records)
        bars = len(self._bars[group.series])
        check_records(records, child.first_place + group.next_place, bars, bars, len(child.note_sets))
        self._assume(child)
        cells = group.cells[group.answered : group.answered + count]
        self.message.add_records(cells, records, child.note_sets)
        self.succeeded += count
        child.progress(count)

    def _take_frame(self, child: BatchChild, answer: CellFrame) -> None:
        group = child.groups[0]
        bars, asked = self._bars[group.series], self._asked[group.series]
        if answer.place != child.first_place + group.next_place:
            raise BadAnswer("a cell out of order, or that was not asked for")
        if answer.frame.success and not self._batch.full:
            raise BadAnswer("a full result where a summary was asked for")
        check_answer(answer.frame, asked, len(bars), self._executor.limits)
        self._note_difference(answer.frame.replay.guard_difference_bar)
        told = ChildAnswer(answer.frame, b"", 0.0, 0.0)
        cell = int(group.cells[group.answered])
        if answer.frame.success:
            execution = Execution(
                asked, bars, self._batch.cell_timeout_s, self._batch.memory_mb, wants_columns=True
            )
            versions, data_hash = self._executor.versions, self._hash_of(group.series)
            response = success_response(execution, told, versions, data_hash)
            response.timings.CopyFrom(answer.frame.timings)
            self.message.add_result(cell, response)
            self.succeeded += 1
        else:
            failure = own_failure(told, bars, self._batch.memory_mb)
            if self._batch.full:
                self.message.add_result(cell, failure_response(failure, answer.frame, bars))
                self.failed += 1
            else:
                self.fail([cell], failure)
        child.progress(1)

    def _note_difference(self, bar: int) -> None:
        self._executor.guard_differences.note(self._batch.request.code, bar)

    def _hash_of(self, series: int) -> str:
        if series not in self._hashes:
            self._hashes[series] = self._bars[series].sha256()
        return self._hashes[series]
