"""Sources that are nearly one of the four forms."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from strategiz_executor.strategy.answers import EXPECTED, WORDS
from strategiz_executor.strategy.codes import DiagnosticCode
from strategiz_executor.strategy.findings import Finding
from strategiz_executor.strategy.namespace import BAR_NAMES
from strategiz_executor.strategy.source_shape import SourceShape

LIKE_WORDS = {"LONG": "BUY", "ENTER": "BUY", "SHORT": "SELL", "EXIT": "SELL", "CLOSE": "SELL", "NONE": "HOLD"}


def wrong_form(tree: ast.Module, shape: SourceShape) -> Iterator[Finding]:
    """Answer warnings: a function that was to be `strategy`, one that never answers, words that are no signals."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not shape.strategy:
        yield from _misnamed(tree, functions)
    for function in functions:
        if function.name == "strategy":
            yield from _answers(function, shape)


def _misnamed(tree: ast.Module, functions: list[ast.FunctionDef]) -> Iterator[Finding]:
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for function in functions:
        if function.name not in used and _reads_like_strategy(function):
            yield _finding(
                function,
                f"nothing calls {function.name}: only a function named strategy is called with the bars",
                f"name it strategy: def strategy({_first_argument(function) or 'data'}):",
            )


def _reads_like_strategy(function: ast.FunctionDef) -> bool:
    named = difflib.SequenceMatcher(None, function.name.lower(), "strategy").ratio() > 0.7
    return named or "strategy" in function.name.lower() or _first_argument(function) in BAR_NAMES


def _first_argument(function: ast.FunctionDef) -> str:
    return next((argument.arg for argument in [*function.args.posonlyargs, *function.args.args]), "")


def _answers(function: ast.FunctionDef, shape: SourceShape) -> Iterator[Finding]:
    returns = [
        node for node in _own_nodes(function) if isinstance(node, ast.Return) and node.value is not None
    ]
    if not (returns or shape.has_signals or shape.plot_line or _yields(function)):
        yield _finding(
            function, "strategy answers nothing and calls no signal: every bar is HOLD", f"answer {EXPECTED}"
        )
    for node in returns:
        for place, word in _words(node.value):
            if word.upper() not in WORDS:
                meant = LIKE_WORDS.get(word.upper().strip())
                yield _finding(
                    place,
                    f"strategy answers {word!r}, which is no signal",
                    f'did you mean "{meant}"?' if meant else f"answer {EXPECTED}",
                )


def _words(value: ast.expr | None) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value, value.value
    elif isinstance(value, ast.IfExp):
        yield from _words(value.body)
        yield from _words(value.orelse)


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))


def _yields(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in _own_nodes(function))


def _finding(node: ast.stmt | ast.expr, message: str, hint: str) -> Finding:
    return Finding("warning", DiagnosticCode.WRONG_FORM, message, node.lineno, node.col_offset + 1, hint)
