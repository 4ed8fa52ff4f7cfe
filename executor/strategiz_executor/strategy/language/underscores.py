"""Which names that begin with _ a strategy may use, and what it is told of the others.

They are Python's own machinery and the executor's guards. Special methods can be defined in classes, and those that
lead nowhere can be called.
"""

from __future__ import annotations

ARITHMETIC = (
    "add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and", "xor",
    "or",
)  # fmt: skip
OTHER_METHODS = (
    "init", "new", "call", "repr", "str", "bytes", "format", "bool", "hash", "len", "length_hint", "iter", "next",
    "reversed", "contains", "getitem", "setitem", "delitem", "missing", "lt", "le", "eq", "ne", "gt", "ge", "neg",
    "pos", "abs", "invert", "int", "float", "complex", "index", "round", "trunc", "floor", "ceil", "enter", "exit",
    "set_name", "init_subclass", "class_getitem", "copy", "deepcopy", "post_init",
)  # fmt: skip
METHODS = frozenset(
    f"__{name}__"
    for name in (
        *OTHER_METHODS,
        *ARITHMETIC,
        *(f"r{name}" for name in ARITHMETIC),
        *(f"i{name}" for name in ARITHMETIC),
    )
)
ATTRIBUTE_METHODS = frozenset(
    {"__getattr__", "__setattr__", "__delattr__", "__get__", "__set__", "__delete__", "__instancecheck__"}
)
"""They can be defined. Called from outside they would go round the guards."""

OF_CLASSES = METHODS | ATTRIBUTE_METHODS | {"__slots__", "__match_args__"}
"""What a class body may define."""

ATTRIBUTES = METHODS | {
    "__name__", "__qualname__", "__doc__", "__version__", "__match_args__", "_asdict", "_fields", "_make", "_replace",
}  # fmt: skip
"""What may be read of an object; the last four are the public methods of named tuples."""

SETTABLE = frozenset({"__name__", "__qualname__", "__doc__"})
"""What may be set, of a strategy's own functions and classes."""

NAMES = frozenset({"_", "__name__", "__doc__", "__debug__", "__import__"})
"""What may be read as a name. `__import__` is the curated one."""

ADVICE = {
    "__class__": "write type(x)",
    "__dict__": "read the attributes by their names",
    "__mro__": "write isinstance or issubclass",
    "__bases__": "write isinstance or issubclass",
    "__base__": "write isinstance or issubclass",
    "__file__": "strategies have no files",
    "__getattribute__": "write getattr(x, name)",
    "__getattr__": "write getattr(x, name)",
    "__setattr__": "write setattr(x, name, value)",
    "__delattr__": "write delattr(x, name)",
    "__traceback__": "print the exception itself",
    "__context__": "name the exception: except ValueError as error",
    "__cause__": "name the exception: except ValueError as error",
    "__builtins__": "write the names themselves",
    "__globals__": "write the names themselves",
    "__module__": "write type(x).__name__",
}
RULE = "names that begin with _ are kept for Python and the executor"
NOT_AVAILABLE = "is not available to strategies"


def is_kept(attribute: str) -> bool:
    """Whether the name of an attribute is one that strategies may not use."""
    return attribute.startswith("_") and attribute not in ATTRIBUTES


def refused(what: str, name: str) -> str:
    """Answer the sentence for "the name" or "the attribute" of that name, and what to write instead."""
    advice = ADVICE.get(name, "")
    is_special = name.strip("_") and name.startswith("__") and name.endswith("__")
    if not advice and not is_special:
        plain = name.strip("_")
        advice = f"write {plain}" if plain.isidentifier() else "write another name"
    return f"{what} {name} {NOT_AVAILABLE}: {advice}" if advice else f"{what} {name} {NOT_AVAILABLE}"
