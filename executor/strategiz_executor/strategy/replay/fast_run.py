"""A strategy's run whose names know the stand-ins of the fast ways."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import CodeType
from typing import Any, NoReturn

from strategiz_executor.strategy.imports import curated_modules
from strategiz_executor.strategy.namespace import toolbox
from strategiz_executor.strategy.replay.fast.give_up import GiveUp
from strategiz_executor.strategy.replay.fast.names import FastNames
from strategiz_executor.strategy.replay.fast.path_record import PathRecord
from strategiz_executor.strategy.replay.fast.stand_ins import ColumnStandIn
from strategiz_executor.strategy.strategy_run import Job, StrategyRun


@cache
def fast_names() -> FastNames:
    """The names of this process, made on first use (`warm_up` does)."""
    return FastNames(curated_modules(), toolbox().builtins)


class PathStrategyRun(StrategyRun):
    """Runs the code whose f-strings can hold values of bars; `record` takes what it says on a path."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.record: PathRecord | None = None

    def _code(self) -> CodeType:
        return self.job.program.path_code or self.job.program.code

    def _names(self) -> dict[str, Any]:
        fast = fast_names()
        return {
            **super()._names(),
            **fast.names,
            "__builtins__": fast.builtins,
            "print": self._on_path("print", self.log.print),
            "signal": self._on_path("signal", self.recorder.signal),
            "plot": self._on_path("plot", self.recorder.plot),
        }

    def _on_path(self, name: str, otherwise: Callable[..., Any]) -> Callable[..., Any]:
        """Module level of form 1 lies on no path: there the usual names serve."""

        def call(*values: Any, **named: Any) -> Any:
            return (otherwise if self.record is None else getattr(self.record, name))(*values, **named)

        return call

    def _raise(self, error: BaseException, *, at_module_level: bool) -> NoReturn:
        if isinstance(error, GiveUp):
            raise error
        super()._raise(error, at_module_level=at_module_level)


class ProxyStrategyRun(StrategyRun):
    """Runs the code as it is, with stand-ins that hold the numbers of one bar."""

    def _names(self) -> dict[str, Any]:
        fast = fast_names()
        return {**super()._names(), **fast.names, "__builtins__": fast.builtins, "plot": self._plot}

    def _plot(self, series: Any, *values: Any, **named: Any) -> None:
        """Plots count from the run on the whole series; what could fail on a prefix is still looked at."""
        real = series.run.unknown(series, "a plot") if type(series) is ColumnStandIn else series
        self.recorder.plot(real, *values, **named)

    def _raise(self, error: BaseException, *, at_module_level: bool) -> NoReturn:
        if isinstance(error, GiveUp):
            raise error
        super()._raise(error, at_module_level=at_module_level)
