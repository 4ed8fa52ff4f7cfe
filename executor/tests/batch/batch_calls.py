"""Calls of ExecuteBatch, and what a whole stream of them said."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from running_executor import RunningExecutor, some_columns

from strategiz_executor.batch_layout import METRICS
from strategiz_executor.generated import strategy_execution_pb2 as messages
from strategiz_executor.server.batch_child import NICENESS

CROSS = """
def strategy(data):
    fast = data["close"].rolling(param("fast", 3)).mean()
    slow = data["close"].rolling(param("slow", 8)).mean()
    return "BUY" if fast.iloc[-1] > slow.iloc[-1] else "SELL"
"""


@dataclass
class BatchAnswer:
    """Every cell's answer by its index."""

    metrics: dict[int, dict[str, float]] = field(default_factory=dict)
    columns: dict[int, dict[str, float]] = field(default_factory=dict)
    notes: dict[int, messages.NoteSet] = field(default_factory=dict)
    failures: dict[int, messages.Failure] = field(default_factory=dict)
    results: dict[int, messages.ExecuteStrategyResponse] = field(default_factory=dict)
    assumptions: dict[int, messages.Assumptions] = field(default_factory=dict)
    failure: messages.Failure | None = None
    totals: messages.BatchTotals | None = None
    message_count: int = 0
    answered: list[int] = field(default_factory=list)

    def add(self, message: messages.ExecuteBatchResponse) -> None:
        self.message_count += 1
        self._add_summaries(message.summaries)
        for failed in message.failures:
            for cell in np.frombuffer(failed.cell, "<i4").tolist():
                self.failures[cell] = failed.failure
                self.answered.append(cell)
        for result in message.results:
            self.results[result.cell] = result.response
            self.answered.append(result.cell)
        for known in message.assumptions:
            self.assumptions[known.series] = known.assumptions
        if message.HasField("failure"):
            self.failure = message.failure
        if message.HasField("totals"):
            assert self.totals is None
            self.totals = message.totals

    def _add_summaries(self, summaries: messages.CellSummaries) -> None:
        cells = np.frombuffer(summaries.cell, "<i4").tolist()
        for row, cell in enumerate(cells):
            self.answered.append(cell)
            self.metrics[cell] = {
                name: float(np.frombuffer(getattr(summaries.metrics, name), "<f8")[row])
                for name, _ in METRICS
            }
            self.columns[cell] = {
                name: float(np.frombuffer(getattr(summaries, name), dtype)[row])
                for name, dtype in (
                    ("returns", "<i4"), ("return_mean", "<f8"), ("return_sd", "<f8"),
                    ("return_skewness", "<f8"), ("return_kurtosis", "<f8"), ("live", "i1"), ("way", "i1"),
                )
            }  # fmt: skip
            number = int(np.frombuffer(summaries.notes, "<i4")[row])
            self.notes[cell] = summaries.note_sets[number] if number >= 0 else messages.NoteSet()


def batch_request(
    code: str,
    cells: Sequence[tuple[int, dict[str, object] | str]],
    series: Sequence[int | messages.BarColumns] = (60,),
    **fields: object,
) -> messages.ExecuteBatchRequest:
    """A batch of (series, parameters) cells."""
    request = messages.ExecuteBatchRequest(code=code, **fields)
    for bars in series:
        columns = some_columns(bars) if isinstance(bars, int) else bars
        request.series.append(messages.BatchSeries(bars=columns, timeframe="1D", symbol="TEST"))
    request.cells.series = np.array([number for number, _ in cells], "<i4").tobytes()
    request.cells.parameters_json.extend(
        given if isinstance(given, str) else json.dumps(given) for _, given in cells
    )
    return request


def read_batch(stream: Iterable[messages.ExecuteBatchResponse]) -> BatchAnswer:
    """All of a stream; each cell must be answered once at most, and totals must come last."""
    answer = BatchAnswer()
    for message in stream:
        assert answer.totals is None, "a message after the totals"
        answer.add(message)
    assert len(set(answer.answered)) == len(answer.answered)
    assert answer.totals is not None
    return answer


def run_batch(
    executor: RunningExecutor, request: messages.ExecuteBatchRequest, timeout: float = 60
) -> BatchAnswer:
    """One call, to its end."""
    return read_batch(executor.stub.ExecuteBatch(request, timeout=timeout))


def batch_children(executor: RunningExecutor) -> set[int]:
    """Process ids of the children that work for batches, or did: no other has this priority."""
    found = set()
    for pid in executor.children_of(executor.zygote()):
        try:
            if os.getpriority(os.PRIO_PROCESS, pid) == NICENESS:
                found.add(pid)
        except ProcessLookupError:  # it has ended meanwhile
            continue
    return found
