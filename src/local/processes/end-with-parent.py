"""Becomes a command that gets SIGTERM when the process that started it is gone, however that one ended.

end-with-parent.py PARENT_PID LOCK_FILE COMMAND [ARGUMENT ...]

The lock file is held until the command itself ends: a new start waits for the one before it to be gone.
An empty LOCK_FILE means none. This works for programs that know nothing of it (a Valkey server), since both
the signal (PR_SET_PDEATHSIG) and the lock survive exec. Elsewhere than on Linux only the lock is taken.
"""

import ctypes
import fcntl
import os
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
LOCK_SECONDS = 30.0
EX_TEMPFAIL = 75


def end_with(parent: int) -> None:
    """Asks the kernel for SIGTERM at the parent's death, and ends at once if that has happened already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(EX_TEMPFAIL)


def hold(path: str) -> None:
    """Takes the lock and keeps its descriptor open across exec."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(descriptor, True)
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                sys.exit(f"{path} is still held by a process of an earlier start after {LOCK_SECONDS:.0f} s")
            time.sleep(0.02)


def main(parent: str, lock: str, *command: str) -> None:
    """Prepares this process, then becomes the command."""
    end_with(int(parent))
    if lock:
        hold(lock)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


main(*sys.argv[1:])
