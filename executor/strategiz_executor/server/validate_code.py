"""ValidateCode: the child compiles and checks a strategy as an execution would."""

from strategiz_executor.generated.strategy_execution_pb2 import (
    Failure,
    ValidateCodeRequest,
    ValidateCodeResponse,
)
from strategiz_executor.server import failures
from strategiz_executor.server.errors import CallError, ExecutionFailed
from strategiz_executor.server.executor import Executor, failure_class
from strategiz_executor.server.owner_session import OwnerSession, Question
from strategiz_executor.server.request_frame import check_language, check_source, validation_frame
from strategiz_executor.server.slots import Work

TIMEOUT_S = 10.0


async def validate_code(
    executor: Executor, request: ValidateCodeRequest, deadline_s: float | None
) -> ValidateCodeResponse:
    """Findings about `request.code`. Raises UnsupportedLanguage, NoFreeSlot, CallError (platform)."""
    check_language(request.language)
    try:
        check_source(request.code, executor.limits)
        async with executor.slots.hold(Work.SINGLE, deadline_s):
            question = Question(validation_frame(request.code, executor.limits), None, TIMEOUT_S)
            session = OwnerSession(executor.pool, executor.limits, executor.limits.memory_mb)
            async with session:
                answer = await session.run(question)
    except ExecutionFailed as error:
        return _invalid(error.failure)
    if answer.frame.HasField("failure"):
        return _invalid(answer.frame.failure)
    return answer.frame.validation


def _invalid(failure: Failure) -> ValidateCodeResponse:
    if failure_class(failure) == "platform":
        raise CallError(failures.error_text(failure))
    return ValidateCodeResponse(valid=False, errors=[failures.error_text(failure)])
