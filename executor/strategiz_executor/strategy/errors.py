"""The errors that our own names raise into a strategy, and those that end an execution.

An author sees the class names ("ParameterError: ..."), so they are words of the contract.
"""

from __future__ import annotations

from strategiz_executor.strategy.codes import FailureCode, LimitName


class StrategyError(Exception):
    """A strategy broke a rule of docs/strategies.md.

    `line` is 0 where the traceback tells it, `bar` None where no single bar is to blame.
    """

    code = FailureCode.EXCEPTION

    def __init__(self, message: str, *, hint: str = "", line: int = 0, bar: int | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        self.line = line
        self.bar = bar


class EntryError(StrategyError):
    """The source holds nothing that can be run as a strategy."""

    code = FailureCode.NOTHING_TO_RUN


class ArgumentsError(StrategyError, TypeError):
    """`strategy` does not take exactly one argument."""

    code = FailureCode.WRONG_ARGUMENTS


class MixedSignalsError(StrategyError):
    """`signal` is called with a timestamp here and without one there."""

    code = FailureCode.MIXED_SIGNALS


class SignalError(StrategyError, ValueError):
    """An argument of `signal` breaks its rule."""

    code = FailureCode.BAD_SIGNAL


class SignalTimeError(SignalError):
    """The timestamp of a signal is that of no bar."""

    code = FailureCode.SIGNAL_WITHOUT_BAR


class AnswerError(StrategyError, ValueError):
    """`strategy` answered something that is no signal."""

    code = FailureCode.BAD_ANSWER


class PlotError(StrategyError, ValueError):
    """An argument of `plot` breaks its rule."""

    code = FailureCode.BAD_PLOT


class ParameterError(StrategyError, ValueError):
    """A parameter of the job breaks what `param` asks of it, or `param` itself is called wrongly."""

    code = FailureCode.BAD_PARAMETER


class NoBarsYetError(StrategyError, NameError):
    """Module-level code of a strategy(data) asked for bars."""

    code = FailureCode.NO_BARS_YET


class StrategyImportError(StrategyError, ImportError):
    """A module outside the list was imported."""

    code = FailureCode.IMPORT_NOT_ALLOWED


class NotAvailableError(StrategyError, AttributeError):
    """A name of a library or of Python that strategies do not have."""

    code = FailureCode.NOT_AVAILABLE


class MarketDataError(StrategyError, ValueError):
    """The columns of a request are no series."""

    code = FailureCode.BAD_MARKET_DATA


class LimitExceededError(Exception):
    """An execution crossed a limit that the child itself keeps; `value` and `used` are in `unit`."""

    def __init__(self, name: LimitName, value: float, used: float, unit: str) -> None:
        super().__init__(f"{used:g} {unit} of {name} are more than the limit of {value:g} {unit}")
        self.name = name
        self.value = value
        self.used = used
        self.unit = unit


class RaisedByStrategyError(Exception):
    """Carries what the author's own code raised, whatever it was, out of that code.

    `bar` is the index of the bar being looked at, None at module level or over the whole series.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error
        self.bar: int | None = None
