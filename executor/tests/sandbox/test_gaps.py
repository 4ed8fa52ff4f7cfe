"""Gaps in the zygote's memory: each test in a process of its own, since they are filled for good."""

import json
import subprocess
import sys
from textwrap import dedent

import pytest

LIKE_A_ZYGOTE = """
    import ctypes, json
    from strategiz_executor.sandbox.gaps import fill_gaps, heap_gap_bytes
    from strategiz_executor.sandbox.preload import preload
    from strategiz_executor.sandbox.rehearsal import last_rehearsal
    from strategiz_executor.strategy.language import GUARDED_PYTHON
    from strategiz_executor.strategy.run import warm_up

    preload()
    warm_up()
    last = last_rehearsal(GUARDED_PYTHON)
    for _ in range(2):
        last()
"""


def in_a_process(program: str) -> dict:
    """What the program, run after LIKE_A_ZYGOTE, prints as JSON."""
    command = [sys.executable, "-c", dedent(LIKE_A_ZYGOTE) + dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_heap_has_no_gaps_left():
    told = in_a_process("""
        before = heap_gap_bytes()
        fill_gaps()
        print(json.dumps({"before": before, "after": heap_gap_bytes()}))
    """)
    if told["before"] == 0:
        pytest.skip("the C library does not tell (glibc >= 2.33)")
    assert told["before"] > 100_000
    assert told["after"] < 1_000


def test_small_objects_of_every_size_lie_beside_each_other():
    told = in_a_process("""
        take = ctypes.pythonapi.PyObject_Malloc
        take.argtypes, take.restype = (ctypes.c_size_t,), ctypes.c_void_p
        def share_of_two_megabytes():
            places = [take(size) >> 20 for size in range(16, 513, 16) for _ in range(60)]
            counts = sorted((places.count(place) for place in set(places)), reverse=True)
            return sum(counts[:2]) / len(places)
        before = share_of_two_megabytes()
        fill_gaps()
        print(json.dumps({"before": before, "after": share_of_two_megabytes()}))
    """)
    assert told["before"] < 0.8
    assert told["after"] > 0.9  # in one arena of 1 MB, but for the last blocks of some pools
