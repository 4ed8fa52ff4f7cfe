"""The seccomp filter of a child: a list of the few system calls that a strategy needs; all else is EPERM.

What 15 kinds of strategies were seen to make under strace, plus what the allocator needs for big arrays. Time
comes from the vDSO. A refused call raises PermissionError in Python, so that its author sees a line number; a
call of another architecture (i386 on x86-64) kills the process.

How it can go wrong, and what stands against it: numbers of another ABI (the architecture is checked first, and
x32 numbers have bit 30 set, so they match nothing), a call with a forbidden argument (PROT_EXEC, another
descriptor: checked in the filter, on values and not on memory).
"""

import ctypes
import platform
import struct
from dataclasses import dataclass

from .libc import syscall

_SECCOMP_SET_MODE_FILTER = 1
_ALLOW, _KILL, _EPERM = 0x7FFF0000, 0x80000000, 0x00050000 | 1
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_AT_NUMBER, _AT_ARCHITECTURE, _AT_ARGUMENTS = 0, 4, 16
_PROT_EXEC = 4

Instruction = tuple[int, int, int, int]


@dataclass(frozen=True)
class _Table:
    """System call numbers of one architecture."""

    audit: int
    seccomp: int
    plain: dict[str, int]
    on_socket: dict[str, int]
    without_exec: dict[str, int]


_TABLES = {
    "x86_64": _Table(
        audit=0xC000003E,
        seccomp=317,
        plain={
            "munmap": 11, "brk": 12, "mremap": 25, "madvise": 28, "futex": 202, "clock_gettime": 228,
            "getrandom": 318, "rt_sigreturn": 15, "exit": 60, "exit_group": 231, "getpid": 39, "gettid": 186,
            "getrusage": 98, "sched_yield": 24, "gettimeofday": 96, "time": 201, "restart_syscall": 219,
        },
        on_socket={"recvfrom": 45, "sendto": 44},
        without_exec={"mmap": 9, "mprotect": 10},
    ),
    "aarch64": _Table(
        audit=0xC00000B7,
        seccomp=277,
        plain={
            "munmap": 215, "brk": 214, "mremap": 216, "madvise": 233, "futex": 98, "clock_gettime": 113,
            "getrandom": 278, "rt_sigreturn": 139, "exit": 93, "exit_group": 94, "getpid": 172, "gettid": 178,
            "getrusage": 165, "sched_yield": 124, "gettimeofday": 169, "restart_syscall": 128,
        },
        on_socket={"recvfrom": 207, "sendto": 206},
        without_exec={"mmap": 222, "mprotect": 226},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """A compiled filter; `install` is one system call, so it is built before the fork."""

    seccomp_number: int
    program: ctypes.Array[ctypes.c_char]
    header: bytes

    def install(self) -> None:
        """Puts the filter on this process for good; needs no_new_privs. OSError where the kernel refuses."""
        syscall(self.seccomp_number, _SECCOMP_SET_MODE_FILTER, 0, self.header)


def build_filter(socket_descriptor: int, machine: str | None = None) -> Filter:
    """The filter of a child that may talk on `socket_descriptor` alone. KeyError on an unknown machine."""
    table = _TABLES[machine or platform.machine()]
    instructions = assemble(table, socket_descriptor)
    code = b"".join(struct.pack("<HBBI", *instruction) for instruction in instructions)
    program = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("<H6xQ", len(instructions), ctypes.addressof(program))
    return Filter(table.seccomp, program, header)


def assemble(table: _Table, socket_descriptor: int) -> list[Instruction]:
    """The program: architecture, then each allowed number with its condition, then EPERM."""
    program: list[Instruction] = [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_EQUAL, 1, 0, table.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
    ]
    for number in table.plain.values():
        program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for number in table.on_socket.values():
        program += _if_first_argument_is(number, socket_descriptor)
    for number in table.without_exec.values():
        program += _if_not_executable(number)
    return [*program, (_RETURN, 0, 0, _EPERM)]


def _if_first_argument_is(number: int, value: int) -> list[Instruction]:
    """The kernel takes a descriptor as 32 bits, so the low half decides."""
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _AT_ARGUMENTS),
        (_EQUAL, 0, 1, value),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _EPERM),
    ]


def _if_not_executable(number: int) -> list[Instruction]:
    """mmap and mprotect have their protection in the third argument."""
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _AT_ARGUMENTS + 2 * 8),
        (_ANY_BIT, 1, 0, _PROT_EXEC),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _EPERM),
    ]
