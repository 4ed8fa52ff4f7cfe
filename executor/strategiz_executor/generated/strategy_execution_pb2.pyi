from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BatchDetail(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BATCH_DETAIL_SUMMARY: _ClassVar[BatchDetail]
    BATCH_DETAIL_FULL: _ClassVar[BatchDetail]
BATCH_DETAIL_SUMMARY: BatchDetail
BATCH_DETAIL_FULL: BatchDetail

class ExecuteStrategyRequest(_message.Message):
    __slots__ = ("code", "language", "market_data", "parameters", "timeout_seconds", "user_id", "strategy_id", "bars", "parameters_json", "options", "symbol", "timeframe", "memory_mb")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    MARKET_DATA_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_ID_FIELD_NUMBER: _ClassVar[int]
    BARS_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_JSON_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
    MEMORY_MB_FIELD_NUMBER: _ClassVar[int]
    code: str
    language: str
    market_data: _containers.RepeatedCompositeFieldContainer[MarketDataBar]
    parameters: _containers.ScalarMap[str, str]
    timeout_seconds: int
    user_id: str
    strategy_id: str
    bars: BarColumns
    parameters_json: str
    options: BacktestOptions
    symbol: str
    timeframe: str
    memory_mb: int
    def __init__(self, code: _Optional[str] = ..., language: _Optional[str] = ..., market_data: _Optional[_Iterable[_Union[MarketDataBar, _Mapping]]] = ..., parameters: _Optional[_Mapping[str, str]] = ..., timeout_seconds: _Optional[int] = ..., user_id: _Optional[str] = ..., strategy_id: _Optional[str] = ..., bars: _Optional[_Union[BarColumns, _Mapping]] = ..., parameters_json: _Optional[str] = ..., options: _Optional[_Union[BacktestOptions, _Mapping]] = ..., symbol: _Optional[str] = ..., timeframe: _Optional[str] = ..., memory_mb: _Optional[int] = ...) -> None: ...

class MarketDataBar(_message.Message):
    __slots__ = ("timestamp", "open", "high", "low", "close", "volume")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    VOLUME_FIELD_NUMBER: _ClassVar[int]
    timestamp: str
    open: float
    high: float
    low: float
    close: float
    volume: int
    def __init__(self, timestamp: _Optional[str] = ..., open: _Optional[float] = ..., high: _Optional[float] = ..., low: _Optional[float] = ..., close: _Optional[float] = ..., volume: _Optional[int] = ...) -> None: ...

class BarColumns(_message.Message):
    __slots__ = ("timestamp_ms", "open", "high", "low", "close", "volume")
    TIMESTAMP_MS_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    VOLUME_FIELD_NUMBER: _ClassVar[int]
    timestamp_ms: bytes
    open: bytes
    high: bytes
    low: bytes
    close: bytes
    volume: bytes
    def __init__(self, timestamp_ms: _Optional[bytes] = ..., open: _Optional[bytes] = ..., high: _Optional[bytes] = ..., low: _Optional[bytes] = ..., close: _Optional[bytes] = ..., volume: _Optional[bytes] = ...) -> None: ...

class BacktestOptions(_message.Message):
    __slots__ = ("initial_capital", "commission_pct", "slippage_pct", "fill", "direction", "sizing", "fractional", "bars_per_year", "risk_free_rate", "look_ahead_check")
    INITIAL_CAPITAL_FIELD_NUMBER: _ClassVar[int]
    COMMISSION_PCT_FIELD_NUMBER: _ClassVar[int]
    SLIPPAGE_PCT_FIELD_NUMBER: _ClassVar[int]
    FILL_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SIZING_FIELD_NUMBER: _ClassVar[int]
    FRACTIONAL_FIELD_NUMBER: _ClassVar[int]
    BARS_PER_YEAR_FIELD_NUMBER: _ClassVar[int]
    RISK_FREE_RATE_FIELD_NUMBER: _ClassVar[int]
    LOOK_AHEAD_CHECK_FIELD_NUMBER: _ClassVar[int]
    initial_capital: float
    commission_pct: float
    slippage_pct: float
    fill: str
    direction: str
    sizing: float
    fractional: bool
    bars_per_year: float
    risk_free_rate: float
    look_ahead_check: bool
    def __init__(self, initial_capital: _Optional[float] = ..., commission_pct: _Optional[float] = ..., slippage_pct: _Optional[float] = ..., fill: _Optional[str] = ..., direction: _Optional[str] = ..., sizing: _Optional[float] = ..., fractional: _Optional[bool] = ..., bars_per_year: _Optional[float] = ..., risk_free_rate: _Optional[float] = ..., look_ahead_check: _Optional[bool] = ...) -> None: ...

class ExecuteStrategyResponse(_message.Message):
    __slots__ = ("success", "signals", "indicators", "performance", "execution_time_ms", "logs", "error", "failure", "result", "warnings", "live_signal", "assumptions", "metrics", "unavailable_metrics", "replay", "timings", "cache_hit")
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    INDICATORS_FIELD_NUMBER: _ClassVar[int]
    PERFORMANCE_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    LOGS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    LIVE_SIGNAL_FIELD_NUMBER: _ClassVar[int]
    ASSUMPTIONS_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    UNAVAILABLE_METRICS_FIELD_NUMBER: _ClassVar[int]
    REPLAY_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    CACHE_HIT_FIELD_NUMBER: _ClassVar[int]
    success: bool
    signals: _containers.RepeatedCompositeFieldContainer[Signal]
    indicators: _containers.RepeatedCompositeFieldContainer[Indicator]
    performance: Performance
    execution_time_ms: int
    logs: _containers.RepeatedScalarFieldContainer[str]
    error: str
    failure: Failure
    result: ExecutionResult
    warnings: _containers.RepeatedCompositeFieldContainer[Warning]
    live_signal: LiveSignal
    assumptions: Assumptions
    metrics: Metrics
    unavailable_metrics: _containers.RepeatedScalarFieldContainer[str]
    replay: Replay
    timings: Timings
    cache_hit: bool
    def __init__(self, success: _Optional[bool] = ..., signals: _Optional[_Iterable[_Union[Signal, _Mapping]]] = ..., indicators: _Optional[_Iterable[_Union[Indicator, _Mapping]]] = ..., performance: _Optional[_Union[Performance, _Mapping]] = ..., execution_time_ms: _Optional[int] = ..., logs: _Optional[_Iterable[str]] = ..., error: _Optional[str] = ..., failure: _Optional[_Union[Failure, _Mapping]] = ..., result: _Optional[_Union[ExecutionResult, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[Warning, _Mapping]]] = ..., live_signal: _Optional[_Union[LiveSignal, _Mapping]] = ..., assumptions: _Optional[_Union[Assumptions, _Mapping]] = ..., metrics: _Optional[_Union[Metrics, _Mapping]] = ..., unavailable_metrics: _Optional[_Iterable[str]] = ..., replay: _Optional[_Union[Replay, _Mapping]] = ..., timings: _Optional[_Union[Timings, _Mapping]] = ..., cache_hit: _Optional[bool] = ...) -> None: ...

class Signal(_message.Message):
    __slots__ = ("timestamp", "type", "price", "quantity", "reason", "exact_quantity", "icon", "outcome")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXACT_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    ICON_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    timestamp: str
    type: str
    price: float
    quantity: int
    reason: str
    exact_quantity: float
    icon: str
    outcome: str
    def __init__(self, timestamp: _Optional[str] = ..., type: _Optional[str] = ..., price: _Optional[float] = ..., quantity: _Optional[int] = ..., reason: _Optional[str] = ..., exact_quantity: _Optional[float] = ..., icon: _Optional[str] = ..., outcome: _Optional[str] = ...) -> None: ...

class Indicator(_message.Message):
    __slots__ = ("name", "data", "color", "linewidth", "overlay")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    COLOR_FIELD_NUMBER: _ClassVar[int]
    LINEWIDTH_FIELD_NUMBER: _ClassVar[int]
    OVERLAY_FIELD_NUMBER: _ClassVar[int]
    name: str
    data: _containers.RepeatedCompositeFieldContainer[DataPoint]
    color: str
    linewidth: float
    overlay: bool
    def __init__(self, name: _Optional[str] = ..., data: _Optional[_Iterable[_Union[DataPoint, _Mapping]]] = ..., color: _Optional[str] = ..., linewidth: _Optional[float] = ..., overlay: _Optional[bool] = ...) -> None: ...

class DataPoint(_message.Message):
    __slots__ = ("timestamp", "value")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    timestamp: str
    value: float
    def __init__(self, timestamp: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...

class EquityPoint(_message.Message):
    __slots__ = ("timestamp", "portfolio_value", "type")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    PORTFOLIO_VALUE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    timestamp: str
    portfolio_value: float
    type: str
    def __init__(self, timestamp: _Optional[str] = ..., portfolio_value: _Optional[float] = ..., type: _Optional[str] = ...) -> None: ...

class Performance(_message.Message):
    __slots__ = ("total_return", "total_pnl", "win_rate", "total_trades", "profitable_trades", "buy_count", "sell_count", "avg_win", "avg_loss", "profit_factor", "max_drawdown", "sharpe_ratio", "trades", "last_tested_at", "equity_curve", "start_date", "end_date", "test_period", "buy_and_hold_return", "buy_and_hold_return_percent", "outperformance")
    TOTAL_RETURN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PNL_FIELD_NUMBER: _ClassVar[int]
    WIN_RATE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_TRADES_FIELD_NUMBER: _ClassVar[int]
    PROFITABLE_TRADES_FIELD_NUMBER: _ClassVar[int]
    BUY_COUNT_FIELD_NUMBER: _ClassVar[int]
    SELL_COUNT_FIELD_NUMBER: _ClassVar[int]
    AVG_WIN_FIELD_NUMBER: _ClassVar[int]
    AVG_LOSS_FIELD_NUMBER: _ClassVar[int]
    PROFIT_FACTOR_FIELD_NUMBER: _ClassVar[int]
    MAX_DRAWDOWN_FIELD_NUMBER: _ClassVar[int]
    SHARPE_RATIO_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    LAST_TESTED_AT_FIELD_NUMBER: _ClassVar[int]
    EQUITY_CURVE_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    TEST_PERIOD_FIELD_NUMBER: _ClassVar[int]
    BUY_AND_HOLD_RETURN_FIELD_NUMBER: _ClassVar[int]
    BUY_AND_HOLD_RETURN_PERCENT_FIELD_NUMBER: _ClassVar[int]
    OUTPERFORMANCE_FIELD_NUMBER: _ClassVar[int]
    total_return: float
    total_pnl: float
    win_rate: float
    total_trades: int
    profitable_trades: int
    buy_count: int
    sell_count: int
    avg_win: float
    avg_loss: float
    profit_factor: float
    max_drawdown: float
    sharpe_ratio: float
    trades: _containers.RepeatedCompositeFieldContainer[Trade]
    last_tested_at: str
    equity_curve: _containers.RepeatedCompositeFieldContainer[EquityPoint]
    start_date: str
    end_date: str
    test_period: str
    buy_and_hold_return: float
    buy_and_hold_return_percent: float
    outperformance: float
    def __init__(self, total_return: _Optional[float] = ..., total_pnl: _Optional[float] = ..., win_rate: _Optional[float] = ..., total_trades: _Optional[int] = ..., profitable_trades: _Optional[int] = ..., buy_count: _Optional[int] = ..., sell_count: _Optional[int] = ..., avg_win: _Optional[float] = ..., avg_loss: _Optional[float] = ..., profit_factor: _Optional[float] = ..., max_drawdown: _Optional[float] = ..., sharpe_ratio: _Optional[float] = ..., trades: _Optional[_Iterable[_Union[Trade, _Mapping]]] = ..., last_tested_at: _Optional[str] = ..., equity_curve: _Optional[_Iterable[_Union[EquityPoint, _Mapping]]] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., test_period: _Optional[str] = ..., buy_and_hold_return: _Optional[float] = ..., buy_and_hold_return_percent: _Optional[float] = ..., outperformance: _Optional[float] = ...) -> None: ...

class Trade(_message.Message):
    __slots__ = ("buy_timestamp", "sell_timestamp", "buy_price", "sell_price", "pnl", "pnl_percent", "win", "buy_reason", "sell_reason", "quantity", "direction")
    BUY_TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    SELL_TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    BUY_PRICE_FIELD_NUMBER: _ClassVar[int]
    SELL_PRICE_FIELD_NUMBER: _ClassVar[int]
    PNL_FIELD_NUMBER: _ClassVar[int]
    PNL_PERCENT_FIELD_NUMBER: _ClassVar[int]
    WIN_FIELD_NUMBER: _ClassVar[int]
    BUY_REASON_FIELD_NUMBER: _ClassVar[int]
    SELL_REASON_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    buy_timestamp: str
    sell_timestamp: str
    buy_price: float
    sell_price: float
    pnl: float
    pnl_percent: float
    win: bool
    buy_reason: str
    sell_reason: str
    quantity: float
    direction: str
    def __init__(self, buy_timestamp: _Optional[str] = ..., sell_timestamp: _Optional[str] = ..., buy_price: _Optional[float] = ..., sell_price: _Optional[float] = ..., pnl: _Optional[float] = ..., pnl_percent: _Optional[float] = ..., win: _Optional[bool] = ..., buy_reason: _Optional[str] = ..., sell_reason: _Optional[str] = ..., quantity: _Optional[float] = ..., direction: _Optional[str] = ...) -> None: ...

class ValidateCodeRequest(_message.Message):
    __slots__ = ("code", "language", "user_id")
    CODE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    code: str
    language: str
    user_id: str
    def __init__(self, code: _Optional[str] = ..., language: _Optional[str] = ..., user_id: _Optional[str] = ...) -> None: ...

class ValidateCodeResponse(_message.Message):
    __slots__ = ("valid", "errors", "warnings", "suggestions", "diagnostics", "form", "parameters")
    VALID_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    DIAGNOSTICS_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    valid: bool
    errors: _containers.RepeatedScalarFieldContainer[str]
    warnings: _containers.RepeatedScalarFieldContainer[str]
    suggestions: _containers.RepeatedScalarFieldContainer[str]
    diagnostics: _containers.RepeatedCompositeFieldContainer[Diagnostic]
    form: int
    parameters: _containers.RepeatedCompositeFieldContainer[ParameterDeclaration]
    def __init__(self, valid: _Optional[bool] = ..., errors: _Optional[_Iterable[str]] = ..., warnings: _Optional[_Iterable[str]] = ..., suggestions: _Optional[_Iterable[str]] = ..., diagnostics: _Optional[_Iterable[_Union[Diagnostic, _Mapping]]] = ..., form: _Optional[int] = ..., parameters: _Optional[_Iterable[_Union[ParameterDeclaration, _Mapping]]] = ...) -> None: ...

class Diagnostic(_message.Message):
    __slots__ = ("severity", "code", "message", "line", "column", "hint")
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    severity: str
    code: str
    message: str
    line: int
    column: int
    hint: str
    def __init__(self, severity: _Optional[str] = ..., code: _Optional[str] = ..., message: _Optional[str] = ..., line: _Optional[int] = ..., column: _Optional[int] = ..., hint: _Optional[str] = ...) -> None: ...

class ParameterDeclaration(_message.Message):
    __slots__ = ("name", "type", "default_json", "min", "max", "line")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_JSON_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: str
    default_json: str
    min: float
    max: float
    line: int
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ..., default_json: _Optional[str] = ..., min: _Optional[float] = ..., max: _Optional[float] = ..., line: _Optional[int] = ...) -> None: ...

class HealthRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HealthResponse(_message.Message):
    __slots__ = ("status", "supported_languages", "max_timeout_seconds", "max_memory_mb", "metadata", "slots", "busy_slots", "waiting_calls", "instance_id")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SUPPORTED_LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    MAX_TIMEOUT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_MEMORY_MB_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    BUSY_SLOTS_FIELD_NUMBER: _ClassVar[int]
    WAITING_CALLS_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
    status: str
    supported_languages: _containers.RepeatedScalarFieldContainer[str]
    max_timeout_seconds: int
    max_memory_mb: int
    metadata: _containers.ScalarMap[str, str]
    slots: int
    busy_slots: int
    waiting_calls: int
    instance_id: str
    def __init__(self, status: _Optional[str] = ..., supported_languages: _Optional[_Iterable[str]] = ..., max_timeout_seconds: _Optional[int] = ..., max_memory_mb: _Optional[int] = ..., metadata: _Optional[_Mapping[str, str]] = ..., slots: _Optional[int] = ..., busy_slots: _Optional[int] = ..., waiting_calls: _Optional[int] = ..., instance_id: _Optional[str] = ...) -> None: ...

class ExecuteListRequest(_message.Message):
    __slots__ = ("symbol_sets", "tier", "timeout_seconds")
    SYMBOL_SETS_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    symbol_sets: _containers.RepeatedCompositeFieldContainer[SymbolSetExecution]
    tier: str
    timeout_seconds: int
    def __init__(self, symbol_sets: _Optional[_Iterable[_Union[SymbolSetExecution, _Mapping]]] = ..., tier: _Optional[str] = ..., timeout_seconds: _Optional[int] = ...) -> None: ...

class SymbolSetExecution(_message.Message):
    __slots__ = ("symbols", "market_data", "deployments")
    class MarketDataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: SymbolMarketData
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[SymbolMarketData, _Mapping]] = ...) -> None: ...
    SYMBOLS_FIELD_NUMBER: _ClassVar[int]
    MARKET_DATA_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENTS_FIELD_NUMBER: _ClassVar[int]
    symbols: _containers.RepeatedScalarFieldContainer[str]
    market_data: _containers.MessageMap[str, SymbolMarketData]
    deployments: _containers.RepeatedCompositeFieldContainer[DeploymentExecution]
    def __init__(self, symbols: _Optional[_Iterable[str]] = ..., market_data: _Optional[_Mapping[str, SymbolMarketData]] = ..., deployments: _Optional[_Iterable[_Union[DeploymentExecution, _Mapping]]] = ...) -> None: ...

