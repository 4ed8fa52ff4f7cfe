"""One zygote: started by exec (the server never forks), told to fork children and to reap them.

The zygote ends when its control socket closes, and by PR_SET_PDEATHSIG when the server is killed.
"""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from strategiz_executor import framing

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
READ_BYTES = 1 << 16
CLOSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class ZygoteSettings:
    """What a zygote is told at its start: its children's limits and the layers that are on."""

    memory_mb: int
    cpu_seconds: int
    sandbox: bool
    language_layer: bool


@dataclass(frozen=True, slots=True)
class Reaped:
    """How a child ended, as wait4 told the zygote."""

    status: int
    cpu_s: float
    peak_resident_kb: int


class ZygoteLost(Exception):  # noqa: N818
    """The zygote has ended or does not answer."""


class Zygote:
    """A running zygote process and its control socket."""

    def __init__(
        self,
        settings: ZygoteSettings,
        generation: int,
        on_child: Callable[["Zygote", int, socket.socket], None],
        on_lost: Callable[["Zygote"], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_child = on_child
        self._on_lost = on_lost
        self._buffer = bytearray()
        self._descriptors: deque[int] = deque()
        self._reports: dict[int, asyncio.Future[Reaped]] = {}
        self.hello: asyncio.Future[dict[str, str]] = self._loop.create_future()
        self.generation = generation
        self.born = self._loop.time()
        self.executions = 0
        self.forks_under_way = 0
        self.retired = False
        """It forks no more, and ends with the last of its children."""
        self.lost = False
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = _spawn(settings, theirs.fileno())
        self._control.setblocking(False)
        self._loop.add_reader(self._control, self._read)

    @property
    def pid(self) -> int:
        """The zygote's process id."""
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        """Whether it has said hello and lives."""
        return self.hello.done() and not self.lost and self.hello.exception() is None

    def fork(self, count: int) -> None:
        """Orders `count` children; each arrives by `on_child`."""
        self.forks_under_way += count
        self._order(framing.FORK, count)

    def reap(self, pid: int) -> asyncio.Future[Reaped]:
        """Orders a child killed and reaped; the future tells how it ended, or raises ZygoteLost."""
        report = self._reports.get(pid)
        if report is None:
            report = self._reports[pid] = self._loop.create_future()
            report.add_done_callback(_retrieve)
            self._order(framing.REAP, pid)
        return report

    async def close(self) -> None:
        """Closes the control socket, on which the zygote ends, and waits for that; then kills."""
        self._lose()
        deadline = self._loop.time() + CLOSE_SECONDS
        while self._process.poll() is None and self._loop.time() < deadline:
            await asyncio.sleep(0.005)
        if self._process.poll() is None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait, CLOSE_SECONDS)

    def _order(self, kind: bytes, value: int) -> None:
        """Sends a command. A zygote that does not read its commands is as good as lost."""
        if self.lost:
            return
        try:
            self._control.send(framing.COMMAND.pack(kind, value))
        except OSError:
            self._loop.call_soon(self._lose)

    def _read(self) -> None:
        try:
            received, descriptors, _, _ = socket.recv_fds(self._control, READ_BYTES, 64)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            received, descriptors = b"", []
        self._descriptors.extend(descriptors)
        if not received:
            self._lose()
            return
        self._buffer += received
        while self._take_record():
            pass

    def _take_record(self) -> bool:
        head = framing.RECORD.size
        if len(self._buffer) < head:
            return False
        kind, size = framing.RECORD.unpack_from(self._buffer)
        if len(self._buffer) < head + size:
            return False
        body = bytes(self._buffer[head : head + size])
        del self._buffer[: head + size]
        self._accept(kind, body)
        return True

    def _accept(self, kind: bytes, body: bytes) -> None:
        if kind == framing.HELLO and not self.hello.done():
            self._greet({str(name): str(value) for name, value in json.loads(body).items()})
        elif kind == framing.CHILD:
            self.forks_under_way -= 1
            end = socket.socket(fileno=self._descriptors.popleft())
            self._on_child(self, framing.PID.unpack(body)[0], end)
        elif kind == framing.REAPED:
            pid, status, user_us, system_us, peak_kb = framing.REPORT.unpack(body)
            report = self._reports.pop(pid, None)
            if report is not None and not report.done():
                report.set_result(Reaped(status, (user_us + system_us) / 1e6, peak_kb))

    def _greet(self, told: dict[str, str]) -> None:
        """A zygote whose canary reached something is of no use: it must not serve."""
        canary = told.get("canary", framing.ALL_REFUSED)
        if canary == framing.ALL_REFUSED:
            self.hello.set_result(told)
            return
        failed = not canary or canary.startswith(framing.LOCKDOWN_FAILED)
        complaint = canary or "its canary ended without a word" if failed else f"a canary could {canary}"
        self.hello.set_exception(
            ZygoteLost(
                f"this host does not enforce the sandbox: {complaint}. docs/security.md says what it needs;"
                " --unsafe-no-sandbox runs without protection"
            )
        )
        self._loop.call_soon(self._lose)

    def _lose(self) -> None:
        """Runs once: forgets the zygote, fails what waits for it, and says so."""
        if self.lost:
            return
        self.lost = True
        self._loop.remove_reader(self._control)
        self._control.close()
        while self._descriptors:
            os.close(self._descriptors.popleft())
        if not self.hello.done():
            self.hello.set_exception(ZygoteLost("the zygote ended"))
        for report in self._reports.values():
            if not report.done():
                report.set_exception(ZygoteLost("the zygote ended"))
        self._reports.clear()
        _retrieve(self.hello)
        self._on_lost(self)


def _retrieve(future: asyncio.Future[Reaped] | asyncio.Future[dict[str, str]]) -> None:
    """Marks an exception as seen: not everyone who orders a child reaped waits for the report."""
    with contextlib.suppress(asyncio.CancelledError, ZygoteLost):
        if future.done():
            future.exception()


def _spawn(settings: ZygoteSettings, control: int) -> subprocess.Popen[bytes]:
    """Starts a zygote. Without preexec_fn Popen uses vfork and exec: the server itself never forks."""
    command = [sys.executable, "-P", "-s", "-m", "strategiz_executor.sandbox.zygote"]
    command += ["--server", str(os.getpid()), "--control", str(control)]
    command += ["--memory-mb", str(settings.memory_mb)]
    command += ["--cpu-seconds", str(settings.cpu_seconds)]
    command += [] if settings.sandbox else ["--unsafe-no-sandbox"]
    command += [] if settings.language_layer else ["--unsafe-no-language-layer"]
    environment = {
        "PYTHONPATH": str(PACKAGE_ROOT),
        "PYTHONHASHSEED": "0",  # the same job gives the same answer, sets included
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }
    return subprocess.Popen(command, pass_fds=[control], env=environment, cwd="/", stdin=subprocess.DEVNULL)
