"""The stand-in for the whole frame: columns by name, the author's own writes, and its length."""

from collections.abc import Iterator
from typing import Any, NoReturn

from .expression import Expression
from .stand_ins import ColumnStandIn, Run

OWN_COLUMNS = ("timestamp", "open", "high", "low", "close", "volume")
NUMBER_COLUMNS = OWN_COLUMNS[1:]


class FrameStandIn:
    """ "The bars up to every bar". Writes last for one call, as in a real prefix."""

    __slots__ = ("run", "written")
    is_frame_stand_in = True
    is_stand_in = True

    def __init__(self, run: Run) -> None:
        object.__setattr__(self, "run", run)
        object.__setattr__(self, "written", {})

    def __getitem__(self, name: object) -> Any:
        if type(name) is str:
            if name in self.written:
                return self.run.column(self.written[name])
            if name in NUMBER_COLUMNS:
                return self.run.column(self.run.source(name))
            if name not in OWN_COLUMNS:
                raise KeyError(name)
        return self.run.unknown(self, "an index into the frame")[name]

    def __setitem__(self, name: object, value: object) -> None:
        if type(name) is not str or name in OWN_COLUMNS or type(value) is not ColumnStandIn:
            self.run.unknown(self, "a write into the frame")[name] = value
            return
        found = value.expression
        self.written[name] = Expression(found.values, found.key, "series", name)

    def __getattr__(self, name: str) -> Any:
        if name in NUMBER_COLUMNS or name in self.written:
            return self[name]
        if name == "empty":
            return False
        return getattr(self.run.unknown(self, f"attribute {name} of the frame"), name)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise self.run.give_up("an attribute set on the frame")

    def __contains__(self, name: object) -> bool:
        return name in OWN_COLUMNS or name in self.written

    def get(self, name: str, default: object = None) -> Any:
        """The column, or `default` where there is none."""
        return self[name] if name in self else default  # noqa: SIM401  (this is get)

    def __len__(self) -> int:
        raise self.run.give_up("the length of the frame as a plain number")

    def __bool__(self) -> bool:
        return bool(self.run.unknown(self, "the truth of the frame"))

    def __iter__(self) -> Iterator[Any]:
        raise self.run.give_up("a loop over the frame")

    def _refuse(self, *_: object, **__: object) -> Any:
        raise self.run.give_up("the frame in an expression")

    __str__ = __repr__ = __format__ = __hash__ = __call__ = __array__ = __array_ufunc__ = _refuse
    __array_function__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = _refuse
