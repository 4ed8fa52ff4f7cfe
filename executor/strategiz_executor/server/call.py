"""What every RPC shares: the caller's ids for the logs, its deadline, and errors turned into statuses."""

import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import grpc

from strategiz_executor.server.errors import CallError
from strategiz_executor.server.logs import Log

ID_NAMES = {"x-request-id": "request_id", "x-job-id": "job_id", "x-attempt-id": "attempt_id"}
LONGEST_ID = 128

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `ids` go on every log line, `seconds_left` is None where there is no deadline."""

    ids: dict[str, str]
    seconds_left: float | None


@contextlib.asynccontextmanager
async def answering(context: Context, log: Log, rpc: str) -> AsyncIterator[Call]:
    """Turns CallError into its status, and anything unexpected into INTERNAL with an id to look up."""
    call = Call(_caller_ids(context), context.time_remaining())
    try:
        yield call
    except CallError as error:
        log.event("call_refused", rpc=rpc, status=error.status.name, reason=str(error), **call.ids)
        await context.abort(error.status, str(error))
    except grpc.aio.AbortError:
        raise
    except Exception as error:  # noqa: BLE001 the last stop before the client
        incident = secrets.token_hex(8)
        log.event("call_broke", level="error", rpc=rpc, incident=incident, error=repr(error), **call.ids)
        await context.abort(grpc.StatusCode.INTERNAL, f"internal error {incident}: see the executor's logs")


def _caller_ids(context: Context) -> dict[str, str]:
    return {
        ID_NAMES[key]: str(value)[:LONGEST_ID]
        for key, value in context.invocation_metadata() or ()
        if key in ID_NAMES
    }
