"""An execution as the client asked for it, checked, as the frame that a child gets."""

from dataclasses import dataclass

from strategiz_executor.generated.frames_pb2 import Limits, RequestFrame
from strategiz_executor.generated.strategy_execution_pb2 import (
    BacktestOptions,
    ExecuteStrategyRequest,
    Failure,
)
from strategiz_executor.server import failures
from strategiz_executor.server.bars import BadMarketData, SentBars, read_columns
from strategiz_executor.server.columns import BadColumn
from strategiz_executor.server.errors import ExecutionFailed, InvalidRequest, UnsupportedLanguage
from strategiz_executor.server.frame_shape import LENGTH_DELIMITED, ONE_BYTE
from strategiz_executor.server.limits import KILOBYTE, ExecutionLimits
from strategiz_executor.server.old_bars import read_messages
from strategiz_executor.server.options_check import check_options, check_timeframe
from strategiz_executor.server.parameters import parameters_json

LANGUAGES = ("python",)


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution to be run: the frame for the child, and what the server needs itself."""

    frame: RequestFrame
    bars: SentBars
    timeout_s: float
    memory_mb: int
    wants_columns: bool


def read_execution(request: ExecuteStrategyRequest, limits: ExecutionLimits) -> Execution:
    """Checks a request. Raises InvalidRequest, UnsupportedLanguage or ExecutionFailed (limit, user)."""
    check_language(request.language)
    timeout_s = check_timeout(request.timeout_seconds, limits)
    memory_mb = check_memory(request.memory_mb, limits)
    check_options(request.options)
    check_timeframe(request.timeframe)
    parameters = parameters_json(request.parameters_json, request.parameters, limits)
    check_source(request.code, limits)
    bars = _read_bars(request, limits)
    frame = execution_frame(request.code, bars, parameters, limits)
    frame.options.CopyFrom(request.options)
    frame.timeframe = request.timeframe
    frame.symbol = request.symbol
    frame.backtest = True
    frame.limits.timeout_ms = round(timeout_s * 1_000)
    return Execution(frame, bars, timeout_s, memory_mb, request.HasField("bars"))


def execution_frame(code: str, bars: SentBars, parameters: str, limits: ExecutionLimits) -> RequestFrame:
    """A frame that runs `code` over `bars` with default options and without a backtest.

    The bars themselves are not in it: `raw_bars` are sent after it, which saves two copies of them.
    """
    return RequestFrame(
        kind=RequestFrame.EXECUTE,
        code=code,
        parameters_json=parameters,
        options=BacktestOptions(),
        limits=Limits(
            signals=len(bars),
            plots=limits.plots,
            log_bytes=limits.log_bytes,
            result_bytes=limits.result_bytes,
        ),
    )


def raw_bars(bars: SentBars) -> tuple[bytes, bytes]:
    """The field `bars` of a RequestFrame as it lies on the wire, in two parts to follow the other fields."""
    columns = bars.columns.SerializeToString()
    return field_head(RequestFrame.BARS_FIELD_NUMBER, len(columns)), columns


def field_head(number: int, size: int) -> bytes:
    """The tag of a length-delimited field and its length (protobuf.dev/programming-guides/encoding)."""
    head = bytearray((number << 3 | LENGTH_DELIMITED,))
    while size >= ONE_BYTE:
        head.append(size & 0x7F | ONE_BYTE)
        size >>= 7
    head.append(size)
    return bytes(head)


def validation_frame(code: str, limits: ExecutionLimits) -> RequestFrame:
    """A frame that checks `code` without running it."""
    frame_limits = Limits(
        signals=limits.bars,
        plots=limits.plots,
        log_bytes=limits.log_bytes,
        result_bytes=limits.result_bytes,
    )
    return RequestFrame(kind=RequestFrame.VALIDATE, code=code, limits=frame_limits)


def check_language(language: str) -> None:
    """An empty language is python. Raises UnsupportedLanguage."""
    if language and language.lower() not in LANGUAGES:
        raise UnsupportedLanguage(
            f"language {language[:64]!r} is not available: there is {', '.join(LANGUAGES)}"
        )


def check_timeout(timeout_seconds: int, limits: ExecutionLimits) -> float:
    """The wall-time limit in seconds; 0 is the default. Raises InvalidRequest."""
    if not 0 <= timeout_seconds <= limits.max_timeout_s:
        raise InvalidRequest(f"timeout_seconds is {timeout_seconds}: it must be 0 to {limits.max_timeout_s}")
    return float(timeout_seconds or min(limits.default_timeout_s, limits.max_timeout_s))


def check_memory(memory_mb: int, limits: ExecutionLimits) -> int:
    """The memory limit in MB; 0 is the default. Raises InvalidRequest."""
    if not 0 <= memory_mb <= limits.memory_mb:
        raise InvalidRequest(f"memory_mb is {memory_mb}: it must be 0 to {limits.memory_mb}")
    return memory_mb or limits.memory_mb


def check_source(code: str, limits: ExecutionLimits) -> None:
    """Raises ExecutionFailed (limit) for a source that is too long."""
    used = len(code.encode())
    if used > limits.source_bytes:
        limit_kb, used_kb = limits.source_bytes / KILOBYTE, used / KILOBYTE
        message = f"the source has {used_kb:.1f} KB, more than the limit of {limit_kb:g} KB"
        raise ExecutionFailed(failures.over_limit("source", limit_kb, used_kb, "KB", message))


def too_many_bars(count: int, limits: ExecutionLimits) -> Failure:
    """The failure of a series that is too long."""
    message = f"the series has {count} bars, more than the limit of {limits.bars}"
    return failures.over_limit("bars", limits.bars, count, "bars", message)


def _read_bars(request: ExecuteStrategyRequest, limits: ExecutionLimits) -> SentBars:
    if request.HasField("bars") and request.market_data:
        raise InvalidRequest("send bars or market_data, not both")
    count = len(request.bars.timestamp_ms) // 8 if request.HasField("bars") else len(request.market_data)
    if count > limits.bars:
        raise ExecutionFailed(too_many_bars(count, limits))
    try:
        if request.HasField("bars"):
            return read_columns(request.bars)
        return read_messages(request.market_data)
    except BadColumn as error:
        raise InvalidRequest(str(error)) from error
    except BadMarketData as error:
        raise ExecutionFailed(failures.bad_market_data(str(error))) from error
