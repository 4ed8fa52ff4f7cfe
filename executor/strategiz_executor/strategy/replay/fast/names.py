"""Python's own names in the fast ways, where they meet a stand-in: exact, or the run gives up."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from .bar_value import BarValue
from .frame_stand_in import FrameStandIn
from .libraries import LibraryView, view_of
from .stand_ins import ColumnStandIn
from .text import JOINED, DeferredText, joined

LIBRARY_NAMES = {"pd": "pandas", "np": "numpy", "ta": "pandas_ta", "talib": "talib", "math": "math"}


def fast_len(value: Any) -> Any:
    """`len`: of the frame or a column, how many bars there are."""
    if isinstance(value, FrameStandIn | ColumnStandIn):
        return value.run.length()
    return len(value)


def fast_isinstance(value: Any, kinds: Any) -> bool:
    """`isinstance`, as the object that a stand-in stands for would answer."""
    if not hasattr(type(value), "is_stand_in"):
        return isinstance(value, kinds)
    return issubclass(_real_type(value), kinds)


def _real_type(value: Any) -> type:
    if type(value) is FrameStandIn:
        return pd.DataFrame
    if type(value) is ColumnStandIn:
        return pd.Series if value.expression.kind == "series" else np.ndarray
    if type(value) is DeferredText:
        return str
    if type(value) is BarValue and not value.plain:
        return np.dtype(value.values.dtype).type
    raise value.run.give_up("isinstance of this value")


class FastNames:
    """What a namespace of the fast ways has in place of the usual names; made once a process."""

    def __init__(self, modules: Mapping[str, Any], builtins: Mapping[str, Any]) -> None:
        self._views = {module.__name__: view_of(name, module) for name, module in modules.items()}
        self.names = {name: self._view(modules[module]) for name, module in LIBRARY_NAMES.items()}
        self.names[JOINED] = joined
        self.builtins = {
            **builtins,
            "len": fast_len,
            "isinstance": fast_isinstance,
            "__import__": self._importing(builtins["__import__"]),
        }

    def _view(self, module: Any) -> Any:
        return self._views.get(module.__name__, module)

    def _importing(self, importer: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments, **keywords: self._view(importer(*arguments, **keywords))
