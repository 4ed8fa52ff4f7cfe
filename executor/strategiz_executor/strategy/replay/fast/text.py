"""Texts that hold values of bars: recorded once a path, written out for each of its bars."""

import ast
from collections.abc import Callable
from typing import Any, NoReturn

from .bar_value import BarValue
from .stand_ins import ColumnStandIn, Run

JOINED = "joined_text_"
_CONVERSIONS: dict[str, Callable[[Any], str]] = {"s": str, "r": repr, "a": ascii}


class DeferredText:
    """An f-string with bar values in it. It can be printed, given as a reason, and joined to another text."""

    __slots__ = ("parts", "run")
    is_stand_in = True

    def __init__(self, run: Run, parts: tuple[Any, ...]) -> None:
        self.run = run
        self.parts = parts

    def at(self, bar: int) -> str:
        """The text as it is at one bar."""
        return "".join(_part_at(part, bar) for part in self.parts)

    def __add__(self, other: object) -> "DeferredText":
        return DeferredText(self.run, (*self.parts, *self._parts_of(other)))

    def __radd__(self, other: object) -> "DeferredText":
        return DeferredText(self.run, (*self._parts_of(other), *self.parts))

    def _parts_of(self, other: object) -> tuple[Any, ...]:
        if type(other) is DeferredText:
            return other.parts
        if type(other) is str:
            return (other,)
        raise self.run.give_up("a text joined to something else")

    def __getattr__(self, name: str) -> NoReturn:
        raise self.run.give_up(f"{name} of a text that holds values")

    def _refuse(self, *_: object, **__: object) -> Any:
        raise self.run.give_up("a text that holds values used other than by print or as a reason")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __len__ = _refuse
    __hash__ = _refuse
    __iter__ = __contains__ = __getitem__ = __str__ = __repr__ = __format__ = __mul__ = __rmul__ = _refuse
    __mod__ = __rmod__ = __int__ = __float__ = __index__ = _refuse


def _part_at(part: Any, bar: int) -> str:
    if type(part) is str:
        return part
    value, conversion, specification = part
    real = value.values[bar] if type(value) is BarValue else value
    if conversion:
        real = _CONVERSIONS[conversion](real)
    return format(real, _text_at(specification, bar))


def _text_at(text: Any, bar: int) -> str:
    return text.at(bar) if type(text) is DeferredText else text


def text_at(value: Any, bar: int) -> str:
    """What print or a reason writes for `value` at one bar."""
    if type(value) is BarValue:
        return str(value.values[bar])
    return _text_at(value, bar) if type(value) is DeferredText else str(value)


def joined(*parts: Any) -> Any:
    """What a rewritten f-string calls: a str where nothing in it depends on the bar."""
    run: Any = None
    deferred = False
    kept: list[Any] = []
    for part in parts:
        if type(part) is str:
            kept.append(part)
            continue
        value, conversion, specification = part
        run = getattr(value, "run", None) if hasattr(type(value), "is_stand_in") else run
        if type(value) is ColumnStandIn or hasattr(type(value), "is_frame_stand_in"):
            raise run.give_up("a column in a text")
        if type(value) is DeferredText and not conversion and specification == "":
            kept += value.parts
            deferred = True
        elif type(value) is BarValue or type(specification) is DeferredText:
            kept.append(part)
            deferred = True
        else:
            kept.append(_part_at(part, 0))
    return DeferredText(run, tuple(kept)) if deferred else "".join(kept)


class JoinedTexts(ast.NodeTransformer):
    """Rewrites f-strings to calls of `joined_text_`, so that a path run sees what is put into them."""

    def __init__(self) -> None:
        self.found = False

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """f"a {b!r:c}" becomes joined_text_("a ", (b, "r", "c"))."""
        self.generic_visit(node)
        self.found = True
        parts = [_call_part(value) for value in node.values]
        call = ast.Call(ast.Name(JOINED, ast.Load()), parts, [])
        return ast.copy_location(call, node)


def _call_part(value: ast.expr) -> ast.expr:
    if not isinstance(value, ast.FormattedValue):
        return value
    conversion = ast.Constant("" if value.conversion < 0 else chr(value.conversion))
    specification = value.format_spec if value.format_spec is not None else ast.Constant("")
    return ast.Tuple([value.value, conversion, specification], ast.Load())
