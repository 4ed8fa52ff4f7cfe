from . import strategy_execution_pb2 as _strategy_execution_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RequestFrame(_message.Message):
    __slots__ = ("kind", "code", "compiled", "bars", "parameters_json", "options", "timeframe", "symbol", "limits", "backtest", "first_execution", "batch", "fast_form")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        EXECUTE: _ClassVar[RequestFrame.Kind]
        VALIDATE: _ClassVar[RequestFrame.Kind]
        BATCH: _ClassVar[RequestFrame.Kind]
        REHEARSE: _ClassVar[RequestFrame.Kind]
    EXECUTE: RequestFrame.Kind
    VALIDATE: RequestFrame.Kind
    BATCH: RequestFrame.Kind
    REHEARSE: RequestFrame.Kind
    KIND_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    COMPILED_FIELD_NUMBER: _ClassVar[int]
    BARS_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_JSON_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    BACKTEST_FIELD_NUMBER: _ClassVar[int]
    FIRST_EXECUTION_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    FAST_FORM_FIELD_NUMBER: _ClassVar[int]
    kind: RequestFrame.Kind
    code: str
    compiled: bytes
    bars: _strategy_execution_pb2.BarColumns
    parameters_json: str
    options: _strategy_execution_pb2.BacktestOptions
    timeframe: str
    symbol: str
    limits: Limits
    backtest: bool
    first_execution: bool
    batch: Batch
    fast_form: int
    def __init__(self, kind: _Optional[_Union[RequestFrame.Kind, str]] = ..., code: _Optional[str] = ..., compiled: _Optional[bytes] = ..., bars: _Optional[_Union[_strategy_execution_pb2.BarColumns, _Mapping]] = ..., parameters_json: _Optional[str] = ..., options: _Optional[_Union[_strategy_execution_pb2.BacktestOptions, _Mapping]] = ..., timeframe: _Optional[str] = ..., symbol: _Optional[str] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., backtest: _Optional[bool] = ..., first_execution: _Optional[bool] = ..., batch: _Optional[_Union[Batch, _Mapping]] = ..., fast_form: _Optional[int] = ...) -> None: ...

class Batch(_message.Message):
    __slots__ = ("parameters_json", "first_place", "full", "no_shared_expressions", "memory_bytes")
    PARAMETERS_JSON_FIELD_NUMBER: _ClassVar[int]
    FIRST_PLACE_FIELD_NUMBER: _ClassVar[int]
    FULL_FIELD_NUMBER: _ClassVar[int]
    NO_SHARED_EXPRESSIONS_FIELD_NUMBER: _ClassVar[int]
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    parameters_json: _containers.RepeatedScalarFieldContainer[str]
    first_place: int
    full: bool
    no_shared_expressions: bool
    memory_bytes: int
    def __init__(self, parameters_json: _Optional[_Iterable[str]] = ..., first_place: _Optional[int] = ..., full: _Optional[bool] = ..., no_shared_expressions: _Optional[bool] = ..., memory_bytes: _Optional[int] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ("signals", "plots", "log_bytes", "result_bytes", "timeout_ms")
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    PLOTS_FIELD_NUMBER: _ClassVar[int]
    LOG_BYTES_FIELD_NUMBER: _ClassVar[int]
    RESULT_BYTES_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    signals: int
    plots: int
    log_bytes: int
    result_bytes: int
    timeout_ms: int
    def __init__(self, signals: _Optional[int] = ..., plots: _Optional[int] = ..., log_bytes: _Optional[int] = ..., result_bytes: _Optional[int] = ..., timeout_ms: _Optional[int] = ...) -> None: ...

class ResultFrame(_message.Message):
    __slots__ = ("last", "compiled", "success", "failure", "result", "warnings", "live", "metrics", "assumptions", "replay", "timings", "validation", "failure_bar", "of_columns_alone")
    LAST_FIELD_NUMBER: _ClassVar[int]
    COMPILED_FIELD_NUMBER: _ClassVar[int]
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    ASSUMPTIONS_FIELD_NUMBER: _ClassVar[int]
    REPLAY_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    VALIDATION_FIELD_NUMBER: _ClassVar[int]
    FAILURE_BAR_FIELD_NUMBER: _ClassVar[int]
    OF_COLUMNS_ALONE_FIELD_NUMBER: _ClassVar[int]
    last: bool
    compiled: bytes
    success: bool
    failure: _strategy_execution_pb2.Failure
    result: _strategy_execution_pb2.ExecutionResult
    warnings: _containers.RepeatedCompositeFieldContainer[BarWarning]
    live: LiveAnswer
    metrics: _strategy_execution_pb2.Metrics
    assumptions: _strategy_execution_pb2.Assumptions
    replay: _strategy_execution_pb2.Replay
    timings: _strategy_execution_pb2.Timings
    validation: _strategy_execution_pb2.ValidateCodeResponse
    failure_bar: int
    of_columns_alone: bool
    def __init__(self, last: _Optional[bool] = ..., compiled: _Optional[bytes] = ..., success: _Optional[bool] = ..., failure: _Optional[_Union[_strategy_execution_pb2.Failure, _Mapping]] = ..., result: _Optional[_Union[_strategy_execution_pb2.ExecutionResult, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[BarWarning, _Mapping]]] = ..., live: _Optional[_Union[LiveAnswer, _Mapping]] = ..., metrics: _Optional[_Union[_strategy_execution_pb2.Metrics, _Mapping]] = ..., assumptions: _Optional[_Union[_strategy_execution_pb2.Assumptions, _Mapping]] = ..., replay: _Optional[_Union[_strategy_execution_pb2.Replay, _Mapping]] = ..., timings: _Optional[_Union[_strategy_execution_pb2.Timings, _Mapping]] = ..., validation: _Optional[_Union[_strategy_execution_pb2.ValidateCodeResponse, _Mapping]] = ..., failure_bar: _Optional[int] = ..., of_columns_alone: _Optional[bool] = ...) -> None: ...

class BarWarning(_message.Message):
    __slots__ = ("code", "message", "bar")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    BAR_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    bar: int
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ..., bar: _Optional[int] = ...) -> None: ...

class LiveAnswer(_message.Message):
    __slots__ = ("type", "reason")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    type: int
    reason: str
    def __init__(self, type: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...
