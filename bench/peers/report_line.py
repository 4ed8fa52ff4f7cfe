"""What one way of doing a grid of cells came to, as a line of JSON for the bench."""

import json
import resource
import time
from collections.abc import Callable, Sequence


def report(what: str, cells: int, work: Callable[[], Sequence[float]]) -> None:
    """Does the work and prints how long it took; it answers the total returns of the cells in percent."""
    cpu_before, began = _cpu_seconds(), time.perf_counter()
    returns = work()
    seconds, cpu_seconds = time.perf_counter() - began, _cpu_seconds() - cpu_before
    line = {
        "what": what,
        "cells": cells,
        "seconds": seconds,
        "cpuSeconds": cpu_seconds,
        "returns": [float(value) for value in returns],
    }
    print(json.dumps(line), flush=True)


def _cpu_seconds() -> float:
    """Of this process and the children that it has waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)
