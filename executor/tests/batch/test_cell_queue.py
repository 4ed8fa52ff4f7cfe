"""The queue of a batch hands out every cell, series by series, and again what a lost child had."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from strategiz_executor.server.cell_queue import CellQueue, Group


@given(
    st.lists(st.integers(0, 4), max_size=60),
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=80),
)
def test_every_cell_is_answered_once_whatever_is_lost(series: list[int], fate: list[tuple[int, int]]) -> None:
    queue = CellQueue(np.array(series, np.int32))
    answered: list[int] = []
    seen: list[int] = []
    for most, lost in fate:
        number = queue.series
        if number is None:
            break
        taken, place, cells = queue.take(most)
        assert taken == number
        assert len(cells) <= most
        group = Group(taken, place, cells, [])
        group.answered = max(0, len(cells) - lost)
        answered += cells[: group.answered].tolist()
        seen.append(taken)
        assert [series[cell] for cell in cells] == [taken] * len(cells)
        assert (
            cells.tolist()
            == [cell for cell, of in enumerate(series) if of == taken][place : place + len(cells)]
        )
        queue.put_back([group])
    answered += queue.rest().tolist()
    assert sorted(answered) == list(range(len(series)))
    assert seen == sorted(seen)
    assert len(queue) == 0
