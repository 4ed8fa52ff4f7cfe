"""ValidateCode: what is wrong with a source, what may go wrong, which form it has, what it declares."""

from __future__ import annotations

import ast
import warnings

from strategiz_executor.generated.frames_pb2 import ResultFrame
from strategiz_executor.strategy.codes import DiagnosticCode
from strategiz_executor.strategy.compile import Program, compile_program
from strategiz_executor.strategy.failures import failure_of, refusal_failure, syntax_failure
from strategiz_executor.strategy.findings import Finding, finding_of, response_of
from strategiz_executor.strategy.language import FILE_NAME, LanguageLayer, LanguageRefusalError
from strategiz_executor.strategy.parameters import Declaration
from strategiz_executor.strategy.static_findings import static_findings, written_parameters
from strategiz_executor.strategy.trial import try_out

SAID_BY_RUNNING = frozenset(
    {
        DiagnosticCode.UNKNOWN_NAME,
        DiagnosticCode.MISSING_COLUMN,
        DiagnosticCode.WRONG_FORM,
        DiagnosticCode.BAD_DECLARATION,
    }
)
"""What need not be said of a line whose running has failed."""


def validate(source: str, layer: LanguageLayer) -> ResultFrame:
    """Answer the findings about a source.

    Valid code runs and invalid code does not, as far as made-up bars can tell; where only the bars or
    parameters of a job decide, the finding is a warning.
    """
    try:
        program = compile_program(source, layer)
    except Exception as error:  # noqa: BLE001  (the compiler raises many kinds for hostile sources)
        return _frame(_findings_of_refused(error, source), 0, [])
    try:
        return _findings_of_program(program, layer)
    except BaseException as error:  # noqa: BLE001  (whatever it is, the server must hear of it)
        return ResultFrame(last=True, failure=failure_of(error, program, [])[0])


def _findings_of_refused(error: Exception, source: str) -> list[Finding]:
    if isinstance(error, LanguageRefusalError):
        return [finding_of(refusal_failure(each, source), each.column) for each in error.refusals]
    column = error.offset or 0 if isinstance(error, SyntaxError) else 0
    return [finding_of(syntax_failure(error, source), column)]


def _findings_of_program(program: Program, layer: LanguageLayer) -> ResultFrame:
    trial = try_out(program, layer)
    tree, python_warnings = _parse_again(program.source)
    failed = {finding.line for finding in trial.findings if finding.severity == "error"}
    read = [
        finding
        for finding in static_findings(tree, program.shape, trial.form)
        if finding.line not in failed or finding.code not in SAID_BY_RUNNING
    ]
    known = {declared.name for declared in trial.parameters}
    unreached = [declared for declared in written_parameters(tree) if declared.name not in known]
    parameters = {declared.name: declared for declared in [*trial.parameters, *unreached]}
    return _frame([*trial.findings, *python_warnings, *read], trial.form, list(parameters.values()))


def _parse_again(source: str) -> tuple[ast.Module, list[Finding]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tree = ast.parse(source, FILE_NAME)
        compile(tree, FILE_NAME, "exec", dont_inherit=True)
    found = {(str(warning.message), warning.lineno) for warning in caught}
    return tree, [
        Finding("warning", DiagnosticCode.PYTHON_WARNING, message, line) for message, line in sorted(found)
    ]


def _frame(findings: list[Finding], form: int, parameters: list[Declaration]) -> ResultFrame:
    return ResultFrame(last=True, success=True, validation=response_of(findings, form, parameters))
