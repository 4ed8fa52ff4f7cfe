"""The seccomp filter of a child: the few system calls that a strategy needs, with the arguments it needs.

All else is EPERM, so that Python raises PermissionError and its author sees a line number; a call of another
architecture (int 0x80 on x86-64) kills the process. Allowed is what 15 kinds of strategies were seen to make under
strace, plus what the allocator needs for big arrays. Time comes from the vDSO.

Filters see values and not memory, so only values are checked:
- numbers of another ABI: the architecture comes first, and x32 numbers have bit 30 set and match nothing;
- `mmap`, `mprotect`: never executable, and only private anonymous memory;
- `madvise`: no advice that reaches beyond the process (page poisoning, which root may ask for; deduplication; lazy
  freeing, by which CVE-2026-31398 made pages writable that a fork shares, as all children share the zygote's);
- `clock_gettime`: no CPU clock of another process, which would tell who else lives and works here;
- `sendto`, `recvfrom`: the child's own socket, no address, and none of the flags behind kernel faults
  (out-of-band data of Unix sockets: CVE-2025-38236 led out of a browser's sandbox);
- `futex`: private waiting and waking; not the priority inheritance of CVE-2014-3153, and not the shared kind, by which
  two children could wake one another at a page of a library that both have.
"""

import ctypes
import platform
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from strategiz_executor.sandbox.libc import syscall

SECCOMP_SET_MODE_FILTER = 1
ALLOW, KILL, EPERM = 0x7FFF0000, 0x80000000, 0x00050000 | 1
LOAD, EQUAL, AND, RETURN = 0x20, 0x15, 0x54, 0x06
AT_NUMBER, AT_ARCHITECTURE, AT_ARGUMENTS = 0, 4, 16
ALL_BITS = 0xFFFFFFFF

PROT_READ_WRITE = 3
MAP_PRIVATE_ANONYMOUS = 0x22
MAP_TYPE, MAP_GROWSDOWN, MAP_LOCKED, MAP_HUGETLB = 0x0F, 0x100, 0x2000, 0x40000
MAP_CHECKED = MAP_TYPE | MAP_PRIVATE_ANONYMOUS | MAP_GROWSDOWN | MAP_LOCKED | MAP_HUGETLB
MREMAP_MAYMOVE = 1
MADV_DONTNEED, MADV_HUGEPAGE, MADV_NOHUGEPAGE = 4, 14, 15
FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET = 0, 1, 9, 10
FUTEX_PRIVATE, FUTEX_REALTIME = 128, 256
FUTEX_OPERATIONS = (FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET)
GRND_NONBLOCK = 1
MSG_WAITALL, MSG_NOSIGNAL = 0x100, 0x4000
OWN_CLOCKS = 0x0F  # the system's clocks are 0 to 11; a clock of a process is a negative number

Instruction = tuple[int, int, int, int]
"""Operation, jump if true, jump if false, operand."""


@dataclass(frozen=True)
class Check:
    """`values` are what the masked bits of an argument may be; of its low half, or its high one."""

    argument: int
    values: tuple[int, ...]
    mask: int = ALL_BITS
    high_half: bool = False


def _null(argument: int) -> tuple[Check, Check]:
    return Check(argument, (0,)), Check(argument, (0,), high_half=True)


def _all_but(bits: int) -> int:
    return ALL_BITS & ~bits


def rules(socket_descriptor: int) -> Mapping[str, tuple[Check, ...]]:
    """Every call that is let through, and the checks that all have to hold for it."""
    own_socket = Check(0, (socket_descriptor,))
    return {
        **dict.fromkeys(("munmap", "brk", "exit", "exit_group", "getpid", "gettid", "getrusage"), ()),
        **dict.fromkeys(("sched_yield", "gettimeofday", "time", "restart_syscall"), ()),
        "madvise": (Check(2, (MADV_DONTNEED, MADV_HUGEPAGE, MADV_NOHUGEPAGE)),),
        "recvfrom": (own_socket, Check(3, (0,), _all_but(MSG_WAITALL)), *_null(4)),
        "sendto": (own_socket, Check(3, (0,), _all_but(MSG_NOSIGNAL)), *_null(4)),
        "mmap": (
            Check(2, (0,), _all_but(PROT_READ_WRITE)),
            Check(3, (MAP_PRIVATE_ANONYMOUS,), MAP_CHECKED),
        ),
        "mprotect": (Check(2, (0,), _all_but(PROT_READ_WRITE)),),
        "mremap": (Check(3, (0,), _all_but(MREMAP_MAYMOVE)),),
        "futex": (
            Check(1, tuple(FUTEX_PRIVATE | each for each in FUTEX_OPERATIONS), _all_but(FUTEX_REALTIME)),
        ),
        "clock_gettime": (Check(0, (0,), _all_but(OWN_CLOCKS)),),
        "getrandom": (Check(2, (0,), _all_but(GRND_NONBLOCK)),),
    }