class SymbolMarketData(_message.Message):
    __slots__ = ("symbol", "bars")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    BARS_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    bars: _containers.RepeatedCompositeFieldContainer[MarketDataBar]
    def __init__(self, symbol: _Optional[str] = ..., bars: _Optional[_Iterable[_Union[MarketDataBar, _Mapping]]] = ...) -> None: ...

class DeploymentExecution(_message.Message):
    __slots__ = ("deployment_id", "deployment_type", "strategy_id", "strategy_code", "user_id", "parameters")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    DEPLOYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_ID_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_CODE_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    deployment_id: str
    deployment_type: str
    strategy_id: str
    strategy_code: str
    user_id: str
    parameters: _containers.ScalarMap[str, str]
    def __init__(self, deployment_id: _Optional[str] = ..., deployment_type: _Optional[str] = ..., strategy_id: _Optional[str] = ..., strategy_code: _Optional[str] = ..., user_id: _Optional[str] = ..., parameters: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ExecuteListResponse(_message.Message):
    __slots__ = ("success", "results", "total_deployments", "successful_deployments", "failed_deployments", "execution_time_ms", "error")
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_DEPLOYMENTS_FIELD_NUMBER: _ClassVar[int]
    SUCCESSFUL_DEPLOYMENTS_FIELD_NUMBER: _ClassVar[int]
    FAILED_DEPLOYMENTS_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    success: bool
    results: _containers.RepeatedCompositeFieldContainer[DeploymentResult]
    total_deployments: int
    successful_deployments: int
    failed_deployments: int
    execution_time_ms: int
    error: str
    def __init__(self, success: _Optional[bool] = ..., results: _Optional[_Iterable[_Union[DeploymentResult, _Mapping]]] = ..., total_deployments: _Optional[int] = ..., successful_deployments: _Optional[int] = ..., failed_deployments: _Optional[int] = ..., execution_time_ms: _Optional[int] = ..., error: _Optional[str] = ...) -> None: ...

class DeploymentResult(_message.Message):
    __slots__ = ("deployment_id", "deployment_type", "success", "signal", "execution_time_ms", "error", "failure", "symbol")
    DEPLOYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    deployment_id: str
    deployment_type: str
    success: bool
    signal: LiveSignal
    execution_time_ms: int
    error: str
    failure: Failure
    symbol: str
    def __init__(self, deployment_id: _Optional[str] = ..., deployment_type: _Optional[str] = ..., success: _Optional[bool] = ..., signal: _Optional[_Union[LiveSignal, _Mapping]] = ..., execution_time_ms: _Optional[int] = ..., error: _Optional[str] = ..., failure: _Optional[_Union[Failure, _Mapping]] = ..., symbol: _Optional[str] = ...) -> None: ...

class LiveSignal(_message.Message):
    __slots__ = ("signal_type", "symbol", "price", "quantity", "reason", "indicators", "timestamp")
    class IndicatorsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    SIGNAL_TYPE_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    INDICATORS_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    signal_type: str
    symbol: str
    price: float
    quantity: int
    reason: str
    indicators: _containers.ScalarMap[str, float]
    timestamp: str
    def __init__(self, signal_type: _Optional[str] = ..., symbol: _Optional[str] = ..., price: _Optional[float] = ..., quantity: _Optional[int] = ..., reason: _Optional[str] = ..., indicators: _Optional[_Mapping[str, float]] = ..., timestamp: _Optional[str] = ...) -> None: ...

class Failure(_message.Message):
    __slots__ = ("code", "message", "type", "line", "source_line", "hint", "bar_timestamp", "limit_name", "limit_value", "limit_used", "limit_unit")
    CLASS_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_LINE_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    BAR_TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_NAME_FIELD_NUMBER: _ClassVar[int]
    LIMIT_VALUE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_USED_FIELD_NUMBER: _ClassVar[int]
    LIMIT_UNIT_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    type: str
    line: int
    source_line: str
    hint: str
    bar_timestamp: str
    limit_name: str
    limit_value: float
    limit_used: float
    limit_unit: str
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ..., type: _Optional[str] = ..., line: _Optional[int] = ..., source_line: _Optional[str] = ..., hint: _Optional[str] = ..., bar_timestamp: _Optional[str] = ..., limit_name: _Optional[str] = ..., limit_value: _Optional[float] = ..., limit_used: _Optional[float] = ..., limit_unit: _Optional[str] = ..., **kwargs) -> None: ...

class Warning(_message.Message):
    __slots__ = ("code", "message", "bar_timestamp")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    BAR_TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    bar_timestamp: str
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ..., bar_timestamp: _Optional[str] = ...) -> None: ...

class ExecutionResult(_message.Message):
    __slots__ = ("signals", "plots", "equity", "trades", "logs")
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    PLOTS_FIELD_NUMBER: _ClassVar[int]
    EQUITY_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    LOGS_FIELD_NUMBER: _ClassVar[int]
    signals: SignalColumns
    plots: _containers.RepeatedCompositeFieldContainer[Plot]
    equity: bytes
    trades: TradeColumns
    logs: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, signals: _Optional[_Union[SignalColumns, _Mapping]] = ..., plots: _Optional[_Iterable[_Union[Plot, _Mapping]]] = ..., equity: _Optional[bytes] = ..., trades: _Optional[_Union[TradeColumns, _Mapping]] = ..., logs: _Optional[_Iterable[str]] = ...) -> None: ...

class SignalColumns(_message.Message):
    __slots__ = ("bar", "type", "outcome", "quantity", "fill_price", "price", "reason", "icon")
    BAR_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    FILL_PRICE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ICON_FIELD_NUMBER: _ClassVar[int]
    bar: bytes
    type: bytes
    outcome: bytes
    quantity: bytes
    fill_price: bytes
    price: bytes
    reason: _containers.RepeatedScalarFieldContainer[str]
    icon: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, bar: _Optional[bytes] = ..., type: _Optional[bytes] = ..., outcome: _Optional[bytes] = ..., quantity: _Optional[bytes] = ..., fill_price: _Optional[bytes] = ..., price: _Optional[bytes] = ..., reason: _Optional[_Iterable[str]] = ..., icon: _Optional[_Iterable[str]] = ...) -> None: ...

class Plot(_message.Message):
    __slots__ = ("name", "color", "linewidth", "overlay", "values")
    NAME_FIELD_NUMBER: _ClassVar[int]
    COLOR_FIELD_NUMBER: _ClassVar[int]
    LINEWIDTH_FIELD_NUMBER: _ClassVar[int]
    OVERLAY_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    name: str
    color: str
    linewidth: float
    overlay: bool
    values: bytes
    def __init__(self, name: _Optional[str] = ..., color: _Optional[str] = ..., linewidth: _Optional[float] = ..., overlay: _Optional[bool] = ..., values: _Optional[bytes] = ...) -> None: ...

class TradeColumns(_message.Message):
    __slots__ = ("entry_bar", "exit_bar", "direction", "quantity", "entry_price", "exit_price", "pnl", "pnl_percent", "entry_reason", "exit_reason")
    ENTRY_BAR_FIELD_NUMBER: _ClassVar[int]
    EXIT_BAR_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    ENTRY_PRICE_FIELD_NUMBER: _ClassVar[int]
    EXIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    PNL_FIELD_NUMBER: _ClassVar[int]
    PNL_PERCENT_FIELD_NUMBER: _ClassVar[int]
    ENTRY_REASON_FIELD_NUMBER: _ClassVar[int]
    EXIT_REASON_FIELD_NUMBER: _ClassVar[int]
    entry_bar: bytes
    exit_bar: bytes
    direction: bytes
    quantity: bytes
    entry_price: bytes
    exit_price: bytes
    pnl: bytes
    pnl_percent: bytes
    entry_reason: _containers.RepeatedScalarFieldContainer[str]
    exit_reason: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, entry_bar: _Optional[bytes] = ..., exit_bar: _Optional[bytes] = ..., direction: _Optional[bytes] = ..., quantity: _Optional[bytes] = ..., entry_price: _Optional[bytes] = ..., exit_price: _Optional[bytes] = ..., pnl: _Optional[bytes] = ..., pnl_percent: _Optional[bytes] = ..., entry_reason: _Optional[_Iterable[str]] = ..., exit_reason: _Optional[_Iterable[str]] = ...) -> None: ...

class Metrics(_message.Message):
    __slots__ = ("total_return_pct", "total_pnl", "cagr_pct", "volatility_pct", "sharpe", "sortino", "max_drawdown_pct", "longest_drawdown_bars", "calmar", "win_rate_pct", "avg_win", "avg_loss", "expectancy", "profit_factor", "sqn", "exposure_pct", "buy_and_hold_pct", "buy_and_hold_pnl", "outperformance_pct", "total_trades", "profitable_trades", "buy_count", "sell_count", "ignored_signals", "pending_signals", "final_equity", "open_position", "unavailable")
    class UnavailableEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    TOTAL_RETURN_PCT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PNL_FIELD_NUMBER: _ClassVar[int]
    CAGR_PCT_FIELD_NUMBER: _ClassVar[int]
    VOLATILITY_PCT_FIELD_NUMBER: _ClassVar[int]
    SHARPE_FIELD_NUMBER: _ClassVar[int]
    SORTINO_FIELD_NUMBER: _ClassVar[int]
    MAX_DRAWDOWN_PCT_FIELD_NUMBER: _ClassVar[int]
    LONGEST_DRAWDOWN_BARS_FIELD_NUMBER: _ClassVar[int]
    CALMAR_FIELD_NUMBER: _ClassVar[int]
    WIN_RATE_PCT_FIELD_NUMBER: _ClassVar[int]
    AVG_WIN_FIELD_NUMBER: _ClassVar[int]
    AVG_LOSS_FIELD_NUMBER: _ClassVar[int]
    EXPECTANCY_FIELD_NUMBER: _ClassVar[int]
    PROFIT_FACTOR_FIELD_NUMBER: _ClassVar[int]
    SQN_FIELD_NUMBER: _ClassVar[int]
    EXPOSURE_PCT_FIELD_NUMBER: _ClassVar[int]
    BUY_AND_HOLD_PCT_FIELD_NUMBER: _ClassVar[int]
    BUY_AND_HOLD_PNL_FIELD_NUMBER: _ClassVar[int]
    OUTPERFORMANCE_PCT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_TRADES_FIELD_NUMBER: _ClassVar[int]
    PROFITABLE_TRADES_FIELD_NUMBER: _ClassVar[int]
    BUY_COUNT_FIELD_NUMBER: _ClassVar[int]
    SELL_COUNT_FIELD_NUMBER: _ClassVar[int]
    IGNORED_SIGNALS_FIELD_NUMBER: _ClassVar[int]
    PENDING_SIGNALS_FIELD_NUMBER: _ClassVar[int]
    FINAL_EQUITY_FIELD_NUMBER: _ClassVar[int]
    OPEN_POSITION_FIELD_NUMBER: _ClassVar[int]
    UNAVAILABLE_FIELD_NUMBER: _ClassVar[int]
    total_return_pct: float
    total_pnl: float
    cagr_pct: float
    volatility_pct: float
    sharpe: float
    sortino: float
    max_drawdown_pct: float
    longest_drawdown_bars: int
    calmar: float
    win_rate_pct: float
    avg_win: float
    avg_loss: float
    expectancy: float
    profit_factor: float
    sqn: float
    exposure_pct: float
    buy_and_hold_pct: float
    buy_and_hold_pnl: float
    outperformance_pct: float
    total_trades: int
    profitable_trades: int
    buy_count: int
    sell_count: int
    ignored_signals: int
    pending_signals: int
    final_equity: float
    open_position: bool
    unavailable: _containers.ScalarMap[str, str]
    def __init__(self, total_return_pct: _Optional[float] = ..., total_pnl: _Optional[float] = ..., cagr_pct: _Optional[float] = ..., volatility_pct: _Optional[float] = ..., sharpe: _Optional[float] = ..., sortino: _Optional[float] = ..., max_drawdown_pct: _Optional[float] = ..., longest_drawdown_bars: _Optional[int] = ..., calmar: _Optional[float] = ..., win_rate_pct: _Optional[float] = ..., avg_win: _Optional[float] = ..., avg_loss: _Optional[float] = ..., expectancy: _Optional[float] = ..., profit_factor: _Optional[float] = ..., sqn: _Optional[float] = ..., exposure_pct: _Optional[float] = ..., buy_and_hold_pct: _Optional[float] = ..., buy_and_hold_pnl: _Optional[float] = ..., outperformance_pct: _Optional[float] = ..., total_trades: _Optional[int] = ..., profitable_trades: _Optional[int] = ..., buy_count: _Optional[int] = ..., sell_count: _Optional[int] = ..., ignored_signals: _Optional[int] = ..., pending_signals: _Optional[int] = ..., final_equity: _Optional[float] = ..., open_position: _Optional[bool] = ..., unavailable: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Assumptions(_message.Message):
    __slots__ = ("fill", "direction", "initial_capital", "commission_pct", "slippage_pct", "sizing", "fractional", "bars_per_year", "bars_per_year_source", "risk_free_rate", "timeframe", "bars", "data_hash", "versions", "optimistic_fill")
    class VersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    FILL_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    INITIAL_CAPITAL_FIELD_NUMBER: _ClassVar[int]
    COMMISSION_PCT_FIELD_NUMBER: _ClassVar[int]
    SLIPPAGE_PCT_FIELD_NUMBER: _ClassVar[int]
    SIZING_FIELD_NUMBER: _ClassVar[int]
    FRACTIONAL_FIELD_NUMBER: _ClassVar[int]
    BARS_PER_YEAR_FIELD_NUMBER: _ClassVar[int]
    BARS_PER_YEAR_SOURCE_FIELD_NUMBER: _ClassVar[int]
    RISK_FREE_RATE_FIELD_NUMBER: _ClassVar[int]
    TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
    BARS_FIELD_NUMBER: _ClassVar[int]
    DATA_HASH_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    OPTIMISTIC_FILL_FIELD_NUMBER: _ClassVar[int]
    fill: str
    direction: str
    initial_capital: float
    commission_pct: float
    slippage_pct: float
    sizing: float
    fractional: bool
    bars_per_year: float
    bars_per_year_source: str
    risk_free_rate: float
    timeframe: str
    bars: int
    data_hash: str
    versions: _containers.ScalarMap[str, str]
    optimistic_fill: bool
    def __init__(self, fill: _Optional[str] = ..., direction: _Optional[str] = ..., initial_capital: _Optional[float] = ..., commission_pct: _Optional[float] = ..., slippage_pct: _Optional[float] = ..., sizing: _Optional[float] = ..., fractional: _Optional[bool] = ..., bars_per_year: _Optional[float] = ..., bars_per_year_source: _Optional[str] = ..., risk_free_rate: _Optional[float] = ..., timeframe: _Optional[str] = ..., bars: _Optional[int] = ..., data_hash: _Optional[str] = ..., versions: _Optional[_Mapping[str, str]] = ..., optimistic_fill: _Optional[bool] = ...) -> None: ...

class Replay(_message.Message):
    __slots__ = ("form", "way", "why_not_faster", "calls", "warm_up_bars", "guard_difference_bar")
    FORM_FIELD_NUMBER: _ClassVar[int]
    WAY_FIELD_NUMBER: _ClassVar[int]
    WHY_NOT_FASTER_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    WARM_UP_BARS_FIELD_NUMBER: _ClassVar[int]
    GUARD_DIFFERENCE_BAR_FIELD_NUMBER: _ClassVar[int]
    form: int
    way: str
    why_not_faster: str
    calls: int
    warm_up_bars: int
    guard_difference_bar: int
    def __init__(self, form: _Optional[int] = ..., way: _Optional[str] = ..., why_not_faster: _Optional[str] = ..., calls: _Optional[int] = ..., warm_up_bars: _Optional[int] = ..., guard_difference_bar: _Optional[int] = ...) -> None: ...

class Timings(_message.Message):
    __slots__ = ("queue_ms", "decode_ms", "compile_ms", "run_ms", "replay_ms", "backtest_ms", "encode_ms", "child_wall_ms", "child_cpu_ms", "total_ms")
    QUEUE_MS_FIELD_NUMBER: _ClassVar[int]
    DECODE_MS_FIELD_NUMBER: _ClassVar[int]
    COMPILE_MS_FIELD_NUMBER: _ClassVar[int]
    RUN_MS_FIELD_NUMBER: _ClassVar[int]
    REPLAY_MS_FIELD_NUMBER: _ClassVar[int]
    BACKTEST_MS_FIELD_NUMBER: _ClassVar[int]
    ENCODE_MS_FIELD_NUMBER: _ClassVar[int]
    CHILD_WALL_MS_FIELD_NUMBER: _ClassVar[int]
    CHILD_CPU_MS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_MS_FIELD_NUMBER: _ClassVar[int]
    queue_ms: float
    decode_ms: float
    compile_ms: float
    run_ms: float
    replay_ms: float
    backtest_ms: float
    encode_ms: float
    child_wall_ms: float
    child_cpu_ms: float
    total_ms: float
    def __init__(self, queue_ms: _Optional[float] = ..., decode_ms: _Optional[float] = ..., compile_ms: _Optional[float] = ..., run_ms: _Optional[float] = ..., replay_ms: _Optional[float] = ..., backtest_ms: _Optional[float] = ..., encode_ms: _Optional[float] = ..., child_wall_ms: _Optional[float] = ..., child_cpu_ms: _Optional[float] = ..., total_ms: _Optional[float] = ...) -> None: ...

class ExecuteBatchRequest(_message.Message):
    __slots__ = ("code", "language", "user_id", "strategy_id", "options", "series", "cells", "detail", "cell_timeout_seconds", "timeout_seconds", "memory_mb", "no_shared_expressions")
    CODE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_ID_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    SERIES_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    CELL_TIMEOUT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MEMORY_MB_FIELD_NUMBER: _ClassVar[int]
    NO_SHARED_EXPRESSIONS_FIELD_NUMBER: _ClassVar[int]
    code: str
    language: str
    user_id: str
    strategy_id: str
    options: BacktestOptions
    series: _containers.RepeatedCompositeFieldContainer[BatchSeries]
    cells: BatchCells
    detail: BatchDetail
    cell_timeout_seconds: int
    timeout_seconds: int
    memory_mb: int
    no_shared_expressions: bool
    def __init__(self, code: _Optional[str] = ..., language: _Optional[str] = ..., user_id: _Optional[str] = ..., strategy_id: _Optional[str] = ..., options: _Optional[_Union[BacktestOptions, _Mapping]] = ..., series: _Optional[_Iterable[_Union[BatchSeries, _Mapping]]] = ..., cells: _Optional[_Union[BatchCells, _Mapping]] = ..., detail: _Optional[_Union[BatchDetail, str]] = ..., cell_timeout_seconds: _Optional[int] = ..., timeout_seconds: _Optional[int] = ..., memory_mb: _Optional[int] = ..., no_shared_expressions: _Optional[bool] = ...) -> None: ...

class BatchSeries(_message.Message):
    __slots__ = ("bars", "symbol", "timeframe")
    BARS_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
    bars: BarColumns
    symbol: str
    timeframe: str
    def __init__(self, bars: _Optional[_Union[BarColumns, _Mapping]] = ..., symbol: _Optional[str] = ..., timeframe: _Optional[str] = ...) -> None: ...

class BatchCells(_message.Message):
    __slots__ = ("series", "parameters_json")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_JSON_FIELD_NUMBER: _ClassVar[int]
    series: bytes
    parameters_json: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, series: _Optional[bytes] = ..., parameters_json: _Optional[_Iterable[str]] = ...) -> None: ...

class ExecuteBatchResponse(_message.Message):
    __slots__ = ("summaries", "failures", "results", "failure", "totals", "child_cpu_ms", "assumptions")
    SUMMARIES_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    TOTALS_FIELD_NUMBER: _ClassVar[int]
    CHILD_CPU_MS_FIELD_NUMBER: _ClassVar[int]
    ASSUMPTIONS_FIELD_NUMBER: _ClassVar[int]
    summaries: CellSummaries
    failures: _containers.RepeatedCompositeFieldContainer[CellFailures]
    results: _containers.RepeatedCompositeFieldContainer[CellResult]
    failure: Failure
    totals: BatchTotals
    child_cpu_ms: float
    assumptions: _containers.RepeatedCompositeFieldContainer[SeriesAssumptions]
    def __init__(self, summaries: _Optional[_Union[CellSummaries, _Mapping]] = ..., failures: _Optional[_Iterable[_Union[CellFailures, _Mapping]]] = ..., results: _Optional[_Iterable[_Union[CellResult, _Mapping]]] = ..., failure: _Optional[_Union[Failure, _Mapping]] = ..., totals: _Optional[_Union[BatchTotals, _Mapping]] = ..., child_cpu_ms: _Optional[float] = ..., assumptions: _Optional[_Iterable[_Union[SeriesAssumptions, _Mapping]]] = ...) -> None: ...

class CellSummaries(_message.Message):
    __slots__ = ("cell", "metrics", "returns", "return_mean", "return_sd", "return_skewness", "return_kurtosis", "live", "way", "run_ms", "notes", "note_sets")
    CELL_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    RETURNS_FIELD_NUMBER: _ClassVar[int]
    RETURN_MEAN_FIELD_NUMBER: _ClassVar[int]
    RETURN_SD_FIELD_NUMBER: _ClassVar[int]
    RETURN_SKEWNESS_FIELD_NUMBER: _ClassVar[int]
    RETURN_KURTOSIS_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    WAY_FIELD_NUMBER: _ClassVar[int]
    RUN_MS_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    NOTE_SETS_FIELD_NUMBER: _ClassVar[int]
    cell: bytes
    metrics: CellMetrics
    returns: bytes
    return_mean: bytes
    return_sd: bytes
    return_skewness: bytes
    return_kurtosis: bytes
    live: bytes
    way: bytes
    run_ms: bytes
    notes: bytes
    note_sets: _containers.RepeatedCompositeFieldContainer[NoteSet]
    def __init__(self, cell: _Optional[bytes] = ..., metrics: _Optional[_Union[CellMetrics, _Mapping]] = ..., returns: _Optional[bytes] = ..., return_mean: _Optional[bytes] = ..., return_sd: _Optional[bytes] = ..., return_skewness: _Optional[bytes] = ..., return_kurtosis: _Optional[bytes] = ..., live: _Optional[bytes] = ..., way: _Optional[bytes] = ..., run_ms: _Optional[bytes] = ..., notes: _Optional[bytes] = ..., note_sets: _Optional[_Iterable[_Union[NoteSet, _Mapping]]] = ...) -> None: ...

class SeriesAssumptions(_message.Message):
    __slots__ = ("series", "assumptions")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    ASSUMPTIONS_FIELD_NUMBER: _ClassVar[int]
    series: int
    assumptions: Assumptions
    def __init__(self, series: _Optional[int] = ..., assumptions: _Optional[_Union[Assumptions, _Mapping]] = ...) -> None: ...

class NoteSet(_message.Message):
    __slots__ = ("warnings", "unavailable", "why_not_faster", "guard_difference_bar")
    class WarningsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class UnavailableEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    UNAVAILABLE_FIELD_NUMBER: _ClassVar[int]
    WHY_NOT_FASTER_FIELD_NUMBER: _ClassVar[int]
    GUARD_DIFFERENCE_BAR_FIELD_NUMBER: _ClassVar[int]
    warnings: _containers.ScalarMap[str, str]
    unavailable: _containers.ScalarMap[str, str]
    why_not_faster: str
    guard_difference_bar: int
    def __init__(self, warnings: _Optional[_Mapping[str, str]] = ..., unavailable: _Optional[_Mapping[str, str]] = ..., why_not_faster: _Optional[str] = ..., guard_difference_bar: _Optional[int] = ...) -> None: ...

class CellMetrics(_message.Message):
    __slots__ = ("total_return_pct", "total_pnl", "cagr_pct", "volatility_pct", "sharpe", "sortino", "max_drawdown_pct", "longest_drawdown_bars", "calmar", "win_rate_pct", "avg_win", "avg_loss", "expectancy", "profit_factor", "sqn", "exposure_pct", "buy_and_hold_pct", "buy_and_hold_pnl", "outperformance_pct", "total_trades", "profitable_trades", "buy_count", "sell_count", "ignored_signals", "pending_signals", "final_equity", "open_position")
    TOTAL_RETURN_PCT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PNL_FIELD_NUMBER: _ClassVar[int]
    CAGR_PCT_FIELD_NUMBER: _ClassVar[int]
    VOLATILITY_PCT_FIELD_NUMBER: _ClassVar[int]
    SHARPE_FIELD_NUMBER: _ClassVar[int]
    SORTINO_FIELD_NUMBER: _ClassVar[int]
    MAX_DRAWDOWN_PCT_FIELD_NUMBER: _ClassVar[int]
    LONGEST_DRAWDOWN_BARS_FIELD_NUMBER: _ClassVar[int]
    CALMAR_FIELD_NUMBER: _ClassVar[int]
    WIN_RATE_PCT_FIELD_NUMBER: _ClassVar[int]
    AVG_WIN_FIELD_NUMBER: _ClassVar[int]
    AVG_LOSS_FIELD_NUMBER: _ClassVar[int]
    EXPECTANCY_FIELD_NUMBER: _ClassVar[int]
    PROFIT_FACTOR_FIELD_NUMBER: _ClassVar[int]
    SQN_FIELD_NUMBER: _ClassVar[int]
    EXPOSURE_PCT_FIELD_NUMBER: _ClassVar[int]
    BUY_AND_HOLD_PCT_FIELD_NUMBER: _ClassVar[int]
    BUY_AND_HOLD_PNL_FIELD_NUMBER: _ClassVar[int]
    OUTPERFORMANCE_PCT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_TRADES_FIELD_NUMBER: _ClassVar[int]
    PROFITABLE_TRADES_FIELD_NUMBER: _ClassVar[int]
    BUY_COUNT_FIELD_NUMBER: _ClassVar[int]
    SELL_COUNT_FIELD_NUMBER: _ClassVar[int]
    IGNORED_SIGNALS_FIELD_NUMBER: _ClassVar[int]
    PENDING_SIGNALS_FIELD_NUMBER: _ClassVar[int]
    FINAL_EQUITY_FIELD_NUMBER: _ClassVar[int]
    OPEN_POSITION_FIELD_NUMBER: _ClassVar[int]
    total_return_pct: bytes
    total_pnl: bytes
    cagr_pct: bytes
    volatility_pct: bytes
    sharpe: bytes
    sortino: bytes
    max_drawdown_pct: bytes
    longest_drawdown_bars: bytes
    calmar: bytes
    win_rate_pct: bytes
    avg_win: bytes
    avg_loss: bytes
    expectancy: bytes
    profit_factor: bytes
    sqn: bytes
    exposure_pct: bytes
    buy_and_hold_pct: bytes
    buy_and_hold_pnl: bytes
    outperformance_pct: bytes
    total_trades: bytes
    profitable_trades: bytes
    buy_count: bytes
    sell_count: bytes
    ignored_signals: bytes
    pending_signals: bytes
    final_equity: bytes
    open_position: bytes
    def __init__(self, total_return_pct: _Optional[bytes] = ..., total_pnl: _Optional[bytes] = ..., cagr_pct: _Optional[bytes] = ..., volatility_pct: _Optional[bytes] = ..., sharpe: _Optional[bytes] = ..., sortino: _Optional[bytes] = ..., max_drawdown_pct: _Optional[bytes] = ..., longest_drawdown_bars: _Optional[bytes] = ..., calmar: _Optional[bytes] = ..., win_rate_pct: _Optional[bytes] = ..., avg_win: _Optional[bytes] = ..., avg_loss: _Optional[bytes] = ..., expectancy: _Optional[bytes] = ..., profit_factor: _Optional[bytes] = ..., sqn: _Optional[bytes] = ..., exposure_pct: _Optional[bytes] = ..., buy_and_hold_pct: _Optional[bytes] = ..., buy_and_hold_pnl: _Optional[bytes] = ..., outperformance_pct: _Optional[bytes] = ..., total_trades: _Optional[bytes] = ..., profitable_trades: _Optional[bytes] = ..., buy_count: _Optional[bytes] = ..., sell_count: _Optional[bytes] = ..., ignored_signals: _Optional[bytes] = ..., pending_signals: _Optional[bytes] = ..., final_equity: _Optional[bytes] = ..., open_position: _Optional[bytes] = ...) -> None: ...

class CellFailures(_message.Message):
    __slots__ = ("failure", "cell")
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    CELL_FIELD_NUMBER: _ClassVar[int]
    failure: Failure
    cell: bytes
    def __init__(self, failure: _Optional[_Union[Failure, _Mapping]] = ..., cell: _Optional[bytes] = ...) -> None: ...

class CellResult(_message.Message):
    __slots__ = ("cell", "response")
    CELL_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    cell: int
    response: ExecuteStrategyResponse
    def __init__(self, cell: _Optional[int] = ..., response: _Optional[_Union[ExecuteStrategyResponse, _Mapping]] = ...) -> None: ...

class BatchTotals(_message.Message):
    __slots__ = ("cells", "succeeded", "failed", "children", "queue_ms", "wall_ms", "child_cpu_ms", "cache_hit")
    CELLS_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    CHILDREN_FIELD_NUMBER: _ClassVar[int]
    QUEUE_MS_FIELD_NUMBER: _ClassVar[int]
    WALL_MS_FIELD_NUMBER: _ClassVar[int]
    CHILD_CPU_MS_FIELD_NUMBER: _ClassVar[int]
    CACHE_HIT_FIELD_NUMBER: _ClassVar[int]
    cells: int
    succeeded: int
    failed: int
    children: int
    queue_ms: float
    wall_ms: float
    child_cpu_ms: float
    cache_hit: bool
    def __init__(self, cells: _Optional[int] = ..., succeeded: _Optional[int] = ..., failed: _Optional[int] = ..., children: _Optional[int] = ..., queue_ms: _Optional[float] = ..., wall_ms: _Optional[float] = ..., child_cpu_ms: _Optional[float] = ..., cache_hit: _Optional[bool] = ...) -> None: ...
