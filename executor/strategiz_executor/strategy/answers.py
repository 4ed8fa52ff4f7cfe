"""What `strategy` answers, as signals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from strategiz_executor.strategy.bars_frame import Series
from strategiz_executor.strategy.errors import AnswerError
from strategiz_executor.strategy.one_a_bar import NotOneABarError, is_column, one_a_bar
from strategiz_executor.strategy.texts import described

WORDS = {"BUY": 1, "SELL": -1, "HOLD": 0}
EXPECTED = '"BUY", "SELL", "HOLD", 1, -1, 0 or None'
FOR_EACH_BAR = (
    f"answer {EXPECTED} for the bar being looked at, or a Series, array or list of those for all bars"
)

Events = npt.NDArray[np.int8]


@dataclass(frozen=True)
class ColumnAnswer:
    """Form 2: one event a bar (1 BUY, -1 SELL, 0 HOLD)."""

    events: Events
    never_sells: bool
    """Whether the numbers are all 0 and 1, which reads like in and out but never sells."""


def word_of(answer: Any, bar: int) -> int:
    """Answer 1, -1 or 0 for what a strategy answered for one bar. Raises AnswerError naming it."""
    if answer is None:
        return 0
    try:
        event = _event(answer)
        hint = "" if event is not None else _hint_for(answer)
    except Exception as error:  # noqa: BLE001  (methods of the author's own class)
        raise _unreadable(error, bar) from None
    if event is None:
        raise AnswerError(
            f"strategy answered {described(answer)} for one bar, not {EXPECTED}",
            hint=hint,
            bar=bar,
        )
    return event


def column_answer(answer: Any, series: Series) -> ColumnAnswer:
    """Answer the events of a Series, array or list over all bars. Raises AnswerError naming the value."""
    try:
        return _column_answer(answer, series)
    except (AnswerError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001
        raise _unreadable(error, None) from None


def _column_answer(answer: Any, series: Series) -> ColumnAnswer:
    try:
        values = one_a_bar(answer, series, len(series))
    except NotOneABarError as error:
        raise AnswerError(
            f"what strategy answered {error}", hint="answer one value for every row of data"
        ) from error
    if values.dtype == bool:
        return ColumnAnswer(_changes(values), never_sells=False)
    if values.dtype.kind in "iuf":
        return _from_numbers(values)
    return _from_objects([_missing_as_none(value) for value in values.tolist()])


def _event(value: Any) -> int | None:
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, str):
        return WORDS.get(str.upper(value))
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, int | float | np.integer | np.floating):
        return int(value) if value in (0, 1, -1) else None
    return None


def _from_numbers(values: npt.NDArray[Any]) -> ColumnAnswer:
    missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), bool)
    wrong = np.flatnonzero(~(missing | (values == 0) | (values == 1) | (values == -1)))
    if len(wrong):
        raise _wrong_value(values[wrong[0]].item(), int(wrong[0]))
    events = np.where(missing, 0, values).astype(np.int8)
    return ColumnAnswer(events, never_sells=bool((events == 1).any() and not (events == -1).any()))


def _from_objects(values: list[Any]) -> ColumnAnswer:
    present = [(bar, value) for bar, value in enumerate(values) if value is not None]
    booleans = [(bar, value) for bar, value in present if isinstance(value, bool | np.bool_)]
    if booleans and len(booleans) == len(present):
        return ColumnAnswer(_changes(_filled_forward(values)), never_sells=False)
    if booleans:
        raise _wrong_value(
            booleans[0][1], booleans[0][0], hint="answer booleans (in, out) for every bar or for none"
        )
    events = np.zeros(len(values), np.int8)
    for bar, value in present:
        event = _event(value)
        if event is None:
            raise _wrong_value(value, bar)
        events[bar] = event
    numbers_only = all(not isinstance(value, str) for _, value in present)
    sells = bool((events == -1).any())
    return ColumnAnswer(events, never_sells=numbers_only and bool((events == 1).any()) and not sells)


def _filled_forward(values: list[Any]) -> npt.NDArray[np.bool_]:
    state, states = False, np.zeros(len(values), bool)
    for bar, value in enumerate(values):
        state = state if value is None else bool(value)
        states[bar] = state
    return states


def _changes(states: npt.NDArray[np.bool_]) -> Events:
    before = np.concatenate([[False], states[:-1]])
    return states.astype(np.int8) - before.astype(np.int8)


def _missing_as_none(value: Any) -> Any:
    return None if value is None or value is pd.NA or value is pd.NaT or value != value else value  # noqa: PLR0124


def _unreadable(error: Exception, bar: int | None) -> AnswerError:
    """For answers of classes of the author's own, whose methods raise while they are read."""
    return AnswerError(f"what strategy answered raised {type(error).__name__} while it was read", bar=bar)


def _wrong_value(value: Any, bar: int, hint: str = "") -> AnswerError:
    return AnswerError(
        f"strategy answered {described(value)} for bar {bar + 1}, not {EXPECTED}",
        hint=hint or "round or compare the values first, e.g. np.where(condition, 1, 0)",
        bar=bar,
    )


def _hint_for(answer: Any) -> str:
    if isinstance(answer, bool | np.bool_):
        return (
            'answer "BUY" if condition else "HOLD"; booleans mean in and out only in a Series over all bars'
        )
    if isinstance(answer, tuple):
        return "answer the word alone; a reason goes into signal(type, reason)"
    if isinstance(answer, pd.DataFrame):
        return "answer one column of it"
    if isinstance(answer, str):
        return "the words are BUY, SELL and HOLD"
    if is_column(answer):
        return "answer a Series for every bar or for none: with fewer bars a word was expected"
    return FOR_EACH_BAR
