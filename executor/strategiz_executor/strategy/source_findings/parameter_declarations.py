"""Calls of `param` that contradict themselves or one another, also where no trial reaches them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from strategiz_executor.strategy.codes import DiagnosticCode
from strategiz_executor.strategy.findings import Finding
from strategiz_executor.strategy.parameters import Declaration


def parameter_declarations(written: Iterable[Declaration]) -> Iterator[Finding]:
    """Answer a warning for each default out of its bounds, and for each second declaration with another default."""
    first: dict[str, Declaration] = {}
    for declared in sorted(written, key=lambda each: each.line):
        earlier = first.setdefault(declared.name, declared)
        broken = _broken_bound(declared)
        if broken:
            yield _warning(
                declared, f"the default of parameter {declared.name!r} is {declared.default!r}, {broken}"
            )
        if (type(earlier.default), earlier.default) != (type(declared.default), declared.default):
            yield _warning(
                declared,
                f"parameter {declared.name!r} has the default {declared.default!r} here and"
                f" {earlier.default!r} on line {earlier.line}",
                "declare it once and keep what param answers in a name",
            )


def _broken_bound(declared: Declaration) -> str:
    low, high, default = declared.low, declared.high, declared.default
    if low is not None and high is not None and low > high:
        return f"and no value can be at least {low:g} and at most {high:g}"
    if not isinstance(default, int | float) or isinstance(default, bool):
        return ""
    if low is not None and default < low:
        return f"less than its min of {low:g}"
    if high is not None and default > high:
        return f"more than its max of {high:g}"
    return ""


def _warning(declared: Declaration, message: str, hint: str = "") -> Finding:
    return Finding("warning", DiagnosticCode.BAD_DECLARATION, message, declared.line, hint=hint)
