"""Which sources may keep something from one call to the next, or ask something that differs between calls.

Such a strategy is replayed with real prefixes, in order. A sketch without this gate gave 295 of 300 wrong bars for
`hist.append(...); if len(hist) > 5`, and a guard of single bars sees nothing of it. The gate refuses more than it
must: a wrong refusal costs time, a wrong pass costs the truth.
"""

import ast
from collections.abc import Iterator

_PURE_MODULES = frozenset(
    {"math", "numpy", "pandas", "pandas_ta", "pandas_ta_classic", "talib", "operator", "statistics"}
)
_NEVER = frozenset(
    {"now", "today", "utcnow", "random", "default_rng", "set_option", "seed", "cache", "lru_cache"}
)
_INSPECTION = frozenset(
    {"type", "id", "vars", "dir", "issubclass", "super", "object", "property", "classmethod", "staticmethod"}
)
_IMPURE_NODES: dict[type[ast.AST], str] = {
    ast.Global: "global",
    ast.Nonlocal: "nonlocal",
    ast.ClassDef: "a class",
    ast.Yield: "yield",
    ast.YieldFrom: "yield from",
    ast.AsyncFunctionDef: "async",
    ast.Await: "await",
    ast.Match: "match",
    ast.With: "with",
}
_PARAMETERS = frozenset({"params", "parameters"})


def state_reason(tree: ast.Module, *, executed_once: bool) -> str:
    """Why the fast ways may not be taken; empty where they may.

    executed_once: the module is run once and `strategy` many times (form 1), so that what the module binds
    outlives a call.
    """
    return next(_reasons(tree, executed_once), "")


def _reasons(tree: ast.Module, executed_once: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        yield from _reason_of(node)
    if executed_once:
        yield from _module_state(tree)


def _reason_of(node: ast.AST) -> Iterator[str]:
    line = getattr(node, "lineno", 0)
    if type(node) in _IMPURE_NODES:
        yield f"{_IMPURE_NODES[type(node)]} on line {line}"
    elif isinstance(node, ast.Import):
        names = [alias.name.partition(".")[0] for alias in node.names]
        yield from (f"import of {name} on line {line}" for name in names if name not in _PURE_MODULES)
    elif isinstance(node, ast.ImportFrom):
        if (node.module or "").partition(".")[0] not in _PURE_MODULES:
            yield f"import of {node.module} on line {line}"
    elif isinstance(node, ast.Attribute):
        if not isinstance(node.ctx, ast.Load):
            yield f"an attribute set on line {line}"
        elif node.attr in _NEVER or node.attr.startswith("_"):
            yield f"{node.attr} on line {line}"
    elif isinstance(node, ast.Name) and node.id in _INSPECTION | _NEVER:
        yield f"{node.id} on line {line}"
    elif isinstance(node, ast.FunctionDef | ast.Lambda):
        yield from _function_state(node)


def _function_state(node: ast.FunctionDef | ast.Lambda) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef) and node.decorator_list:
        yield f"a decorator on line {node.lineno}"
    defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
    if any(not _is_constant(default) for default in defaults):
        yield f"a default that may be changed on line {node.lineno}"


def _module_state(tree: ast.Module) -> Iterator[str]:
    """Names that the module binds to something changeable and that a function reads."""
    suspects: dict[str, int] = {}
    functions: list[ast.AST] = []
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            functions.append(statement)
        elif not isinstance(statement, ast.Import | ast.ImportFrom):
            suspects |= _changeable(statement)
            functions += [
                node for node in ast.walk(statement) if isinstance(node, ast.FunctionDef | ast.Lambda)
            ]
    for function in functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in suspects:
                yield f"{node.id}, bound on line {suspects[node.id]}, may be changed between calls"
        yield from _parameter_writes(function)


def _changeable(statement: ast.stmt) -> dict[str, int]:
    """Names bound by a statement other than plainly to a constant."""
    if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if all(isinstance(target, ast.Name) for target in targets) and _is_constant(statement.value):
            return {}
    return {
        node.id: node.lineno
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _is_constant(value: ast.expr) -> bool:
    """A literal, arithmetic of literals, a tuple of them, or param(...) of them."""
    match value:
        case ast.Constant():
            return True
        case ast.UnaryOp(operand=operand):
            return _is_constant(operand)
        case ast.BinOp(left=left, right=right):
            return _is_constant(left) and _is_constant(right)
        case ast.Tuple(elts=parts):
            return all(_is_constant(part) for part in parts)
        case ast.Call(func=ast.Name(id="param"), args=arguments, keywords=keywords):
            return all(map(_is_constant, [*arguments, *(keyword.value for keyword in keywords)]))
        case _:
            return False


def _parameter_writes(function: ast.AST) -> Iterator[str]:
    """The dict of parameters used other than by reading a key."""
    readings = {
        id(node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
    } | {
        id(node.func.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in _PARAMETERS and id(node) not in readings:
            yield f"{node.id} used as a whole on line {node.lineno}"
