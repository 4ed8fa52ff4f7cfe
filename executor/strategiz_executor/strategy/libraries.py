"""Which names of pandas, numpy, TA-Lib and pandas-ta-classic strategies have."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pandas_ta_classic
import talib

from strategiz_executor.strategy.facades import CuratedModule, curate
from strategiz_executor.strategy.indicators import curated_indicators
from strategiz_executor.strategy.random_numbers import curated_numpy_random

NO_FILES = "strategies have no files"
OPTIONS = "options do not change a result, leave the line out"
USE_PLOT = "use plot(series, name)"
ERROR_STATE = "use np.errstate"

PANDAS_ABSENT = {
    "read_*": "use data",
    "to_pickle": NO_FILES,
    "ExcelFile": NO_FILES,
    "ExcelWriter": NO_FILES,
    "HDFStore": NO_FILES,
    "eval": "write the expression as Python",
    "plotting": USE_PLOT,
    "*option*": OPTIONS,
    "set_eng_float_format": OPTIONS,
    "show_versions": "the result carries the versions",
    "test": "it tests pandas itself",
    "testing": "compare values with == or np.isclose",
    "io": NO_FILES,
}
NUMPY_ABSENT = {
    "load": NO_FILES,
    "loadtxt": NO_FILES,
    "genfromtxt": NO_FILES,
    "fromfile": NO_FILES,
    "fromregex": NO_FILES,
    "save*": NO_FILES,
    "memmap": NO_FILES,
    "DataSource": NO_FILES,
    "lib": "use the functions of np itself",
    "core": "use the functions of np itself",
    "ctypeslib": "strategies have no foreign functions",
    "f2py": "strategies have no foreign functions",
    "rec": "use a DataFrame",
    "char": "use np.strings or pandas' .str",
    "emath": "use np.sqrt, np.log and np.power",
    "ma": "use pandas, which keeps gaps as NaN",
    "polynomial": "use np.polyfit and np.polyval",
    "testing": "compare values with == or np.isclose",
    "test": "it tests numpy itself",
    "typing": "leave the annotation out",
    "exceptions": "catch ValueError or TypeError",
    "dtypes": "use np.dtype",
    "info": "read the documentation",
    "show_config": "the result carries the versions",
    "show_runtime": "the result carries the versions",
    "get_include": NO_FILES,
    "setbufsize": OPTIONS,
    "seterrcall": ERROR_STATE,
    "source": NO_FILES,
}
TALIB_ABSENT = {
    "abstract": "call talib.SMA(data['close'], 20) and the like",
    "stream": "call talib.SMA(data['close'], 20) and the like",
    "set_unstable_period": OPTIONS,
    "set_compatibility": OPTIONS,
}


def curated_pandas() -> CuratedModule:
    """Answer `pd`."""
    real: Any = pd  # the stubs know no __all__
    type_names = [name for name in dir(real.api.types) if not name.startswith("_")]
    types = curate(real.api.types, "pd.api.types", type_names)
    return curate(
        real,
        "pd",
        [*real.__all__, "__version__"],
        absent=_spelt_out(PANDAS_ABSENT, real.__all__),
        replaced={
            "api": CuratedModule(
                "pandas.api", "pd.api", {"types": types}, absent={}, real_names=frozenset(dir(pd.api))
            ),
            "offsets": _public(pd.offsets, "pd.offsets"),
            "errors": _public(pd.errors, "pd.errors"),
            "arrays": _public(pd.arrays, "pd.arrays"),
        },
    )


def curated_numpy() -> CuratedModule:
    """Answer `np`."""
    return curate(
        np,
        "np",
        [*np.__all__, "__version__"],
        absent=_spelt_out(NUMPY_ABSENT, [*np.__all__, "DataSource", "source"]),
        replaced={
            "random": curated_numpy_random(),
            "linalg": _public(np.linalg, "np.linalg"),
            "fft": _public(np.fft, "np.fft"),
            "strings": _public(np.strings, "np.strings"),
        },
    )


def curated_talib() -> CuratedModule:
    """Answer `talib`: its functions and MA_Type."""
    real: Any = talib
    names = [*real.get_functions(), "MA_Type", "get_functions", "get_function_groups", "__version__"]
    return curate(real, "talib", names, absent=TALIB_ABSENT)


def curated_ta() -> CuratedModule:
    """Answer `ta`: the indicators of pandas-ta-classic, a Series of NaN where there are too few bars."""
    return curate(
        pandas_ta_classic,
        "ta",
        [],
        absent={
            "Strategy": "call the indicators one by one",
            "AllStrategy": "call the indicators one by one",
        },
        replaced=curated_indicators(),
    )


def _public(module: Any, alias: str) -> CuratedModule:
    return curate(module, alias, module.__all__)


def _spelt_out(patterns: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    """Answer the patterns as names, so that looking one up needs no matching."""
    known = list(names)
    return {
        name: advice
        for pattern, advice in patterns.items()
        for name in [*fnmatch.filter(known, pattern), pattern]
    }
