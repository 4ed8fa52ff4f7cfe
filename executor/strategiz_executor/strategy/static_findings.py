"""What reading a source finds without running it: unknown names, looks into the future, no SYMBOL."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from strategiz_executor.strategy.codes import DiagnosticCode
from strategiz_executor.strategy.findings import Finding
from strategiz_executor.strategy.namespace import all_names
from strategiz_executor.strategy.parameters import Declaration
from strategiz_executor.strategy.scopes import bound_names, global_uses
from strategiz_executor.strategy.source_shape import SourceShape

BACKWARD_METHODS = frozenset({"bfill", "backfill"})
SHIFTING_METHODS = frozenset({"shift", "diff", "pct_change"})
FORWARD_INDICATORS = frozenset({"dpo", "ichimoku", "tos_stdevall"})
FORMS_WITH_ALL_BARS = frozenset({2, 3})


def static_findings(tree: ast.Module, shape: SourceShape, form: int) -> Iterator[Finding]:
    """Answer warnings and suggestions; `form` is 0 where it is not known."""
    yield from _unknown_names(tree)
    if form in FORMS_WITH_ALL_BARS:
        yield from _looks_ahead(tree)
    if not shape.sets_symbol:
        yield Finding(
            "suggestion",
            DiagnosticCode.NO_SYMBOL,
            'set SYMBOL = "AAPL" (and TIMEFRAME = "1D") to say what the strategy is written for',
        )


def written_parameters(tree: ast.Module) -> Iterator[Declaration]:
    """Answer the parameters that calls of `param` with constant name and default declare."""
    for use in global_uses(tree):
        if use.name == "param" and use.call is not None:
            declaration = _declaration(use.call)
            if declaration is not None:
                yield declaration


def _unknown_names(tree: ast.Module) -> Iterator[Finding]:
    known = all_names() | set(bound_names(tree.body)) | _declared_global(tree)
    reported: set[str] = set()
    for use in global_uses(tree):
        if use.name not in known and use.name not in reported and not _imports_stars(tree):
            reported.add(use.name)
            yield Finding(
                "warning",
                DiagnosticCode.UNKNOWN_NAME,
                f"the name {use.name!r} is nowhere bound: reading it raises NameError",
                use.line,
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


def _looks_ahead(tree: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            reason = _forward_reason(node, node.func.attr)
            if reason:
                yield Finding(
                    "warning",
                    DiagnosticCode.MAY_LOOK_AHEAD,
                    f"{reason}, so that a signal can know what comes after its bar",
                    node.lineno,
                    node.col_offset + 1,
                )


def _forward_reason(call: ast.Call, method: str) -> str:
    if method in BACKWARD_METHODS:
        return f".{method}() fills a gap with a later value"
    if any(keyword.arg == "center" and _is_constant(keyword.value, True) for keyword in call.keywords):
        return "center=True puts a window around each bar"
    if method in SHIFTING_METHODS and any(_is_negative(value) for value in _shift_arguments(call)):
        return f".{method}() by a negative number reads later bars"
    if method in FORWARD_INDICATORS and isinstance(call.func, ast.Attribute) and _is_ta(call.func.value):
        return f"ta.{method} reads later bars"
    return ""


def _shift_arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "periods")]


def _is_negative(value: ast.expr) -> bool:
    return isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub)


def _is_constant(value: ast.expr, wanted: object) -> bool:
    return isinstance(value, ast.Constant) and value.value is wanted


def _is_ta(value: ast.expr) -> bool:
    if isinstance(value, ast.Attribute):
        return value.attr == "ta"
    return isinstance(value, ast.Name) and value.id in {"ta", "pandas_ta"}


def _declaration(call: ast.Call) -> Declaration | None:
    arguments = dict(zip(("name", "default", "min", "max"), call.args, strict=False))
    arguments |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    try:
        values = {name: ast.literal_eval(node) for name, node in arguments.items()}
    except ValueError:
        return None
    name, default = values.get("name"), values.get("default")
    if not isinstance(name, str) or not isinstance(default, str | int | float | bool | None):
        return None
    kind = "any" if default is None else type(default).__name__
    low, high = (_number(values.get(word)) for word in ("min", "max"))
    return Declaration(name, kind, default, low, high, call.lineno)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
