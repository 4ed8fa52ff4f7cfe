"""The child: locked down, then one owner's frames from its socket, until it is killed."""

import gc
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

from strategiz_executor import framing
from strategiz_executor.framing import FAILED, LENGTH, LONGEST_LAYERS
from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.sandbox import canary
from strategiz_executor.sandbox.autogroup import hand_over_autogroup
from strategiz_executor.sandbox.lockdown import SOCKET, LockdownLimits, die_with_parent, lock_down
from strategiz_executor.strategy.batch.cells import BatchCells
from strategiz_executor.strategy.language import LanguageLayer
from strategiz_executor.strategy.run import execute

LONGEST_REQUEST = 64 << 20
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Routine:
    """What the zygote made ready for its children.

    prepare: done first, before the lockdown. rehearse: executions over made-up bars, run locked down when the
    server says so.
    """

    prepare: Callable[[], None]
    rehearse: Callable[[], None]
    layer: LanguageLayer


def live(server: socket.socket, zygote: int, limits: LockdownLimits, routine: Routine) -> None:
    """Everything from the fork to the end of the process. Never returns."""
    try:
        server = _move_to_own_place(server, zygote)
        routine.prepare()
        hand_over_autogroup(server)
        _send(server, _locked_layers(limits))
        cells = BatchCells(routine.layer)
        while True:
            frame = RequestFrame.FromString(_receive(server))
            if frame.kind == RequestFrame.BATCH:
                for answer in cells.answers(frame):
                    server.sendall(answer)
            elif frame.kind == RequestFrame.REHEARSE:
                routine.rehearse()
                _send(server, ResultFrame(last=True).SerializeToString())
            else:
                _serve(server, frame, routine.layer)
    except EOFError:
        os._exit(0)
    finally:
        os._exit(1)


def attack_itself(server: socket.socket, zygote: int, limits: LockdownLimits) -> None:
    """Locked down like a child that serves, tells which attacks were not refused. Never returns."""
    try:
        server = _move_to_own_place(server, zygote)
        lock_down(limits)
        told = ", ".join(canary.reached(zygote)) or framing.ALL_REFUSED
    except Exception as error:  # noqa: BLE001  (told to the server, which does not start)
        told = f"{framing.LOCKDOWN_FAILED}: {error}"
    try:
        server.sendall((framing.CANARY_SAYS + told).encode())
    finally:
        os._exit(0)


def _move_to_own_place(server: socket.socket, zygote: int) -> socket.socket:
    die_with_parent(zygote)
    os.setsid()
    if server.fileno() == SOCKET:
        return server
    os.dup2(server.detach(), SOCKET, inheritable=False)
    return socket.socket(fileno=SOCKET)


def _locked_layers(limits: LockdownLimits) -> bytes:
    """The layers that hold, for the server to see. What goes wrong is told to it, and ends the child."""
    try:
        layers = lock_down(limits)
    except Exception as error:
        server = socket.socket(fileno=SOCKET)
        _send(server, f"{FAILED}{type(error).__name__}: {error}".encode()[:LONGEST_LAYERS])
        raise
    sys.stdin = sys.stdout = sys.stderr = None
    gc.enable()
    return ",".join(layers).encode()


def _serve(server: socket.socket, frame: RequestFrame, layer: LanguageLayer) -> None:
    for result in execute(frame, layer):
        raw = result.SerializeToString()
        if len(raw) > frame.limits.result_bytes:
            raw = _too_long(len(raw), frame.limits.result_bytes).SerializeToString()
        _send(server, raw)


def _too_long(used: int, limit: int) -> ResultFrame:
    result = ResultFrame(last=True)
    failure = result.failure
    setattr(failure, "class", "limit")
    failure.code = failure.limit_name = "result"
    failure.type = "LimitExceeded"
    failure.limit_value, failure.limit_used = limit / MEGABYTE, used / MEGABYTE
    used_and_limit = f"{failure.limit_used:.1f} MB, more than the limit of {failure.limit_value:g} MB"
    failure.message = f"the result has {used_and_limit}"
    failure.limit_unit = "MB"
    return result


def _send(server: socket.socket, frame: bytes) -> None:
    server.sendall(LENGTH.pack(len(frame)) + frame)


def _receive(server: socket.socket) -> bytes:
    (size,) = LENGTH.unpack(_read(server, LENGTH.size))
    if size > LONGEST_REQUEST:
        raise EOFError
    return _read(server, size)


def _read(server: socket.socket, size: int) -> bytes:
    """Reads in one call, as a rule, into the object that is parsed: a copy of a request is 30 pages."""
    received = server.recv(size, socket.MSG_WAITALL)
    while len(received) < size:
        more = server.recv(size - len(received), socket.MSG_WAITALL)
        if not more:
            raise EOFError
        received += more
    return received
