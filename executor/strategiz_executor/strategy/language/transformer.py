"""The walk over a strategy's syntax tree that refuses what strategies do not have and puts the guards in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any, cast

from RestrictedPython.transformer import RestrictingNodeTransformer

from strategiz_executor.strategy.language.class_patterns import with_guards
from strategiz_executor.strategy.language.guarded_names import GUARDED
from strategiz_executor.strategy.language.nodes import call_of, end_of_attribute
from strategiz_executor.strategy.language.refusal import Refusal, refusal_at
from strategiz_executor.strategy.language.syntax import NO_ASYNC, fields_with_parts, is_known, refusal_of
from strategiz_executor.strategy.language.text_formats import refusal_in
from strategiz_executor.strategy.language.underscores import (
    NAMES,
    NOT_AVAILABLE,
    OF_CLASSES,
    RULE,
    SETTABLE,
    is_kept,
    refused,
)

Visit = Callable[["StrategyTransformer", Any], ast.AST]
Definition = ast.FunctionDef | ast.Lambda | ast.ClassDef


class StrategyTransformer(RestrictingNodeTransformer):
    """Puts guards into a module's tree, in place; `refusals` holds the places that it refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals: list[Refusal] = []
        self.has_changed = False
        """Whether it put any guard in."""
        self._in_class_body = False

    def visit(self, node: ast.AST) -> ast.AST:
        """Answer the node, or what takes its place."""
        return (_VISITS.get(type(node)) or _visit_of(type(node)))(self, node)

    def contents(self, node: ast.AST, without: str = "") -> ast.AST:
        """Visit the parts of a node, putting in their places what they become.

        Without calls in between: a frame for each level lets code nest as deep as the compiler takes it.
        """
        for field in fields_with_parts(type(node)):
            part = None if field == without else getattr(node, field, None)
            if isinstance(part, list):
                for place, one in enumerate(part):
                    if isinstance(one, ast.AST):
                        part[place] = (_VISITS.get(type(one)) or _visit_of(type(one)))(self, one)
            elif isinstance(part, ast.AST):
                setattr(node, field, (_VISITS.get(type(part)) or _visit_of(type(part)))(self, part))
        return node

    def leaf(self, node: ast.AST) -> ast.AST:
        """Nothing in it can be refused."""
        return node

    def unknown(self, node: ast.AST) -> ast.AST:
        """Syntax that is not let in."""
        self._refuse(node, refusal_of(node))
        return node

    def name(self, node: ast.Name) -> ast.AST:
        """A name."""
        if node.id.startswith("_") and not (isinstance(node.ctx, ast.Load) and node.id in NAMES):
            self._check_bound(node, node.id)
        return node

    def attribute(self, node: ast.Attribute) -> ast.AST:
        """An attribute: refused by its name, looked at when the code runs, or left as it is."""
        node.value = cast(ast.expr, self.visit(node.value))
        name = node.attr
        if not isinstance(node.ctx, ast.Load):
            if name.startswith("_") and name not in SETTABLE:
                self._refuse(end_of_attribute(node), refused("the attribute", name), RULE)
            node.value = call_of("_write_", [node.value], node.value)
            self.has_changed = True
        elif name in GUARDED:
            if self._is_checked_text(node):
                return node
            self.has_changed = True
            return call_of("_getattr_", [node.value, name], node)
        elif is_kept(name):
            self._refuse(end_of_attribute(node), refused("the attribute", name), RULE)
        return node

    def augmented(self, node: ast.AugAssign) -> ast.AST:
        """`a.b += c` reads and sets in one step, which leaves no place to look at what is read."""
        target = node.target
        if isinstance(target, ast.Attribute) and target.attr in GUARDED:
            self._refuse(
                target, f"the attribute {target.attr} cannot be changed in place: read it, then set it"
            )
        return self.contents(node)

    def definition(self, node: Definition) -> ast.AST:
        """A function or a class: its own statements are another scope than its decorators and defaults."""
        if not isinstance(node, ast.Lambda):
            self._check_bound(node, node.name)
        self.contents(node, without="body")
        outside, self._in_class_body = self._in_class_body, isinstance(node, ast.ClassDef)
        if isinstance(node, ast.Lambda):
            node.body = cast(ast.expr, self.visit(node.body))
        else:
            for place, statement in enumerate(node.body):
                node.body[place] = cast(ast.stmt, self.visit(statement))
        self._in_class_body = outside
        return node

    def argument(self, node: ast.arg) -> ast.AST:
        """An argument of a function."""
        self._check_bound(node, node.arg)
        return self.contents(node)

    def names(self, node: ast.Global | ast.Nonlocal) -> ast.AST:
        """A statement that lists names."""
        for name in node.names:
            self._check_bound(node, name)
        return node

    def imports(self, node: ast.Import | ast.ImportFrom) -> ast.AST:
        """Imports: which modules there are is told when the code runs."""
        for alias in node.names:
            self._check_bound(alias, alias.asname or alias.name.partition(".")[0])
        return node

    def binding(self, node: Any) -> ast.AST:
        """An except clause, a capture pattern or a type parameter: each binds a name that is no node of its own."""
        self._check_bound(node, node.name if isinstance(node.name, str) else None)
        return self.contents(node)

    def mapping_pattern(self, node: ast.MatchMapping) -> ast.AST:
        """`case {"a": 1, **rest}`."""
        self._check_bound(node, node.rest)
        return self.contents(node)

    def class_pattern(self, node: ast.MatchClass) -> ast.AST:
        """`case Order(price=p)` reads attributes of what is matched."""
        for name in node.kwd_attrs:
            if is_kept(name) or name in GUARDED:
                self._refuse(node, f"the attribute {name} cannot be matched: match the class, then read it")
        return self.contents(node)

    def match(self, node: ast.Match) -> ast.AST:
        """A match statement."""
        self.contents(node)
        node.cases = with_guards(node.cases)
        self.has_changed = True
        return node

    def comprehension(self, node: ast.comprehension) -> ast.AST:
        """The loop of a comprehension."""
        if node.is_async:
            self._refuse(node.target, NO_ASYNC)
        return self.contents(node)

    def _refuse(self, node: ast.AST, message: str, hint: str = "") -> None:
        self.refusals.append(refusal_at(node, message, hint))

    def _check_bound(self, node: ast.AST, name: str | None) -> None:
        if name is None or not name.startswith("_") or name == "_":
            return
        if self._in_class_body and name in OF_CLASSES:
            return
        if name in OF_CLASSES:
            self._refuse(node, f"the name {name} {NOT_AVAILABLE} here: write special methods inside a class")
        else:
            self._refuse(node, refused("the name", name), RULE)

    def _is_checked_text(self, node: ast.Attribute) -> bool:
        """Whether this is the format of a text that is written out: that is looked at now."""
        if node.attr not in {"format", "format_map"} or not isinstance(node.value, ast.Constant):
            return False
        text = node.value.value
        message = refusal_in(text) if isinstance(text, str) else ""
        if message:
            self._refuse(node.value, message, RULE)
        return isinstance(text, str)


