"""One run of a strategy: a namespace, what it printed, asked for, signalled and plotted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any, NoReturn, cast

import pandas as pd

from strategiz_executor.strategy.bars_frame import Series
from strategiz_executor.strategy.compile import Program
from strategiz_executor.strategy.entry import check_entry
from strategiz_executor.strategy.errors import (
    NoBarsYetError,
    RaisedByStrategyError,
)
from strategiz_executor.strategy.language import LanguageLayer
from strategiz_executor.strategy.namespace import BAR_NAMES, fresh_namespace
from strategiz_executor.strategy.parameters import ParameterReader, Value
from strategiz_executor.strategy.printing import PrintLog
from strategiz_executor.strategy.signal_recorder import SignalRecorder


class LatestRun:
    """The run that began last: what a failure shows of logs and columns."""

    run: StrategyRun | None = None

    def log(self) -> PrintLog | None:
        """Answer the log of that run."""
        return self.run.log if self.run else None


@dataclass(frozen=True)
class Job:
    """One strategy over one series, as every run of it needs it."""

    program: Program
    layer: LanguageLayer
    series: Series
    parameters: dict[str, Value]
    log_bytes: int
    seed: int
    latest: LatestRun
    first_execution: bool = True
    """Whether this is its owner's first execution of the code; it is guarded more closely."""
    look_ahead_check: bool = False
    fast_form: int = 0
    """The form of an earlier execution of the code, answered by paths or known to be made of columns alone; else 0."""
    seed_shift: int = 0
    """Added to every seed, the author's own too: tells what hangs on random numbers."""


class StrategyRun:
    """Runs the author's code; what that raises leaves as RaisedByStrategyError, and nothing else does."""

    def __init__(self, job: Job) -> None:
        self.job = job
        job.latest.run = self
        self.recorder = SignalRecorder(job.series)
        self.log = PrintLog(job.log_bytes)
        self.parameters = ParameterReader(job.parameters)
        self.namespace: dict[str, Any] = {}
        self._own_bar_names: tuple[str, ...] = BAR_NAMES

    def execute_module(self, frame: pd.DataFrame | None) -> None:
        """Execute the whole code in a fresh namespace; without a frame there is no `data` and no `df`."""
        self.namespace = self._names()
        if frame is not None:
            self.namespace["data"] = self.namespace["df"] = frame
        try:
            exec(self._code(), self.namespace)
        except BaseException as error:  # noqa: BLE001
            self._raise(error, at_module_level=frame is None)
        self._own_bar_names = tuple(
            name for name in BAR_NAMES if self.namespace.get(name) is frame or name not in self.namespace
        )

    def _names(self) -> dict[str, Any]:
        """Answer a fresh namespace."""
        return fresh_namespace(self.job.layer.guards, self.recorder, self.parameters, self.log)

    def _code(self) -> CodeType:
        return self.job.program.code

    def strategy(self) -> Callable[[pd.DataFrame], Any]:
        """Answer the function `strategy`. Raises EntryError or ArgumentsError."""
        function: Any = self.namespace.get("strategy")
        check_entry(function, self.job.program.shape.strategy_line)
        return cast("Callable[[pd.DataFrame], Any]", function)

    def call(self, function: Callable[[pd.DataFrame], Any], frame: pd.DataFrame) -> Any:
        """Answer what the function answers for these bars, which are also `data` and `df` meanwhile."""
        for name in self._own_bar_names:
            self.namespace[name] = frame
        try:
            return function(frame)
        except BaseException as error:  # noqa: BLE001
            self._raise(error, at_module_level=False)

    def let_go(self) -> None:
        """Drop what the code made, which else stays until a collection: functions and their names hold each other."""
        self.namespace.clear()

    def _raise(self, error: BaseException, *, at_module_level: bool) -> NoReturn:
        if at_module_level and isinstance(error, NameError) and error.name in BAR_NAMES:
            missing = NoBarsYetError(
                f"{error.name} is not there at module level of a strategy(data)",
                hint="the module is executed once, before any bar: read the bars inside strategy(data)",
            )
            error = missing.with_traceback(error.__traceback__)
        raise RaisedByStrategyError(error) from None
