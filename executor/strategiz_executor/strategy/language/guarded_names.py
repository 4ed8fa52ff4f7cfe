"""Attribute names that are looked at when the code runs, each with the kinds of objects for which it is refused.

All other names compile to plain attribute access and cost nothing. A name belongs here if, on some object that a
strategy can have, it reads or writes files, evaluates text, looks methods up by text, or leads to a module, a frame
or another class's insides; tests/language/test_nothing_leads_to_a_module.py looks for those that are missing.
"""

from __future__ import annotations

import collections
import importlib
from dataclasses import dataclass
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType, TracebackType
from typing import Any

import numpy as np
import pandas as pd
import pandas_ta_classic
from RestrictedPython.transformer import INSPECT_ATTRIBUTES

Types = tuple[type, ...]

_SELECTIONS: type = importlib.import_module("pandas.core.base").SelectionMixin
_EXPRESSION: type = pd.api.typing.__dict__["Expression"]
_TABLES: Types = (pd.DataFrame, pd.Series, pd.Index, _SELECTIONS, _EXPRESSION)
_ARRAYS: Types = (np.ndarray, np.generic)
_GENERATORS: Types = (np.random.BitGenerator,)
_FRAMES: Types = (GeneratorType, CoroutineType, AsyncGeneratorType, FrameType, TracebackType, CodeType)
_INDICATORS: Types = (pandas_ta_classic.AnalysisIndicators,)

NO_FILES = "strategies have no files"
USE_MASK = "use a boolean mask, as in data[data['close'] > data['open']]"
USE_PLOT = "use plot(series, name)"
NO_FRAMES = "strategies cannot look at frames and code"
NO_FOREIGN_CODE = "strategies have no foreign functions"


@dataclass(frozen=True)
class Refused:
    """Not there for these kinds of objects, nor for the classes themselves."""

    kinds: Types
    advice: str


@dataclass(frozen=True)
class TextOnly:
    """A method that answers text unless it is given somewhere to write to: that argument is refused."""

    kinds: Types
    target: str


@dataclass(frozen=True)
class MethodsByName:
    """A method that takes names of other methods as text: those are looked at as if they were written out."""

    kinds: Types


@dataclass(frozen=True)
class TextFormat:
    """`str.format` and `str.format_map`: the attributes named in the text are looked at."""

    kinds: Types = (str,)


Rule = Refused | TextOnly | MethodsByName | TextFormat

_FILES = (
    "to_clipboard", "to_excel", "to_feather", "to_hdf", "to_iceberg", "to_orc", "to_parquet", "to_pickle", "to_sql",
    "to_stata", "to_xarray", "to_gbq",
)  # fmt: skip

_OF_CYTHON = ("func_globals", "func_code", "func_closure", "func_dict", "func_defaults")
"""Functions of numpy and pandas show the insides of their modules under these names."""

GUARDED: dict[str, tuple[Rule, ...]] = {
    "query": (Refused(_TABLES, USE_MASK),),
    "eval": (Refused(_TABLES, "write the expression as Python"),),
    "plot": (Refused(_TABLES, USE_PLOT),),
    "hist": (Refused(_TABLES, "use np.histogram"),),
    "boxplot": (Refused(_TABLES, USE_PLOT),),
    "style": (Refused(_TABLES, "use print"),),
    **{name: (Refused(_TABLES, NO_FILES),) for name in _FILES},
    **{name: (TextOnly(_TABLES, "path_or_buf"),) for name in ("to_csv", "to_json")},
    **{name: (TextOnly(_TABLES, "buf"),) for name in ("to_string", "to_html", "to_latex", "to_markdown")},
    "to_xml": (TextOnly(_TABLES, "path_or_buffer"),),
    **{name: (MethodsByName(_TABLES),) for name in ("agg", "aggregate", "apply", "transform", "pivot_table")},
    **{name: (Refused(_ARRAYS, NO_FILES),) for name in ("tofile", "dump", "dumps")},
    "ctypes": (Refused((*_ARRAYS, *_GENERATORS), NO_FOREIGN_CODE),),
    "cffi": (Refused(_GENERATORS, NO_FOREIGN_CODE),),
    "capsule": (Refused(_GENERATORS, NO_FOREIGN_CODE),),
    "strategy": (Refused(_INDICATORS, "call the indicators one by one"),),
    "ticker": (Refused(_INDICATORS, "use data"),),
    "format": (TextFormat(), Refused((collections.UserString,), "use str(text).format")),
    "format_map": (TextFormat(), Refused((collections.UserString,), "use str(text).format_map")),
    "obj": (Refused((AttributeError,), "print the exception itself"),),
    "mro": (Refused((type,), "write isinstance or issubclass"),),
    **{name: (Refused(_FRAMES, NO_FRAMES),) for name in INSPECT_ATTRIBUTES},
    **{name: (Refused((object,), NO_FRAMES),) for name in _OF_CYTHON},
}

LABELS: tuple[tuple[type, str], ...] = (
    (pd.DataFrame, "df"),
    (pd.Series, "series"),
    (pd.Index, "index"),
    (np.ndarray, "array"),
    (str, "text"),
    (BaseException, "error"),
    (pandas_ta_classic.AnalysisIndicators, "df.ta"),
)


_ABSENT = frozenset(
    name for name, rules in GUARDED.items() if any(isinstance(rule, Refused | TextOnly) for rule in rules)
)


def is_absent(name: str) -> bool:
    """Whether a name is refused on some objects, whatever is done with it."""
    return name in _ABSENT


def label_of(kind: type) -> str:
    """Answer how an object of this type is called in messages."""
    return next((label for known, label in LABELS if issubclass(kind, known)), kind.__name__)


def called_on(owner: Any) -> Any:
    """Answer the object that a `super()` was called on, anything else as it is."""
    return vars(super)["__self__"].__get__(owner) if isinstance(owner, super) else owner


def rule_for(owner: Any, name: str) -> Rule | None:
    """Answer the rule that holds for `owner.name`, where owner is an object or a class of such objects.

    `super()` inside a class of the author's own stands for the object that it was called on.
    """
    kind = type(owner)
    if issubclass(kind, super):
        owner, kind = called_on(owner), vars(super)["__self_class__"].__get__(owner) or kind
    for rule in GUARDED.get(name, ()):
        if issubclass(kind, rule.kinds) or (issubclass(kind, type) and issubclass(owner, rule.kinds)):
            return rule
    return None
