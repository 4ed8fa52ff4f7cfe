"""Python's own names as strategies have them; those that are absent say so when called."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any, NoReturn

from strategiz_executor.strategy.errors import NotAvailableError

NO_EVALUATION = "write the expression as Python"
ABSENT = {
    "open": "use data, strategies have no files",
    "eval": NO_EVALUATION,
    "exec": NO_EVALUATION,
    "compile": NO_EVALUATION,
    "input": "use param(name, default)",
    "breakpoint": "use print",
    "help": "read the documentation",
    "exit": "return from the function",
    "quit": "return from the function",
    "globals": "use the names themselves",
    "locals": "use the names themselves",
    "vars": "use the names themselves",
    "memoryview": "use np.array",
}
SITE_NAMES = frozenset({"copyright", "credits", "license"})


def curated_builtins(import_module: Callable[..., Any]) -> dict[str, Any]:
    """Answer the dict that becomes `__builtins__`; `print` is each job's own and not in it."""
    kept = {
        name: value
        for name, value in vars(builtins).items()
        if not name.startswith("_") and name not in ABSENT and name not in SITE_NAMES and name != "print"
    }
    absent = {name: _absent(name, advice) for name, advice in ABSENT.items()}
    return {
        **kept,
        **absent,
        "__build_class__": builtins.__build_class__,
        "__import__": import_module,
        "__name__": "builtins",
        "__debug__": True,
    }


def _absent(name: str, advice: str) -> Callable[..., NoReturn]:
    def refuse(*values: Any, **named: Any) -> NoReturn:
        raise NotAvailableError(f"{name} is not available to strategies: {advice}")

    refuse.__name__ = refuse.__qualname__ = name
    return refuse
