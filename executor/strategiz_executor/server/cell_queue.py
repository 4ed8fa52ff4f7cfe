"""The cells of a batch in the order in which a child gets them: series by series, group by group."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class Group:
    """Cells of one series that are sent in one frame; `answered` of them have been answered."""

    series: int
    first_place: int
    cells: NDArray[np.int32]
    parameters: list[str]
    answered: int = 0

    @property
    def next_place(self) -> int:
        """The place of the cell that is to be answered next."""
        return self.first_place + self.answered

    @property
    def left(self) -> int:
        """How many are not answered yet."""
        return len(self.cells) - self.answered


class CellQueue:
    """Cells that no child has been given yet, or that have come back from one that was lost."""

    def __init__(self, cell_series: NDArray[np.int32]) -> None:
        order = np.argsort(cell_series, kind="stable").astype(np.int32)
        by_series = cell_series[order]
        ends = np.flatnonzero(np.diff(by_series)) + 1
        self._spans: deque[tuple[int, int, NDArray[np.int32]]] = deque(
            (int(cell_series[cells[0]]), 0, cells) for cells in np.split(order, ends) if len(cells)
        )

    def __len__(self) -> int:
        return sum(len(cells) for _, _, cells in self._spans)

    @property
    def series(self) -> int | None:
        """The series of the cells that come next, None where none are left."""
        return self._spans[0][0] if self._spans else None

    def take(self, most: int) -> tuple[int, int, NDArray[np.int32]]:
        """Up to `most` cells of the next series: the series, the place of the first among its cells, the cells."""
        series, place, cells = self._spans.popleft()
        if len(cells) > most:
            self._spans.appendleft((series, place + most, cells[most:]))
        return series, place, cells[:most]

    def drop_series(self) -> NDArray[np.int32]:
        """Takes out the cells of the next series and answers them."""
        return self._spans.popleft()[2]

    def put_back(self, groups: list[Group]) -> None:
        """Takes back what is unanswered of groups that a lost child had, oldest first."""
        for group in reversed(groups):
            if group.left:
                self._spans.appendleft((group.series, group.next_place, group.cells[group.answered :]))

    def rest(self) -> NDArray[np.int32]:
        """Takes out all cells."""
        cells = [cells for _, _, cells in self._spans]
        self._spans.clear()
        return np.concatenate(cells) if cells else np.zeros(0, np.int32)
