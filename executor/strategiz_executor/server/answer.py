"""Checks a child's ResultFrame before anything of it is used.

A child may send whatever it likes: numbers that are not finite, bars that do not exist, counts
that do not fit. What passes here can be sent on and indexed without another look.
"""

import math
from collections.abc import Mapping

from google.protobuf.message import DecodeError, Message

from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import ExecutionResult, Failure
from strategiz_executor.server.answer_columns import check_plots, check_signals, check_trades
from strategiz_executor.server.columns import BadColumn, all_finite, read_column
from strategiz_executor.server.frame_shape import BadShape, check_shape, shape_of
from strategiz_executor.server.limits import ExecutionLimits

MOST_WARNINGS = 200
MOST_FINDINGS = 1_000
LONGEST_TEXT = 4_096
LOG_NOTE_BYTES = 1_024
FRAME_SHAPE = shape_of(ResultFrame.DESCRIPTOR)
FAILURE_CLASSES = frozenset(("user", "limit", "platform"))


class BadAnswer(ValueError):  # noqa: N818
    """The frame is not what an honest child sends; the message says why."""


def parse_answer(raw: bytes | bytearray) -> ResultFrame:
    """Parses one frame by protobuf alone. Raises BadAnswer."""
    frame = ResultFrame()
    whole = bytes(raw)
    try:
        check_shape(whole, FRAME_SHAPE)
        frame.ParseFromString(whole)
    except BadShape as error:
        raise BadAnswer(str(error)) from error
    except DecodeError as error:
        raise BadAnswer("it is not a protobuf message of the right type") from error
    frame.DiscardUnknownFields()
    return frame


def check_answer(answer: ResultFrame, asked: RequestFrame, bars: int, limits: ExecutionLimits) -> None:
    """Raises BadAnswer unless the last frame of an execution or validation is sound."""
    try:
        if asked.kind == RequestFrame.VALIDATE:
            _check_validation(answer)
        elif answer.success:
            _check_success(answer, asked, bars, limits)
        else:
            _check_failure(answer, bars)
    except BadColumn as error:
        raise BadAnswer(str(error)) from error


def _check_success(answer: ResultFrame, asked: RequestFrame, bars: int, limits: ExecutionLimits) -> None:
    if bars == 0:
        raise BadAnswer("a success without bars")
    _check_result(answer.result, asked, bars, limits)
    _check_notes(answer, bars)
    check_scalars(answer.metrics, "metrics")
    check_scalars(answer.assumptions, "assumptions")
    check_scalars(answer.replay, "replay")
    check_scalars(answer.timings, "timings")
    check_texts(answer.metrics.unavailable, "unavailable metrics")
    if answer.live.type not in (-1, 0, 1):
        raise BadAnswer(f"a live signal of type {answer.live.type}")
    _check_text(answer.live.reason, "the live signal's reason")


def _check_result(result: ExecutionResult, asked: RequestFrame, bars: int, limits: ExecutionLimits) -> None:
    if asked.backtest or result.equity:
        equity = read_column(result.equity, "<f8", "equity", bars)
        if not all_finite(equity):
            raise BadAnswer("equity that is not finite")
    signals = check_signals(result.signals, bars, asked.limits.signals, filled=asked.backtest)
    check_trades(result.trades, bars, signals)
    check_plots(result.plots, bars, limits.plots)
    _check_logs(result, limits.log_bytes)


def _check_logs(result: ExecutionResult, most_bytes: int) -> None:
    if len(result.logs) > most_bytes or sum(map(len, result.logs)) > most_bytes + LOG_NOTE_BYTES:
        raise BadAnswer("more logs than the limit")


def _check_notes(answer: ResultFrame, bars: int) -> None:
    if len(answer.warnings) > MOST_WARNINGS:
        raise BadAnswer(f"{len(answer.warnings)} warnings")
    for warning in answer.warnings:
        _check_text(warning.code, "a warning's code")
        _check_text(warning.message, "a warning")
        if not -1 <= warning.bar < bars:
            raise BadAnswer(f"a warning at bar {warning.bar} of {bars}")


def _check_failure(answer: ResultFrame, bars: int) -> None:
    failure = answer.failure
    if getattr(failure, "class") not in FAILURE_CLASSES or not failure.code:
        raise BadAnswer("a failure without class and code")
    if not 0 <= answer.failure_bar <= bars:
        raise BadAnswer(f"a failure at bar {answer.failure_bar - 1} of {bars}")
    _check_notes(answer, bars)
    check_scalars(answer.replay, "replay")
    check_scalars(answer.timings, "timings")
    _check_logs(answer.result, 1 << 17)
    cut_failure(failure)


def cut_failure(failure: Failure) -> None:
    """Cuts the texts of a failure to a readable length; an exception's message can be megabytes."""
    for name in ("code", "message", "type", "source_line", "hint", "limit_name", "limit_unit"):
        text = getattr(failure, name)
        if len(text) > LONGEST_TEXT:
            setattr(failure, name, text[: LONGEST_TEXT - 1] + "…")
    failure.bar_timestamp = ""  # the server's to say, from `failure_bar`
    for name in ("limit_value", "limit_used"):
        if not math.isfinite(getattr(failure, name)):
            setattr(failure, name, 0.0)
    failure.line = max(failure.line, 0)


def _check_validation(answer: ResultFrame) -> None:
    validation = answer.validation
    for findings in (validation.errors, validation.warnings, validation.suggestions):
        if len(findings) > MOST_FINDINGS:
            raise BadAnswer(f"{len(findings)} findings")
    if max(len(validation.diagnostics), len(validation.parameters)) > MOST_FINDINGS:
        raise BadAnswer("too many findings")
    for diagnostic in validation.diagnostics:
        check_scalars(diagnostic, "a diagnostic")
    for parameter in validation.parameters:
        check_scalars(parameter, "a parameter")


def check_scalars(message: Message, what: str) -> None:
    """Every number that is set must be finite and every text short."""
    for field, value in message.ListFields():
        kind = type(value)
        if kind is float and not math.isfinite(value):
            raise BadAnswer(f"{what}: {field.name} is not finite")
        if kind is str and len(value) > LONGEST_TEXT:
            _check_text(value, f"{what}: {field.name}")


def check_texts(texts: Mapping[str, str], what: str) -> None:
    """Raises BadAnswer for too many entries or a long one."""
    if len(texts) > MOST_WARNINGS:
        raise BadAnswer(f"too many {what}")
    for name, text in texts.items():
        _check_text(name, what)
        _check_text(text, what)


def _check_text(text: str, what: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise BadAnswer(f"{what} is {len(text)} characters long")
