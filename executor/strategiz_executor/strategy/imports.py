"""`import` of a strategy: the listed modules, each a curated one."""

from __future__ import annotations
import __future__

import collections
import collections.abc
import datetime
import decimal
import itertools
import math
import operator
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from strategiz_executor.strategy.errors import StrategyImportError
from strategiz_executor.strategy.facades import CuratedModule, curate
from strategiz_executor.strategy.function_tools import curated_functools
from strategiz_executor.strategy.libraries import curated_numpy, curated_pandas, curated_ta, curated_talib
from strategiz_executor.strategy.random_numbers import curated_random

ALIASES = {"pd": "pandas", "np": "numpy", "ta": "pandas_ta", "pandas_ta_classic": "pandas_ta"}
LISTED = (
    "pandas, numpy, talib, pandas_ta, math, datetime, time, collections, itertools, functools, statistics, "
    "operator, random, decimal"
)
DECIMAL_SHARED = ("DefaultContext", "BasicContext", "ExtendedContext")
TIME_NAMES = (
    "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time",
    "strftime", "strptime", "gmtime", "localtime", "mktime", "asctime", "ctime", "struct_time",
)  # fmt: skip


def curated_modules() -> Mapping[str, CuratedModule]:
    """Answer every module that a strategy can import, by its full name."""
    abstract = curate(collections.abc, "collections.abc", collections.abc.__all__)
    return {
        "pandas": curated_pandas(),
        "numpy": curated_numpy(),
        "talib": curated_talib(),
        "pandas_ta": curated_ta(),
        "math": _public(math),
        "datetime": _public(datetime),
        "time": curate(time, "time", TIME_NAMES, absent={"sleep": "there is nothing to wait for"}),
        "collections": curate(collections, "collections", collections.__all__, replaced={"abc": abstract}),
        "itertools": _public(itertools),
        "functools": curated_functools(),
        "statistics": curate(statistics, "statistics", statistics.__all__),
        "operator": curate(
            operator,
            "operator",
            operator.__all__,
            absent={"attrgetter": "write a lambda", "methodcaller": "write a lambda"},
        ),
        "random": curated_random(),
        "decimal": curate(
            decimal,
            "decimal",
            [name for name in dir(decimal) if not name.startswith("_")],
            absent=dict.fromkeys(DECIMAL_SHARED, "use decimal.localcontext()"),
        ),
        "__future__": curate(__future__, "__future__", __future__.all_feature_names),
    }


# C code that imports on first use (strptime, the mean of integers) comes through the `__import__` of the frame it was
# called from, with a list where Python code gives a tuple, and takes what it wants from sys.modules afterwards.
_NOTHING = CuratedModule("nothing", "nothing", {}, absent={}, real_names=frozenset())


class Importer:
    """What `__import__` is for a strategy."""

    def __init__(self, modules: Mapping[str, CuratedModule]) -> None:
        self.modules = modules

    def import_module(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """Answer the curated module, as `__import__` does. Raises StrategyImportError for any other."""
        if type(fromlist) is list and name in sys.modules:
            return _NOTHING
        first, *rest = name.split(".")
        module = self.modules.get(ALIASES.get(first, first)) if level == 0 else None
        if module is None:
            raise StrategyImportError(
                f"{name or 'a relative module'} cannot be imported by strategies",
                hint=f"importable: {LISTED}",
            )
        inner: Any = module
        for part in rest:
            inner = inner.__dict__.get(part)
            if not isinstance(inner, CuratedModule):
                raise StrategyImportError(
                    f"{name} cannot be imported by strategies", hint=f"importable: {LISTED}"
                )
        self._require_names(inner, fromlist or ())
        return inner if fromlist else module

    def _require_names(self, module: CuratedModule, names: Sequence[str]) -> None:
        """Raise what the module says of an absent name: Python itself would only say `cannot import`."""
        for name in names:
            if name != "*":
                getattr(module, name)


def _public(module: ModuleType) -> CuratedModule:
    names = [name for name in dir(module) if not name.startswith("_")]
    return curate(module, module.__name__, names)
