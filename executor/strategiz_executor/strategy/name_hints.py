"""What an author probably meant by a name that is nowhere bound."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from strategiz_executor.strategy.bars_frame import COLUMNS
from strategiz_executor.strategy.imports import LISTED
from strategiz_executor.strategy.namespace import all_names, toolbox

LIBRARIES = ("np", "pd", "math", "ta", "talib")
SPELT_OTHERWISE = {
    "nan": "np.nan", "NaN": "np.nan", "NAN": "np.nan", "inf": "np.inf", "null": "None", "true": "True",
    "false": "False", "plt": "plot(series, name)", "pandas": "pd", "numpy": "np", "buy": 'signal("BUY", reason)',
    "sell": 'signal("SELL", reason)',
}  # fmt: skip
SEEN = "the code sees data, df, signal, plot, param, params, pd, np, ta, talib, math, DataFrame"


def name_hint(name: str, bound: Iterable[str] = (), columns: Sequence[str] = COLUMNS) -> str:
    """Answer a hint for an unknown name; `bound` are the names that the code itself binds."""
    meant = _meant(name, bound, columns)
    if meant:
        return f"did you mean {meant}?"
    importable = [module.strip() for module in LISTED.split(",")]
    return f"import it: import {name}" if name in importable else SEEN


def _meant(name: str, bound: Iterable[str], columns: Sequence[str]) -> str:
    if name in SPELT_OTHERWISE:
        return SPELT_OTHERWISE[name]
    if name in columns:
        return f"data['{name}']"
    near = difflib.get_close_matches(name, [*bound, *_own_names()], n=1, cutoff=0.85)
    if near:
        return near[0]
    for library in LIBRARIES:
        if name in vars(toolbox().names[library])["__all__"]:
            return f"{library}.{name}"
    by_lower = {column.lower(): column for column in columns}
    near = difflib.get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.75)
    return f"data['{by_lower[near[0]]}']" if near else ""


def _own_names() -> list[str]:
    return [name for name in all_names() if not name.startswith("_")]
