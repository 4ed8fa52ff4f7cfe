"""ExecuteBatch: one owner's strategy over many cells, in one child that is replaced where it is lost.

A cell's deadline and the batch's are kept from here. A lost child costs the cell that it was at; the rest
goes to the next one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from strategiz_executor.batch_layout import MOST_NOTE_SETS
from strategiz_executor.generated.strategy_execution_pb2 import (
    BatchTotals,
    ExecuteBatchRequest,
    ExecuteBatchResponse,
    Failure,
)
from strategiz_executor.server import failures
from strategiz_executor.server.answer import BadAnswer
from strategiz_executor.server.batch_child import BatchChild
from strategiz_executor.server.batch_intake import Intake
from strategiz_executor.server.batch_message import BatchMessage
from strategiz_executor.server.batch_request import Batch, read_batch
from strategiz_executor.server.cell_queue import CellQueue
from strategiz_executor.server.cell_supply import CellSupply
from strategiz_executor.server.child_link import CRUMB_PAUSE_S, ChildEnded, FrameTooLong
from strategiz_executor.server.endings import failure_of
from strategiz_executor.server.errors import ExecutionFailed
from strategiz_executor.server.executor import Executor, failure_class
from strategiz_executor.server.kept_children import key_of
from strategiz_executor.server.limits import MEGABYTE
from strategiz_executor.server.owner_session import cpu_limit_s
from strategiz_executor.server.slots import Work

ANSWER_TIME_S = 0.25  # left for the way back, so that a partial answer arrives before the deadline
MESSAGE_S = 0.2  # between two messages
READ_PAUSE_S = 0.02  # between two reads of a busy child: one wake-up, and one check, for many cells
SHARE_TO_PAUSE = 0.75  # of the time that its last cells will take
LEAST_PAUSE_S = 0.002
MOST_LOSSES_IN_A_ROW = 3
SHARE_TO_KEEP = 0.25  # of what a child may use in all, for one that is to serve another call
LEFT_TO_OTHERS = 1  # waiting children that a call in the line does not take

Send = Callable[[ExecuteBatchResponse], Awaitable[None]]


async def execute_batch(
    executor: Executor, request: ExecuteBatchRequest, deadline_s: float | None, send: Send
) -> BatchTotals:
    """Sends the cells' answers as they come, and last the totals, which it answers too.

    Raises InvalidRequest, UnsupportedLanguage and NoFreeSlot.
    """
    asked = time.monotonic()
    try:
        batch = read_batch(request, executor.limits)
    except ExecutionFailed as error:  # a source that is too long
        cells = len(request.cells.series) // 4
        totals = BatchTotals(cells=cells, failed=cells)
        await send(ExecuteBatchResponse(failure=error.failure, totals=totals))
        return totals
    seconds = batch.timeout_s if deadline_s is None else min(batch.timeout_s, deadline_s - ANSWER_TIME_S)
    run = BatchRun(executor, batch, send, asked + seconds)
    try:
        if not executor.slots.is_free(Work.BATCH):
            await run.prepare()
        async with executor.slots.hold(Work.BATCH, deadline_s):
            return await run.run(asked)
    finally:
        run.let_go()


class BatchRun:
    """One ExecuteBatch call under way; `ends_at` is on the clock of the event loop."""

    def __init__(self, executor: Executor, batch: Batch, send: Send, ends_at: float) -> None:
        self._executor = executor
        self._batch = batch
        self._send = send
        self._ends_at = ends_at
        self._queue = CellQueue(batch.cell_series)
        self._intake = Intake(executor, batch)
        self._supply = CellSupply(executor, batch, self._intake, self._queue)
        self._loop = asyncio.get_running_loop()
        self._message_at = self._loop.time() + MESSAGE_S
        self._cpu_s = 0.0
        self._cpu_told_s = 0.0
        self._children = 0
        self._losses = 0
        self._key = key_of(batch)
        self._prepared: BatchChild | None = None

    async def prepare(self) -> None:
        """Gives a child what it needs before its first cell, while the call stands in the line: no cell is run."""
        kept = self._executor.kept.take(self._key)
        if kept is not None or self._executor.pool.waiting > LEFT_TO_OTHERS:
            self._prepared = kept or await self._new_child()
            self._supply.prepare(self._prepared)

    def let_go(self) -> None:
        """Ends a child that was prepared in vain."""
        if self._prepared is not None:
            self._prepared.stop_sending()
            self._executor.pool.give_back(self._prepared.link, answered=True)

    async def run(self, asked: float) -> BatchTotals:
        """Works through all cells; `asked` is when the call came in."""
        began = time.monotonic()
        key = self._executor.cache.key(self._batch.request.user_id, self._batch.request.code)
        known = self._executor.cache.get(key) is not None
        try:
            while len(self._queue):
                await self._use_one_child()
            failure = None
        except ExecutionFailed as error:
            failure = error.failure
        cells = len(self._batch.cell_series)
        totals = BatchTotals(
            cells=cells,
            succeeded=self._intake.succeeded,
            failed=cells - self._intake.succeeded,
            children=self._children,
            queue_ms=(began - asked) * 1e3,
            wall_ms=(time.monotonic() - began) * 1e3,
            child_cpu_ms=self._cpu_s * 1e3,
            cache_hit=known,
        )
        await self._flush(totals, failure)
        return totals

    async def _use_one_child(self) -> None:
        """Works through cells until they are done or the child is. Raises ExecutionFailed for all that are left."""
        if self._loop.time() >= self._ends_at:
            raise ExecutionFailed(failures.no_time_for_cells())
        child = self._prepared or self._executor.kept.take(self._key) or await self._new_child()
        self._prepared = None
        self._children += 1
        answered, kept, spent = False, False, self._cpu_s
        try:
            child.begin(self._supply.next_group)
            try:
                await self._read_all(child, spent)
                answered = True
            except (TimeoutError, ChildEnded, FrameTooLong, BadAnswer) as error:
                await self._lose(child, error)
            finally:
                self._cpu_s = spent + child.cpu_s
            kept = answered and self._keep(child)
        finally:
            if not kept:
                await child.stop()
                self._executor.pool.give_back(child.link, answered=answered)

    async def _new_child(self) -> BatchChild:
        link = await self._executor.pool.take()
        self._executor.pool.keep_out(link)
        if self._batch.memory_mb < self._executor.limits.memory_mb:
            link.limit_memory((self._executor.limits.memory_mb - self._batch.memory_mb) * MEGABYTE)
        return BatchChild(link, self._executor.limits.result_bytes)

    def _keep(self, child: BatchChild) -> bool:
        """Keeps a child that is as good as new for the owner's next call."""
        limits = self._executor.limits
        child.end_call()
        if (
            self._key is None
            or len(self._queue)
            or not child.answers.is_empty
            or child.cpu_before_s > SHARE_TO_KEEP * cpu_limit_s(limits)
            or child.note_bytes > SHARE_TO_KEEP * limits.result_bytes
            or len(child.note_sets) > SHARE_TO_KEEP * MOST_NOTE_SETS
        ):
            return False
        self._executor.kept.keep(self._key, child)
        return True

    async def _read_all(self, child: BatchChild, spent: float) -> None:
        while not child.is_done:
            deadline = min(child.due(self._batch.cell_timeout_s), self._ends_at)
            until = deadline if self._intake.message.is_empty else min(deadline, self._message_at)
            try:
                await child.read(until)
            except TimeoutError:
                if self._is_over(child):
                    raise
            before = child.answered
            for answer in child.answers.answers():
                self._intake.accept(child, answer)
            self._losses = 0 if child.answered > before else self._losses
            self._cpu_s = spent + child.cpu_s
            if self._intake.message.is_full or self._loop.time() >= self._message_at:
                child.pardon(await self._flush())
            elif child.answered == before:
                if self._is_over(child):
                    raise TimeoutError
                await asyncio.sleep(CRUMB_PAUSE_S)  # whoever never stops sending must not stop the server
            elif (pause := min(READ_PAUSE_S, SHARE_TO_PAUSE * child.seconds_left)) > LEAST_PAUSE_S:
                await asyncio.sleep(pause)

    def _is_over(self, child: BatchChild) -> bool:
        now, limit_s = self._loop.time(), self._batch.cell_timeout_s
        return now >= self._ends_at or (now >= child.due(limit_s) and not child.waited(limit_s))

    async def _lose(self, child: BatchChild, error: Exception) -> None:
        """The cell that the child was at fails, the others come back. Raises ExecutionFailed for all of them."""
        failure = await self._failure(child, error)
        group = child.groups[0] if child.groups else None
        if failure is not None and group is not None:
            self._intake.fail([int(group.cells[group.answered])], failure)
            group.answered += 1
        self._queue.put_back(list(child.groups))
        self._losses += 1
        if (
            failure is not None
            and failure_class(failure) == "platform"
            and self._losses >= MOST_LOSSES_IN_A_ROW
        ):
            raise ExecutionFailed(failure)

    async def _failure(self, child: BatchChild, error: Exception) -> Failure | None:
        """What a lost child means for its cell; None where it means nothing but that it needs another child."""
        limits = self._executor.limits
        was_kept = bool(child.cpu_before_s) and not child.answered
        if isinstance(error, TimeoutError):
            child.link.kill()
            limit_s = self._batch.cell_timeout_s
            # At the end of the call too: a caller that asks again for what is left would meet this cell for ever.
            if self._loop.time() < self._ends_at or child.has_had_limit(limit_s):
                return child.out_of_time(limit_s)
            self._queue.put_back(list(child.groups))
            raise ExecutionFailed(failures.no_time_for_cells()) from error
        if isinstance(error, FrameTooLong):
            return failures.result_too_long(limits.result_bytes, error.size)
        if isinstance(error, BadAnswer) and was_kept:
            return None  # what it says may be to the call before
        if isinstance(error, BadAnswer):
            return failures.invalid_result(str(error))
        ending = await self._executor.pool.ending(child.link)
        failure = failure_of(ending, self._batch.memory_mb, cpu_limit_s(limits))
        own_cpu_s = child.cpu_s - child.cpu_at_cell
        if (
            failure.code == "cpu"
            and (child.answered or child.cpu_before_s)
            and own_cpu_s < self._batch.cell_timeout_s
        ):
            return None  # the cells before it used the time
        if failure_class(failure) == "platform" and was_kept:
            return None  # it ended before it could begin
        return failure

    async def _flush(self, totals: BatchTotals | None = None, failure: Failure | None = None) -> float:
        """Sends what there is; answers the seconds that the client made us wait."""
        began = self._loop.time()
        response, self._intake.message = self._intake.message.build(), BatchMessage()
        response.child_cpu_ms = (self._cpu_s - self._cpu_told_s) * 1e3
        self._cpu_told_s = self._cpu_s
        if totals is not None:
            response.totals.CopyFrom(totals)
        if failure is not None:
            response.failure.CopyFrom(failure)
        await self._send(response)
        ended = self._loop.time()
        self._message_at = ended + MESSAGE_S
        return ended - began
