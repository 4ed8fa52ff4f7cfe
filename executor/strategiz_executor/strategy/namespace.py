"""The names that a strategy's code sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from strategiz_executor.strategy.builtin_names import curated_builtins
from strategiz_executor.strategy.imports import Importer, curated_modules
from strategiz_executor.strategy.parameters import ParameterReader
from strategiz_executor.strategy.printing import PrintLog
from strategiz_executor.strategy.signal_recorder import SignalRecorder

BAR_NAMES = ("data", "df")
MODULE_NAME = "strategy"


@dataclass(frozen=True)
class Toolbox:
    """What every strategy of this process shares: the curated libraries and Python's own names."""

    names: Mapping[str, Any]
    builtins: Mapping[str, Any]


class _Guarded:
    """The toolbox with the guards of the layer that was asked for last: a process has one."""

    guards: Mapping[str, Any] | None = None
    names: dict[str, Any]
    builtins: dict[str, Any]

    @classmethod
    def copies(cls, guards: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Answer names and builtins of a strategy's own; a dict copied whole takes a tenth of one filled anew."""
        if cls.guards is not guards:
            tools = toolbox()
            cls.names = {**tools.names, **guards, "__name__": MODULE_NAME, "__doc__": None}
            cls.builtins = {**tools.builtins, **guards}  # `del getattr` must not bring Python's own back
            cls.guards = guards
        return cls.names.copy(), cls.builtins.copy()


@cache
def toolbox() -> Toolbox:
    """Answer the process's toolbox, made on first use (`warm_up` does)."""
    modules = curated_modules()
    names = {
        "pd": modules["pandas"],
        "np": modules["numpy"],
        "ta": modules["pandas_ta"],
        "talib": modules["talib"],
        "math": modules["math"],
        "DataFrame": pd.DataFrame,
    }
    return Toolbox(names, curated_builtins(Importer(modules).import_module))


def fresh_namespace(
    guards: Mapping[str, Any], recorder: SignalRecorder, parameters: ParameterReader, log: PrintLog
) -> dict[str, Any]:
    """Answer the globals of one run of a module. `data` and `df` are not among them yet."""
    names, builtins = _Guarded.copies(guards)
    given = dict(parameters.given)
    names.update(
        __builtins__=builtins,
        signal=recorder.signal,
        plot=recorder.plot,
        param=parameters.param,
        params=given,
        parameters=given,
        print=log.print,
    )
    return names


def all_names() -> frozenset[str]:
    """Answer every name that code can read without binding it, `data` and `df` included."""
    tools = toolbox()
    ours = {"signal", "plot", "param", "params", "parameters", "print", "__name__", "__doc__", *BAR_NAMES}
    return frozenset({*tools.names, *tools.builtins, *ours})
