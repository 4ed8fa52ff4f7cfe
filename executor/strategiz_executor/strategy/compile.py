"""From source to code that can run, and to the bytes under which the server remembers it."""

from __future__ import annotations

import ast
import marshal
import warnings
from dataclasses import dataclass
from types import CodeType
from typing import Any

from strategiz_executor.strategy.language import FILE_NAME, LanguageLayer, compile_as_python
from strategiz_executor.strategy.replay.fast.rewriting import rewrite
from strategiz_executor.strategy.replay.fast.state_gate import state_reasons
from strategiz_executor.strategy.source_shape import SourceShape, read_shape

FORMAT = 4
"""Changes with the shape of the marshalled tuple; the server's key holds the executor's version."""


@dataclass(frozen=True)
class FastGate:
    """Why the fast ways of replay may not be taken, empty where they may: in form 1 and in form 4."""

    for_function: str
    for_module: str


@dataclass(frozen=True)
class Program:
    """A strategy ready to be run any number of times."""

    source: str
    code: CodeType
    shape: SourceShape
    fast_code: CodeType | None
    """The code rewritten for the fast ways of replay; None where they may not be taken."""
    fast: FastGate


def compile_program(source: str, layer: LanguageLayer) -> Program:
    """Compile a source.

    Raises SyntaxError with line and column; ValueError, OverflowError, RecursionError or MemoryError
    for sources that Python's compiler cannot take (null bytes, nesting too deep).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source, FILE_NAME)
        shape = read_shape(tree)
        gate = FastGate(*state_reasons(tree))
        code, tree_is_kept = layer.compile_tree(tree)
        kept = tree if tree_is_kept else None
        return Program(source, code, shape, _fast_code(source, kept, layer, gate), gate)


def _fast_code(source: str, kept: ast.Module | None, layer: LanguageLayer, gate: FastGate) -> CodeType | None:
    """Of the tree itself where the layer had no guard to put in: it has none for what is made of that tree either."""
    if gate.for_function and gate.for_module:
        return None
    if kept is not None:
        return compile_as_python(rewrite(kept))
    return layer.compile_tree(rewrite(ast.parse(source, FILE_NAME))).code


def dump_program(program: Program, layer: LanguageLayer) -> bytes:
    """Answer what the server may keep and hand to another child of the same owner."""
    shape: Any = program.shape.as_tuple()
    gate = (program.fast.for_function, program.fast.for_module)
    return marshal.dumps((FORMAT, layer.name, program.code, shape, program.fast_code, gate))


def load_program(source: str, compiled: bytes, layer: LanguageLayer) -> Program | None:
    """Answer the program of an earlier dump, None where it is of another format or language layer."""
    try:
        # The owner's own code, read in a child that is about to run that owner's code anyway.
        known, name, *parts = marshal.loads(compiled)
    except (ValueError, TypeError, EOFError):
        return None
    if known != FORMAT or name != layer.name:
        return None
    code, shape, fast_code, gate = parts
    return Program(source, code, SourceShape(*shape), fast_code, FastGate(*gate))
