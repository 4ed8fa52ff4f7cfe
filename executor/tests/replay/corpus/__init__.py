"""Strategies as authors write them, by what is awkward about them."""

from . import answers, causal, early_answers, errors, looks_ahead, state, texts, whole_series

CORPUS: dict[str, str] = {
    f"{module.__name__.rpartition('.')[2]}: {name}": code
    for module in (answers, causal, early_answers, errors, looks_ahead, state, texts, whole_series)
    for name, code in module.STRATEGIES.items()
}
