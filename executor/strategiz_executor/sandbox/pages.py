"""Pages that a job will touch, given to a child of its own before the job comes.

After a fork every page is shared until it is written, and each first write is a fault and a copy of
about 5 us; code of libraries is not mapped at all, and each first read maps 64 KB of it. Probe
children run rehearsals, and the zygote reads in their page maps what they touched (`probe`); each later
child gets those pages in bulk (MADV_POPULATE_WRITE, MADV_POPULATE_READ) at half the price and ahead of the
request. Nothing depends on it but speed: where a kernel lacks it, nothing happens.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Callable, Iterable, Sequence

from strategiz_executor.sandbox.libc import LIBC, prctl
from strategiz_executor.sandbox.probe import PAGE, probe, writable_areas

HUGE_PAGE = 2 << 20
MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_COLLAPSE = 22, 23, 25
PROCESS_MADVISE = 440
PR_SET_THP_DISABLE = 41
PIDFD_SELF = -10_000  # Linux >= 6.14
SPANS_PER_CALL = 1024
ENTRY = struct.Struct("<QQ")  # struct iovec: start, bytes

Span = tuple[int, int]


def touching(works: Sequence[Callable[[], None]]) -> Callable[[], None]:
    """A function for children that gives them the pages of `works` ahead; does nothing off Linux.

    Copied is what all of the works write: each page costs every child 2.2 us and 4 KB. Mapped is
    what any of them reads of files, which is shared and costs a tenth of that.
    """
    if not sys.platform.startswith("linux") or os.sysconf("SC_PAGE_SIZE") != PAGE:
        return lambda: None
    for work in works:
        probe(work)  # the first probes settle what the second ones then find
    touched = [probe(work) for work in works]
    copy = _populating(frozenset.intersection(*(each.written for each in touched)), MADV_POPULATE_WRITE)
    map_files = _populating(frozenset.union(*(each.mapped for each in touched)), MADV_POPULATE_READ)

    def touch() -> None:
        copy()
        map_files()

    return touch


def collapse_heap() -> None:
    """Makes huge pages of the heap where the kernel can: fewer page table entries to copy at a fork.

    None are made later: a child that got one would pay for 2 MB to write to 4 KB.
    """
    if not sys.platform.startswith("linux"):
        return
    for low, high, name in writable_areas("self"):
        first, last = -(-low // HUGE_PAGE) * HUGE_PAGE, high // HUGE_PAGE * HUGE_PAGE
        if last > first and name in ("", "[heap]"):
            LIBC.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), MADV_COLLAPSE)
    prctl(PR_SET_THP_DISABLE, 1)


def _populating(pages: Iterable[int], advice: int) -> Callable[[], None]:
    """A function that gives its process these pages."""
    spans = _spans(sorted(pages))
    entries = b"".join(ENTRY.pack(low, high - low) for low, high in spans)
    size = ENTRY.size * SPANS_PER_CALL
    blocks = [entries[start : start + size] for start in range(0, len(entries), size)]

    def populate() -> None:
        for block in blocks:
            if not _populate_block(block, advice):
                _populate_each(spans, advice)
                return

    return populate


def _populate_block(block: bytes, advice: int) -> bool:
    """One system call for many spans; False where the kernel does not offer it."""
    done = LIBC.syscall(
        ctypes.c_long(PROCESS_MADVISE),
        ctypes.c_int(PIDFD_SELF),
        block,
        ctypes.c_size_t(len(block) // ENTRY.size),
        ctypes.c_int(advice),
        ctypes.c_uint(0),
    )
    return int(done) >= 0


def _populate_each(spans: list[Span], advice: int) -> None:
    for low, high in spans:
        if LIBC.madvise(ctypes.c_void_p(low), ctypes.c_size_t(high - low), advice) != 0:
            return  # Linux < 5.14: pages are copied when they are written


def _spans(pages: list[int]) -> list[Span]:
    """Neighbouring pages joined."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1]:
            spans[-1][1] = page + PAGE
        else:
            spans.append([page, page + PAGE])
    return [(low, high) for low, high in spans]
