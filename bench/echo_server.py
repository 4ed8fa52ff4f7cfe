"""An empty gRPC service of the executor's own kind: what a round trip of the same size costs without any work.

echo_server.py    prints its port, answers every request with the bytes asked for by its first 8
"""

import asyncio
import struct

import grpc


async def _echo(request: bytes, _: object) -> bytes:
    (size,) = struct.unpack_from("<Q", request)
    return bytes(size)


async def main() -> None:
    """Serves until it is killed."""
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", 50 << 20)])
    handler = grpc.unary_unary_rpc_method_handler(_echo)
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("bench.Echo", {"Echo": handler})])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main())
