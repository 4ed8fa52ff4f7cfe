"""The zygote: imports everything once, then forks a child for each order and reaps those it is told to.

It serves one server over the socket it inherited, and ends when that socket closes.
"""

import argparse
import contextlib
import gc
import json
import os
import signal
import socket
import threading

from strategiz_executor import framing
from strategiz_executor.memory import address_space_bytes, keep_freed_memory
from strategiz_executor.sandbox import child
from strategiz_executor.sandbox.gaps import fill_gaps
from strategiz_executor.sandbox.lockdown import LockdownLimits, die_with_parent, kernel_filters
from strategiz_executor.sandbox.pages import collapse_heap, touching
from strategiz_executor.sandbox.preload import preload, versions
from strategiz_executor.sandbox.rehearsal import last_rehearsal, usual_rehearsals, wide_rehearsal
from strategiz_executor.strategy.language import GUARDED_PYTHON, PLAIN_PYTHON
from strategiz_executor.strategy.run import warm_up

MEGABYTE = 1 << 20
ROUNDS = 5
CANARY_SECONDS = 10.0
CANARY_BYTES = 4096


def main() -> None:
    """Warms up, says hello, and obeys until the control socket closes."""
    options = _options()
    control = socket.socket(fileno=options.control)
    control.set_inheritable(False)
    die_with_parent(options.server)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the server decides
    zones = preload()
    layer = PLAIN_PYTHON if options.unsafe_no_language_layer else GUARDED_PYTHON
    warm_up(layer)
    settle, usual = wide_rehearsal(layer), usual_rehearsals(layer)
    last = last_rehearsal(layer)
    for _ in range(ROUNDS):
        settle()
        last()
    try:
        filters = None if options.unsafe_no_sandbox else kernel_filters()
    except (OSError, RuntimeError) as error:  # told to the server, which does not start
        failed = {"canary": f"{framing.LOCKDOWN_FAILED}: {error}"}
        _say(control, framing.HELLO, json.dumps(failed).encode())
        return
    gc.collect()
    gc.disable()
    gc.freeze()
    keep_freed_memory()
    fill_gaps()
    limits = LockdownLimits(
        address_space_bytes=address_space_bytes() + options.memory_mb * MEGABYTE,
        cpu_seconds=options.cpu_seconds,
        kernel=filters,
    )
    collapse_heap()
    routine = child.Routine(touching(usual), last, layer)
    hello = {**versions(), "time_zones": str(len(zones)), **_canary(limits)}
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the server has gone
        _say(control, framing.HELLO, json.dumps(hello).encode())
        _obey(control, limits, routine)


def _canary(limits: LockdownLimits) -> dict[str, str]:
    """What a locked-down child's attacks on itself came to; nothing where the sandbox is off."""
    if limits.kernel is None:
        return {}
    ours, theirs = socket.socketpair()
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        ours.close()
        child.attack_itself(theirs, zygote, limits)
    theirs.close()
    with ours:
        ours.settimeout(CANARY_SECONDS)
        told = b""
        while part := ours.recv(CANARY_BYTES):
            told += part
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return {"canary": told.decode(errors="replace").rpartition(framing.CANARY_SAYS)[2]}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Started by the executor's server, never by hand.")
    parser.add_argument("--server", type=int, required=True, help="process id of the server, its parent")
    parser.add_argument("--control", type=int, required=True, help="inherited socket to the server")
    parser.add_argument("--memory-mb", type=int, required=True, help="of a child, above the zygote's own")
    parser.add_argument("--cpu-seconds", type=int, required=True, help="of a child, its start included")
    parser.add_argument("--unsafe-no-sandbox", action="store_true")
    parser.add_argument("--unsafe-no-language-layer", action="store_true")
    return parser.parse_args()


def _obey(control: socket.socket, limits: LockdownLimits, routine: child.Routine) -> None:
    if threading.active_count() != 1:
        raise RuntimeError("the zygote has threads: a fork could hold their locks for ever")
    while True:
        order = control.recv(framing.COMMAND.size, socket.MSG_WAITALL)
        if len(order) < framing.COMMAND.size:
            return
        kind, value = framing.COMMAND.unpack(order)
        if kind == framing.FORK:
            for _ in range(value):
                _fork_child(control, limits, routine)
        elif kind == framing.REAP:
            _reap(control, value)


def _fork_child(control: socket.socket, limits: LockdownLimits, routine: child.Routine) -> None:
    ours, theirs = socket.socketpair()
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        ours.close()
        control.close()
        child.live(theirs, zygote, limits, routine)
    with ours, theirs:
        _say(control, framing.CHILD, framing.PID.pack(pid), [ours.fileno()])


def _reap(control: socket.socket, pid: int) -> None:
    """Kills and waits: until this the pid is the child's, dead or alive."""
    try:
        os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return
    report = framing.REPORT.pack(
        pid, status, int(usage.ru_utime * 1e6), int(usage.ru_stime * 1e6), int(usage.ru_maxrss)
    )
    _say(control, framing.REAPED, report)


def _say(control: socket.socket, kind: bytes, body: bytes, descriptors: list[int] | None = None) -> None:
    record = framing.RECORD.pack(kind, len(body)) + body
    sent = socket.send_fds(control, [record], descriptors or [])
    if sent < len(record):
        control.sendall(record[sent:])


if __name__ == "__main__":
    main()