def _visit_of(kind: type[ast.AST]) -> Visit:
    """Answer how a kind of node is visited that is met for the first time."""
    if issubclass(kind, ast.expr_context | ast.operator | ast.unaryop | ast.cmpop | ast.boolop):
        visit: Visit = StrategyTransformer.leaf
    else:
        visit = StrategyTransformer.contents if is_known(kind) else StrategyTransformer.unknown
    _VISITS[kind] = visit
    return visit


def _kinds(names: Iterable[str]) -> list[type[ast.AST]]:
    """Answer those of the kinds of nodes that this version of Python has."""
    return [getattr(ast, name) for name in names if hasattr(ast, name)]


_VISITS: dict[type[ast.AST], Visit] = {
    ast.Constant: StrategyTransformer.leaf,
    ast.Name: StrategyTransformer.name,
    ast.Attribute: StrategyTransformer.attribute,
    ast.AugAssign: StrategyTransformer.augmented,
    ast.FunctionDef: StrategyTransformer.definition,
    ast.Lambda: StrategyTransformer.definition,
    ast.ClassDef: StrategyTransformer.definition,
    ast.arg: StrategyTransformer.argument,
    ast.Import: StrategyTransformer.imports,
    ast.ImportFrom: StrategyTransformer.imports,
    ast.MatchMapping: StrategyTransformer.mapping_pattern,
    ast.MatchClass: StrategyTransformer.class_pattern,
    ast.Match: StrategyTransformer.match,
    ast.comprehension: StrategyTransformer.comprehension,
    **dict.fromkeys((ast.Global, ast.Nonlocal), StrategyTransformer.names),
    **dict.fromkeys(
        _kinds(("ExceptHandler", "MatchAs", "MatchStar", "TypeVar", "ParamSpec", "TypeVarTuple")),
        StrategyTransformer.binding,
    ),
}
