"""What a forked child touches to do some work, read in its page map by a process apart.

The look must leave no trace: a page that is shared after a fork is "the other's alone" as soon as one of the two
writes to it. So neither the child nor the zygote looks, but a second child.
"""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from strategiz_executor.sandbox.lockdown import die_with_parent

PAGE = 4096
# /proc/PID/pagemap: present, mapped by this process alone, file page.
PRESENT, EXCLUSIVE, FILE = np.uint64(1 << 63), np.uint64(1 << 56), np.uint64(1 << 61)
LONGEST_PID = 20  # digits


@dataclass(frozen=True, slots=True)
class Touched:
    """Addresses of pages: those that the child had copied, and those of files that it had mapped."""

    written: frozenset[int]
    mapped: frozenset[int]


def probe(work: Callable[[], None]) -> Touched:
    """The pages that a forked child touches to do `work`; none where its page map may not be read."""
    done_reading, done = os.pipe()
    told_reading, told = os.pipe()
    reader = _forked(lambda: _read_when_done(done_reading, told), closing=(done, told_reading))
    worker = _forked(lambda: _work_and_wait(work, done), closing=(done_reading, told_reading, told))
    for descriptor in (done_reading, done, told):
        os.close(descriptor)
    with open(told_reading, "rb") as answer:  # noqa: PTH123
        addresses = np.frombuffer(answer.read(), "<i8")
    for child in (worker, reader):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    written, mapped = addresses[addresses > 0], -addresses[addresses < 0]
    return Touched(frozenset(written.tolist()), frozenset(mapped.tolist()))


def writable_areas(process: int | str) -> Iterator[tuple[int, int, str]]:
    """(start, end, name) of a process's private writable memory."""
    for low, high, permissions, name in _areas(process):
        if permissions == "rw-p":
            yield low, high, name


def _forked(life: Callable[[], None], closing: tuple[int, ...]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            die_with_parent(parent)
            for descriptor in closing:
                os.close(descriptor)
            life()
        finally:
            os._exit(0)
    return pid


def _work_and_wait(work: Callable[[], None], done: int) -> None:
    work()
    os.write(done, str(os.getpid()).encode())
    signal.pause()  # until it is killed


def _read_when_done(done: int, told: int) -> None:
    pid = os.read(done, LONGEST_PID)
    if pid:  # else the work failed
        with contextlib.suppress(OSError), open(told, "wb") as out:
            out.write(np.concatenate(list(_touched(int(pid)))).tobytes())


def _touched(pid: int) -> Iterator[np.ndarray]:
    """Addresses of the pages that were written, and negative ones of the pages of files."""
    with open(f"/proc/{pid}/pagemap", "rb", buffering=0) as pagemap:  # noqa: PTH123
        for low, high, permissions, name in _areas(pid):
            if name.startswith("[v"):
                continue  # the kernel's own pages
            pagemap.seek(low // PAGE * 8)
            entries = np.frombuffer(pagemap.read((high - low) // PAGE * 8), "<u8")
            present, is_file = (entries & PRESENT) != 0, (entries & FILE) != 0
            yield -_addresses(low, present & is_file)
            if permissions == "rw-p":
                yield _addresses(low, present & ~is_file & ((entries & EXCLUSIVE) != 0))


def _addresses(low: int, pages: np.ndarray) -> np.ndarray:
    return low + np.flatnonzero(pages) * PAGE


def _areas(process: int | str) -> Iterator[tuple[int, int, str, str]]:
    for line in Path(f"/proc/{process}/maps").read_text(encoding="ascii", errors="replace").splitlines():
        fields = line.split(None, 5)
        low, high = (int(value, 16) for value in fields[0].split("-"))
        yield low, high, fields[1], fields[5].strip() if len(fields) > 5 else ""
