"""Which names of a source mean the module's (or Python's, or our) names, by Python's scoping rules."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from strategiz_executor.strategy.tree_nodes import children_of, nodes_of

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_SCOPES = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda})
_COMPREHENSIONS = frozenset({ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp})
_BINDING: frozenset[type[ast.AST]] = frozenset(
    {ast.Name, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.NamedExpr,
     ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping}
)  # fmt: skip


@dataclass(frozen=True)
class GlobalUse:
    """One reading of a global name.

    `call` is the call where the name itself is what is called; `parent` what the name is directly part
    of otherwise (the call, for a method called on it). Line and column count from 1.
    """

    name: str
    line: int
    call: ast.Call | None
    parent: ast.AST | None
    in_function: bool
    column: int = 0


def global_uses(tree: ast.Module) -> list[GlobalUse]:
    """Answer every reading of a name that no function, class or comprehension of its own binds."""
    visitor = _GlobalUses()
    visitor.visit(tree)
    return visitor.uses


def bound_names(body: Iterable[ast.AST]) -> dict[str, ast.AST]:
    """Answer the names that these statements bind in their own scope, each with its first binding."""
    bound: dict[str, ast.AST] = {}
    for node in _own_nodes(body):
        for name in _names_bound_by(node):
            bound.setdefault(name, node)
    return bound


def _own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    waiting = list(body)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        kind = type(node)
        if kind in _SCOPES:
            continue
        if kind in _COMPREHENSIONS:
            yield from (part for part in nodes_of(node) if isinstance(part, ast.NamedExpr))
        else:
            waiting += children_of(node)[::-1]


def _names_bound_by(node: ast.AST) -> list[str]:
    if type(node) not in _BINDING:
        return []
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name.partition(".")[0] for alias in names]
        case ast.NamedExpr(target=ast.Name(id=name)):
            return [name]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.MatchMapping(rest=str(name)):
            return [name]
        case _:
            return []


def _argument_names(arguments: ast.arguments) -> set[str]:
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    starred = [arg for arg in (arguments.vararg, arguments.kwarg) if arg]
    return {arg.arg for arg in [*named, *starred]}


class _GlobalUses:
    def __init__(self) -> None:
        self.uses: list[GlobalUse] = []
        self.scopes: list[tuple[bool, set[str]]] = []  # (is a class, names bound)
        self.depth = 0

    def visit(self, node: ast.AST) -> None:
        _VISITS.get(type(node), _GlobalUses.parts)(self, node)

    def name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._use(node, None, None)

    def call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            self._use(node.func, node, None)
        elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            self._use(node.func.value, None, node)
        else:
            self.visit(node.func)
        for part in [*node.args, *node.keywords]:
            self.visit(part)

    def parts(self, node: ast.AST) -> None:
        for child in children_of(node):
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load):
                self._use(child, None, node)
            else:
                self.visit(child)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._visit_outside(node, [*node.decorator_list, node.returns])
        self._visit_function(node, node.body)

    def anonymous_function(self, node: ast.Lambda) -> None:
        self._visit_outside(node, [])
        self._visit_function(node, [node.body])

    def class_(self, node: ast.ClassDef) -> None:
        for part in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(part)
        self._visit_scope(True, set(bound_names(node.body)), node.body)

    def _visit_outside(self, node: Function, parts: list[ast.expr | None]) -> None:
        arguments = node.args
        everyone = [
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            arguments.vararg,
            arguments.kwarg,
        ]
        annotations = [arg.annotation for arg in everyone if arg]
        for part in [*parts, *arguments.defaults, *arguments.kw_defaults, *annotations]:
            if part is not None:
                self.visit(part)

    def _visit_function(self, node: Function, body: list[ast.stmt] | list[ast.expr]) -> None:
        bound, declared = _argument_names(node.args), set()
        for part in _own_nodes(body):
            bound.update(_names_bound_by(part))
            if isinstance(part, ast.Global):
                declared.update(part.names)
        self.depth += 1
        self._visit_scope(False, bound - declared, body)
        self.depth -= 1

    def comprehension(self, node: Comprehension) -> None:
        self.visit(node.generators[0].iter)
        targets = {
            part.id
            for generator in node.generators
            for part in nodes_of(generator.target)
            if isinstance(part, ast.Name)
        }
        inner: list[ast.AST] = [part for generator in node.generators for part in generator.ifs]
        inner += [generator.iter for generator in node.generators[1:]]
        inner += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._visit_scope(False, targets, inner)

    def _visit_scope(self, is_class: bool, bound: set[str], body: Iterable[ast.AST]) -> None:
        self.scopes.append((is_class, bound))
        for part in body:
            self.visit(part)
        self.scopes.pop()

    def _use(self, node: ast.Name, call: ast.Call | None, parent: ast.AST | None) -> None:
        innermost = len(self.scopes) - 1
        bound = any(
            node.id in names
            for depth, (is_class, names) in enumerate(self.scopes)
            if not is_class or depth == innermost
        )
        if not bound:
            self.uses.append(
                GlobalUse(node.id, node.lineno, call, parent, self.depth > 0, node.col_offset + 1)
            )


_VISITS: dict[type[ast.AST], Callable[[_GlobalUses, Any], None]] = {
    ast.Name: _GlobalUses.name,
    ast.Call: _GlobalUses.call,
    ast.FunctionDef: _GlobalUses.function,
    ast.AsyncFunctionDef: _GlobalUses.function,
    ast.Lambda: _GlobalUses.anonymous_function,
    ast.ClassDef: _GlobalUses.class_,
    **dict.fromkeys(_COMPREHENSIONS, _GlobalUses.comprehension),
}
