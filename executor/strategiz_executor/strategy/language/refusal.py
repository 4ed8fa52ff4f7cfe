"""What the language layer says of source that it refuses."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from strategiz_executor.strategy.language.layer import FILE_NAME

MOST_REFUSALS = 50


@dataclass(frozen=True)
class Refusal:
    """One place of a source; line and column count from 1."""

    message: str
    hint: str
    line: int
    column: int


def refusal_at(node: ast.AST, message: str, hint: str) -> Refusal:
    """Answer the refusal of a node."""
    return Refusal(message, hint, getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1)


class LanguageRefusalError(SyntaxError):
    """Source that is Python, and that strategies do not have; it carries all the places."""

    def __init__(self, refusals: list[Refusal]) -> None:
        first = refusals[0]
        super().__init__(first.message, (FILE_NAME, first.line, first.column, None))
        self.refusals = tuple(refusals[:MOST_REFUSALS])
        self.hint = first.hint
