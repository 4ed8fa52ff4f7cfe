"""What reading a source finds without running it, and the parameters that it declares."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from strategiz_executor.strategy.codes import DiagnosticCode
from strategiz_executor.strategy.findings import Finding
from strategiz_executor.strategy.parameters import Declaration
from strategiz_executor.strategy.scopes import global_uses
from strategiz_executor.strategy.source_findings.look_ahead import look_ahead
from strategiz_executor.strategy.source_findings.missing_columns import missing_columns
from strategiz_executor.strategy.source_findings.parameter_declarations import parameter_declarations
from strategiz_executor.strategy.source_findings.unknown_names import unknown_names
from strategiz_executor.strategy.source_findings.unreachable import unreachable
from strategiz_executor.strategy.source_findings.wrong_form import wrong_form
from strategiz_executor.strategy.source_shape import SourceShape

FORMS_WITH_ALL_BARS = frozenset({2, 3})


def static_findings(tree: ast.Module, shape: SourceShape, form: int) -> Iterator[Finding]:
    """Answer warnings and suggestions; `form` is 0 where it is not known."""
    yield from unknown_names(tree)
    yield from missing_columns(tree)
    yield from wrong_form(tree, shape)
    yield from unreachable(tree)
    yield from parameter_declarations(written_parameters(tree))
    if form in FORMS_WITH_ALL_BARS:
        yield from look_ahead(tree)
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
