"""The child's share of the cores, in the hands of its server.

Linux can divide the cores among sessions first and look at nice values only within one (autogroups, sched(7)): a
batch's child at nice 10 would have as much of a core as a worker or an API that was started in another session. So each
child is a session of its own, and the server gets a descriptor by which it can make that session nicer: once the child
is locked down, the file is its owner's no more.
"""

import contextlib
import os
import socket

from strategiz_executor.framing import READY_SOON

AUTOGROUP = "/proc/self/autogroup"


def hand_over_autogroup(server: socket.socket) -> None:
    """Says READY_SOON to the server, with the descriptor where the kernel has autogroups. Before the lockdown."""
    descriptors = []
    with contextlib.suppress(OSError):
        descriptors.append(os.open(AUTOGROUP, os.O_WRONLY | os.O_CLOEXEC))
    socket.send_fds(server, [READY_SOON], descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
