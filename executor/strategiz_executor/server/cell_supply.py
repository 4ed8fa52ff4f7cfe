"""What a child is given: the code once, each series once, and its cells in groups."""

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.server.bars import SentBars
from strategiz_executor.server.batch_child import GROUP_S, GROUPS_AHEAD, BatchChild
from strategiz_executor.server.batch_frames import add_code, add_series, cells_frame, prepared_frame
from strategiz_executor.server.batch_intake import Intake
from strategiz_executor.server.batch_request import Batch
from strategiz_executor.server.cell_queue import CellQueue, Group
from strategiz_executor.server.errors import ExecutionFailed
from strategiz_executor.server.executor import Executor
from strategiz_executor.server.owner_session import cpu_limit_s

CPU_RESERVE_S = 1.0


class CellSupply:
    """The cells of one call that no child has been given yet, and what goes with them."""

    def __init__(self, executor: Executor, batch: Batch, intake: Intake, queue: CellQueue) -> None:
        self._executor = executor
        self._batch = batch
        self._intake = intake
        self._queue = queue

    def prepare(self, child: BatchChild) -> None:
        """Sends what the first cells need ahead of them. Bad bars are those cells' answer when their turn comes."""
        series = self._queue.series
        if series is None:
            return
        try:
            bars = self._intake.bars_of(series)
        except ExecutionFailed:
            return
        frame = prepared_frame()
        if self._dress(frame, child, series, bars):
            child.give(frame)

    def next_group(self, child: BatchChild, most: int) -> tuple[Group, RequestFrame] | None:
        """The next cells for a child; None where there are none, or its CPU time is used up."""
        budget = cpu_limit_s(self._executor.limits) - GROUPS_AHEAD * GROUP_S - CPU_RESERVE_S
        if child.answered and child.cpu_before_s + child.cpu_s > budget:
            return None
        while (series := self._queue.series) is not None:
            try:
                bars = self._intake.bars_of(series)
            except ExecutionFailed as error:
                self._intake.fail(self._queue.drop_series().tolist(), error.failure)
                continue
            group = self._take_group(most)
            if group is None:
                continue
            frame = cells_frame(child.first_place + group.first_place, group.parameters)
            self._dress(frame, child, series, bars)
            return group, frame
        return None

    def _dress(self, frame: RequestFrame, child: BatchChild, series: int, bars: SentBars) -> bool:
        """Adds to the frame what the child does not have yet; whether that is anything."""
        key, has_code = self._intake.key_of(series), child.has_code
        if has_code and child.series == key:
            return False
        if not has_code:
            compiled = self._compiled()
            child.has_code, child.code_known = True, bool(compiled)
            add_code(frame, self._batch, compiled, self._executor.limits)
        if child.series != key:
            child.series = key
            add_series(frame, self._batch, series, bars)
        return True

    def _take_group(self, most: int) -> Group | None:
        """Cells up to the first whose parameters are wrong; None where the first is, which then has failed."""
        series, place, cells = self._queue.take(most)
        group = Group(series, place, cells, [])
        for number, cell in enumerate(cells.tolist()):
            try:
                group.parameters.append(self._batch.parameters(cell, self._executor.limits))
            except ExecutionFailed as error:
                rest = Group(series, place, cells, [], answered=number + (number == 0))
                self._queue.put_back([rest])
                if number == 0:
                    self._intake.fail([cell], error.failure)
                    return None
                group.cells = cells[:number]
                break
        return group

    def _compiled(self) -> bytes:
        key = self._executor.cache.key(self._batch.request.user_id, self._batch.request.code)
        return self._executor.cache.peek(key) or b""
