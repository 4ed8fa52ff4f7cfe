"""Texts of a strategy made safe to send: a hostile __str__, a lone surrogate, a megabyte."""

from __future__ import annotations

import re

MAX_MESSAGE = 2_000
MAX_VALUE = 120
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
"""Of no use to an author, and another in every process: the same job gives the same answer."""


def wire_text(text: str, longest: int = MAX_MESSAGE) -> str:
    """Answer the text as valid UTF-8, cut with an ellipsis where it is longer."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    if type(cut) is str and cut.isascii():
        return cut
    return cut.encode("utf-8", "replace").decode("utf-8")


def plain_text(value: object) -> str:
    """Answer str(value) as a str proper: a subclass could do anything when it is read later."""
    text = str(value)
    return text if type(text) is str else str.__str__(text)


def described(value: object) -> str:
    """Answer repr(value) for a message, short, whatever its __repr__ does."""
    try:
        return wire_text(ADDRESS.sub("", str.__str__(repr(value))), MAX_VALUE)
    except BaseException:  # noqa: BLE001  (the author's own __repr__ may raise anything)
        return f"a {type(value).__name__}"


def message_of(error: BaseException) -> str:
    """Answer str(error) for a failure, whatever its __str__ does."""
    try:
        return wire_text(plain_text(error))
    except BaseException:  # noqa: BLE001
        return "(its message cannot be shown)"
