"""Of real code, the layer changes nothing but what it guards: without the guards the tree is the author's again."""

import ast
import sysconfig
from pathlib import Path

import pytest

from strategiz_executor.strategy.compile import compile_program
from strategiz_executor.strategy.language import GUARDED_PYTHON, PLAIN_PYTHON
from strategiz_executor.strategy.language.class_patterns import with_guards
from strategiz_executor.strategy.language.transformer import StrategyTransformer

LIBRARY = Path(sysconfig.get_path("stdlib"))
MODULES = (
    "ast", "argparse", "bisect", "calendar", "collections/__init__", "concurrent/futures/_base", "configparser",
    "contextlib", "csv", "dataclasses", "decimal", "difflib", "enum", "fractions", "functools", "heapq", "inspect",
    "json/decoder", "logging/__init__", "numbers", "pathlib", "pickle", "pprint", "queue", "random", "shutil",
    "socketserver", "statistics", "string", "tarfile", "textwrap", "traceback", "typing", "unittest/case",
    "unittest/mock", "zipfile",
)  # fmt: skip
GUARDS = frozenset({"_getattr_", "_write_"})


class WithoutGuards(ast.NodeTransformer):
    """Takes the guards out again."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id in GUARDS):
            return node
        if node.func.id == "_write_":
            return node.args[0]
        name = node.args[1]
        assert isinstance(name, ast.Constant)
        return ast.copy_location(ast.Attribute(node.args[0], name.value, ast.Load()), node)

    def visit_Match(self, node: ast.Match) -> ast.AST:
        self.generic_visit(node)
        node.cases = [case for case in node.cases if "_matched_" not in ast.dump(case.guard or ast.Pass())]
        return node


def source_of(module: str) -> str:
    path = LIBRARY / f"{module}.py"
    return (path if path.exists() else LIBRARY / module / "__init__.py").read_text("utf-8")


@pytest.mark.parametrize("module", MODULES)
def test_the_guards_are_all_that_is_added(module: str):
    source = source_of(module)
    tree = ast.parse(source)
    StrategyTransformer().visit(tree)
    compile(tree, module, "exec")
    after = ast.dump(WithoutGuards().visit(tree), include_attributes=True)
    assert after == ast.dump(ast.parse(source), include_attributes=True)


def test_plain_code_is_not_changed_at_all():
    source = source_of("statistics").replace("._", ".a_")
    tree = ast.parse(source)
    before = ast.dump(tree)
    transformer = StrategyTransformer()
    transformer.visit(tree)
    written = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
    ]
    assert (ast.dump(tree) == before) is (not written)


def test_a_guard_stands_where_its_attribute_stood():
    tree = ast.parse("\n\nvalue = (\n    table\n    .query\n)")
    StrategyTransformer().visit(tree)
    (assign,) = tree.body
    assert isinstance(assign, ast.Assign)
    assert [node.lineno for node in ast.walk(assign.value) if isinstance(node, ast.expr)] == [4, 4, 4, 4]


def test_class_patterns_without_positions_cost_nothing():
    (match,) = ast.parse("match x:\n    case A(b=1): pass\n    case [B(c), {'k': D(e)}]: pass").body
    assert isinstance(match, ast.Match)
    first, guard, second = with_guards(match.cases)
    assert (first, second) == tuple(match.cases)
    assert guard.guard is not None
    assert [node.id for node in ast.walk(guard.guard) if isinstance(node, ast.Name)].count("_matched_") == 2


@pytest.mark.parametrize(
    "source",
    ["x = " + "+".join(["1"] * 250), "x = data" + ".a" * 400, "if x: pass\n" + "elif x == 1: pass\n" * 400],
)
def test_code_may_nest_as_deep_as_without_the_layer(source: str):
    compile_program(source, PLAIN_PYTHON)
    compile_program(source, GUARDED_PYTHON)
