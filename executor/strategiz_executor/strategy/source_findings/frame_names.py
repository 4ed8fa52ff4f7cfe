"""Which names of a source hold the bars themselves, wherever they are read."""

from __future__ import annotations

import ast

from strategiz_executor.strategy.namespace import BAR_NAMES


def frame_names(tree: ast.Module) -> frozenset[str]:
    """Answer `data`, `df` and what `strategy` calls its argument, without those that the code binds to anything else.

    `x = x.copy()` and `x = x.dropna()` leave x the bars.
    """
    names = {*BAR_NAMES, *(argument for node in tree.body for argument in _argument_of_strategy(node))}
    return frozenset(names - _bound_to_something_else(tree))


def _argument_of_strategy(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef) and node.name == "strategy":
        return [argument.arg for argument in [*node.args.posonlyargs, *node.args.args][:1]]
    return []


def _bound_to_something_else(tree: ast.Module) -> set[str]:
    kept = {
        id(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and _keeps_columns(node.value, target.id)
    }
    bound = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and id(node) not in kept
    }
    return bound | _arguments_elsewhere(tree)


def _arguments_elsewhere(tree: ast.Module) -> set[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    return {
        argument.arg
        for function in functions
        if not (isinstance(function, ast.FunctionDef) and function.name == "strategy")
        for argument in ast.walk(function.args)
        if isinstance(argument, ast.arg)
    }


def _keeps_columns(value: ast.expr, name: str) -> bool:
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="copy" | "dropna" | "sort_index")):
            return owner == name
        case _:
            return False
