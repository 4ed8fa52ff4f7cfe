"""What it means that a child ended without an answer."""

import os
import signal

from strategiz_executor.generated.strategy_execution_pb2 import Failure
from strategiz_executor.server import failures
from strategiz_executor.server.pool import Ending
from strategiz_executor.server.zygote_process import Reaped

KILOBYTES_PER_MEGABYTE = 1024
NEAR_LIMIT = 0.8
CPU_SLACK_S = 1.0
OWN_FAULTS = frozenset(
    (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSYS)
)


def failure_of(ending: Ending, memory_mb: int, cpu_limit_s: float) -> Failure:
    """The failure that an ending stands for.

    SIGXCPU is the CPU limit, a death close to the memory limit is that limit, an exit or a fault of
    the code's own is the user's; everything else (killed from outside, zygote gone) is ours.
    """
    reaped = ending.reaped
    if reaped is None:
        return failures.child_died("its zygote ended")
    if not ending.by_itself:
        return failures.crashed("it closed its connection")
    if os.WIFEXITED(reaped.status):
        return failures.crashed(f"exit code {os.WEXITSTATUS(reaped.status)}")
    number = os.WTERMSIG(reaped.status)
    if number == signal.SIGXCPU or (number == signal.SIGKILL and reaped.cpu_s >= cpu_limit_s - CPU_SLACK_S):
        return failures.out_of_cpu(cpu_limit_s, reaped.cpu_s)
    if _near_memory_limit(reaped, memory_mb):
        return failures.out_of_memory(memory_mb, reaped.peak_resident_kb / KILOBYTES_PER_MEGABYTE)
    if number in OWN_FAULTS:
        return failures.crashed(signal.Signals(number).name)
    return failures.child_died(f"killed by signal {number} from outside")


def _near_memory_limit(reaped: Reaped, memory_mb: int) -> bool:
    """The peak counts the interpreter's own resident memory too, so this never misses a limit reached."""
    return reaped.peak_resident_kb >= NEAR_LIMIT * memory_mb * KILOBYTES_PER_MEGABYTE
