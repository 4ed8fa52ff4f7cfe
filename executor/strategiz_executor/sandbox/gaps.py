"""Gaps in the zygote's memory, filled before it forks.

Imports and warm-up leave some 7 MB of freed blocks all over the zygote's memory. A child would allocate from them, at
each execution from others: none beside another, on pages that it still shares, so that each costs a fault and a copy.
With the gaps filled it allocates from one stretch at the end, and after a rehearsal from the same pages again. Nothing
depends on it but speed: with another C library or allocator nothing happens, or less.
"""

import ctypes
import sys

import numpy as np

from strategiz_executor.memory import address_space_bytes
from strategiz_executor.sandbox.libc import LIBC

# malloc/malloc.c of glibc
LARGEST_TAKEN = 2 << 20  # below what is mapped on its own (memory.py)
EXACT_UP_TO = 1104  # above, sizes of gaps are tried in steps of a sixteenth
CHUNK_STEP, CHUNK_HEAD, SMALLEST_CHUNK = 16, 8, 32

# Objects/obmalloc.c of CPython
SMALL_STEP, LARGEST_SMALL = 16, 512
POOL_BYTES, POOL_HEAD = 1 << 14, 48
ARENA_BYTES = 1 << 20
MOST_BYTES = 16 << 20

# numpy/_core/src/multiarray/alloc.c keeps freed data up to so many bytes, and shapes up to so many dimensions
KEPT_DATA, KEPT_DIMENSIONS, KEPT_OF_EACH = 1024, 16, 7

_kept: list[np.ndarray] = []
_taken: list[int] = []


class _HeapFigures(ctypes.Structure):
    """struct mallinfo2 of glibc."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    )


def fill_gaps() -> None:
    """Takes every free block that lies between used ones, for good."""
    for size in range(KEPT_DATA):
        _kept.extend(np.empty(size, np.uint8) for _ in range(KEPT_OF_EACH))
    for dimensions in range(1, KEPT_DIMENSIONS + 1):
        _kept.extend(np.empty((1,) * dimensions, np.uint8) for _ in range(KEPT_OF_EACH))
    if hasattr(LIBC, "mallinfo2"):
        _fill_heap()
    if sys.platform.startswith("linux"):
        _fill_pools()


def heap_gap_bytes() -> int:
    """Free bytes of the C heap that do not lie at its end; 0 where the C library does not tell (glibc >= 2.33)."""
    if not hasattr(LIBC, "mallinfo2"):
        return 0
    figures = _heap_figures()
    return int(figures.fordblks - figures.keepcost)


def _heap_figures() -> _HeapFigures:
    LIBC.mallinfo2.restype = _HeapFigures
    figures: _HeapFigures = LIBC.mallinfo2()
    return figures


def _fill_heap() -> None:
    """Takes free chunks, the large ones first, until each size comes from the end of the heap."""
    malloc, free, sbrk = LIBC.malloc, LIBC.free, LIBC.sbrk
    malloc.argtypes, malloc.restype = (ctypes.c_size_t,), ctypes.c_void_p
    free.argtypes, free.restype = (ctypes.c_void_p,), None
    sbrk.argtypes, sbrk.restype = (ctypes.c_ssize_t,), ctypes.c_void_p
    end = sbrk(0) - _heap_figures().keepcost
    left = heap_gap_bytes()
    sizes = [LARGEST_TAKEN]
    while sizes[-1] > EXACT_UP_TO:
        sizes.append(sizes[-1] * 15 // 16)
    sizes += [chunk - CHUNK_HEAD for chunk in range(EXACT_UP_TO, SMALLEST_CHUNK - 1, -CHUNK_STEP)]
    for size in sizes:
        while left > 0 and (taken := malloc(size)) < end:
            left -= size
        if left > 0:
            free(taken)


def _fill_pools() -> None:
    """Takes what is free in the pools and arenas of small objects, until a new arena is made."""
    take = ctypes.pythonapi.PyObject_Malloc
    take.argtypes, take.restype = (ctypes.c_size_t,), ctypes.c_void_p
    for size in range(SMALL_STEP, LARGEST_SMALL + 1, SMALL_STEP):
        first = last = 0
        for _ in range(MOST_BYTES // size):
            block = take(size)
            _taken.append(block)  # a number takes a small block itself: freed, it would be the next one
            if block < last or block // POOL_BYTES != last // POOL_BYTES:
                first = block
            last = block
            if first % POOL_BYTES < POOL_HEAD + 3 * size and last % POOL_BYTES >= POOL_BYTES - 3 * size:
                break  # from one end of a pool to the other: it was empty, so there are none with gaps left
    before = address_space_bytes()
    for _ in range(MOST_BYTES // POOL_BYTES):
        for _ in range((POOL_BYTES - POOL_HEAD) // LARGEST_SMALL):
            take(LARGEST_SMALL)
        if address_space_bytes() >= before + ARENA_BYTES:
            return
