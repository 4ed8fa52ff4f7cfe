"""No memory that can be both written and run. Done once, by the zygote; its children inherit it.

The filter lets nobody make memory executable, so what has to go is what was already writable and
executable at the fork: libffi makes such pages for callbacks on some systems, and the personality
READ_IMPLIES_EXEC makes all memory executable.
"""

import ctypes
from pathlib import Path

from strategiz_executor.sandbox.libc import LIBC, checked

PROT_READ, PROT_EXEC = 1, 4
ASK_PERSONALITY = 0xFFFFFFFF
READ_IMPLIES_EXEC = 0x0400000


def seal_code() -> None:
    """Takes the write permission from executable memory.

    OSError where the kernel refuses; RuntimeError where all memory is executable (`setarch -X`).
    """
    personality = LIBC.personality(ctypes.c_ulong(ASK_PERSONALITY))
    if personality > 0 and personality & READ_IMPLIES_EXEC:  # gVisor has no personalities and answers -1
        raise RuntimeError("the personality READ_IMPLIES_EXEC is set: start the executor without it")
    for low, high in writable_code():
        length = ctypes.c_size_t(high - low)
        checked(LIBC.mprotect(ctypes.c_void_p(low), length, PROT_READ | PROT_EXEC), "mprotect")


def writable_code(process: str = "self") -> list[tuple[int, int]]:
    """Start and end of each area that can be written and run."""
    areas = []
    for line in Path(f"/proc/{process}/maps").read_text(encoding="ascii", errors="replace").splitlines():
        span, permissions, *_ = line.split()
        if "w" in permissions and "x" in permissions:
            low, high = (int(value, 16) for value in span.split("-"))
            areas.append((low, high))
    return areas
