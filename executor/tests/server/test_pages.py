"""Pages that work touches are found, and given to a child before it works."""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from running_executor import living

from strategiz_executor.sandbox.pages import touching
from strategiz_executor.sandbox.probe import PAGE, probe

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pages are touched ahead on Linux alone")

PAGES = 300


class Buffer:
    """Memory of its own, of which work writes to every second page."""

    def __init__(self) -> None:
        self.bytes = bytearray(2 * PAGES * PAGE)

    def write(self) -> None:
        """Writes to every second page."""
        for page in range(0, 2 * PAGES, 2):
            self.bytes[page * PAGE] = 1


def faults_of(work: Callable[[], None], prepare: Callable[[], None]) -> int:
    """Page faults of `work` in a child that has prepared itself."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        prepare()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        work()
        os.write(writing, str(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    found = int(os.read(reading, 20))
    os.close(reading)
    os.close(writing)
    return found


def test_a_probe_tells_the_pages_that_were_written_and_no_others() -> None:
    buffer = Buffer()
    start = ctypes.addressof(ctypes.c_char.from_buffer(buffer.bytes))
    inside = range(start, start + (2 * PAGES - 1) * PAGE)  # pages that hold nothing else
    written = {page for page in probe(buffer.write).written if page in inside}
    first = start - start % PAGE
    assert written == {page for page in range(first, first + 2 * PAGES * PAGE, 2 * PAGE) if page in inside}


def test_work_that_fails_tells_nothing() -> None:
    def fail() -> None:
        raise RuntimeError

    assert not probe(fail).written


def test_a_child_that_was_given_its_pages_has_no_faults_left() -> None:
    buffer = Buffer()
    touch = touching([buffer.write])
    assert faults_of(buffer.write, lambda: None) >= PAGES
    assert faults_of(buffer.write, touch) < 60


def test_only_what_all_works_write_is_given() -> None:
    first, second = Buffer(), Buffer()

    def write_both() -> None:
        first.write()
        second.write()

    touch = touching([first.write, write_both])
    assert faults_of(first.write, touch) < 60
    assert faults_of(second.write, touch) >= PAGES


def test_the_children_of_a_probe_end_with_it() -> None:
    work = "lambda: (print(os.getpid(), flush=True), time.sleep(60))"
    probing = subprocess.Popen(
        [sys.executable, "-c", f"import os, time; from {probe.__module__} import probe; probe({work})"],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )
    assert probing.stdout is not None
    worker = int(probing.stdout.readline())
    children = {pid for pid, session, _ in living() if session == probing.pid} - {probing.pid}
    probing.kill()
    probing.wait()
    probing.stdout.close()
    assert worker in children
    deadline = time.monotonic() + 10
    while left := children & {pid for pid, _, _ in living()}:
        assert time.monotonic() < deadline, left
        time.sleep(0.01)
