"""Attacks that a locked-down child makes on itself, so that a host which enforces nothing is found out.

They run in a child of their own when a zygote starts, before any child serves. They call the kernel
directly, past Python's own checks; a refusal must be the kernel's.
"""

import contextlib
import ctypes
import mmap
import os
import resource
import socket
import struct
import threading
import time
from collections.abc import Callable

from strategiz_executor.sandbox.libc import LIBC, checked, prctl

PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
CLONE_NEWUSER = 0x10000000
PTRACE_ATTACH = 16
IPC_PRIVATE, IPC_CREAT_0600 = 0, 0o1600
STANDARD_ERROR = 2
OWN_SOCKET = 3
PR_SET_DUMPABLE = 4
MADV_HWPOISON = 100


def attacks(parent: int) -> dict[str, Callable[[], object]]:
    """Each attack by its name. One that returns has reached something."""
    return {
        "read a file": lambda: os.close(os.open("/etc/passwd", os.O_RDONLY)),
        "list a directory": lambda: os.listdir("/"),  # noqa: PTH208
        "look at a file": lambda: os.stat("/"),  # noqa: PTH116
        "make a file": lambda: os.close(os.open("/tmp/canary", os.O_CREAT | os.O_WRONLY, 0o600)),
        "open a TCP socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
        "open a UDP socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(),
        "open a Unix socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close(),
        "open a netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
        "fork": _fork,
        "start a thread": _start_thread,
        "run a program": lambda: os.execv("/bin/true", ["true"]),
        "signal its parent": lambda: os.kill(parent, 0),
        "signal everybody": lambda: os.kill(-1, 0),
        "trace its parent": lambda: checked(LIBC.ptrace(PTRACE_ATTACH, parent, None, None), "ptrace"),
        "see its parent's clock": lambda: time.clock_gettime((~parent << 3) | 2),  # as clock_getcpuclockid(3)
        "map executable memory": lambda: mmap.mmap(-1, mmap.PAGESIZE, PRIVATE, PROT_READ | PROT_EXEC),
        "make memory executable": _make_executable,
        "make a namespace": lambda: checked(LIBC.unshare(CLONE_NEWUSER), "unshare"),
        "poison memory": _poison_memory,
        "share memory": lambda: checked(LIBC.shmget(IPC_PRIVATE, mmap.PAGESIZE, IPC_CREAT_0600), "shmget"),
        "make a memory file": lambda: os.close(os.memfd_create("canary")),
        "write to the server's log": lambda: os.write(STANDARD_ERROR, b"canary\n"),
        "change its own limits": lambda: checked(
            LIBC.setrlimit(resource.RLIMIT_NOFILE, struct.pack("QQ", 1, 1)), "setrlimit"
        ),
        "change its own protection": lambda: prctl(PR_SET_DUMPABLE, 1),
        "send out of band": lambda: checked(LIBC.send(OWN_SOCKET, b"x", 1, socket.MSG_OOB), "send"),
        "pass a descriptor": _pass_a_descriptor,
    }


def reached(parent: int) -> list[str]:
    """Names of the attacks that were not refused."""
    names = []
    for name, attack in attacks(parent).items():
        with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: "can't start new thread"
            attack()
            names.append(name)
    return names


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _start_thread() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join(1.0)


def _make_executable() -> None:
    checked(LIBC.mprotect(_own_page(), mmap.PAGESIZE, PROT_READ | PROT_EXEC), "mprotect")


def _poison_memory() -> None:
    """Of no bytes at all: a kernel that lets it happen says so without doing harm."""
    checked(LIBC.madvise(_own_page(), ctypes.c_size_t(0), MADV_HWPOISON), "madvise")


def _own_page() -> ctypes.c_void_p:
    page = mmap.mmap(-1, mmap.PAGESIZE, PRIVATE)
    return ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(page)))


def _pass_a_descriptor() -> None:
    """Its own socket over its own socket. With all four given, Python asks the kernel nothing about it."""
    own = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, OWN_SOCKET)
    try:
        own.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", OWN_SOCKET))])
    finally:
        own.detach()
