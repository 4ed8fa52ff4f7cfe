"""The language layer that strategies get: RestrictedPython's idea, with its costs moved to where they are needed.

Of RestrictedPython it has the list of syntax that is known, the names that lead to frames, and the rule of the
underscore. What that library puts around every item, iteration, call and attribute of a program is left out, as
nothing here would refuse any of it: guarded are the attributes of guarded_names.py, attributes that are set, and
class patterns with positions. The rest compiles as it is written, and so means what it means in Python.
"""

from __future__ import annotations

import ast

from strategiz_executor.strategy.language.guards import GUARDS
from strategiz_executor.strategy.language.layer import Compiled, LanguageLayer, compile_as_python
from strategiz_executor.strategy.language.refusal import LanguageRefusalError
from strategiz_executor.strategy.language.transformer import StrategyTransformer

VERSION = 1
"""Changes with the code that the transformer makes: compiled code of another version is compiled anew."""


def compile_guarded(tree: ast.Module) -> Compiled:
    """Answer the code of a tree, which guards may change in place. Raises LanguageRefusalError with all its places."""
    transformer = StrategyTransformer()
    transformer.visit(tree)
    if transformer.refusals:
        in_order = sorted(transformer.refusals, key=lambda each: (each.line, each.column))
        raise LanguageRefusalError(in_order)
    return Compiled(compile_as_python(tree), tree_is_kept=not transformer.has_changed)


GUARDED_PYTHON = LanguageLayer(f"guarded-python-{VERSION}", compile_guarded, GUARDS)
