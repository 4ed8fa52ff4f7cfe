"""Gathers cells' answers and makes messages of them: columns, failures that are alike together."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from strategiz_executor import batch_layout as layout
from strategiz_executor.generated.strategy_execution_pb2 import (
    Assumptions,
    CellFailures,
    CellMetrics,
    CellResult,
    CellSummaries,
    ExecuteBatchResponse,
    ExecuteStrategyResponse,
    Failure,
    NoteSet,
    SeriesAssumptions,
)
from strategiz_executor.server.batch_answers import RECORD, Records

MOST_RECORDS = 2_000
MOST_BYTES = 1 << 20
MICROSECONDS = 1e-3
METRIC_NAMES = tuple(name for name, _ in layout.METRICS)


class BatchMessage:
    """What the next message will hold."""

    def __init__(self) -> None:
        self._cells: list[NDArray[np.int32]] = []
        self._records: list[Records] = []
        self._note_sets: dict[bytes, int] = {}
        self._failures: dict[bytes, list[int]] = {}
        self._rest = ExecuteBatchResponse()
        self._bytes = 0
        self._count = 0

    @property
    def is_full(self) -> bool:
        """Whether it should be sent before more is added."""
        return self._count >= MOST_RECORDS or self._bytes >= MOST_BYTES

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added."""
        return self._count == 0

    def add_records(self, cells: NDArray[np.int32], records: Records, note_sets: list[NoteSet]) -> None:
        """Adds checked records; `note_sets` are those of the child that sent them."""
        known = records.copy()
        for number in np.unique(records["notes"]).tolist():
            if number != layout.NO_NOTES:
                known["notes"][records["notes"] == number] = self._number_of(note_sets[number])
        self._cells.append(cells)
        self._records.append(known)
        self._count += len(cells)

    def add_failure(self, cells: Iterable[int], failure: Failure) -> None:
        """Adds cells that failed in the same way."""
        same = self._failures.setdefault(failure.SerializeToString(deterministic=True), [])
        before = len(same)
        same.extend(cells)
        self._count += len(same) - before

    def add_result(self, cell: int, response: ExecuteStrategyResponse) -> None:
        """Adds a full result."""
        self._rest.results.append(CellResult(cell=cell, response=response))
        self._bytes += response.ByteSize()
        self._count += 1

    def add_assumptions(self, series: int, assumptions: Assumptions) -> None:
        """Adds what the summaries of a series rest on."""
        self._rest.assumptions.append(SeriesAssumptions(series=series, assumptions=assumptions))

    def build(self) -> ExecuteBatchResponse:
        """The message; nothing may be added afterwards."""
        if self._records:
            self._rest.summaries.CopyFrom(self._summaries())
        for raw, cells in self._failures.items():
            failed = CellFailures(failure=Failure.FromString(raw), cell=np.array(cells, "<i4").tobytes())
            self._rest.failures.append(failed)
        return self._rest

    def _number_of(self, notes: NoteSet) -> int:
        return self._note_sets.setdefault(notes.SerializeToString(deterministic=True), len(self._note_sets))

    def _summaries(self) -> CellSummaries:
        records = np.concatenate(self._records).astype(RECORD, copy=False)
        columns = np.ascontiguousarray(records["figures"].T)
        metrics = {name: columns[number].tobytes() for number, name in enumerate(METRIC_NAMES)}
        returns = {
            name: columns[number].tobytes() for number, name in enumerate(layout.RETURNS, len(METRIC_NAMES))
        }
        return CellSummaries(
            cell=np.concatenate(self._cells).astype("<i4").tobytes(),
            metrics=CellMetrics(**metrics),
            returns=records["returns"].tobytes(),
            live=records["live"].tobytes(),
            way=records["way"].tobytes(),
            run_ms=(records["run_us"] * MICROSECONDS).astype("<f8").tobytes(),
            notes=records["notes"].tobytes(),
            note_sets=[NoteSet.FromString(raw) for raw in self._note_sets],
            **returns,
        )
