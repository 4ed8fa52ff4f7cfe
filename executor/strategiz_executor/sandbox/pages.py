"""Pages that a job will write, given to a child of its own before the job comes.

After a fork every page is shared until it is written, and each first write is a fault of about
0.7 us and a copy: 900 of them in one execution. A probe child runs a rehearsal and reads from its own
pagemap which pages it had to copy; each later child has just those copied in bulk
(MADV_POPULATE_WRITE). Nothing depends on it but speed: where a kernel lacks it, nothing happens.
"""

import array
import ctypes
import os
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from strategiz_executor.sandbox.libc import LIBC, prctl

PAGE = 4096
HUGE_PAGE = 2 << 20
MADV_POPULATE_WRITE, MADV_COLLAPSE = 23, 25
PROCESS_MADVISE = 440
PR_SET_THP_DISABLE = 41
PIDFD_SELF = -10_000  # Linux >= 6.14
SPANS_PER_CALL = 1024
# /proc/PID/pagemap: present, mapped by this process alone, file page.
PRESENT, EXCLUSIVE, FILE = 1 << 63, 1 << 56, 1 << 61

Span = tuple[int, int]


def touching(work: Callable[[], None]) -> Callable[[], None]:
    """A function for children that copies the pages which `work` writes; does nothing off Linux."""
    if not sys.platform.startswith("linux") or os.sysconf("SC_PAGE_SIZE") != PAGE:
        return lambda: None
    _written_pages(work)  # the first probe settles what the second then finds
    spans = _spans(_written_pages(work))
    iov = b"".join(struct.pack("<QQ", low, high - low) for low, high in spans)
    size = 16 * SPANS_PER_CALL
    blocks = [iov[start : start + size] for start in range(0, len(iov), size)]

    def touch() -> None:
        for block in blocks:
            if not _populate_block(block):
                _populate_each(spans)
                return

    return touch


def collapse_heap() -> None:
    """Makes huge pages of the heap where the kernel can: fewer page table entries to copy at a fork.

    None are made later: a child that got one would pay for 2 MB to write to 4 KB.
    """
    if not sys.platform.startswith("linux"):
        return
    for low, high, name in _writable_areas():
        first, last = -(-low // HUGE_PAGE) * HUGE_PAGE, high // HUGE_PAGE * HUGE_PAGE
        if last > first and name in ("", "[heap]"):
            LIBC.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), MADV_COLLAPSE)
    prctl(PR_SET_THP_DISABLE, 1)


def _populate_block(block: bytes) -> bool:
    """One system call for many spans; False where the kernel does not offer it."""
    done = LIBC.syscall(
        ctypes.c_long(PROCESS_MADVISE),
        ctypes.c_int(PIDFD_SELF),
        block,
        ctypes.c_size_t(len(block) // 16),
        ctypes.c_int(MADV_POPULATE_WRITE),
        ctypes.c_uint(0),
    )
    return int(done) >= 0


def _populate_each(spans: list[Span]) -> None:
    for low, high in spans:
        if LIBC.madvise(ctypes.c_void_p(low), ctypes.c_size_t(high - low), MADV_POPULATE_WRITE) != 0:
            return  # Linux < 5.14: pages are copied when they are written


def _written_pages(work: Callable[[], None]) -> list[int]:
    """Addresses of the pages that a forked child had to copy to do `work`."""
    areas = [(low, high) for low, high, _ in _writable_areas()]
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            work()
            pages = array.array("Q", _exclusive_pages(areas))
            with open(writing, "wb") as out:  # noqa: PTH123
                out.write(pages.tobytes())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as told:  # noqa: PTH123
        raw = told.read()
    os.waitpid(pid, 0)
    pages = array.array("Q")
    pages.frombytes(raw[: len(raw) // 8 * 8])
    return pages.tolist()


def _exclusive_pages(areas: list[Span]) -> Iterator[int]:
    with open("/proc/self/pagemap", "rb", buffering=0) as pagemap:  # noqa: PTH123
        for low, high in areas:
            pagemap.seek(low // PAGE * 8)
            entries = struct.iter_unpack("<Q", pagemap.read((high - low) // PAGE * 8))
            for number, (entry,) in enumerate(entries):
                if entry & PRESENT and entry & EXCLUSIVE and not entry & FILE:
                    yield low + number * PAGE


def _spans(pages: list[int]) -> list[Span]:
    """Neighbouring pages joined."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1]:
            spans[-1][1] = page + PAGE
        else:
            spans.append([page, page + PAGE])
    return [(low, high) for low, high in spans]


def _writable_areas() -> Iterator[tuple[int, int, str]]:
    """(start, end, name) of this process's private writable memory."""
    for line in Path("/proc/self/maps").read_text(encoding="ascii").splitlines():
        fields = line.split(None, 5)
        if fields[1].startswith("rw-p"):
            low, high = (int(value, 16) for value in fields[0].split("-"))
            yield low, high, fields[5].strip() if len(fields) > 5 else ""
