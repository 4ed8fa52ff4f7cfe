"""Operators that a stand-in does not follow: without them Python would raise a TypeError that real objects do not."""

from typing import Any

_BINARY = (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "divmod", "and", "or", "xor", "matmul", "lshift",
    "rshift",
)  # fmt: skip
_OTHERS = (
    "lt", "le", "gt", "ge", "eq", "ne", "neg", "pos", "abs", "invert", "hash", "index", "float", "int", "complex",
    "bytes", "array", "array_ufunc", "array_function", "round", "trunc", "floor", "ceil", "enter", "exit", "next",
    "length_hint", "setitem", "delitem", "reversed", "bool", "iter", "len", "contains", "getitem", "str", "repr",
    "format",
)  # fmt: skip


def refuse_the_rest(stand_in: type) -> None:
    """Give the class `_refuse` for every special method that it does not define itself."""
    refuse: Any = stand_in.__dict__["_refuse"]
    names = [*_OTHERS, *_BINARY, *(f"r{name}" for name in _BINARY)]
    for name in names:
        if f"__{name}__" not in stand_in.__dict__ or (
            name == "hash" and stand_in.__dict__["__hash__"] is None
        ):
            setattr(stand_in, f"__{name}__", refuse)
