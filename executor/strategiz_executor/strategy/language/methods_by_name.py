"""Methods of pandas that take more than values: names of other methods, or somewhere to write to."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from strategiz_executor.strategy.errors import NotAvailableError
from strategiz_executor.strategy.facades import GENERAL_ADVICE
from strategiz_executor.strategy.language.guarded_names import is_absent, label_of
from strategiz_executor.strategy.language.underscores import NOT_AVAILABLE, is_kept

NAMING_ARGUMENTS = {"pivot_table": (3, "aggfunc")}
"""Place and name of the argument that names methods; elsewhere it is the first, `func`."""
NAMED_RESULTS = frozenset({"agg", "aggregate"})
"""Every keyword of these may name a method: agg(high=("close", "max"))."""
_TABLES_OF_NAMES = frozenset((dict, collections.OrderedDict, collections.defaultdict))
_LISTS_OF_NAMES = frozenset(
    (list, tuple, set, frozenset, collections.deque, pd.NamedAgg, np.ndarray, pd.Index, pd.Series)
)
"""A class of the author's own could answer other names to pandas than to us."""


def looking_at_names(owner: Any, name: str) -> Callable[..., Any]:
    """Answer the method, which refuses names of methods that strategies do not have."""
    method: Callable[..., Any] = getattr(owner, name)
    place, keyword = NAMING_ARGUMENTS.get(name, (0, "func"))
    place += isinstance(owner, type)

    def call(*values: Any, **named: Any) -> Any:
        given = [*values[place : place + 1], named.get(keyword)]
        if name in NAMED_RESULTS:
            given += [list(value)[-1:] for value in named.values() if isinstance(value, tuple)]
            given += [value for value in named.values() if isinstance(value, str)]
        for word in _words(given):
            if is_absent(word) or is_kept(word):
                label = label_of(type(owner))
                raise NotAvailableError(f"{word!r} {NOT_AVAILABLE} in {label}.{name}")
        return method(*values, **named)

    call.__name__ = name
    return call


def text_only(owner: Any, name: str, target: str) -> Callable[..., Any]:
    """Answer the method, which refuses its argument `target`, the first."""
    method: Callable[..., Any] = getattr(owner, name)

    def call(*values: Any, **named: Any) -> Any:
        if (values and values[0] is not None) or named.get(target) is not None:
            raise NotAvailableError(
                f"{label_of(type(owner))}.{name} with {target} {NOT_AVAILABLE}: "
                "leave it out, and the text is answered",
                hint=GENERAL_ADVICE,
            )
        return method(*values, **named)

    call.__name__ = name
    return call


def _words(value: Any) -> Iterator[str]:
    """Every text that pandas would take for a name. Raises NotAvailableError for what could tell it another one."""
    if isinstance(value, str):
        yield str.__str__(value)
    elif type(value) in _TABLES_OF_NAMES:
        yield from _words(list(value.values()))
    elif type(value) in _LISTS_OF_NAMES:
        for part in value:
            yield from _words(part)
    elif isinstance(value, Iterable) and not callable(value):
        raise NotAvailableError(
            f"names in a {type(value).__name__} are not available to strategies: give a list or a dict"
        )
