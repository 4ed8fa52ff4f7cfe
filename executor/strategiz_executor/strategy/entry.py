"""What the function `strategy` must be."""

from __future__ import annotations

import inspect
from typing import Any

from strategiz_executor.strategy.errors import ArgumentsError, EntryError, StrategyError


def check_entry(function: Any, line: int) -> None:
    """Raise EntryError for what cannot be called, ArgumentsError unless it takes exactly one argument."""
    try:
        _check(function, line)
    except StrategyError:
        raise
    except Exception as error:  # noqa: BLE001  (an object of the author's own class raises where it likes)
        raise EntryError(
            f"strategy raised {type(error).__name__} while it was looked at", line=line
        ) from None


def _check(function: Any, line: int) -> None:
    if not callable(function):
        raise EntryError("strategy is not a function once the code has run", line=line)
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        raise ArgumentsError("strategy must be a plain function, without async and yield", line=line)
    arguments = _argument_names(function)
    if arguments is not None and len(arguments) != 1:
        raise ArgumentsError(
            f"strategy must take exactly one argument, the bars, and takes {len(arguments)}"
            + (f": {', '.join(arguments)}" if arguments else ""),
            hint='write `def strategy(data):`; settings come from param("name", default)',
            line=line,
        )


def _argument_names(function: Any) -> list[str] | None:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None  # a callable that does not tell: the call itself will
