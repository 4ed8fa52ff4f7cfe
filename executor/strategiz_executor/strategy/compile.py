"""From source to code that can run, and to the bytes under which the server remembers it."""

from __future__ import annotations

import ast
import marshal
import warnings
from dataclasses import dataclass
from types import CodeType
from typing import Any, cast

from strategiz_executor.strategy.language import FILE_NAME, LanguageLayer
from strategiz_executor.strategy.source_shape import SourceShape, read_shape

FORMAT = 1
"""Changes with the shape of the marshalled tuple; the server's key holds the executor's version."""


@dataclass(frozen=True)
class Program:
    """A strategy ready to be run any number of times."""

    source: str
    code: CodeType
    shape: SourceShape


def compile_program(source: str, layer: LanguageLayer) -> Program:
    """Compile a source.

    Raises SyntaxError with line and column; ValueError, OverflowError, RecursionError or MemoryError
    for sources that Python's compiler cannot take (null bytes, nesting too deep).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source, FILE_NAME)
        shape = read_shape(tree)
        return Program(source, layer.compile_tree(tree), shape)


def dump_program(program: Program, layer: LanguageLayer) -> bytes:
    """Answer what the server may keep and hand to another child of the same owner."""
    return marshal.dumps((FORMAT, layer.name, program.code, program.shape.as_tuple()))


def load_program(source: str, compiled: bytes, layer: LanguageLayer) -> Program | None:
    """Answer the program of an earlier dump, None where it is of another format or language layer."""
    try:
        # The owner's own code, read in a child that is about to run that owner's code anyway.
        known, name, code, shape = marshal.loads(compiled)  # noqa: S302
    except (ValueError, TypeError, EOFError):
        return None
    if known != FORMAT or name != layer.name:
        return None
    values = cast("tuple[Any, ...]", shape)
    return Program(source, code, SourceShape(*values))
