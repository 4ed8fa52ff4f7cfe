"""The executor's door: `authorization: Bearer TOKEN` in call metadata, compared in constant time.

grpc.health.v1 stays open: it tells no more than whether the server serves, and probes have no token.
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeAlias

import grpc

OPEN_SERVICES = ("/grpc.health.v1.Health/",)

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
MaybeHandler: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"


class TokenCheck(grpc.aio.ServerInterceptor):
    """Answers UNAUTHENTICATED to calls without the right token."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[MaybeHandler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> MaybeHandler:
        """Lets a call with the token through."""
        handler = await continuation(handler_call_details)
        if handler is None or handler_call_details.method.startswith(OPEN_SERVICES):
            return handler
        if self._is_right(handler_call_details.invocation_metadata or ()):
            return handler
        return _refusal(handler)

    def _is_right(self, metadata: Iterable[tuple[str, str | bytes]]) -> bool:
        shown = [value for key, value in metadata if key == "authorization"]
        raw = shown[0] if len(shown) == 1 else ""
        given = raw.encode() if isinstance(raw, str) else raw
        return hmac.compare_digest(given, self._expected)


async def _refuse(_request: object, context: "grpc.aio.ServicerContext[Any, Any]") -> None:
    await context.abort(grpc.StatusCode.UNAUTHENTICATED, "metadata authorization: Bearer TOKEN is needed")


def _refusal(handler: Handler) -> Handler:
    if handler.request_streaming:
        return grpc.stream_stream_rpc_method_handler(_refuse)
    if handler.response_streaming:
        return grpc.unary_stream_rpc_method_handler(_refuse)
    return grpc.unary_unary_rpc_method_handler(_refuse)
