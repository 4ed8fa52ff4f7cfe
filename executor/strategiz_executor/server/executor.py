"""What the RPCs run on: limits, slots, the pool and the cache, and one execution from slot to answer."""

import time
from dataclasses import dataclass

from strategiz_executor.generated.frames_pb2 import ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import ExecuteStrategyResponse, Failure
from strategiz_executor.server.compile_cache import CompileCache
from strategiz_executor.server.errors import ExecutionFailed
from strategiz_executor.server.guard_differences import GuardDifferences
from strategiz_executor.server.kept_children import KeptChildren
from strategiz_executor.server.limits import ExecutionLimits
from strategiz_executor.server.owner_session import ChildAnswer, OwnerSession, Question
from strategiz_executor.server.pool import Pool
from strategiz_executor.server.request_frame import Execution
from strategiz_executor.server.response import (
    Measured,
    add_timings,
    failure_response,
    own_failure,
    success_response,
)
from strategiz_executor.server.slots import Slots, Work

FORMS_ASKED_AT_EVERY_BAR = frozenset((1, 4))
FORM_OF_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Executor:
    """The parts that every execution needs."""

    limits: ExecutionLimits
    slots: Slots
    pool: Pool
    cache: CompileCache
    versions: dict[str, str]
    guard_differences: GuardDifferences
    kept: KeptChildren

    async def execute(
        self, execution: Execution, owner: str, deadline_s: float | None, measured: Measured
    ) -> ExecuteStrategyResponse:
        """Runs one strategy once. Raises NoFreeSlot; every failure is in the response."""
        asked = time.perf_counter()
        async with self.slots.hold(Work.SINGLE, deadline_s):
            session = OwnerSession(self.pool, self.limits, execution.memory_mb)
            try:
                async with session:
                    await session.prepare(execution.timeout_s)
                    measured.queue_ms = (time.perf_counter() - asked) * 1e3
                    return await self._run(session, execution, owner)
            except ExecutionFailed as error:
                return failure_response(error.failure, None, None)

    async def run_known(
        self, session: OwnerSession, question: Question, owner: str
    ) -> tuple[ChildAnswer, bool]:
        """Runs a frame with the owner's compiled code if there is some; keeps it if there was none.

        Returns the answer and whether the code was known.
        """
        key = self.cache.key(owner, question.frame.code)
        compiled = self.cache.get(key)
        question.frame.compiled = compiled or b""
        question.frame.first_execution = compiled is None
        question.frame.fast_form = self.cache.fast_form(key)
        answer = await session.run(question)
        self.guard_differences.note(question.frame.code, answer.frame.replay.guard_difference_bar)
        if compiled is None and len(answer.compiled) <= self.limits.compiled_bytes:
            self.cache.put(key, answer.compiled)
        if answer.frame.success:
            self.cache.note_fast_form(key, fast_form(answer.frame))
        return answer, compiled is not None

    async def _run(self, session: OwnerSession, execution: Execution, owner: str) -> ExecuteStrategyResponse:
        bars = execution.bars
        hashes: list[str] = []
        question = Question(execution.frame, bars, execution.timeout_s, lambda: hashes.append(bars.sha256()))
        answer, known = await self.run_known(session, question, owner)
        if answer.frame.success:
            response = success_response(execution, answer, self.versions, hashes[0])
        else:
            failure = own_failure(answer, bars, execution.memory_mb)
            response = failure_response(failure, answer.frame, bars)
        response.cache_hit = known
        add_timings(response, answer, Measured())
        return response


def fast_form(answer: ResultFrame) -> int:
    """The form of an answer that paths or columns alone can give, else 0; an owner's next execution builds on it."""
    replay = answer.replay
    if replay.guard_difference_bar:
        return 0
    by_paths = replay.way == "paths" and replay.form in FORMS_ASKED_AT_EVERY_BAR
    by_columns = replay.form == FORM_OF_COLUMNS and answer.of_columns_alone
    return replay.form if by_paths or by_columns else 0


def failure_class(failure: Failure) -> str:
    """The failure's class; `class` is a keyword of Python."""
    return str(getattr(failure, "class"))
