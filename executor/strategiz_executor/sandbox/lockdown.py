"""Locks a child down before any byte of a user reaches it. What fails here ends the child.

`lock_down` is the one place where layers are put on, in order: limits, no_new_privs, descriptors,
environment, Landlock, and seccomp last, since it refuses what the others need.
"""

import os
import resource
import sys
from dataclasses import dataclass

from strategiz_executor.sandbox import landlock, seccomp
from strategiz_executor.sandbox.libc import prctl

SOCKET = 3  # the child's only descriptor
HIGHEST_DESCRIPTOR = 1 << 16
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
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
    """The filters of this machine. KeyError where its architecture has no table of system calls."""
    return KernelFilters(seccomp.build_filter(SOCKET), landlock.version())


def lock_down(limits: LockdownLimits) -> list[str]:
    """Puts every layer on and returns the names of those that hold."""
    layers = ["rlimits"]
    _limit_resources(limits)
    if limits.kernel is not None:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        prctl(PR_SET_DUMPABLE, 0)
        layers.append("no_new_privs")
    os.closerange(0, SOCKET)
    os.closerange(SOCKET + 1, HIGHEST_DESCRIPTOR)
    os.environ.clear()
    layers += ["descriptors", "environment"]
    return layers if limits.kernel is None else layers + _install(limits.kernel)


def _install(kernel: KernelFilters) -> list[str]:
    layers = []
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


def _limit_resources(limits: LockdownLimits) -> None:
    wanted = [
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_NOFILE, SOCKET + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ]
    if ON_LINUX:
        wanted += [(resource.RLIMIT_AS, limits.address_space_bytes), (resource.RLIMIT_NPROC, 0)]
    for which, value in wanted:
        _, hard = resource.getrlimit(which)
        lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (lowered, lowered))
