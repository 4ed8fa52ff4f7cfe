"""The code of a strategy as the fast ways run it: every call, f-string and handler passes through names of ours.

A stand-in given to a function of C would be met with a TypeError that the real object does not cause, and that
`except Exception` swallows. So each call is looked at first (calls.py), and each handler asks whether what it caught
can be trusted. Line numbers stay; nothing that a rewritten run raises is ever reported.
"""

import ast

from .early_answers import ANSWERED, mark_early_answers

CALL = "called_"
JOIN = "joined_text_"
FORMAT = "formatted_text_"
CAUGHT = "caught_"
RAISE = "raised_"
NAMES = frozenset({CALL, JOIN, FORMAT, CAUGHT, RAISE, ANSWERED})


def rewrite(tree: ast.Module) -> ast.Module:
    """Answer the tree with its calls, f-strings, % of texts, handlers, raises and early answers rewritten, in place."""
    rewritten: ast.Module = _Rewriting().visit(tree)
    mark_early_answers(rewritten)
    return ast.fix_missing_locations(rewritten)


class _Rewriting(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        """f(a, b=c) becomes called_(f, a, b=c)."""
        self.generic_visit(node)
        return ast.copy_location(ast.Call(_name(CALL), [node.func, *node.args], node.keywords), node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """f"a {b!r:c}" becomes joined_text_("a ", (b, "r", "c"))."""
        self.generic_visit(node)
        return ast.copy_location(ast.Call(_name(JOIN), [_part(value) for value in node.values], []), node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """ "..." % a becomes formatted_text_("...", a)."""
        is_text = isinstance(node.left, ast.JoinedStr) or (
            isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        )
        self.generic_visit(node)
        if not (is_text and isinstance(node.op, ast.Mod)):
            return node
        return ast.copy_location(ast.Call(_name(FORMAT), [node.left, node.right], []), node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """A handler begins with caught_()."""
        self.generic_visit(node)
        node.body.insert(0, ast.copy_location(ast.Expr(ast.Call(_name(CAUGHT), [], [])), node.body[0]))
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        """Raise e becomes raise raised_(e)."""
        self.generic_visit(node)
        if node.exc is not None:
            node.exc = ast.copy_location(ast.Call(_name(RAISE), [node.exc], []), node.exc)
        return node


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _part(value: ast.expr) -> ast.expr:
    if not isinstance(value, ast.FormattedValue):
        return value
    conversion = ast.Constant("" if value.conversion < 0 else chr(value.conversion))
    specification = value.format_spec if value.format_spec is not None else ast.Constant("")
    return ast.Tuple([value.value, conversion, specification], ast.Load())
