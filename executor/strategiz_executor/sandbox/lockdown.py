"""Locks a child down before any byte of a user reaches it. What fails here ends the child.

`lock_down` is the one place where layers are put on, in order: limits, no_new_privs, capabilities,
descriptors, environment, Landlock, and seccomp last, since it refuses what the others need.
"""

import contextlib
import os
import resource
import struct
import sys
from dataclasses import dataclass

from strategiz_executor.sandbox import landlock, seccomp
from strategiz_executor.sandbox.code_memory import seal_code
from strategiz_executor.sandbox.libc import LIBC, checked, prctl

SOCKET = 3  # the child's only descriptor
HIGHEST_DESCRIPTOR = 1 << 16
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1  # Linux >= 6.3
CAPABILITY_VERSION_3 = 0x20080522
MOST_WANTED_BY_OUT_OF_MEMORY = b"1000"
SIGKILL = 9
ON_LINUX = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class KernelFilters:
    """What is built once in the zygote: a child only installs it."""

    seccomp: seccomp.Filter
    landlock: int
    """Version of the kernel's Landlock; 0 where there is none."""


@dataclass(frozen=True, slots=True)
class LockdownLimits:
    """What the kernel enforces: bytes of address space in all, and seconds of CPU time."""

    address_space_bytes: int
    cpu_seconds: int
    kernel: KernelFilters | None
    """None where the operator switched the sandbox off."""


def kernel_filters() -> KernelFilters:
    """The filters of this machine; seals the zygote's own code on the way.

    OSError where the kernel refuses; RuntimeError where code cannot be sealed, or the architecture is unknown.
    """
    seal_code()
    return KernelFilters(seccomp.build_filter(SOCKET), landlock.version())


def lock_down(limits: LockdownLimits) -> list[str]:
    """Puts every layer on and returns the names of those that hold."""
    layers = ["rlimits"]
    _limit_resources(limits)
    if limits.kernel is not None:
        _be_killed_first()
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        prctl(PR_SET_DUMPABLE, 0)
        _drop_capabilities()
        layers += ["no_new_privs", "capabilities"]
    os.closerange(0, SOCKET)
    os.closerange(SOCKET + 1, HIGHEST_DESCRIPTOR)
    os.environ.clear()
    layers += ["descriptors", "environment"]
    return layers if limits.kernel is None else layers + _install(limits.kernel)


def _install(kernel: KernelFilters) -> list[str]:
    layers = []
    with contextlib.suppress(OSError):  # an older kernel: seccomp alone refuses executable memory
        prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN)
    if kernel.landlock > 0:
        landlock.restrict(kernel.landlock)
        layers.append("landlock")
    kernel.seccomp.install()
    return [*layers, "seccomp"]


def die_with_parent(parent: int) -> None:
    """Asks for SIGKILL when the parent ends; ends at once if it already has. Linux only."""
    if ON_LINUX:
        prctl(PR_SET_PDEATHSIG, SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _be_killed_first() -> None:
    """Where the machine runs out of memory the kernel shall end a child, not the server."""
    with contextlib.suppress(OSError):  # /proc may be absent or read-only
        descriptor = os.open("/proc/self/oom_score_adj", os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, MOST_WANTED_BY_OUT_OF_MEMORY)
        finally:
            os.close(descriptor)


def _drop_capabilities() -> None:
    """Gives up what root may do. An ordinary user has none, and may say so again."""
    header, none = struct.pack("<Ii", CAPABILITY_VERSION_3, 0), bytes(24)
    checked(LIBC.capset(header, none), "capset")


def _limit_resources(limits: LockdownLimits) -> None:
    wanted = [
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_NOFILE, SOCKET + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ]
    if ON_LINUX:
        wanted += [(resource.RLIMIT_AS, limits.address_space_bytes), (resource.RLIMIT_NPROC, 0)]
    try:
        for which, value in wanted:
            _, hard = resource.getrlimit(which)
            lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(which, (lowered, lowered))
    except OSError as error:  # which names no call of its own
        raise OSError(error.errno, f"setrlimit: {error.strerror}") from error
