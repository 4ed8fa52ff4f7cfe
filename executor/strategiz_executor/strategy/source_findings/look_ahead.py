"""Operations that let a signal know what comes after its bar, where the form sees all bars at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from strategiz_executor.strategy.codes import DiagnosticCode
from strategiz_executor.strategy.findings import Finding
from strategiz_executor.strategy.source_findings.whole_columns import whole_column_uses

BACKWARD_METHODS = frozenset({"bfill", "backfill"})
SHIFTING_METHODS = frozenset({"shift", "diff", "pct_change"})
FORWARD_INDICATORS = frozenset({"dpo", "ichimoku", "tos_stdevall"})
INTERPOLATING = frozenset({"interpolate"})


def look_ahead(tree: ast.Module) -> Iterator[Finding]:
    """Answer a warning for each place."""
    found: list[tuple[ast.expr, str, str]] = []
    for node in ast.walk(tree):
        reason = _reason(node)
        if reason and isinstance(node, ast.expr):
            found.append((node, *reason))
    found += [
        (
            node,
            f"{what} of a whole column is known only when the last bar is",
            "take it over the bars so far: .expanding() or .rolling(n)",
        )
        for node, what in whole_column_uses(tree)
    ]
    for node, what, hint in sorted(found, key=lambda each: (each[0].lineno, each[0].col_offset)):
        yield Finding(
            "warning",
            DiagnosticCode.MAY_LOOK_AHEAD,
            f"{what}, so that a signal can know what comes after its bar",
            node.lineno,
            node.col_offset + 1,
            hint,
        )


def _reason(node: ast.AST) -> tuple[str, str] | None:
    match node:
        case ast.Call(func=ast.Attribute(attr=method)):
            return _reason_of_call(node, method)
        case ast.Subscript(slice=ast.Slice(lower=None, upper=None, step=step)) if step and _is_negative(step):
            return "[::-1] turns the time around", "leave the order of the bars"
        case _:
            return None


def _reason_of_call(call: ast.Call, method: str) -> tuple[str, str] | None:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if method in BACKWARD_METHODS:
        return f".{method}() fills a gap with a later value", "use .ffill()"
    if _is_constant(given.get("center"), True):
        return "center=True puts a window around each bar", "leave it out: the window then ends at the bar"
    if method in SHIFTING_METHODS and any(map(_is_negative, [*call.args[:1], given.get("periods")])):
        return f".{method}() by a negative number reads later bars", "shift by a positive number"
    if method == "roll" and len(call.args) > 1 and _is_negative(call.args[1]):
        return "np.roll by a negative number reads later bars", "use .shift(n)"
    if method in INTERPOLATING:
        return f".{method}() fills a gap with what comes after it", "use .ffill()"
    if method in FORWARD_INDICATORS and _is_ta(owner):
        return f"ta.{method} reads later bars", "use another indicator"
    return None


def _is_negative(value: ast.expr | None) -> bool:
    return isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub)


def _is_constant(value: ast.expr | None, wanted: object) -> bool:
    return isinstance(value, ast.Constant) and value.value is wanted


def _is_ta(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Attribute):
        return value.attr == "ta"
    return isinstance(value, ast.Name) and value.id in {"ta", "pandas_ta"}
