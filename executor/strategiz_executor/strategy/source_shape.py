"""What can be told of a strategy from its source alone: what it defines, calls and asks for."""

from __future__ import annotations

import ast
from dataclasses import astuple, dataclass

from strategiz_executor.strategy.errors import EntryError, MixedSignalsError
from strategiz_executor.strategy.scopes import GlobalUse, bound_names, global_uses
from strategiz_executor.strategy.tree_nodes import nodes_of

TIMESTAMP_ARGUMENTS = 3
PARAMETER_NAMES = frozenset({"params", "parameters"})


@dataclass(frozen=True)
class SourceShape:
    """Lines are those of the first such place, 0 where there is none.

    strategy: "def" where a function (or lambda) of that name is bound at module level, "value" where
    something else is, which only running it can tell; "" where nothing is.
    unclear_signal_line: a use of `signal` that only running it can tell dated from undated.
    parameters_open: the dict of parameters is used other than by a constant key.
    """

    strategy: str
    strategy_line: int
    dated_signal_line: int
    undated_signal_line: int
    unclear_signal_line: int
    plot_line: int
    parameters_read: frozenset[str]
    parameters_open: bool
    sets_symbol: bool

    @property
    def has_signals(self) -> bool:
        """Whether `signal` is used at all."""
        return bool(self.dated_signal_line or self.undated_signal_line or self.unclear_signal_line)

    def as_tuple(self) -> tuple[object, ...]:
        """Answer the values alone, for marshal."""
        return astuple(self)


def read_shape(tree: ast.Module) -> SourceShape:
    """Answer the shape of a source."""
    bound = bound_names(tree.body)
    uses = global_uses(tree)
    kind, line = _strategy_binding(tree, bound)
    signals = [] if _is_definition(bound.get("signal")) else [use for use in uses if use.name == "signal"]
    plots = [] if _is_definition(bound.get("plot")) else [use for use in uses if use.name == "plot"]
    read, is_open = _parameters_read(uses)
    return SourceShape(
        strategy=kind,
        strategy_line=line,
        dated_signal_line=_first_line(signals, "dated"),
        undated_signal_line=_first_line(signals, "undated"),
        unclear_signal_line=_first_line(signals, "unclear"),
        plot_line=plots[0].line if plots else 0,
        parameters_read=read,
        parameters_open=is_open,
        sets_symbol="SYMBOL" in bound,
    )


def check_shape(shape: SourceShape) -> None:
    """Raise EntryError where there is nothing to run, MixedSignalsError where both kinds are called."""
    if not (shape.strategy or shape.has_signals or shape.plot_line):
        raise EntryError(
            "the code defines no strategy(data) and calls neither signal nor plot",
            hint='define `def strategy(data):` answering "BUY", "SELL" or "HOLD", '
            "or call signal(type, reason) or plot(series, name)",
        )
    if shape.dated_signal_line and shape.undated_signal_line:
        raise mixed_signals(shape.dated_signal_line, shape.undated_signal_line)


def mixed_signals(dated_line: int, undated_line: int) -> MixedSignalsError:
    """Answer the error that names the line of a call with a timestamp and of one without."""
    return MixedSignalsError(
        f"signal is called with a timestamp on line {dated_line} and without one on line {undated_line}",
        hint="use one kind: signal(type, timestamp, price) for the whole series at once, "
        "or signal(type, reason) for the bar being looked at",
        line=max(dated_line, undated_line),
    )


def _strategy_binding(tree: ast.Module, bound: dict[str, ast.AST]) -> tuple[str, int]:
    node = bound.get("strategy")
    if node is None:
        return "", 0
    line = getattr(node, "lineno", 0)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return "def", line
    for statement in nodes_of(tree):
        if isinstance(statement, ast.Assign) and node in statement.targets:
            if isinstance(statement.value, ast.Lambda):
                return "def", line
            return ("", 0) if isinstance(statement.value, ast.Constant) else ("value", line)
    return "value", line


def _is_definition(node: ast.AST | None) -> bool:
    return isinstance(
        node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
    )


def _first_line(uses: list[GlobalUse], kind: str) -> int:
    return next((use.line for use in uses if _signal_kind(use.call) == kind), 0)


def _signal_kind(call: ast.Call | None) -> str:
    if call is None:
        return "unclear"
    keywords = {keyword.arg for keyword in call.keywords}
    if keywords & {"timestamp", "price"}:
        return "dated"
    if None in keywords or any(isinstance(argument, ast.Starred) for argument in call.args):
        return "unclear"
    return "dated" if len(call.args) >= TIMESTAMP_ARGUMENTS else "undated"


def _parameters_read(uses: list[GlobalUse]) -> tuple[frozenset[str], bool]:
    read: set[str] = set()
    is_open = False
    for use in uses:
        if use.name not in PARAMETER_NAMES:
            continue
        name = _constant_key(use)
        if name is None:
            is_open = True
        else:
            read.add(name)
    return frozenset(read), is_open


def _constant_key(use: GlobalUse) -> str | None:
    match use.parent:
        case ast.Subscript(slice=ast.Constant(value=str(name)), value=ast.Name(id=used)) if used == use.name:
            return name
        case ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[ast.Constant(value=str(name)), *_]):
            return name
        case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In() | ast.NotIn()]):
            return name
        case _:
            return None
