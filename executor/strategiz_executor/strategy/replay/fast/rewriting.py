"""The code of a strategy as the fast ways run it: every call, f-string and handler passes through names of ours.

A stand-in given to a function of C would be met with a TypeError that the real object does not cause, and that
`except Exception` swallows. So each call is looked at first (calls.py), and each handler asks whether what it caught
can be trusted. Line numbers stay; nothing that a rewritten run raises is ever reported.
"""

import ast
from collections.abc import Callable
from typing import Any

from strategiz_executor.strategy.language.syntax import fields_with_parts
from strategiz_executor.strategy.tree_nodes import children_of

from .early_answers import ANSWERED, mark_early_answers

CALL = "called_"
JOIN = "joined_text_"
FORMAT = "formatted_text_"
CAUGHT = "caught_"
RAISE = "raised_"
NAMES = frozenset({CALL, JOIN, FORMAT, CAUGHT, RAISE, ANSWERED})


def rewrite(tree: ast.Module) -> ast.Module:
    """Answer the tree with its calls, f-strings, % of texts, handlers, raises and early answers rewritten, in place."""
    _rewrite_parts(tree)
    mark_early_answers(tree)
    _place_new_nodes(tree)
    return tree


def _rewrite_parts(node: ast.AST) -> None:
    """With one frame for each level, so that code may nest as deep as the compiler takes it."""
    for field in fields_with_parts(type(node)):
        part = getattr(node, field, None)
        if type(part) is list:
            for place, one in enumerate(part):
                if isinstance(one, ast.AST):
                    change = _CHANGES.get(type(one))
                    if change is None:
                        _rewrite_parts(one)
                    else:
                        part[place] = change(one)
        elif isinstance(part, ast.AST):
            change = _CHANGES.get(type(part))
            if change is None:
                _rewrite_parts(part)
            else:
                setattr(node, field, change(part))


def _call(node: ast.Call) -> ast.AST:
    """f(a, b=c) becomes called_(f, a, b=c)."""
    _rewrite_parts(node)
    return _called(CALL, [node.func, *node.args], node, node.keywords)


def _f_string(node: ast.JoinedStr) -> ast.AST:
    """f"a {b!r:c}" becomes joined_text_("a ", (b, "r", "c"))."""
    _rewrite_parts(node)
    return _called(JOIN, [_part(value) for value in node.values], node)


def _binary(node: ast.BinOp) -> ast.AST:
    """ "..." % a becomes formatted_text_("...", a)."""
    is_text = isinstance(node.left, ast.JoinedStr) or (
        isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
    )
    _rewrite_parts(node)
    if not (is_text and isinstance(node.op, ast.Mod)):
        return node
    return _called(FORMAT, [node.left, node.right], node)


def _handler(node: ast.ExceptHandler) -> ast.AST:
    """A handler begins with caught_()."""
    _rewrite_parts(node)
    node.body.insert(0, ast.copy_location(ast.Expr(ast.Call(_name(CAUGHT), [], [])), node.body[0]))
    return node


def _raise(node: ast.Raise) -> ast.AST:
    """Raise e becomes raise raised_(e)."""
    _rewrite_parts(node)
    if node.exc is not None:
        node.exc = _called(RAISE, [node.exc], node.exc)
    return node


_CHANGES: dict[type[ast.AST], Callable[[Any], ast.AST]] = {
    ast.Call: _call,
    ast.JoinedStr: _f_string,
    ast.BinOp: _binary,
    ast.ExceptHandler: _handler,
    ast.Raise: _raise,
}


def _called(
    name: str, arguments: list[ast.expr], like: ast.expr, keywords: list[ast.keyword] | None = None
) -> ast.Call:
    call = ast.Call(_name(name), arguments, keywords or [])
    _place(call, like)
    return call


def _place_new_nodes(tree: ast.Module) -> None:
    """Gives each node without a place that of the node above it, as ast.fix_missing_locations does."""
    found: list[Any] = [tree]
    for node in found:  # which grows meanwhile
        children = children_of(node)
        found += children
        if hasattr(node, "lineno"):
            for child in children:
                if not hasattr(child, "lineno") and "lineno" in child._attributes:
                    _place(child, node)


def _place(node: Any, like: Any) -> None:
    node.lineno, node.col_offset = like.lineno, like.col_offset
    node.end_lineno, node.end_col_offset = like.end_lineno, like.end_col_offset


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _part(value: ast.expr) -> ast.expr:
    if not isinstance(value, ast.FormattedValue):
        return value
    conversion = ast.Constant("" if value.conversion < 0 else chr(value.conversion))
    specification = value.format_spec if value.format_spec is not None else ast.Constant("")
    return ast.Tuple([value.value, conversion, specification], ast.Load())
