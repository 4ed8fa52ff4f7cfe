"""The RPCs of strategiz.execution.v1."""

import asyncio
import time

from strategiz_executor.generated import strategy_execution_pb2 as messages
from strategiz_executor.generated.strategy_execution_pb2_grpc import StrategyExecutionServiceServicer
from strategiz_executor.server.call import Call, Context, answering
from strategiz_executor.server.errors import ExecutionFailed
from strategiz_executor.server.execute_batch import execute_batch
from strategiz_executor.server.execute_list import execute_list
from strategiz_executor.server.executor import Executor, failure_class
from strategiz_executor.server.health import health_response
from strategiz_executor.server.logs import Log
from strategiz_executor.server.options import ServerOptions
from strategiz_executor.server.request_frame import read_execution
from strategiz_executor.server.response import Measured, failure_response
from strategiz_executor.server.validate_code import validate_code


class StrategyExecutionService(StrategyExecutionServiceServicer):
    """Answers calls; everything it does is in the modules that it names."""

    def __init__(self, executor: Executor, options: ServerOptions, instance_id: str, log: Log) -> None:
        self._executor = executor
        self._options = options
        self._instance_id = instance_id
        self._log = log

    async def ExecuteStrategy(  # noqa: N802
        self, request: messages.ExecuteStrategyRequest, context: Context
    ) -> messages.ExecuteStrategyResponse:
        """Runs one strategy over one series."""
        started = time.perf_counter()
        measured = Measured()
        async with answering(context, self._log, "ExecuteStrategy") as call:
            try:
                execution = read_execution(request, self._executor.limits)
            except ExecutionFailed as error:
                response = failure_response(error.failure, None, None)
            else:
                measured.decode_ms = (time.perf_counter() - started) * 1e3
                response = await self._executor.execute(
                    execution, request.user_id, call.seconds_left, measured
                )
            finish_timings(response, measured, started)
            # Once the response is on its way: the thread that writes logs would hold it up.
            asyncio.get_running_loop().call_soon(self._log_execution, request, response, call)
        return response

    async def ExecuteList(  # noqa: N802
        self, request: messages.ExecuteListRequest, context: Context
    ) -> messages.ExecuteListResponse:
        """Runs every deployment over every symbol of its set."""
        async with answering(context, self._log, "ExecuteList") as call:
            response = await execute_list(self._executor, request, call.seconds_left)
            self._log.event(
                "list",
                ms=response.execution_time_ms,
                results=response.total_deployments,
                failed=response.failed_deployments,
                tier=request.tier[:64],
                **call.ids,
            )
        return response

    async def ValidateCode(  # noqa: N802
        self, request: messages.ValidateCodeRequest, context: Context
    ) -> messages.ValidateCodeResponse:
        """Checks a strategy without running it over bars."""
        async with answering(context, self._log, "ValidateCode") as call:
            response = await validate_code(self._executor, request, call.seconds_left)
            self._log.event("validation", valid=response.valid, **call.ids)
        return response

    async def ExecuteBatch(  # noqa: N802
        self, request: messages.ExecuteBatchRequest, context: Context
    ) -> None:
        """Runs one strategy over many cells and streams their answers."""
        async with answering(context, self._log, "ExecuteBatch") as call:
            totals = await execute_batch(self._executor, request, call.seconds_left, context.write)
            self._log.event(
                "batch",
                cells=totals.cells,
                failed=totals.failed,
                children=totals.children,
                ms=round(totals.wall_ms),
                cpu_ms=round(totals.child_cpu_ms),
                strategy_id=request.strategy_id[:128],
                **call.ids,
            )

    async def GetHealth(  # noqa: N802
        self, request: messages.HealthRequest, context: Context
    ) -> messages.HealthResponse:
        """What there is, and how busy it is."""
        return health_response(self._executor, self._options, self._instance_id)

    def _log_execution(
        self, request: messages.ExecuteStrategyRequest, response: messages.ExecuteStrategyResponse, call: Call
    ) -> None:
        outcome = {"code": response.failure.code, "class": failure_class(response.failure)}
        self._log.event(
            "execution",
            success=response.success,
            ms=round(response.timings.total_ms, 2),
            cpu_ms=round(response.timings.child_cpu_ms, 2),
            strategy_id=request.strategy_id[:128],
            **({} if response.success else outcome),
            **call.ids,
        )


def finish_timings(response: messages.ExecuteStrategyResponse, measured: Measured, started: float) -> None:
    """Puts in what only the end of the call knows."""
    timings = response.timings
    timings.queue_ms = measured.queue_ms
    timings.decode_ms = measured.decode_ms
    timings.total_ms = (time.perf_counter() - started) * 1e3
    response.execution_time_ms = max(1, round(timings.total_ms))
