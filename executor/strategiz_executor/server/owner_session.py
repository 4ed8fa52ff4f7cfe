"""One owner's work in one child: frames sent one after the other, each with its own deadline.

When a child is lost (killed at a deadline, crashed, caught lying) the next frame gets a new one.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import Failure
from strategiz_executor.server import failures
from strategiz_executor.server.answer import BadAnswer, check_answer, parse_answer
from strategiz_executor.server.bars import SentBars
from strategiz_executor.server.child_link import ChildEnded, ChildLink, FrameTooLong
from strategiz_executor.server.endings import failure_of
from strategiz_executor.server.errors import ExecutionFailed
from strategiz_executor.server.limits import MEGABYTE, ExecutionLimits
from strategiz_executor.server.pool import Pool
from strategiz_executor.server.request_frame import raw_bars

MOST_FRAMES_BEFORE_LAST = 1  # the compiled code


@dataclass(frozen=True, slots=True)
class Question:
    """One frame for a child, the bars that it is about, and its wall-time limit.

    `meanwhile` runs on the server while the child works.
    """

    frame: RequestFrame
    bars: SentBars | None
    timeout_s: float
    meanwhile: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """A checked answer with what the server measured itself."""

    frame: ResultFrame
    compiled: bytes
    wall_s: float
    cpu_s: float


def cpu_limit_s(limits: ExecutionLimits) -> int:
    """RLIMIT_CPU of a child: the longest execution and a second for its own start."""
    return limits.max_timeout_s + 1


class OwnerSession:
    """Runs frames of one owner's one strategy. Use as an async context manager."""

    def __init__(self, pool: Pool, limits: ExecutionLimits, memory_mb: int) -> None:
        self._pool = pool
        self._limits = limits
        self._memory_mb = memory_mb
        self._child: ChildLink | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_child(answered=kind is None)

    async def prepare(self, timeout_s: float) -> None:
        """Takes a child unless there is one with enough CPU time left. Raises ExecutionFailed."""
        if self._child is not None and self._child.cpu_seconds() + timeout_s > cpu_limit_s(self._limits):
            self._end_child(answered=True)
        if self._child is None:
            self._child = await self._pool.take()
            if self._memory_mb < self._limits.memory_mb:
                self._child.limit_memory((self._limits.memory_mb - self._memory_mb) * MEGABYTE)

    async def run(self, question: Question) -> ChildAnswer:
        """Sends one frame and reads its answer, which may be a failure that the child reports itself.

        Raises ExecutionFailed where there is no sound answer; that child is killed at once.
        """
        timeout_s = question.timeout_s
        await self.prepare(timeout_s)
        child = self._child
        if child is None:
            raise ExecutionFailed(failures.child_died("it was taken away"))
        started = time.perf_counter()
        cpu_before = child.cpu_seconds()
        try:
            async with asyncio.timeout(timeout_s):
                bars = () if question.bars is None else raw_bars(question.bars)
                await child.send(question.frame.SerializeToString(), *bars)
                if question.meanwhile is not None:
                    question.meanwhile()
                answer, compiled = await self._read_answer(child)
            count = 0 if question.bars is None else len(question.bars)
            check_answer(answer, question.frame, count, self._limits)
        except BaseException as error:
            failure = await self._failure(child, error, timeout_s, time.perf_counter() - started)
            self._end_child(answered=False)
            if failure is None:
                raise
            raise ExecutionFailed(failure) from error
        wall_s = time.perf_counter() - started
        return ChildAnswer(answer, compiled, wall_s, child.cpu_seconds() - cpu_before)

    async def _read_answer(self, child: ChildLink) -> tuple[ResultFrame, bytes]:
        compiled = b""
        for _ in range(MOST_FRAMES_BEFORE_LAST + 1):
            answer = parse_answer(await child.receive(self._limits.result_bytes))
            if answer.last:
                return answer, compiled
            compiled = answer.compiled
        raise BadAnswer("frames without an end")

    async def _failure(
        self, child: ChildLink, error: BaseException, timeout_s: float, used_s: float
    ) -> Failure | None:
        """The failure that `error` stands for; None where it is not an execution's (cancellation)."""
        if isinstance(error, TimeoutError):
            child.kill()
            return failures.timed_out(timeout_s, used_s)
        if isinstance(error, FrameTooLong):
            return failures.result_too_long(self._limits.result_bytes, error.size)
        if isinstance(error, BadAnswer):
            return failures.invalid_result(str(error))
        if isinstance(error, ChildEnded):
            return failure_of(await self._pool.ending(child), self._memory_mb, cpu_limit_s(self._limits))
        return None

    def _end_child(self, *, answered: bool) -> None:
        if self._child is not None:
            self._pool.give_back(self._child, answered=answered)
            self._child = None
