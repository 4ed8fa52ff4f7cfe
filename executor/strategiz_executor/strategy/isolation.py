"""State of libraries that code can change: set the same before every execution, put back after it."""

from __future__ import annotations

import contextvars
import decimal
import warnings
from collections.abc import Callable
from typing import TypeVar

from strategiz_executor.strategy.chained_assignment import ChainedAssignmentError

Answer = TypeVar("Answer")


def isolated(work: Callable[[], Answer]) -> Answer:
    """Answer work(), with numpy's error state and print options and decimal's context its own.

    A write through a copy is an error instead of pandas' warning: it never reaches the frame, so that
    the strategy would not be the one its author wrote. Other warnings go nowhere.
    """
    return contextvars.copy_context().run(_run, work)


def _run(work: Callable[[], Answer]) -> Answer:
    decimal.setcontext(decimal.Context())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", ChainedAssignmentError)
        return work()
