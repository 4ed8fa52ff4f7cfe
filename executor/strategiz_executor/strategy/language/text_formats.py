"""`str.format` without a way round the guards: "{0.__class__}" reads attributes by text (CVE-2023-41039)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from strategiz_executor.strategy.errors import NotAvailableError
from strategiz_executor.strategy.language.guarded_names import GUARDED
from strategiz_executor.strategy.language.underscores import NOT_AVAILABLE, RULE, is_kept, refused

_STRING: Any = importlib.import_module("_string")
DEEPEST = 3
"""Python itself allows a field within the specification of a field, and no deeper."""


def refusal_in(text: str) -> str:
    """Answer the sentence for the first refused attribute that formatting the text would read, "" for none."""
    for name in _attributes(text, DEEPEST):
        if is_kept(name):
            return refused("in a text to format, the attribute", name)
        if name in GUARDED:
            return f"in a text to format, the attribute {name} {NOT_AVAILABLE}: give its value to format"
    return ""


def check_text(text: str) -> None:
    """Raise NotAvailableError for a text whose formatting would read a refused attribute."""
    message = refusal_in(text)
    if message:
        raise NotAvailableError(message, hint=RULE)


def unbound(name: str) -> Callable[..., Any]:
    """Answer what `str.format` (or `str.format_map`) is for a strategy."""
    method: Callable[..., Any] = getattr(str, name)

    @wraps(method)
    def formatted(*values: Any, **named: Any) -> Any:
        if values and isinstance(values[0], str):
            check_text(str.__str__(values[0]))
        return method(*values, **named)

    del formatted.__wrapped__
    return formatted


def _attributes(text: str, deepest: int) -> Iterator[str]:
    if "{" not in text or not deepest:
        return
    try:
        for _, field, specification, _ in _STRING.formatter_parser(text):
            if field:
                parts = _STRING.formatter_field_name_split(field)[1]
                yield from (name for is_attribute, name in parts if is_attribute)
            yield from _attributes(specification or "", deepest - 1)
    except ValueError:
        return  # formatting it raises the same
