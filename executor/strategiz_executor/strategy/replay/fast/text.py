"""Texts that hold values of bars: recorded once a path, written out for each of its bars."""

import re
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from .bar_value import BarValue
from .refusals import refuse_the_rest

_CONVERSIONS: dict[str, Callable[[Any], str]] = {"s": str, "r": repr, "a": ascii}
_NEVER_RAISES = re.compile(r"[<>=^]?[+\- ]?#?0?\d{0,3}[,_]?(\.\d{1,2})?[eEfFgG%]")


class DeferredText:
    """A text with values of bars in it. It can be printed, given as a reason, and joined to another text.

    parts: texts, (value, conversion, specification) of an f-string, and dicts of texts by bar.
    """

    __slots__ = ("_parts", "_run")
    _is_stand_in = True

    def __init__(self, run: Any, parts: tuple[Any, ...]) -> None:
        self._run = run
        self._parts = parts

    def _at(self, bar: int) -> str:
        return "".join([_part_at(part, bar) for part in self._parts])

    def __add__(self, other: object) -> "DeferredText":
        return DeferredText(self._run, (*self._parts, *self._parts_of(other)))

    def __radd__(self, other: object) -> "DeferredText":
        return DeferredText(self._run, (*self._parts_of(other), *self._parts))

    def _parts_of(self, other: object) -> tuple[Any, ...]:
        if type(other) is DeferredText:
            return other._parts
        if type(other) is str:
            return (other,)
        raise self._run.give_up("a text joined to something else")

    def __getattr__(self, name: str) -> NoReturn:
        raise self._run.give_up(f"{name} of a text that holds values")

    def _refuse(self, *_: object, **__: object) -> Any:
        raise self._run.give_up("a text that holds values used other than by print or as a reason")


refuse_the_rest(DeferredText)


def _part_at(part: Any, bar: int) -> str:
    if type(part) is str:
        return part
    if type(part) is dict:
        found: str = part[bar]
        return found
    value, conversion, specification = part
    real = scalar_at(value, bar)
    return format(_CONVERSIONS[conversion](real) if conversion else real, specification)


def scalar_at(value: BarValue, bar: int) -> Any:
    """The scalar itself at one bar."""
    found = value._values[bar]
    return found.item() if value._plain else found


def text_at(value: Any, bar: int) -> str:
    """What print or a reason writes for `value` at one bar."""
    if type(value) is BarValue:
        return str(scalar_at(value, bar))
    return value._at(bar) if type(value) is DeferredText else str(value)


def text_of(run: Any, value: BarValue | DeferredText) -> DeferredText:
    """`str(value)`."""
    return value if type(value) is DeferredText else DeferredText(run, ((value, "s", ""),))


def joined(*parts: Any) -> Any:
    """What a rewritten f-string calls: a str where nothing in it depends on the bar."""
    run: Any = None
    kept: list[Any] = []
    for part in parts:
        found = part if type(part) is str else _field(*part)
        if type(found) is DeferredText:
            run = found._run
            kept += found._parts
        else:
            kept.append(found)
    return "".join(kept) if run is None else DeferredText(run, tuple(kept))


def _field(value: Any, conversion: str, specification: Any) -> Any:
    """One {...} of an f-string."""
    kind = type(value)
    if kind is BarValue:
        run = value._run
        if conversion and specification == "":
            return DeferredText(run, ((value, conversion, ""),))
        if not conversion and type(specification) is str and _is_safe(value, specification):
            return DeferredText(run, ((value, "", specification),))
        convert = _conversion(conversion)
        return run.at_every_bar(
            lambda real, how: format(convert(real), how), (value, specification), {}, "a format"
        )
    if kind is DeferredText:
        if conversion in ("", "s") and specification == "":
            return value
        convert = _conversion(conversion)
        return value._run.at_every_bar(
            lambda real, how: format(convert(real), how), (value, specification), {}, "a format"
        )
    if type(specification) is DeferredText:
        raise specification._run.give_up("a format that depends on the bar")
    return format(_CONVERSIONS[conversion](value) if conversion else value, specification)


def _conversion(letter: str) -> Callable[[Any], Any]:
    return _CONVERSIONS[letter] if letter else lambda value: value


def _is_safe(value: BarValue, specification: str) -> bool:
    """Whether formatting raises for no number, so that it can wait until a text is wanted."""
    if specification == "":
        return True
    return value._values.dtype == np.float64 and _NEVER_RAISES.fullmatch(specification) is not None
