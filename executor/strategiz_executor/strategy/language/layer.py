"""The seam of the language layer: how a syntax tree becomes code, and what its guards are called."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

FILE_NAME = "strategy.py"


@dataclass(frozen=True)
class LanguageLayer:
    """`compile_tree` raises SyntaxError for what it refuses; `guards` join every namespace."""

    name: str
    compile_tree: Callable[[ast.Module], CodeType]
    guards: Mapping[str, Any] = field(default_factory=dict)


def compile_as_python(tree: ast.Module) -> CodeType:
    """Answer the code of a tree, as Python compiles it."""
    return compile(tree, FILE_NAME, "exec", dont_inherit=True, optimize=0)


PLAIN_PYTHON = LanguageLayer("plain-python", compile_as_python)
"""Python as it is: no guards beyond the curated names."""
