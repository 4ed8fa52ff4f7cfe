"""Names that are nowhere bound, in code that a trial may not reach."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from strategiz_executor.strategy.codes import DiagnosticCode
from strategiz_executor.strategy.findings import Finding
from strategiz_executor.strategy.name_hints import name_hint
from strategiz_executor.strategy.namespace import all_names
from strategiz_executor.strategy.scopes import bound_names, global_uses


def unknown_names(tree: ast.Module) -> Iterator[Finding]:
    """Answer a warning for the first use of each such name."""
    if _imports_stars(tree):
        return
    bound = set(bound_names(tree.body)) | _declared_global(tree)
    reported = all_names() | bound
    for use in global_uses(tree):
        if use.name not in reported:
            reported |= {use.name}
            yield Finding(
                "warning",
                DiagnosticCode.UNKNOWN_NAME,
                f"the name {use.name!r} is nowhere bound: reading it raises NameError",
                use.line,
                use.column,
                name_hint(use.name, bound),
            )


def _declared_global(tree: ast.Module) -> set[str]:
    return {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}


def _imports_stars(tree: ast.Module) -> bool:
    return any(
        alias.name == "*"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )
