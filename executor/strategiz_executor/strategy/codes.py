"""The closed lists of codes that answers carry. docs/strategies.md explains each to authors."""

from __future__ import annotations

from enum import StrEnum


class FailureClass(StrEnum):
    """Who a failure is for: user and limit are never retried, platform is."""

    USER = "user"
    LIMIT = "limit"
    PLATFORM = "platform"


class FailureCode(StrEnum):
    """Why an execution failed: first what the strategy did, then limits, then what the server states."""

    SYNTAX_ERROR = "syntax_error"
    NOTHING_TO_RUN = "nothing_to_run"
    WRONG_ARGUMENTS = "wrong_arguments"
    MIXED_SIGNALS = "mixed_signals"
    BAD_SIGNAL = "bad_signal"
    SIGNAL_WITHOUT_BAR = "signal_without_bar"
    BAD_ANSWER = "bad_answer"
    BAD_PLOT = "bad_plot"
    BAD_PARAMETER = "bad_parameter"
    BAD_OPTION = "bad_option"
    BAD_MARKET_DATA = "bad_market_data"
    NO_BARS_YET = "no_bars_yet"
    IMPORT_NOT_ALLOWED = "import_not_allowed"
    NOT_AVAILABLE = "not_available"
    CHAINED_ASSIGNMENT = "chained_assignment"
    EXCEPTION = "exception"
    BACKTEST_OVERFLOW = "backtest_overflow"
    CRASHED = "crashed"
    INVALID_RESULT = "invalid_result"

    TIMEOUT = "timeout"
    CALL_DEADLINE = "call_deadline"
    CPU = "cpu"
    MEMORY = "memory"
    SIGNALS = "signals"
    SOURCE = "source"
    BARS = "bars"
    RESULT = "result"

    EXECUTOR_ERROR = "executor_error"
    CHILD_DIED = "child_died"
    NO_CHILD = "no_child"
    NO_CORE = "no_core"


class LimitName(StrEnum):
    """Which limit a failure of class limit crossed (Failure.limit_name)."""

    TIME = "time"
    CPU = "cpu"
    MEMORY = "memory"
    SIGNALS = "signals"
    SOURCE = "source"
    BARS = "bars"
    RESULT = "result"


class WarningCode(StrEnum):
    """What the reader of a successful result must know; those of fills come from the backtest."""

    WARM_UP = "warm_up"
    UNUSED_PARAMETER = "unused_parameter"
    NEVER_SELLS = "never_sells"
    PLOTS_CUT = "plots_cut"
    LOGS_CUT = "logs_cut"
    LOOK_AHEAD = "look_ahead"
    LOOK_AHEAD_UNCHECKED = "look_ahead_unchecked"


class DiagnosticCode(StrEnum):
    """What ValidateCode finds beside the failure codes, which it uses for its errors."""

    DEPENDS_ON_BARS = "depends_on_bars"
    LOOK_AHEAD = "look_ahead"
    MAY_LOOK_AHEAD = "may_look_ahead"
    UNKNOWN_NAME = "unknown_name"
    MISSING_COLUMN = "missing_column"
    UNREACHABLE = "unreachable"
    WRONG_FORM = "wrong_form"
    BAD_DECLARATION = "bad_declaration"
    NO_SIGNALS = "no_signals"
    PYTHON_WARNING = "python_warning"
    NEVER_SELLS = "never_sells"
    NO_SYMBOL = "no_symbol"
