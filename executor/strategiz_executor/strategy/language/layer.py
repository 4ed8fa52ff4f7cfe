"""The seam of the language layer: how a syntax tree becomes code, and what its guards are called."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, NamedTuple

FILE_NAME = "strategy.py"


class Compiled(NamedTuple):
    """The code of a tree, and whether the tree is still as it was written: then what is made of it needs no layer."""

    code: CodeType
    tree_is_kept: bool


@dataclass(frozen=True)
class LanguageLayer:
    """`compile_tree` raises SyntaxError for what it refuses; `guards` join every namespace."""

    name: str
    compile_tree: Callable[[ast.Module], Compiled]
    guards: Mapping[str, Any] = field(default_factory=dict)


def compile_as_python(tree: ast.Module) -> CodeType:
    """Answer the code of a tree, as Python compiles it."""
    return compile(tree, FILE_NAME, "exec", dont_inherit=True, optimize=0)


PLAIN_PYTHON = LanguageLayer(
    "plain-python", lambda tree: Compiled(compile_as_python(tree), tree_is_kept=True)
)
"""Python as it is: no guards beyond the curated names."""
