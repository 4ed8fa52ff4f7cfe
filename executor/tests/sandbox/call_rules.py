"""Which system calls a strategy's process may make, said a second time: for the filter to be held against.

By name and in whole values, where the filter knows numbers, masks and halves of registers.
"""

import mmap
import socket
from collections.abc import Callable

OWN_SOCKET = 3
SHARING = 0x0F  # the bits of mmap's flags that say whose the memory is
MAP_GROWSDOWN, MAP_LOCKED, MAP_HUGETLB = 0x100, 0x2000, 0x40000
MADV_DONTNEED, MADV_HUGEPAGE, MADV_NOHUGEPAGE = 4, 14, 15
FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET = 0, 1, 9, 10
FUTEX_PRIVATE, FUTEX_REALTIME = 128, 256
HIGHEST_CLOCK = 15  # the system has 0 to 11; those of processes are negative
GRND_NONBLOCK = 1
MREMAP_MAYMOVE = 1

Arguments = tuple[int, int, int, int, int, int]


def _low(value: int) -> int:
    """What the kernel sees of an argument that it declares as an int."""
    return value & 0xFFFFFFFF


def _always(_: Arguments) -> bool:
    return True


def _readable_or_writable(arguments: Arguments) -> bool:
    return _low(arguments[2]) <= mmap.PROT_READ | mmap.PROT_WRITE


def _map(arguments: Arguments) -> bool:
    flags = arguments[3]
    private = flags & SHARING == mmap.MAP_PRIVATE and flags & mmap.MAP_ANONYMOUS
    special = flags & (MAP_GROWSDOWN | MAP_LOCKED | MAP_HUGETLB)
    return _readable_or_writable(arguments) and bool(private) and not special


def _remap(arguments: Arguments) -> bool:
    return _low(arguments[3]) in (0, MREMAP_MAYMOVE)


def _advise(arguments: Arguments) -> bool:
    return _low(arguments[2]) in (MADV_DONTNEED, MADV_HUGEPAGE, MADV_NOHUGEPAGE)


def _send(arguments: Arguments) -> bool:
    descriptor, _, _, flags, address, _ = arguments
    return _low(descriptor) == OWN_SOCKET and _low(flags) in (0, socket.MSG_NOSIGNAL) and address == 0


def _receive(arguments: Arguments) -> bool:
    descriptor, _, _, flags, address, _ = arguments
    return _low(descriptor) == OWN_SOCKET and _low(flags) in (0, socket.MSG_WAITALL) and address == 0


def _wait_or_wake(arguments: Arguments) -> bool:
    operation = _low(arguments[1])
    command = operation & ~(FUTEX_PRIVATE | FUTEX_REALTIME)
    return bool(operation & FUTEX_PRIVATE) and command in (
        FUTEX_WAIT,
        FUTEX_WAKE,
        FUTEX_WAIT_BITSET,
        FUTEX_WAKE_BITSET,
    )


def _own_clock(arguments: Arguments) -> bool:
    return _low(arguments[0]) <= HIGHEST_CLOCK


def _plain_randomness(arguments: Arguments) -> bool:
    return _low(arguments[2]) in (0, GRND_NONBLOCK)


MAY: dict[str, Callable[[Arguments], bool]] = {
    "brk": _always,
    "clock_gettime": _own_clock,
    "exit": _always,
    "exit_group": _always,
    "futex": _wait_or_wake,
    "getpid": _always,
    "getrandom": _plain_randomness,
    "getrusage": _always,
    "gettid": _always,
    "gettimeofday": _always,
    "madvise": _advise,
    "mmap": _map,
    "mprotect": _readable_or_writable,
    "mremap": _remap,
    "munmap": _always,
    "recvfrom": _receive,
    "restart_syscall": _always,
    "sched_yield": _always,
    "sendto": _send,
    "time": _always,
}
"""Every call that may pass, and with which arguments."""

ONLY_ON_X86 = ("time",)

PASSING: dict[str, Arguments] = {
    "clock_gettime": (1, 0, 0, 0, 0, 0),
    "futex": (0, FUTEX_WAIT | FUTEX_PRIVATE, 0, 0, 0, 0),
    "getrandom": (0, 16, GRND_NONBLOCK, 0, 0, 0),
    "madvise": (0, 4096, MADV_DONTNEED, 0, 0, 0),
    "mmap": (0, 4096, 3, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 2**64 - 1, 0),
    "mprotect": (0, 4096, 3, 0, 0, 0),
    "mremap": (0, 4096, 8192, MREMAP_MAYMOVE, 0, 0),
    "recvfrom": (OWN_SOCKET, 0, 4, socket.MSG_WAITALL, 0, 0),
    "sendto": (OWN_SOCKET, 0, 4, socket.MSG_NOSIGNAL, 0, 0),
}
"""A call that passes, for those with rules about arguments."""
