"""ExecuteList: every deployment over every symbol of its set, one child per owner's code.

One slot is waited for; further free ones are used as they are. Each deployment has its own time
limit over all its symbols, and what the call's deadline leaves no time for fails saying so.
"""

import asyncio
import contextlib
import time
from collections import deque
from dataclasses import dataclass, field

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.generated.strategy_execution_pb2 import (
    DeploymentResult,
    ExecuteListRequest,
    ExecuteListResponse,
    Failure,
    LiveSignal,
)
from strategiz_executor.server import failures
from strategiz_executor.server.bars import SentBars
from strategiz_executor.server.deployments import DeploymentWork, group_deployments, usable
from strategiz_executor.server.errors import ExecutionFailed
from strategiz_executor.server.executor import Executor
from strategiz_executor.server.owner_session import OwnerSession, Question
from strategiz_executor.server.parameters import parameters_json
from strategiz_executor.server.request_frame import check_source, check_timeout, execution_frame
from strategiz_executor.server.response import live_signal, own_failure
from strategiz_executor.server.slots import Work

LONGEST_CALL_S = 600.0
ANSWER_TIME_S = 0.25  # left for the way back, so that a partial answer arrives before the deadline


@dataclass(slots=True)
class ListRun:
    """One ExecuteList call under way; `ends_at` is on the clock of time.monotonic."""

    executor: Executor
    timeout_s: float
    ends_at: float
    groups: deque[list[DeploymentWork]]
    results: list[DeploymentResult] = field(default_factory=list)


async def execute_list(
    executor: Executor, request: ExecuteListRequest, deadline_s: float | None
) -> ExecuteListResponse:
    """Answers one result per (deployment, symbol), in the order of the request.

    Raises InvalidRequest and NoFreeSlot. `total_deployments` counts the results.
    """
    started = time.monotonic()
    timeout_s = check_timeout(request.timeout_seconds, executor.limits)
    seconds = LONGEST_CALL_S if deadline_s is None else min(LONGEST_CALL_S, deadline_s)
    groups, count = group_deployments(request, executor.limits)
    ends_at = started + max(0.0, seconds - ANSWER_TIME_S)
    run = ListRun(executor, timeout_s, ends_at, deque(groups), [DeploymentResult() for _ in range(count)])
    if groups:
        async with executor.slots.hold(Work.BATCH, deadline_s):
            await _run_groups(run)
    successes = sum(result.success for result in run.results)
    return ExecuteListResponse(
        success=True,
        results=run.results,
        total_deployments=count,
        successful_deployments=successes,
        failed_deployments=count - successes,
        execution_time_ms=max(1, round((time.monotonic() - started) * 1e3)),
    )


async def _run_groups(run: ListRun) -> None:
    """Works through the groups on the slot that is held, and on others that happen to be free."""
    async with asyncio.TaskGroup() as tasks, contextlib.AsyncExitStack() as extra:
        for _ in range(len(run.groups) - 1):
            if not run.executor.slots.try_take(Work.BATCH):
                break
            extra.callback(run.executor.slots.give_back, Work.BATCH)
            tasks.create_task(_work(run))
        await _work(run)


async def _work(run: ListRun) -> None:
    while run.groups:
        group = run.groups.popleft()
        async with OwnerSession(
            run.executor.pool, run.executor.limits, run.executor.limits.memory_mb
        ) as session:
            for work in group:
                await _run_deployment(run, session, work)


async def _run_deployment(run: ListRun, session: OwnerSession, work: DeploymentWork) -> None:
    ends_at = time.monotonic() + run.timeout_s
    for place, symbol in zip(work.places, work.series, strict=True):
        result = run.results[place]
        result.deployment_id = work.deployment.deployment_id
        result.deployment_type = work.deployment.deployment_type
        result.symbol = symbol
        began = time.monotonic()
        try:
            result.signal.CopyFrom(await _last_signal(run, session, work, symbol, ends_at))
            result.success = True
        except ExecutionFailed as error:
            result.failure.CopyFrom(error.failure)
            result.error = failures.error_text(error.failure)
        result.execution_time_ms = max(1, round((time.monotonic() - began) * 1e3))


async def _last_signal(
    run: ListRun, session: OwnerSession, work: DeploymentWork, symbol: str, ends_at: float
) -> LiveSignal:
    """The last bar's own answer on one symbol. Raises ExecutionFailed."""
    bars = usable(work.series[symbol])
    frame = _frame(run, work, symbol, bars)
    seconds = min(ends_at, run.ends_at) - time.monotonic()
    if seconds <= 0:
        raise ExecutionFailed(_time_is_up(run, ends_at))
    try:
        question = Question(frame, bars, seconds)
        answer, _ = await run.executor.run_known(session, question, work.deployment.user_id)
    except ExecutionFailed as error:
        if error.failure.code == "timeout":
            raise ExecutionFailed(_time_is_up(run, ends_at)) from error
        raise
    if not answer.frame.success:
        raise ExecutionFailed(own_failure(answer, bars, run.executor.limits.memory_mb))
    return live_signal(answer.frame, bars, symbol)


def _time_is_up(run: ListRun, ends_at: float) -> Failure:
    """Whose time it was: the deployment's own, or the whole call's."""
    return (
        failures.no_time_left() if run.ends_at < ends_at else failures.timed_out(run.timeout_s, run.timeout_s)
    )


def _frame(run: ListRun, work: DeploymentWork, symbol: str, bars: SentBars) -> RequestFrame:
    limits = run.executor.limits
    check_source(work.deployment.strategy_code, limits)
    parameters = parameters_json("", work.deployment.parameters, limits)
    frame = execution_frame(work.deployment.strategy_code, bars, parameters, limits)
    frame.symbol = symbol
    return frame
