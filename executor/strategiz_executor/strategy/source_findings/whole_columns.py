"""Numbers taken over a whole column (its mean, its maximum) that then judge single bars of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from strategiz_executor.strategy.source_findings.frame_names import frame_names

REDUCING = frozenset(
    {"mean", "std", "var", "min", "max", "median", "quantile", "sum", "skew", "kurt", "sem", "percentile"}
)
RANKING = frozenset({"rank"})
WINDOWS = frozenset({"rolling", "expanding", "ewm", "groupby", "resample"})
PLACES = frozenset({"iloc", "loc", "iat", "at", "index", "columns", "shape", "empty", "dt", "str", "size"})
LAST_BARS = frozenset({"tail", "head", "last", "first"})
LIBRARIES = frozenset({"np", "numpy"})


def whole_column_uses(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """Answer the calls, each with the name of what it takes over the column."""
    columns = _Columns(tree)
    judged = _operands(tree)
    named = {
        target.id: value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target, value in _pairs(node)
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        what = columns.taken_over_all(node)
        if what and isinstance(node, ast.Call):
            names = [name for name, value in named.items() if value is node]
            if what in RANKING or id(node) in judged or any(name in judged for name in names):
                yield node, f".{what}()"


def _pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def _operands(tree: ast.Module) -> set[int | str]:
    """Sides of arithmetic and comparisons: nodes by id, names by name."""
    sides: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            sides += [node.left, node.right]
        elif isinstance(node, ast.Compare):
            sides += [node.left, *node.comparators]
    return {side.id if isinstance(side, ast.Name) else id(side) for side in sides}


class _Columns:
    """Tells expressions that are columns of the bars from those that are windows, numbers or something else."""

    def __init__(self, tree: ast.Module) -> None:
        self._names: dict[str, str] = dict.fromkeys(frame_names(tree), "column")
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target, value in _pairs(node):
                    if isinstance(target, ast.Name) and target.id not in self._names:
                        self._names[target.id] = self.kind(value)

    def taken_over_all(self, node: ast.AST) -> str:
        """Answer the name of the number that a call takes over a whole column, "" for anything else."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=library), attr=method), args=[first, *_]) if (
                library in LIBRARIES and method in REDUCING
            ):
                return method if self.kind(first) == "column" else ""
            case ast.Call(func=ast.Attribute(value=owner, attr=method)) if method in REDUCING | RANKING:
                across = any(keyword.arg == "axis" for keyword in node.keywords)
                return method if self.kind(owner) == "column" and not across else ""
            case _:
                return ""

    def kind(self, node: ast.expr) -> str:
        """Answer column, window, or "" for anything else."""
        match node:
            case ast.Name(id=name):
                return self._names.get(name, "")
            case ast.Attribute(value=owner, attr=name):
                return "" if name in PLACES else self.kind(owner)
            case ast.Subscript(value=owner, slice=index):
                return "" if isinstance(index, ast.Slice) else self.kind(owner)
            case ast.Call(func=ast.Attribute(value=owner, attr=method), args=values):
                return self._kind_of_call(node, owner, method, values)
            case ast.BinOp(left=left, right=right):
                return "column" if "column" in (self.kind(left), self.kind(right)) else ""
            case ast.UnaryOp(operand=value):
                return self.kind(value)
            case ast.Compare(left=left, comparators=others):
                return "column" if any(self.kind(each) == "column" for each in [left, *others]) else ""
            case _:
                return ""

    def _kind_of_call(self, node: ast.Call, owner: ast.expr, method: str, values: list[ast.expr]) -> str:
        kind = self.kind(owner)
        if kind == "column":
            if method in WINDOWS:
                return "window"
            if method in LAST_BARS:
                return ""
            return "" if self.taken_over_all(node) and method not in RANKING else "column"
        if kind == "window":
            return "column"
        is_library = isinstance(owner, ast.Name) and not self.taken_over_all(node)
        return "column" if is_library and any(self.kind(value) == "column" for value in values) else ""
