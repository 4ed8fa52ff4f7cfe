"""The server's end of one child: frames over its socket, its CPU clock, and the kill.

A child is disposable and hostile: every read has a cap, every wait a deadline of the caller's.
"""

import asyncio
import contextlib
import os
import resource
import select
import signal
import socket
import sys
import time
from pathlib import Path

from strategiz_executor.framing import FAILED, LENGTH, LONGEST_LAYERS, READY_SOON
from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.server.zygote_process import Zygote

ON_LINUX = sys.platform == "linux"
# No honest child sends a frame in pieces this small: one that does would keep the server as busy as itself.
CRUMB_BYTES = 1024
REHEARSE = RequestFrame(kind=RequestFrame.REHEARSE).SerializeToString()
LONGEST_REHEARSED = 64  # bytes
CRUMB_PAUSE_S = 0.001
FLAGS, PF_EXITING = 6, 0x4  # proc_pid_stat(5), from the state on; <linux/sched.h>


class ChildEnded(Exception):  # noqa: N818
    """The child closed its socket: it has ended, or is about to."""


class FrameTooLong(Exception):  # noqa: N818
    """The child announced more bytes than it may send; `size` of them."""

    def __init__(self, size: int) -> None:
        super().__init__(f"a frame of {size} bytes")
        self.size = size


class LockdownFailed(Exception):  # noqa: N818
    """The child could not be locked down; the message says why."""


