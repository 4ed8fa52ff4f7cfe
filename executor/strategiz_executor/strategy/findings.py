"""The findings of ValidateCode, once as lists of sentences for old clients and once with their places."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass

from strategiz_executor.generated.strategy_execution_pb2 import (
    Diagnostic,
    Failure,
    ParameterDeclaration,
    ValidateCodeResponse,
)
from strategiz_executor.strategy.codes import DiagnosticCode, FailureCode
from strategiz_executor.strategy.parameters import Declaration

MOST_FINDINGS = 100


@dataclass(frozen=True)
class Finding:
    """One finding; line and column count from 1, 0 where there is none."""

    severity: str
    code: DiagnosticCode | FailureCode
    message: str
    line: int = 0
    column: int = 0
    hint: str = ""
    type: str = ""

    def sentence(self) -> str:
        """Answer "TypeName: message (line N)", with what there is of it."""
        place = f" (line {self.line})" if self.line else ""
        return f"{self.type}: {self.message}{place}" if self.type else f"{self.message}{place}"


def finding_of(failure: Failure, column: int = 0) -> Finding:
    """Answer a failure as an error of ValidateCode."""
    return Finding(
        "error",
        FailureCode(failure.code),
        failure.message,
        failure.line,
        column,
        failure.hint,
        failure.type,
    )


def response_of(
    findings: Iterable[Finding], form: int, parameters: Iterable[Declaration]
) -> ValidateCodeResponse:
    """Answer the response; the code is valid where no finding is an error."""
    listed = list(findings)[:MOST_FINDINGS]
    by_severity = {
        severity: [finding.sentence() for finding in listed if finding.severity == severity]
        for severity in ("error", "warning", "suggestion")
    }
    return ValidateCodeResponse(
        valid=not by_severity["error"],
        errors=by_severity["error"],
        warnings=by_severity["warning"],
        suggestions=by_severity["suggestion"],
        diagnostics=[_diagnostic(finding) for finding in listed],
        form=form,
        parameters=[_parameter(declaration) for declaration in list(parameters)[:MOST_FINDINGS]],
    )


def _diagnostic(finding: Finding) -> Diagnostic:
    return Diagnostic(
        severity=finding.severity,
        code=finding.code,
        message=finding.message,
        line=finding.line,
        column=finding.column,
        hint=finding.hint,
    )


def _parameter(declaration: Declaration) -> ParameterDeclaration:
    default = declaration.default
    if isinstance(default, float) and not math.isfinite(default):
        default = None
    message = ParameterDeclaration(
        name=declaration.name, type=declaration.type, default_json=json.dumps(default), line=declaration.line
    )
    if declaration.low is not None and math.isfinite(declaration.low):
        message.min = declaration.low
    if declaration.high is not None and math.isfinite(declaration.high):
        message.max = declaration.high
    return message