@dataclass(frozen=True)
class Architecture:
    """The kernel's number for an architecture, that of seccomp(2) on it, and those of the calls in `rules`."""

    audit: int
    seccomp: int
    numbers: Mapping[str, int]


ARCHITECTURES = {
    "x86_64": Architecture(
        audit=0xC000003E,
        seccomp=317,
        numbers={
            "munmap": 11, "brk": 12, "exit": 60, "exit_group": 231, "getpid": 39, "gettid": 186, "getrusage": 98,
            "sched_yield": 24, "gettimeofday": 96, "time": 201, "restart_syscall": 219, "madvise": 28,
            "recvfrom": 45, "sendto": 44, "mmap": 9, "mprotect": 10, "mremap": 25, "futex": 202,
            "clock_gettime": 228, "getrandom": 318,
        },
    ),
    # include/uapi/asm-generic/unistd.h of the kernel; there is no `time`.
    "aarch64": Architecture(
        audit=0xC00000B7,
        seccomp=277,
        numbers={
            "munmap": 215, "brk": 214, "exit": 93, "exit_group": 94, "getpid": 172, "gettid": 178, "getrusage": 165,
            "sched_yield": 124, "gettimeofday": 169, "restart_syscall": 128, "madvise": 233,
            "recvfrom": 207, "sendto": 206, "mmap": 222, "mprotect": 226, "mremap": 216, "futex": 98,
            "clock_gettime": 113, "getrandom": 278,
        },
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
        syscall("seccomp", self.seccomp_number, SECCOMP_SET_MODE_FILTER, 0, self.header)


def build_filter(socket_descriptor: int, machine: str | None = None) -> Filter:
    """The filter of a child that may talk on `socket_descriptor` alone. RuntimeError on an unknown machine."""
    machine = machine or platform.machine()
    if machine not in ARCHITECTURES:
        raise RuntimeError(
            f"no system calls are known for {machine}: it has to be {' or '.join(ARCHITECTURES)}"
        )
    architecture = ARCHITECTURES[machine]
    instructions = assemble(architecture, socket_descriptor)
    code = b"".join(struct.pack("<HBBI", *instruction) for instruction in instructions)
    program = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("<H6xQ", len(instructions), ctypes.addressof(program))
    return Filter(architecture.seccomp, program, header)


def assemble(architecture: Architecture, socket_descriptor: int) -> list[Instruction]:
    """The program: architecture, then each allowed number with its checks, then EPERM."""
    program: list[Instruction] = [
        (LOAD, 0, 0, AT_ARCHITECTURE),
        (EQUAL, 1, 0, architecture.audit),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, AT_NUMBER),
    ]
    for name, checks in rules(socket_descriptor).items():
        if name in architecture.numbers:
            body = [instruction for check in checks for instruction in _refuse_unless(check)]
            body.append((RETURN, 0, 0, ALLOW))
            program += [(EQUAL, 0, len(body), architecture.numbers[name]), *body]
    return [*program, (RETURN, 0, 0, EPERM)]


def _refuse_unless(check: Check) -> list[Instruction]:
    """Falls through where one value fits; each comparison jumps over those after it and the refusal."""
    place = AT_ARGUMENTS + 8 * check.argument + (4 if check.high_half else 0)
    left = range(len(check.values), 0, -1)
    comparisons = [(EQUAL, jump, 0, value) for jump, value in zip(left, check.values, strict=True)]
    return [(LOAD, 0, 0, place), (AND, 0, 0, check.mask), *comparisons, (RETURN, 0, 0, EPERM)]
