"""`functools` of a strategy: without what copies attributes by names, or evaluates annotations."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from strategiz_executor.strategy.errors import NotAvailableError
from strategiz_executor.strategy.facades import CuratedModule, curate

USE_ISINSTANCE = "use isinstance"


def curated_functools() -> CuratedModule:
    """Answer the module `functools`."""
    return curate(
        functools,
        "functools",
        functools.__all__,
        absent={"singledispatch": USE_ISINSTANCE, "singledispatchmethod": USE_ISINSTANCE},
        replaced={"update_wrapper": update_wrapper, "wraps": wraps},
    )


def update_wrapper(wrapper: Any, wrapped: Any, *assigned: Any, **named: Any) -> Any:
    """Answer `wrapper` with name and description of `wrapped`, never with other attributes of it."""
    if assigned or named:
        raise NotAvailableError(
            "functools.update_wrapper(assigned=) is not available to strategies: leave it out"
        )
    return functools.update_wrapper(wrapper, wrapped)


def wraps(wrapped: Any, *assigned: Any, **named: Any) -> Callable[[Any], Any]:
    """Answer `functools.wraps(wrapped)`."""

    def decorate(wrapper: Any) -> Any:
        return update_wrapper(wrapper, wrapped, *assigned, **named)

    return decorate
