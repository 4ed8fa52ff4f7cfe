"""Trials of a strategy on made-up bars, so that ValidateCode agrees with an execution."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from typing import Any

from strategiz_executor.strategy.answers import WORDS
from strategiz_executor.strategy.bars_frame import Series, read_series
from strategiz_executor.strategy.codes import DiagnosticCode, FailureCode
from strategiz_executor.strategy.compile import Program
from strategiz_executor.strategy.errors import LimitExceededError, RaisedByStrategyError, StrategyError
from strategiz_executor.strategy.failures import failure_of, place_of
from strategiz_executor.strategy.findings import Finding, finding_of
from strategiz_executor.strategy.language import LanguageLayer
from strategiz_executor.strategy.limits import RunLimits, check_signal_count
from strategiz_executor.strategy.look_ahead.check import find_look_ahead
from strategiz_executor.strategy.look_ahead.seen import LookAhead
from strategiz_executor.strategy.made_up_bars import made_up_bars
from strategiz_executor.strategy.notes import look_ahead_note
from strategiz_executor.strategy.parameters import Declaration
from strategiz_executor.strategy.printing import LogOutput
from strategiz_executor.strategy.repeats import without_repeats
from strategiz_executor.strategy.replay.by_columns import compared_with_columns
from strategiz_executor.strategy.replay.fast.expression import Memory
from strategiz_executor.strategy.replay.plain import replay_plainly
from strategiz_executor.strategy.replay.replayed import Replayed
from strategiz_executor.strategy.replay.ways import replay, replay_fast_alone
from strategiz_executor.strategy.strategy_run import Job, LatestRun
from strategiz_executor.strategy.whole_run import Form, WholeRun, run_whole

TEN_YEARS = 2_520
LONGEST = 20_000
ONE_YEAR = 252
LONGEST_CHECK_S = 2.0
FIRST_YEAR, SECOND_YEAR = 1, 2
PER_BAR = frozenset({Form.WORD_PER_BAR, Form.CODE_PER_BAR})
NEW_YEAR_2026_MS = 1_767_225_600_000

BUGS = (NameError, ImportError, AttributeError, TypeError, StrategyError)
"""What no bars make right. Other exceptions may come from the made-up bars alone."""
_ARGUMENTS: Any = vars(BaseException)["args"]
OF_THE_JOB = frozenset({FailureCode.SIGNAL_WITHOUT_BAR})
"""Failures that depend on the dates and parameters of a job."""


@dataclass(frozen=True)
class Trial:
    """What running the code showed; form 0 where no run went well."""

    form: int
    parameters: list[Declaration]
    findings: list[Finding]


def try_out(program: Program, layer: LanguageLayer) -> Trial:
    """Run the code on made-up bars: ten years, a far longer series if that fails, and bar by bar."""
    first = _attempt(program, layer, _series(TEN_YEARS))
    if isinstance(first, WholeRun):
        found = list(_findings_of_replay(first, program, layer))
        return Trial(first.form, list(first.run.parameters.declared.values()), found)
    second = _attempt(program, layer, _series(LONGEST))
    if isinstance(second, WholeRun):
        found = [_depends_on_bars(first.finding, "on ten years of made-up bars")]
        return Trial(second.form, list(second.run.parameters.declared.values()), found)
    return Trial(0, first.declared, [_verdict(second, program)])


@dataclass(frozen=True)
class _Fault:
    error: BaseException
    finding: Finding
    declared: list[Declaration]

    @property
    def place(self) -> tuple[str, int]:
        return self.finding.type, self.finding.line


def _attempt(program: Program, layer: LanguageLayer, series: Series) -> WholeRun | _Fault:
    job = _job(program, layer, series)
    try:
        with redirect_stdout(LogOutput(job.latest.log)):
            return run_whole(job)
    except (StrategyError, RaisedByStrategyError) as error:
        return _fault(error, job)


def _findings_of_replay(whole: WholeRun, program: Program, layer: LanguageLayer) -> Iterator[Finding]:
    outcome = _replay_a_year(whole, program, layer, FIRST_YEAR)
    if isinstance(outcome, _Fault):
        yield _verdict_of_replay(outcome, whole, program, layer)
    elif outcome is not None:
        bars = ONE_YEAR if whole.form in PER_BAR else len(whole.run.job.series)
        most = replay_fast_alone(whole) if whole.form in PER_BAR else outcome
        yield from _findings_of_signals(outcome, most, RunLimits(bars), program)
        yield from _look_ahead(outcome, whole.run.job)


def _replay_a_year(
    whole: WholeRun, program: Program, layer: LanguageLayer, seed: int
) -> Replayed | _Fault | None:
    """Forms 1 and 4 over one year of bars, None where the whole year is warm-up; forms 2 and 3 as they ran."""
    per_bar = whole.form in PER_BAR
    series = _series(ONE_YEAR, seed)
    job = _job(program, layer, series) if per_bar else whole.run.job
    try:
        with redirect_stdout(LogOutput(job.latest.log)):
            return replay_plainly(whole.for_job(job)) if per_bar else replay(whole, Memory())
    except (StrategyError, RaisedByStrategyError) as error:
        fault = _fault(error, job)
        if isinstance(error, RaisedByStrategyError) and error.bar == len(series) - 1:
            # On a year as on its last bar: too few bars. Only in the loop: something kept between calls.
            return fault if isinstance(_attempt(program, layer, series), WholeRun) else None
        return fault


def _verdict_of_replay(fault: _Fault, whole: WholeRun, program: Program, layer: LanguageLayer) -> Finding:
    """An error where no bars would make it right, or where another year ends in the same way."""
    if issubclass(type(fault.error), BUGS):
        return fault.finding
    again = _replay_a_year(whole, program, layer, SECOND_YEAR)
    if isinstance(again, _Fault) and again.place == fault.place:
        return fault.finding
    return _depends_on_bars(fault.finding, "at one of the made-up bars")


def _findings_of_signals(
    replayed: Replayed, most: Replayed | None, limits: RunLimits, program: Program
) -> Iterator[Finding]:
    """`most` is what the strategy says over ten years, None where that would take long."""
    try:
        check_signal_count(without_repeats(replayed.signals), limits)
    except LimitExceededError as error:
        yield finding_of(failure_of(error, program, [])[0])
    if not (most or replayed).signals and (program.shape.strategy or program.shape.has_signals):
        yield Finding(
            "suggestion", DiagnosticCode.NO_SIGNALS, "on the made-up bars of the trial no signal appears"
        )
    if most is not None:
        yield from _missing_types(most, program)
    if replayed.never_sells:
        yield Finding("warning", DiagnosticCode.NEVER_SELLS, "the answer holds only 0 and 1: it never sells")


def _missing_types(replayed: Replayed, program: Program) -> Iterator[Finding]:
    """A word that the code says somewhere and that no bar heard, where others were heard."""
    said = {signal.type for signal in replayed.signals}
    for word, line in _words_written(program.source).items():
        if said and WORDS[word] not in said:
            yield Finding(
                "suggestion",
                DiagnosticCode.NO_SIGNALS,
                f"on the made-up bars of the trial no {word} appears",
                line,
                hint="look at the conditions that lead to it",
            )


def _words_written(source: str) -> dict[str, int]:
    """BUY and SELL where the source has them as texts, with their first lines."""
    found: dict[str, int] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            word = node.value.upper()
            if WORDS.get(word):
                found[word] = min(node.lineno, found.get(word, node.lineno))
    return found


def _look_ahead(replayed: Replayed, job: Job) -> Iterator[Finding]:
    began = time.perf_counter()
    compared = compared_with_columns(replayed, job, Memory())
    ahead = find_look_ahead(compared, job, began, began + LONGEST_CHECK_S)
    if isinstance(ahead, LookAhead):
        message = look_ahead_note(ahead, len(job.series)).message
        yield Finding("warning", DiagnosticCode.LOOK_AHEAD, f"on made-up bars: {message}")


def _verdict(fault: _Fault, program: Program) -> Finding:
    """An error, unless dates or parameters of a job could make the code run."""
    needs_parameter = any(declared.type == "any" for declared in fault.declared)
    needs_key = issubclass(type(fault.error), KeyError) and (
        bool(program.shape.parameters_read & _texts_of(fault.error))
        or "no bar at that time" in fault.finding.hint
    )
    if fault.finding.code in OF_THE_JOB or needs_parameter or needs_key:
        return _depends_on_bars(fault.finding, "on made-up bars without parameters")
    return fault.finding


def _texts_of(error: BaseException) -> set[str]:
    """The texts among an exception's arguments, whatever its class says of itself."""
    return {argument for argument in _ARGUMENTS.__get__(error) if type(argument) is str}


def _fault(error: StrategyError | RaisedByStrategyError, job: Job) -> _Fault:
    failure, _ = failure_of(error, job.program, [])
    run = job.latest.run
    raised = error.error if isinstance(error, RaisedByStrategyError) else error
    line, column = place_of(raised)
    finding = finding_of(failure, column if line == failure.line else 0)
    return _Fault(raised, finding, list(run.parameters.declared.values()) if run else [])


def _depends_on_bars(finding: Finding, where: str) -> Finding:
    return Finding(
        "warning",
        DiagnosticCode.DEPENDS_ON_BARS,
        f"{where} the code raised {finding.type}: {finding.message}",
        finding.line,
        finding.column,
        finding.hint,
    )


def _job(program: Program, layer: LanguageLayer, series: Series) -> Job:
    return Job(program, layer, series, {}, RunLimits(len(series)).log_bytes, 0, LatestRun())


@cache
def _series(count: int, seed: int = FIRST_YEAR) -> Series:
    last = NEW_YEAR_2026_MS if count > TEN_YEARS else None
    return read_series(made_up_bars(count, seed=count + seed, last_ms=last))
