"""A strategy's run whose names know the stand-ins of the fast ways."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any, NoReturn

from strategiz_executor.strategy.printing import PrintLog
from strategiz_executor.strategy.replay.fast import rewriting
from strategiz_executor.strategy.replay.fast.calls import called, formatted
from strategiz_executor.strategy.replay.fast.early_answers import ANSWERED, answered
from strategiz_executor.strategy.replay.fast.give_up import Abandonment, GiveUp, OpenBars
from strategiz_executor.strategy.replay.fast.handlers import Handlers
from strategiz_executor.strategy.replay.fast.path_record import PathRecord
from strategiz_executor.strategy.replay.fast.run import is_column
from strategiz_executor.strategy.replay.fast.text import joined
from strategiz_executor.strategy.strategy_run import Job, StrategyRun

_UNCUT_LOG = 1 << 30


class FastRun(StrategyRun):
    """Runs the rewritten code: calls, texts and handlers pass through names of ours."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.abandonment: Abandonment | None = None
        self._handlers = Handlers(lambda: self.abandonment)

    def _code(self) -> CodeType:
        return self.job.program.fast_code or self.job.program.code

    def _names(self) -> dict[str, Any]:
        names = super()._names()
        names[rewriting.CALL] = called
        names[rewriting.JOIN] = joined
        names[rewriting.FORMAT] = formatted
        names[ANSWERED] = answered
        names[rewriting.CAUGHT] = self._handlers.caught
        names[rewriting.RAISE] = self._handlers.raised
        return names

    def let_go(self) -> None:
        """Drop the handlers too, which know this run."""
        super().let_go()
        del self._handlers

    def _raise(self, error: BaseException, *, at_module_level: bool) -> NoReturn:
        if isinstance(error, GiveUp | OpenBars):
            raise error
        super()._raise(error, at_module_level=at_module_level)


class PathStrategyRun(FastRun):
    """`record` takes what the code says on a path."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.record: PathRecord | None = None

    def _names(self) -> dict[str, Any]:
        names = super()._names()
        names["print"] = self._on_path("print", self.log.print)
        names["signal"] = self._on_path("signal", self.recorder.signal)
        names["plot"] = self._on_path("plot", self.recorder.plot)
        return names

    def let_go(self) -> None:
        """Drop the stand-ins and their columns too."""
        super().let_go()
        self.record = self.abandonment = None

    def _on_path(self, name: str, otherwise: Callable[..., Any]) -> Callable[..., Any]:
        """Module level of form 1 lies on no path: there the usual names serve."""

        def call(*values: Any, **named: Any) -> Any:
            return (otherwise if self.record is None else getattr(self.record, name))(*values, **named)

        return call


class ProxyStrategyRun(FastRun):
    """Stand-ins hold the numbers of one bar. Its log is cut once it is known to be the answer's."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.log = PrintLog(_UNCUT_LOG)

    def _names(self) -> dict[str, Any]:
        return {**super()._names(), "plot": self._plot}

    def _plot(self, series: Any, *values: Any, **named: Any) -> None:
        """Plots count from the run on the whole series; what could fail on a prefix is still looked at."""
        real = series._run.real(series, "a plot") if is_column(series) else series
        self.recorder.plot(real, *values, **named)
