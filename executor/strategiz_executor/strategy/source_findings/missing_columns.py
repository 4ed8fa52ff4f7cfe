"""Columns that the bars do not have and that the source nowhere mentions otherwise."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

import pandas as pd

from strategiz_executor.strategy.bars_frame import COLUMNS
from strategiz_executor.strategy.codes import DiagnosticCode
from strategiz_executor.strategy.findings import Finding
from strategiz_executor.strategy.source_findings.frame_names import frame_names

RENAMING = frozenset({"add_prefix", "add_suffix", "set_axis", "rename", "join", "merge", "ta"})
"""With one of these anywhere, columns may have any name."""


def missing_columns(tree: ast.Module) -> Iterator[Finding]:
    """Answer a warning for the first reading of each such column, as data["Close"] or data.Close."""
    if _columns_are_renamed(tree):
        return
    frames = frame_names(tree)
    reads = [read for node in ast.walk(tree) if (read := _read(node, frames))]
    mentioned = _other_texts(tree, {id(place) for _, _, place in reads}) | set(COLUMNS)
    for frame, name, place in reads:
        if name not in mentioned:
            mentioned.add(name)
            near = difflib.get_close_matches(name.lower(), COLUMNS, n=1)
            meant = f"; did you mean '{near[0]}'?" if near else ""
            yield Finding(
                "warning",
                DiagnosticCode.MISSING_COLUMN,
                f"{frame} has no column {name!r}",
                place.lineno,
                place.col_offset + 1,
                f"the columns are {', '.join(COLUMNS)}{meant}",
            )


def _columns_are_renamed(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and (node.attr in RENAMING or (node.attr == "columns" and not isinstance(node.ctx, ast.Load)))
        for node in ast.walk(tree)
    )


def _read(node: ast.AST, frames: frozenset[str]) -> tuple[str, str, ast.expr] | None:
    match node:
        case ast.Subscript(
            value=ast.Name(id=frame), slice=ast.Constant(value=str(name)) as place, ctx=ast.Load()
        ):
            return (frame, name, place) if frame in frames else None
        case ast.Attribute(value=ast.Name(id=frame), attr=name, ctx=ast.Load()):
            is_column = name.lower() in COLUMNS and not hasattr(pd.DataFrame, name)
            return (frame, name, node) if frame in frames and is_column else None
        case _:
            return None


def _other_texts(tree: ast.Module, reads: set[int]) -> set[str]:
    """Texts and keywords that may name a column: written to, assigned, tested, renamed."""
    texts: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in reads:
            texts.add(node.value)
        elif isinstance(node, ast.keyword) and node.arg:
            texts.add(node.arg)
        elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            texts.add(node.attr)
        elif isinstance(node, ast.JoinedStr):
            texts |= set(COLUMNS)
    return texts
