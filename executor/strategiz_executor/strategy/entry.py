"""What the function `strategy` must be."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any

from strategiz_executor.strategy.errors import ArgumentsError, EntryError, StrategyError

_MORE_THAN_PLAIN = (
    inspect.CO_VARARGS
    | inspect.CO_VARKEYWORDS
    | inspect.CO_GENERATOR
    | inspect.CO_COROUTINE
    | inspect.CO_ASYNC_GENERATOR
    | inspect.CO_ITERABLE_COROUTINE
)


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
    if _plainly_takes_one(function):
        return
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


def _plainly_takes_one(function: Any) -> bool:
    """Whether a look at the code is enough, which takes a hundredth of the time that its signature does."""
    if type(function) is not FunctionType or function.__dict__:  # which may name another signature
        return False
    code = function.__code__
    return code.co_argcount == 1 and not code.co_kwonlyargcount and not code.co_flags & _MORE_THAN_PLAIN


def _argument_names(function: Any) -> list[str] | None:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None  # a callable that does not tell: the call itself will
