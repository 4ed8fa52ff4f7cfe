"""Which syntax strategies have, and what is said of the rest."""

from __future__ import annotations

import ast

from RestrictedPython.transformer import RestrictingNodeTransformer

from strategiz_executor.strategy.language.underscores import NOT_AVAILABLE

NO_ASYNC = f"async {NOT_AVAILABLE}: write a plain def, as a strategy has nothing to wait for"
REFUSED = {
    "AsyncFunctionDef": NO_ASYNC,
    "AsyncFor": NO_ASYNC,
    "AsyncWith": NO_ASYNC,
    "Await": NO_ASYNC,
    "TryStar": f"except* {NOT_AVAILABLE}: write except, one for each kind of exception",
    "TemplateStr": f't"..." {NOT_AVAILABLE}: write f"..."',
}
ADDED = frozenset(
    {"AnnAssign", "Nonlocal", "Match", "match_case", "MatchValue", "MatchSingleton", "MatchSequence", "MatchMapping",
     "MatchClass", "MatchStar", "MatchAs", "MatchOr", "TypeAlias", "TypeVar", "ParamSpec", "TypeVarTuple"}
)  # fmt: skip
"""Syntax that RestrictedPython refuses or does not know, and that leads nowhere."""
_WITHOUT_PARTS = frozenset(
    {"ctx", "op", "ops", "type_comment", "type_ignores", "kind", "id", "attr", "arg", "module", "level", "asname",
     "conversion", "simple", "rest", "kwd_attrs"}
)  # fmt: skip
_WITHOUT_PARTS_IN: dict[type[ast.AST], frozenset[str]] = {
    ast.Constant: frozenset({"value"}),
    ast.Global: frozenset({"names"}),
    ast.Nonlocal: frozenset({"names"}),
    **dict.fromkeys(
        (
            ast.FunctionDef,
            ast.AsyncFunctionDef,
            ast.ClassDef,
            ast.ExceptHandler,
            ast.MatchAs,
            ast.MatchStar,
            ast.alias,
        ),
        frozenset({"name"}),
    ),
}


def is_known(kind: type[ast.AST]) -> bool:
    """Whether syntax is let in: syntax of later versions of Python is not, until someone has looked at it."""
    name = kind.__name__
    if name in REFUSED:
        return False
    return name in ADDED or hasattr(RestrictingNodeTransformer, f"visit_{name}")


def refusal_of(node: ast.AST) -> str:
    """Answer the sentence for syntax that is not let in."""
    name = type(node).__name__
    return REFUSED.get(name, f"{name} {NOT_AVAILABLE}: write it in plainer Python")


def fields_with_parts(kind: type[ast.AST]) -> tuple[str, ...]:
    """Answer the fields of a kind of node that can hold nodes worth visiting."""
    known = _FIELDS.get(kind)
    if known is None:
        without = _WITHOUT_PARTS | _WITHOUT_PARTS_IN.get(kind, frozenset())
        known = _FIELDS[kind] = tuple(field for field in kind._fields if field not in without)
    return known


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
