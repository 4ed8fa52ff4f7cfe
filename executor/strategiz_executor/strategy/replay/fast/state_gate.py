"""Which sources may keep something from one call to the next, or ask something that differs between calls.

Such a strategy is replayed with real prefixes, in order. A sketch without this gate gave 295 of 300 wrong bars for
`hist.append(...); if len(hist) > 5`, and a guard of single bars sees nothing of it. The gate refuses more than it
must: a wrong refusal costs time, a wrong pass costs the truth.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from strategiz_executor.strategy.tree_nodes import nodes_of

from .module_state import module_state
from .rewriting import NAMES

_PURE_MODULES = frozenset(
    {"math", "numpy", "pandas", "pandas_ta", "pandas_ta_classic", "talib", "operator", "statistics", "datetime",
     "collections", "itertools", "functools", "decimal", "pd", "np", "ta", "__future__"}
)  # fmt: skip

# The clock, random numbers, settings of libraries, memories of functions, tables of libraries that can be changed.
_NEVER = frozenset(
    {"now", "today", "utcnow", "fromtimestamp", "random", "default_rng", "RandomState", "Generator", "sample",
     "samples",
     "seed", "shuffle", "permutation", "set_option", "option_context", "options", "cache", "lru_cache",
     "cached_property", "singledispatch", "singledispatchmethod", "seterr", "errstate", "seterrcall", "setbufsize",
     "set_printoptions", "printoptions", "getcontext", "setcontext", "localcontext", "Context", "sctypeDict",
     "typecodes", "get_functions", "get_function_groups", "register_dataframe_accessor",
     "register_series_accessor", "register_index_accessor", "api"}
)  # fmt: skip
_INSPECTION = frozenset(
    {"type", "id", "vars", "dir", "issubclass", "super", "object", "property", "classmethod", "staticmethod",
     "setattr", "delattr", "globals", "locals", "eval", "exec", "hash", "memoryview"}
)  # fmt: skip
_CLOCK_WORDS = frozenset({"now", "today"})
_OWN_DUNDERS = frozenset({"__name__", "__doc__"})
_IMPURE_NODES = {
    "Global": "global",
    "Nonlocal": "nonlocal",
    "ClassDef": "a class",
    "Yield": "yield",
    "YieldFrom": "yield from",
    "AsyncFunctionDef": "async",
    "Await": "await",
    "Match": "match",
    "With": "with",
    "AsyncWith": "with",
    "AsyncFor": "async",
    "TryStar": "except*",
    "TemplateStr": "a template string",
}
_NEVER_NAMES = _INSPECTION | _NEVER | NAMES


def state_reasons(tree: ast.Module) -> tuple[str, str]:
    """Why the fast ways may not be taken, in form 1 and in form 4; empty where they may.

    In form 1 the module is run once and `strategy` many times, so that what the module binds outlives a call.
    """
    nodes = nodes_of(tree)
    reason = next((reason for node in nodes for reason in _REASONS.get(type(node), _none)(node)), "")
    return reason or next(module_state(tree, nodes), ""), reason


def _none(_: ast.AST) -> Iterable[str]:
    return ()


def _impure(node: ast.AST) -> Iterable[str]:
    return (f"{_IMPURE_NODES[type(node).__name__]} on line {getattr(node, 'lineno', 0)}",)


def _attribute_reasons(node: ast.Attribute) -> Iterable[str]:
    if not isinstance(node.ctx, ast.Load):
        return (f"an attribute set on line {node.lineno}",)
    return (f"{node.attr} on line {node.lineno}",) if node.attr in _NEVER or node.attr.startswith("_") else ()


def _name_reasons(node: ast.Name) -> Iterable[str]:
    return (f"{node.id} on line {node.lineno}",) if node.id in _NEVER_NAMES or _is_hidden(node.id) else ()


def _constant_reasons(node: ast.Constant) -> Iterable[str]:
    is_clock = isinstance(node.value, str) and node.value.strip().lower() in _CLOCK_WORDS
    return (f"the clock on line {node.lineno}",) if is_clock else ()


def _is_hidden(name: str) -> bool:
    return name.startswith("__") and name not in _OWN_DUNDERS


def _import_reasons(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    named = [alias.name for alias in node.names]
    modules = named if isinstance(node, ast.Import) else [node.module or ""]
    for module in modules:
        first, *rest = module.split(".")
        if first not in _PURE_MODULES or _NEVER & set(rest):
            yield f"import of {module} on line {node.lineno}"
    if isinstance(node, ast.ImportFrom):
        yield from (f"import of {name} on line {node.lineno}" for name in named if name in _NEVER)
        if node.module in _PURE_MODULES and "*" in named and node.module != "math":
            yield f"import of {', '.join(named)} from {node.module} on line {node.lineno}"


def _call_reasons(node: ast.Call) -> Iterator[str]:
    """getattr by a name that is not written out could reach anything."""
    if isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr"):
        name = node.args[1] if len(node.args) > 1 else None
        plain = isinstance(name, ast.Constant) and isinstance(name.value, str)
        if not plain or name.value in _NEVER or name.value.startswith("_"):  # type: ignore[union-attr]
            yield f"{node.func.id} on line {node.lineno}"


def _swallowed(node: ast.Try) -> Iterator[str]:
    """A `finally` that leaves swallows what passes, unseen by any handler."""
    for statement in node.finalbody:
        for inner in nodes_of(statement):
            if isinstance(inner, ast.Return | ast.Break | ast.Continue):
                yield f"a finally that leaves on line {inner.lineno}"


def _function_state(node: ast.FunctionDef | ast.Lambda) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef) and node.decorator_list:
        yield f"a decorator on line {node.lineno}"
    defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
    if any(not isinstance(ast_value, ast.Constant | ast.UnaryOp | ast.Name) for ast_value in defaults):
        yield f"a default that may be changed on line {node.lineno}"


_REASONS: dict[type[ast.AST], Callable[[Any], Iterable[str]]] = {
    ast.Import: _import_reasons,
    ast.ImportFrom: _import_reasons,
    ast.Attribute: _attribute_reasons,
    ast.Name: _name_reasons,
    ast.Constant: _constant_reasons,
    ast.Call: _call_reasons,
    ast.Try: _swallowed,
    ast.FunctionDef: _function_state,
    ast.Lambda: _function_state,
    **{getattr(ast, name): _impure for name in _IMPURE_NODES if hasattr(ast, name)},
}
