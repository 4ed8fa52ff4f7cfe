"""State of libraries that code can change: set the same before every execution, put back after it."""

from __future__ import annotations

import contextlib
import contextvars
import decimal
import warnings
from collections.abc import Callable, Iterator
from typing import TypeVar

from strategiz_executor.strategy.chained_assignment import ChainedAssignmentError
from strategiz_executor.strategy.namespace import MODULE_NAME

Answer = TypeVar("Answer")


def isolated(work: Callable[[], Answer]) -> Answer:
    """Answer work() in a context of its own.

    A write of the author's through a copy is an error instead of pandas' warning: it never reaches the
    frame, so that the strategy would not be the one that was written. Other warnings go nowhere.
    """
    with strict_warnings():
        return in_own_context(work)


def in_own_context(work: Callable[[], Answer]) -> Answer:
    """Answer work(), with numpy's error state and print options and decimal's context its own."""
    return contextvars.copy_context().run(_run, work)


@contextlib.contextmanager
def strict_warnings() -> Iterator[None]:
    """Warnings as strategies have them, for the whole process: set once where many cells follow."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", category=ChainedAssignmentError, module=rf"{MODULE_NAME}\Z")
        yield


def _run(work: Callable[[], Answer]) -> Answer:
    decimal.setcontext(decimal.Context())
    return work()
