"""The language layer: which Python strategies are written in, and readable errors for the rest of it.

It is not the boundary (docs/security.md): with it off, the process still reaches nothing.
"""

from strategiz_executor.strategy.language.layer import (
    FILE_NAME,
    PLAIN_PYTHON,
    LanguageLayer,
    compile_as_python,
)
from strategiz_executor.strategy.language.refusal import LanguageRefusalError
from strategiz_executor.strategy.language.restricted import GUARDED_PYTHON

__all__ = [
    "FILE_NAME",
    "GUARDED_PYTHON",
    "PLAIN_PYTHON",
    "LanguageLayer",
    "LanguageRefusalError",
    "compile_as_python",
]
