"""Hints beside an author's exception: what pandas 3 wants, which column was meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence

from strategiz_executor.strategy.bars_frame import COLUMNS
from strategiz_executor.strategy.chained_assignment import ChainedAssignmentError
from strategiz_executor.strategy.name_hints import name_hint

Hint = Callable[[BaseException, str, Sequence[str]], str]

REPLACED_METHODS = {
    "append": "use pd.concat([a, b])",
    "iteritems": "use .items()",
    "applymap": "use .map()",
    "ix": "use .iloc (positions) or .loc (labels)",
    "mad": "use (x - x.mean()).abs().mean()",
    "lookup": "use .loc or .melt",
    "is_monotonic": "use .is_monotonic_increasing",
    "weekofyear": "use .isocalendar().week",
    "week": "use .isocalendar().week",
    "pad": "use .ffill()",
    "backfill": "use .bfill()",
}
BY_MESSAGE: tuple[tuple[str, str], ...] = (
    (r"unexpected keyword argument 'method'", "pandas 3 has no fillna(method=): use .ffill() or .bfill()"),
    (r"unexpected keyword argument 'level'", "pandas 3 has no level=: use .groupby(level=...)"),
    (r"unexpected keyword argument 'axis'", "pandas 3 has no axis= here: leave it out"),
    (
        r"tz-naive and tz-aware|offset-naive and offset-aware|Invalid comparison between dtype=datetime64\[\w+, UTC\]",
        'times of bars are in UTC: compare with pd.Timestamp("2020-01-31", tz="UTC")',
    ),
    (
        r"The truth value of a (Series|DataFrame)|truth value of an array",
        "compare one value, such as .iloc[-1], or use .any() or .all()",
    ),
    (r"out-of-bounds|out of bounds", "there are fewer bars than the code reads: check len(data) first"),
    (r"read-only", "pandas 3 hands out read-only arrays: use .to_numpy(copy=True)"),
    (r"matplotlib", "strategies have no plotting library: use plot(series, name)"),
    (
        r"'M' is no longer supported|'(Q|Y|A|BM)' is no longer|Did you mean h|Invalid frequency: [HTSLUN]\b",
        "pandas 3 writes ME, QE, YE for ends of periods and h, min, s for hours, minutes, seconds",
    ),
    (r"input array type is not double", "TA-Lib wants floats: use .astype(float)"),
    (
        r"'[\w.]+' object is not callable",
        "a name of ours or of the code was bound to a value",
    ),
)


def hint_for(error: BaseException, message: str, columns: Iterable[str]) -> str:
    """Answer a hint for an exception of the author's code, "" where none is near.

    `columns` are those of the frame that the code was looking at.
    """
    known = [str(column) for column in columns] or list(COLUMNS)
    for kind, hint in _BY_TYPE:
        if isinstance(error, kind):
            found = hint(error, message, known)
            if found:
                return found
    return next((hint for pattern, hint in BY_MESSAGE if re.search(pattern, message)), "")


def _key_error(error: BaseException, message: str, columns: Sequence[str]) -> str:
    key = error.args[0] if error.args else ""
    if isinstance(key, int):
        return f"numbers in [ ] are labels in pandas 3: use .iloc[{key}]"
    named = re.findall(r"'([^']*)'", str(key)) or [str(key)]
    near = _nearest(named[0], columns)
    if near:
        return f"the columns are {', '.join(columns)}; did you mean '{near}'?"
    if re.match(r"\d{4}-\d\d", named[0]) or "Timestamp" in str(key):
        return "there is no bar at that time: use data.index to find one"
    return f"the columns are {', '.join(columns)}"


def _attribute_error(error: BaseException, message: str, columns: Sequence[str]) -> str:
    match = re.search(
        r"'(DataFrame|Series|DatetimeIndex|Index|\w+)' object has no attribute '(\w+)'", message
    )
    if match is None:
        return ""
    owner, name = match.groups()
    if owner == "NoneType":
        return "a function answered None: check it before using it"
    if name in REPLACED_METHODS:
        return f"pandas 3 has no .{name}: {REPLACED_METHODS[name]}"
    near = _nearest(name, columns) if owner == "DataFrame" else ""
    return f"the columns are {', '.join(columns)}; did you mean '{near}'?" if near else ""


def _name_error(error: BaseException, message: str, columns: Sequence[str]) -> str:
    return name_hint(getattr(error, "name", None) or "", columns=columns)


def _os_error(error: BaseException, message: str, columns: Sequence[str]) -> str:
    return "strategies have no files and no network: use data, print and plot"


def _recursion_error(error: BaseException, message: str, columns: Sequence[str]) -> str:
    return "a function calls itself without end"


def _chained_assignment(error: BaseException, message: str, columns: Sequence[str]) -> str:
    return (
        "pandas 3 never writes through two steps: use data.loc[rows, 'column'] = value, "
        "or data['column'] = data['column'].fillna(0) instead of inplace=True"
    )


def _nearest(name: str, columns: Sequence[str]) -> str:
    by_lower = {column.lower(): column for column in columns}
    if name.lower() in by_lower:
        return by_lower[name.lower()]
    near = difflib.get_close_matches(name.lower(), list(by_lower), n=1)
    return by_lower[near[0]] if near else ""


_BY_TYPE: tuple[tuple[type[BaseException], Hint], ...] = (
    (KeyError, _key_error),
    (AttributeError, _attribute_error),
    (NameError, _name_error),
    (RecursionError, _recursion_error),
    (OSError, _os_error),
    (ChainedAssignmentError, _chained_assignment),
)
