"""The command line and the environment: the only place that reads either."""

import argparse
import asyncio
import ipaddress
import sys
from collections.abc import Mapping, Sequence

from strategiz_executor import __version__
from strategiz_executor.memory import keep_freed_memory
from strategiz_executor.server.logs import Log
from strategiz_executor.server.options import ServerOptions, available_cores
from strategiz_executor.server.serve import serve
from strategiz_executor.server.zygotes import Recycling

USAGE_ERROR = 2
LINE_PER_SLOT = 16

DESCRIPTION = """\
Runs users' Python strategies: one disposable, locked-down child process each, behind gRPC.
Prints one JSON object a line; the one with "event": "listening" names the port. SIGTERM lets
running calls finish."""

EPILOG = """\
environment:
  EXECUTOR_TOKEN   callers must send this as gRPC metadata `authorization: Bearer TOKEN`.
                   Needed to listen beyond loopback. grpc.health.v1 stays open.
  EXECUTOR_AUTH    "none": listen beyond loopback without a token, because the network or the
                   platform authenticates callers. Default: "token"."""


class RefusedOptions(Exception):  # noqa: N818
    """The options cannot be used; the message is one line for the operator."""


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Parses, serves, and returns the exit code."""
    try:
        options = read_options(arguments, environment)
    except RefusedOptions as error:
        print(f"strategiz-executor: {error}", file=sys.stderr)
        return USAGE_ERROR
    log = Log()
    keep_freed_memory()
    try:
        return asyncio.run(serve(options, log))
    finally:
        log.close()


def read_options(
    arguments: Sequence[str], environment: Mapping[str, str], platform: str = sys.platform
) -> ServerOptions:
    """Options from the command line and the environment. Raises RefusedOptions, or exits on --help."""
    chosen = _parser().parse_args(arguments)
    sandbox = not chosen.unsafe_no_sandbox
    if sandbox and not platform.startswith("linux"):
        raise RefusedOptions(
            f"the sandbox needs Linux and this is {platform}: run the executor in Docker,"
            " or without protection by --unsafe-no-sandbox"
        )
    return ServerOptions(
        host=chosen.host,
        port=chosen.port,
        slots=chosen.slots,
        zygotes=chosen.zygotes,
        recycling=Recycling(chosen.recycle_after_executions, chosen.recycle_after_seconds),
        line=chosen.line if chosen.line is not None else LINE_PER_SLOT * chosen.slots,
        memory_mb=chosen.memory_mb,
        grace_s=chosen.grace_seconds,
        sandbox=sandbox,
        language_layer=not chosen.unsafe_no_language_layer,
        token=_token(chosen.host, environment),
    )


def _token(host: str, environment: Mapping[str, str]) -> str | None:
    token = environment.get("EXECUTOR_TOKEN") or None
    auth = environment.get("EXECUTOR_AUTH") or "token"
    if auth not in ("token", "none"):
        raise RefusedOptions(f"EXECUTOR_AUTH is {auth!r}: it must be token or none")
    if auth == "none" and token:
        raise RefusedOptions("EXECUTOR_AUTH=none and EXECUTOR_TOKEN contradict each other: unset one")
    if auth == "token" and not token and not _is_loopback(host):
        raise RefusedOptions(
            f"{host} can be reached from outside: set EXECUTOR_TOKEN,"
            " or EXECUTOR_AUTH=none where the network or platform authenticates callers"
        )
    return token


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m strategiz_executor",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    cores = available_cores()
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument(
        "--port", type=_whole(0, 65_535), default=50_051, help="0: any free one (default %(default)s)"
    )
    parser.add_argument(
        "--slots",
        type=_whole(1, 1024),
        default=cores + 1,
        help=f"executions at once, all but one of them for batches too (default: cores and one, {cores + 1})",
    )
    parser.add_argument(
        "--line",
        type=_whole(0, 100_000),
        help=f"calls that may wait for a slot, 2 s at most (default: {LINE_PER_SLOT} per slot)",
    )
    parser.add_argument(
        "--zygotes", type=_whole(1, 64), default=1, help="processes that fork children (default %(default)s)"
    )
    parser.add_argument(
        "--recycle-after-executions",
        type=_whole(1, 1_000_000_000),
        default=20_000,
        help="a zygote is replaced by a new one after so many (default %(default)s)",
    )
    parser.add_argument(
        "--recycle-after-seconds",
        type=_whole(1, 31_536_000),
        default=21_600,
        help="or at this age (default %(default)s)",
    )
    parser.add_argument(
        "--memory-mb",
        type=_whole(64, 65_536),
        default=512,
        help="memory of one execution above the interpreter's (default %(default)s)",
    )
    parser.add_argument(
        "--grace-seconds",
        type=_whole(0, 3600),
        default=30,
        help="time for running calls after SIGTERM (default %(default)s)",
    )
    parser.add_argument(
        "--unsafe-no-sandbox", action="store_true", help="no lockdown: user code can do what this user can"
    )
    parser.add_argument(
        "--unsafe-no-language-layer", action="store_true", help="plain Python: tests the sandbox alone"
    )
    parser.add_argument("--version", action="version", version=__version__)
    return parser


class _whole:  # noqa: N801 shown by argparse in its messages
    """argparse type: a whole number from `lowest` to `highest`."""

    def __init__(self, lowest: int, highest: int) -> None:
        self._lowest, self._highest = lowest, highest

    def __call__(self, text: str) -> int:
        value = int(text)
        if not self._lowest <= value <= self._highest:
            raise argparse.ArgumentTypeError(f"{value} is not in {self._lowest} to {self._highest}")
        return value

    def __repr__(self) -> str:
        return "whole number"
