"""From what ended an execution to the Failure that its author reads."""

from __future__ import annotations

from itertools import islice
from types import TracebackType

from strategiz_executor.backtest import BacktestOverflowError, OptionError
from strategiz_executor.generated.strategy_execution_pb2 import Failure
from strategiz_executor.strategy.chained_assignment import ChainedAssignmentError
from strategiz_executor.strategy.codes import FailureClass, FailureCode, LimitName
from strategiz_executor.strategy.compile import Program
from strategiz_executor.strategy.errors import (
    AnswerError,
    LimitExceededError,
    NotAvailableError,
    RaisedByStrategyError,
    StrategyError,
)
from strategiz_executor.strategy.hints import hint_for
from strategiz_executor.strategy.language import FILE_NAME, LanguageRefusalError
from strategiz_executor.strategy.language.refusal import Refusal
from strategiz_executor.strategy.texts import MAX_VALUE, message_of, wire_text


def failure_of(error: BaseException, program: Program, columns: list[str]) -> tuple[Failure, int | None]:
    """Answer the failure, and the index of the bar on which it happened where one is known.

    `columns` are those of the frame that the strategy was looking at, for hints. Reading an exception of
    the author's own class can raise anything: that is then all that can be said.
    """
    try:
        return _failure_of(error, program, columns)
    except BaseException:  # noqa: BLE001
        message = "the strategy raised an exception that cannot be read"
        return _failure(FailureClass.USER, FailureCode.EXCEPTION, "Exception", message), None


def _failure_of(error: BaseException, program: Program, columns: list[str]) -> tuple[Failure, int | None]:
    if isinstance(error, RaisedByStrategyError):
        return _raised(error.error, program.source, columns), error.bar
    if not isinstance(error, Exception):  # SystemExit and the like: nothing of ours raises them
        return _raised(error, program.source, columns), None
    if isinstance(error, AnswerError) and not error.line:
        error.line = program.shape.strategy_line
    if isinstance(error, StrategyError):
        return _broken_rule(error, program.source), error.bar
    if isinstance(error, LimitExceededError):
        return _limit(error), None
    if isinstance(error, MemoryError):
        return _out_of_memory(), None
    if isinstance(error, OptionError):
        return _failure(FailureClass.USER, FailureCode.BAD_OPTION, "OptionError", str(error)), None
    if isinstance(error, BacktestOverflowError):
        return _failure(
            FailureClass.USER, FailureCode.BACKTEST_OVERFLOW, "BacktestOverflowError", str(error)
        ), None
    return _failure(
        FailureClass.PLATFORM, FailureCode.EXECUTOR_ERROR, type(error).__name__, message_of(error)
    ), None


def syntax_failure(error: Exception, source: str) -> Failure:
    """Answer the failure of a source that does not compile."""
    if isinstance(error, LanguageRefusalError):
        return refusal_failure(error.refusals[0], source)
    if isinstance(error, SyntaxError):
        failure = _failure(FailureClass.USER, FailureCode.SYNTAX_ERROR, type(error).__name__, error.msg)
        return _at_line(failure, error.lineno or 0, source)
    if isinstance(error, MemoryError | RecursionError):
        return _failure(
            FailureClass.USER, FailureCode.SYNTAX_ERROR, "SyntaxError", "the code is nested too deeply"
        )
    return _failure(FailureClass.USER, FailureCode.SYNTAX_ERROR, "SyntaxError", message_of(error))


def refusal_failure(refusal: Refusal, source: str) -> Failure:
    """Answer the failure of a source that uses what strategies do not have."""
    failure = _failure(
        FailureClass.USER, FailureCode.NOT_AVAILABLE, NotAvailableError.__name__, refusal.message
    )
    failure.hint = wire_text(refusal.hint)
    return _at_line(failure, refusal.line, source)


def line_of(error: BaseException) -> int:
    """Answer the innermost line of the strategy that the exception passed, 0 where it passed none."""
    return place_of(error)[0]


def place_of(error: BaseException) -> tuple[int, int]:
    """Answer that line and the column on it, both counted from 1, 0 where there is none."""
    innermost: TracebackType | None = None
    step: TracebackType | None = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == FILE_NAME:
            innermost = step
        step = step.tb_next
    return (innermost.tb_lineno, _column(innermost)) if innermost else (0, 0)


def _column(step: TracebackType) -> int:
    positions = islice(step.tb_frame.f_code.co_positions(), step.tb_lasti // 2, None)
    line, _, column, _ = next(positions, (None, None, None, None))
    return column + 1 if line == step.tb_lineno and column is not None else 0


def source_line(source: str, line: int) -> str:
    """Answer the text of a line of the source, counted from 1."""
    lines = source.splitlines()
    return wire_text(lines[line - 1].strip(), 4 * MAX_VALUE) if 0 < line <= len(lines) else ""


def _raised(error: BaseException, source: str, columns: list[str]) -> Failure:
    if isinstance(error, StrategyError):
        return _broken_rule(error, source)
    if isinstance(error, MemoryError):
        return _at_line(_out_of_memory(), line_of(error), source)
    message = message_of(error)
    chained = isinstance(error, ChainedAssignmentError)
    failure = _failure(
        FailureClass.USER,
        FailureCode.CHAINED_ASSIGNMENT if chained else FailureCode.EXCEPTION,
        type(error).__name__,
        message.partition("\n")[0] if chained else message,
    )
    failure.hint = wire_text(hint_for(error, message, columns))
    return _at_line(failure, line_of(error), source)


def _broken_rule(error: StrategyError, source: str) -> Failure:
    failure = _failure(FailureClass.USER, error.code, type(error).__name__, message_of(error))
    failure.hint = wire_text(error.hint)
    return _at_line(failure, error.line or line_of(error), source)


def _limit(error: LimitExceededError) -> Failure:
    failure = _failure(FailureClass.LIMIT, FailureCode(error.name.value), "LimitExceeded", str(error))
    failure.limit_name = error.name
    failure.limit_value = error.value
    failure.limit_used = error.used
    failure.limit_unit = error.unit
    return failure


def _out_of_memory() -> Failure:
    """The server, which set the limit, adds its value and what was used."""
    failure = _failure(
        FailureClass.LIMIT, FailureCode.MEMORY, "MemoryError", "the strategy ran out of memory"
    )
    failure.limit_name = LimitName.MEMORY
    failure.limit_unit = "MB"
    return failure


def _failure(class_: FailureClass, code: FailureCode, type_name: str, message: str) -> Failure:
    failure = Failure(code=code, type=wire_text(type_name, MAX_VALUE), message=wire_text(message))
    setattr(failure, "class", class_.value)  # a keyword in Python, a field on the wire
    return failure


def _at_line(failure: Failure, line: int, source: str) -> Failure:
    failure.line = line
    failure.source_line = source_line(source, line)
    return failure
