"""Branches that do nothing but answer a constant: they end for their bars at once, without a call of their own.

`if x: return "BUY"` becomes `if answered_(x, "BUY"): return "BUY"`. In a path run the bars for which x holds have their
answer then, and the call goes on with the others: a second call would do the same up to here, and then return.
"""

import ast
import copy

from strategiz_executor.strategy.tree_nodes import nodes_of

from .bar_value import BarValue

ANSWERED = "answered_"


def answered(condition: object, answer: object) -> object:
    """What the `if` is to ask for its truth."""
    return (
        condition._run.answer_where(condition._values, answer) if type(condition) is BarValue else condition
    )


def mark_early_answers(tree: ast.Module) -> None:
    """Change the function `strategy` in place, where nobody but the replay calls it: its return ends the call."""
    if any(
        isinstance(node, ast.Name) and node.id == "strategy" and isinstance(node.ctx, ast.Load)
        for node in nodes_of(tree)
    ):
        return
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "strategy":
            statement.body = _marked(statement.body)


def _marked(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements within `try` stay as they are: a `finally` has a say after a return."""
    return [_marked_statement(statement) for statement in body]


def _marked_statement(statement: ast.stmt) -> ast.stmt:
    match statement:
        case ast.If() | ast.For() | ast.While():
            statement.body, statement.orelse = _marked(statement.body), _marked(statement.orelse)
        case ast.Return(value=ast.IfExp(test=test, body=chosen, orelse=other)):
            otherwise = _marked_statement(ast.copy_location(ast.Return(other), statement))
            statement = ast.copy_location(ast.If(test, [ast.Return(chosen)], [otherwise]), statement)
    return _marked_branch(statement) if isinstance(statement, ast.If) else statement


def _marked_branch(branch: ast.If) -> ast.If:
    """`if a or b: return 1` asks one after the other."""
    match branch:
        case ast.If(test=test, body=[ast.Return(value=None | ast.Constant() as answer)], orelse=otherwise):
            tests = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]
            for each in reversed(tests):
                asked = ast.If(_asked(each, answer), [ast.Return(copy.copy(answer))], otherwise)
                branch = ast.copy_location(asked, branch)
                otherwise = [branch]
    return branch


def _asked(test: ast.expr, answer: ast.Constant | None) -> ast.Call:
    told = ast.Constant(None) if answer is None else copy.copy(answer)
    return ast.Call(ast.Name(ANSWERED, ast.Load()), [test, told], [])
