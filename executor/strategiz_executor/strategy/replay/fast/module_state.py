"""Names that a module binds once and that the calls of `strategy` read: all must be of a kind that never changes."""

import ast
from collections.abc import Iterator

from strategiz_executor.strategy.tree_nodes import children_of, nodes_of

_PARAMETERS = frozenset({"params", "parameters"})
_CONVERSIONS = frozenset({"int", "float", "str", "bool", "round", "abs", "max", "min"})
_OURS = frozenset({"param", "signal", "plot", "print", *_CONVERSIONS, *_PARAMETERS})


def module_state(tree: ast.Module, nodes: list[ast.AST]) -> Iterator[str]:
    """Why what the module binds could differ between calls; `nodes` are all of the tree."""
    constants = _constants(tree)
    suspects = _suspects(tree, constants)
    if "strategy" in suspects:
        yield f"strategy, bound on line {suspects['strategy']} to what may keep something"
    rebound = _OURS & _bound_names(nodes)
    if rebound:
        yield f"{min(rebound)} is a name of ours that the code binds"
    if suspects:
        yield from _readings(suspects, nodes)
    yield from _parameter_writes(nodes)


def _readings(suspects: dict[str, int], nodes: list[ast.AST]) -> Iterator[str]:
    for function in nodes:
        if isinstance(function, ast.FunctionDef | ast.Lambda):
            for node in nodes_of(function):
                if isinstance(node, ast.Name) and node.id in suspects:
                    yield f"{node.id}, bound on line {suspects[node.id]}, may be changed between calls"


def _bound_names(nodes: list[ast.AST]) -> set[str]:
    """Names that are bound anywhere, in whatever way."""
    bound: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                bound.add(node.id)
        elif isinstance(node, ast.FunctionDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return bound


def _constants(tree: ast.Module) -> set[str]:
    """Names that every statement of the module binds to a constant, in the order of the statements."""
    constants: set[str] = set()
    spoilt: set[str] = set()
    for statement in tree.body:
        names = _plain_targets(statement)
        value = getattr(statement, "value", None)
        if names and value is not None and _is_constant(value, constants - spoilt):
            constants |= names
        else:
            spoilt |= _stored(statement)
    return constants - spoilt


def _plain_targets(statement: ast.stmt) -> set[str]:
    """The names of a plain assignment, none for any other statement."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return set()
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    parts = [
        part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])
    ]
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    return names if len(names) == len(parts) else set()


def _stored(statement: ast.stmt) -> set[str]:
    """Names that a statement stores, those of functions in it left out: they are their own."""
    return {
        node.id
        for node in _own_nodes(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, ast.FunctionDef | ast.Lambda):
        for child in children_of(node):
            yield from _own_nodes(child)


def _suspects(tree: ast.Module, constants: set[str]) -> dict[str, int]:
    """Names of the module that may be bound to something changeable, by line."""
    found: dict[str, int] = {}
    for statement in tree.body:
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign) and isinstance(value, ast.Lambda) and _plain_targets(statement):
            continue  # a plain function; its own defaults are looked at elsewhere
        for name in _stored(statement) - constants:
            found.setdefault(name, statement.lineno)
    lambdas = {name for statement in tree.body for name in _lambda_names(statement)}
    others = {
        name
        for statement in tree.body
        if not _lambda_names(statement)
        for name in _stored(statement) - constants
    }
    return {name: line for name, line in found.items() if name in others or name not in lambdas}


def _lambda_names(statement: ast.stmt) -> set[str]:
    is_lambda = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda)
    return _plain_targets(statement) if is_lambda else set()


def _is_constant(value: ast.expr, known: set[str]) -> bool:
    """A literal, arithmetic of constants, a tuple of them, a parameter, or a conversion of one."""
    match value:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in known
        case ast.UnaryOp(operand=operand):
            return _is_constant(operand, known)
        case ast.BinOp(left=left, right=right):
            return _is_constant(left, known) and _is_constant(right, known)
        case ast.Tuple(elts=parts):
            return all(_is_constant(part, known) for part in parts)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant()) if name in _PARAMETERS:
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=arguments, keywords=[]):
            return name in _PARAMETERS and all(_is_constant(each, known) for each in arguments)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords):
            parts = [*arguments, *(keyword.value for keyword in keywords)]
            return name in {"param", *_CONVERSIONS} and all(_is_constant(part, known) for part in parts)
        case _:
            return False


def _parameter_writes(nodes: list[ast.AST]) -> Iterator[str]:
    """The dict of parameters used other than by reading a key, or asking whether there is one."""
    uses = [node for node in nodes if isinstance(node, ast.Name) and node.id in _PARAMETERS]
    if not uses:
        return
    readings: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            readings.add(id(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            readings.add(id(node.func.value))
        elif isinstance(node, ast.Compare) and all(isinstance(each, ast.In | ast.NotIn) for each in node.ops):
            readings |= {id(each) for each in node.comparators}
    for use in uses:
        if id(use) not in readings:
            yield f"{use.id} used as a whole on line {use.lineno}"
