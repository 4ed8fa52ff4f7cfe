"""Code that no bar ever reaches, signals above all."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from strategiz_executor.strategy.codes import DiagnosticCode
from strategiz_executor.strategy.findings import Finding
from strategiz_executor.strategy.source_findings.conditions import constant_truth, contradiction, taken_before

LEAVING = {ast.Return: "return", ast.Raise: "raise", ast.Continue: "continue", ast.Break: "break"}


def unreachable(tree: ast.Module) -> Iterator[Finding]:
    """Answer a warning for each stretch of code behind a return and the like, or a condition that is never true."""
    for node in ast.walk(tree):
        for body in _bodies(node):
            yield from _behind_the_end(body)
    yield from _never_true(tree)
    yield from _never_called(tree)


def _bodies(node: ast.AST) -> list[list[ast.stmt]]:
    fields = (getattr(node, field, None) for field in ("body", "orelse", "finalbody"))
    return [field for field in fields if isinstance(field, list)]


def _behind_the_end(body: list[ast.stmt]) -> Iterator[Finding]:
    for place, statement in enumerate(body[:-1]):
        if type(statement) in LEAVING:
            why = f"it stands behind the {LEAVING[type(statement)]} on line {statement.lineno}"
            yield _finding(body[place + 1], body[place + 1 :], why)
            return


def _never_true(tree: ast.Module) -> Iterator[Finding]:
    told: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and node not in told:
            chain = _chain(node)
            told.update(chain)
            yield from _of_chain(chain)
        elif isinstance(node, ast.While) and (why := _why_never(node)):
            yield _finding(node.body[0], node.body, why)


def _chain(node: ast.If) -> list[ast.If]:
    """An `if` and the `elif`s behind it."""
    found = [node]
    while len(found[-1].orelse) == 1 and isinstance(behind := found[-1].orelse[0], ast.If):
        found.append(behind)
    return found


def _of_chain(chain: list[ast.If]) -> Iterator[Finding]:
    for place, node in enumerate(chain):
        why = _why_never(node) or _why_taken(node, chain[:place])
        if why:
            yield _finding(node.body[0], node.body, why)
        elif constant_truth(node.test) and node.orelse:
            yield _finding(node.orelse[0], node.orelse, f"the condition on line {node.lineno} is always true")
            return


def _why_never(node: ast.If | ast.While) -> str:
    if constant_truth(node.test) is False:
        return f"the condition on line {node.lineno} is never true"
    why = contradiction(node.test)
    return why and f"the condition on line {node.lineno} is never true, {why}"


def _why_taken(node: ast.If, before: list[ast.If]) -> str:
    for earlier in before:
        if taken_before(node.test, earlier.test):
            return (
                f"whatever meets the condition on line {node.lineno} has met the one on line {earlier.lineno}"
            )
    return ""


def _never_called(tree: ast.Module) -> Iterator[Finding]:
    """Functions that signal and that nothing mentions."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name != "strategy" and node.name not in used:
            if node.decorator_list or not _signal_lines(node.body):
                continue
            yield _finding(node, node.body, f"nothing calls {node.name}")


def _finding(first: ast.stmt, statements: list[ast.stmt], why: str) -> Finding:
    signals = _signal_lines(statements)
    what = f"the signal on line {signals[0]} is never reached" if signals else "this code is never reached"
    return Finding(
        "warning", DiagnosticCode.UNREACHABLE, f"{what}: {why}", first.lineno, first.col_offset + 1
    )


def _signal_lines(statements: list[ast.stmt]) -> list[int]:
    return [
        node.lineno
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "signal"
    ]
