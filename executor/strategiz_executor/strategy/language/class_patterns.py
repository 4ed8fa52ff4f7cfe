"""Class patterns with positions read the attributes that the class lists, which only running the code can tell.

Each case that holds some is preceded by one that never matches and looks at the classes: `case _ if _matched_(Order)`.
"""

from __future__ import annotations

import ast
import copy

from strategiz_executor.strategy.language.nodes import call_of, placed


def with_guards(cases: list[ast.match_case]) -> list[ast.match_case]:
    """Answer the cases of a match statement with those that look at classes among them."""
    guarded: list[ast.match_case] = []
    for case in cases:
        classes = [
            part.cls for part in ast.walk(case.pattern) if isinstance(part, ast.MatchClass) and part.patterns
        ]
        if classes:
            guarded.append(_looking_at(classes, case.pattern))
        guarded.append(case)
    return guarded


def _looking_at(classes: list[ast.expr], pattern: ast.pattern) -> ast.match_case:
    calls: list[ast.expr] = [call_of("_matched_", [copy.deepcopy(each)], each) for each in classes]
    guard = calls[0] if len(calls) == 1 else placed(ast.BoolOp(ast.Or(), calls), pattern)
    return ast.match_case(placed(ast.MatchAs(), pattern), guard, [placed(ast.Pass(), pattern)])
