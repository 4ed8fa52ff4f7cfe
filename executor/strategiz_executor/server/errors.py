"""The two ways a call ends without a result: a gRPC status, or a failure inside an OK answer."""

import grpc

from strategiz_executor.generated.strategy_execution_pb2 import Failure


class CallError(Exception):
    """Ends the whole call with a gRPC status; the message tells the caller what to do."""

    status = grpc.StatusCode.INTERNAL


class InvalidRequest(CallError):  # noqa: N818
    """The request is malformed."""

    status = grpc.StatusCode.INVALID_ARGUMENT


class UnsupportedLanguage(CallError):  # noqa: N818
    """The request's language is not among those there are."""

    status = grpc.StatusCode.UNIMPLEMENTED


class NoFreeSlot(CallError):  # noqa: N818
    """Every slot is busy and the short line is full, or the wait in it was too long."""

    status = grpc.StatusCode.RESOURCE_EXHAUSTED


class ShuttingDown(CallError):  # noqa: N818
    """The server is stopping."""

    status = grpc.StatusCode.UNAVAILABLE


class ExecutionFailed(Exception):  # noqa: N818
    """One execution ended in `failure`, a strategiz.execution.v1.Failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure
