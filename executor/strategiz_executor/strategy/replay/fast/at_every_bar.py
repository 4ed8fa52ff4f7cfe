"""A plain function of scalars, called with the real scalars of every bar of a path: exact whatever it does.

For what is asked rarely (round, %, math.log, int): about 0.3 us a bar. What a bar raises is left to its real prefix.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .bar_value import BarValue
from .expression import PRIMITIVES, WIDEST_INTEGER
from .text import DeferredText

if TYPE_CHECKING:
    from .path_run import PathRun

_NUMPY_TYPES = (np.float64, np.int64, np.bool_)
_ARGUMENTS = (*PRIMITIVES, *_NUMPY_TYPES)


class MixedTypesError(Exception):
    """The function answers different types at different bars, so that no one value stands for them."""


def call_at_every_bar(
    run: "PathRun", function: Callable[..., Any], arguments: Any, keywords: dict[str, Any], what: str
) -> Any:
    """What the function answers, as a value or a text of every bar.

    Raises GiveUp for arguments other than values, texts and constants, MixedTypesError.
    """
    bars = run.live_bars()
    names = list(keywords)
    columns = [_at(run, value, bars, what) for value in [*arguments, *keywords.values()]]
    found: list[Any] = []
    raised: list[int] = []
    count = len(arguments)
    with np.errstate(all="ignore"):
        for bar, *values in zip(bars, *columns, strict=True):
            try:
                found.append(function(*values[:count], **dict(zip(names, values[count:], strict=True))))
            except Exception:  # noqa: BLE001  (the author's: the real prefix raises it again)
                raised.append(bar)
    if raised:
        mask = np.zeros(run.bars, bool)
        mask[raised] = True
        run.leave_open(mask)
        gone = set(raised)
        bars = [bar for bar in bars if bar not in gone]
    return _value_of(run, found, bars, what)


def _at(run: "PathRun", value: Any, bars: list[int], what: str) -> list[Any]:
    """`value` as it is at each of these bars."""
    kind = type(value)
    if kind is BarValue:
        return scalars(value, bars)
    if kind is DeferredText:
        return [value._at(bar) for bar in bars]
    if kind in (list, tuple):
        parts = [_at(run, part, bars, what) for part in value]
        return [kind(each) for each in zip(*parts, strict=True)] if parts else [kind() for _ in bars]
    if kind is dict:
        keys, parts = list(value), [_at(run, part, bars, what) for part in value.values()]
        rows: Iterator[Any] = zip(*parts, strict=True) if parts else iter([() for _ in bars])
        return [dict(zip(keys, row, strict=True)) for row in rows]
    if kind in _ARGUMENTS:
        return [value] * len(bars)
    raise run.give_up(f"{what} of a value and a {kind.__name__}")


def scalars(value: BarValue, bars: list[int]) -> list[Any]:
    """The scalars themselves at these bars, Python's own or numpy's."""
    at = value._values[bars]
    return at.tolist() if value._plain else list(at)


def _value_of(run: "PathRun", found: list[Any], bars: list[int], what: str) -> Any:
    kinds = set(map(type, found))
    if len(kinds) != 1:
        raise MixedTypesError(what)
    kind = kinds.pop()
    if kind is str:
        return DeferredText(run, (dict(zip(bars, found, strict=True)),))
    if kind not in _ARGUMENTS or kind is type(None):
        raise run.give_up(f"{what} that answers a {kind.__name__}")
    if kind is int and any(abs(number) > WIDEST_INTEGER for number in found):
        raise run.give_up("an integer beyond 2**53")
    values = np.zeros(run.bars, np.dtype(kind))
    values[bars] = found
    return BarValue(run, values, plain=kind in (bool, int, float))
