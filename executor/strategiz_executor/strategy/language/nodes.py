"""New nodes of a syntax tree, each at the place of the one it stands for, so that errors name the author's lines."""

from __future__ import annotations

import ast
from typing import TypeVar

Node = TypeVar("Node", bound=ast.expr | ast.stmt | ast.pattern)


def placed(node: Node, like: ast.expr | ast.stmt | ast.pattern) -> Node:
    """Answer the node, at the place of another."""
    return ast.copy_location(node, like)


def call_of(function: str, arguments: list[ast.expr | str], like: ast.expr | ast.pattern) -> ast.Call:
    """Answer `function(*arguments)`; a str among them becomes a constant."""
    values = [placed(ast.Constant(value), like) if isinstance(value, str) else value for value in arguments]
    return placed(ast.Call(placed(ast.Name(function, ast.Load()), like), values, []), like)


def end_of_attribute(node: ast.Attribute) -> ast.expr:
    """Answer a place: that of the name behind the dot, which may be on another line than its owner."""
    line, end = node.end_lineno or node.lineno, node.end_col_offset or 0
    return ast.Constant(None, lineno=line, col_offset=max(0, end - len(node.attr.encode())))