class ChildLink:
    """One child from its fork to its kill."""

    def __init__(self, zygote: Zygote, pid: int, end: socket.socket) -> None:
        end.setblocking(False)
        self.zygote = zygote
        self.pid = pid
        self.layers: tuple[str, ...] = ()
        self.has_rehearsed = False
        self._loop = asyncio.get_running_loop()
        self._socket = end
        self._pidfd = _open_pidfd(pid)
        self._autogroup: int | None = None
        self._cpu_at_ready = 0.0
        self._ended = False

    async def become_ready(self) -> None:
        """Waits until the child says that it is locked down, and by which layers."""
        self._autogroup = await self._receive_autogroup()
        told = (await self.receive(LONGEST_LAYERS)).decode(errors="replace")
        if told.startswith(FAILED):
            raise LockdownFailed(told.removeprefix(FAILED))
        self.layers = tuple(name for name in told.split(",") if name)
        self._cpu_at_ready = self._cpu_clock()

    def make_nice(self, value: int) -> bool:
        """Gives the child less of the cores, as nice(2) does, or as much as others again.

        False: the kernel wants to be asked again later. Its session gets back what it had in any case, the process
        itself where the server may (CAP_SYS_NICE).
        """
        if self._ended:
            return True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, self.pid, value)
        try:
            if self._autogroup is not None:
                os.write(self._autogroup, str(value).encode())
        except OSError as error:
            return not isinstance(error, BlockingIOError)  # from ordinary users it takes ten a second
        return True

    async def rehearse(self) -> None:
        """Has the child go through made-up executions. Raises ChildEnded or FrameTooLong."""
        await self.send(REHEARSE)
        await self.receive(LONGEST_REHEARSED)
        self.has_rehearsed = True
        self._cpu_at_ready = self._cpu_clock()

    async def send(self, *parts: bytes) -> None:
        """Sends one frame, as it is or in parts. Raises ChildEnded."""
        size, sent = sum(map(len, parts)), 0
        pieces = (LENGTH.pack(size), *parts)
        try:
            with contextlib.suppress(BlockingIOError):
                sent = self._socket.sendmsg(pieces)
            if sent < LENGTH.size + size:
                await self._loop.sock_sendall(self._socket, memoryview(b"".join(pieces))[sent:])
        except OSError as error:
            raise ChildEnded from error

    async def receive(self, most: int) -> bytearray:
        """Reads one frame of at most `most` bytes. Raises ChildEnded or FrameTooLong."""
        (size,) = LENGTH.unpack(await self._read(LENGTH.size))
        if size > most:
            raise FrameTooLong(size)
        return await self._read(size)

    async def _receive_autogroup(self) -> int | None:
        while True:
            try:
                said, descriptors, _, _ = socket.recv_fds(self._socket, len(READY_SOON), 1)
            except BlockingIOError:
                await self._readable(None)
                continue
            except OSError as error:
                raise ChildEnded from error
            if said != READY_SOON:
                raise ChildEnded
            return descriptors[0] if descriptors else None

    async def receive_some(self, into: bytearray, until: float) -> memoryview:
        """Answers the bytes that came, in `into`; waits for some until the loop's time is `until`.

        Raises TimeoutError or ChildEnded. A cancelled sock_recv_into can lose bytes that it has read
        already, so this waits for the socket to be readable and reads then.
        """
        while True:
            try:
                count = self._socket.recv_into(into)
            except BlockingIOError:
                await self._readable(until)
                continue
            except OSError as error:
                raise ChildEnded from error
            if count == 0:
                raise ChildEnded
            return memoryview(into)[:count]

    async def _readable(self, until: float | None) -> None:
        ready = asyncio.Event()
        self._loop.add_reader(self._socket, ready.set)
        try:
            async with asyncio.timeout_at(until):
                await ready.wait()
        finally:
            self._loop.remove_reader(self._socket)

    def cpu_seconds(self) -> float:
        """CPU time used since the child became ready; 0 where the clock cannot be read."""
        return max(0.0, self._cpu_clock() - self._cpu_at_ready)

    def sleeps(self) -> bool:
        """Whether it waits for something else than a core; False where that cannot be told. Linux only."""
        return self._status()[:1] == [b"S"]

    def _status(self) -> list[bytes]:
        """What /proc/PID/stat tells from the process's state on; nothing where there is no such file."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            return []

    def limit_memory(self, bytes_less: int) -> None:
        """Takes `bytes_less` from the child's address space limit. Linux only."""
        if ON_LINUX and self.is_alive():
            _, hard = resource.prlimit(self.pid, resource.RLIMIT_AS)
            if hard != resource.RLIM_INFINITY:
                lower = max(0, hard - bytes_less)
                resource.prlimit(self.pid, resource.RLIMIT_AS, (lower, lower))

    def is_alive(self) -> bool:
        """Whether a waiting child can still be given work: it must be silent and connected."""
        if self._ended or self.zygote.lost:
            return False
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def has_exited(self) -> bool:
        """Whether the process is known to have ended, or to be about to; never known off Linux.

        A nice process without a core closes its sockets long before its end is over.
        """
        if self._pidfd is None:
            return ON_LINUX
        status = self._status()
        if len(status) > FLAGS and int(status[FLAGS]) & PF_EXITING:
            return True
        exited = select.poll()
        exited.register(self._pidfd, select.POLLIN)
        return bool(exited.poll(0))

    def kill(self) -> None:
        """Kills at once; the zygote's reap comes on top."""
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            elif not ON_LINUX and not self.zygote.lost and not self._ended:
                # Only the zygote reaps, and only when told: until then the pid is this child's.
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Closes the socket and the descriptors of the process."""
        self._ended = True
        self._socket.close()
        for descriptor in (self._pidfd, self._autogroup):
            if descriptor is not None:
                os.close(descriptor)
        self._pidfd = self._autogroup = None

    async def _read(self, size: int) -> bytearray:
        received = bytearray(size)
        view = memoryview(received)
        position = 0
        while position < size:
            try:
                count = await self._loop.sock_recv_into(self._socket, view[position:])
            except OSError as error:
                raise ChildEnded from error
            if count == 0:
                raise ChildEnded
            position += count
            if count < CRUMB_BYTES and position < size:
                await asyncio.sleep(CRUMB_PAUSE_S)
        return received

    def _cpu_clock(self) -> float:
        """The kernel's CPU clock of another process (clock_getcpuclockid): no file to open."""
        if not ON_LINUX:
            return 0.0
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0


def _open_pidfd(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid) if ON_LINUX else None
    except ProcessLookupError:
        return None
