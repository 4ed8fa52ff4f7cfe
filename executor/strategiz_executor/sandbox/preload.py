"""Imports now what libraries import on first use: in a locked-down child no file can be opened."""

import contextlib
import importlib
import platform
import zoneinfo
from collections.abc import Callable
from datetime import tzinfo

LAZY_MODULES = (
    "_strptime",
    "bisect",
    "calendar",
    "cmath",
    "collections.abc",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "encodings.ascii",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.unicode_escape",
    "encodings.utf_16",
    "encodings.utf_32",
    "enum",
    "fractions",
    "functools",
    "heapq",
    "itertools",
    "locale",
    "math",
    "numpy.fft",
    "numpy.lib.stride_tricks",
    "numpy.linalg",
    "numpy.polynomial",
    "numpy.random",
    "numpy.strings",
    "operator",
    "pandas.core.computation.api",
    "pandas.core.methods.describe",
    "pandas.core.methods.selectn",
    "pandas.core.methods.to_dict",
    "pandas.core.resample",
    "pandas.core.reshape.encoding",
    "pandas.core.reshape.merge",
    "pandas.core.reshape.pivot",
    "pandas.core.reshape.tile",
    "pandas.core.window.numba_",
    "pandas.io.formats.console",
    "pandas.io.formats.format",
    "pandas.io.formats.info",
    "pandas.io.formats.string",
    "pandas.tseries.holiday",
    "pandas.tseries.offsets",
    "random",
    "re",
    "statistics",
    "string",
    "textwrap",
    "time",
    "traceback",
    "unicodedata",
    "warnings",
    "zoneinfo",
)


def preload() -> list[tzinfo]:
    """Imports every lazy module there is in these versions; returns the time zones, to be kept alive."""
    for name in LAZY_MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # another version of the library does without it
    return _time_zones()


def _time_zones() -> list[tzinfo]:
    """Each zone twice: pandas converts local times by the one that is written in Python."""
    kinds: list[Callable[[str], tzinfo]] = [zoneinfo.ZoneInfo]
    with contextlib.suppress(ImportError, AttributeError):
        kinds.append(importlib.import_module("zoneinfo._zoneinfo").ZoneInfo)
    return [kind(name) for kind in kinds for name in sorted(zoneinfo.available_timezones())]


def versions() -> dict[str, str]:
    """Versions of what strategies run on."""
    found = {"python": platform.python_version()}
    for name in ("numpy", "pandas", "talib", "pandas_ta_classic"):
        module = importlib.import_module(name)
        found[name] = str(getattr(module, "__version__", None) or getattr(module, "version", "unknown"))
    return found
