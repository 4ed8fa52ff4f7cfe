"""The cells of one frame, answered in this process."""

import numpy as np

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.generated.strategy_execution_pb2 import Failure, NoteSet
from strategiz_executor.server.batch_answers import AnswerBuffer, CellFrame, Notes, Refused
from strategiz_executor.server.record_checks import check_records
from strategiz_executor.strategy.batch.cells import BatchCells
from strategiz_executor.strategy.language import GUARDED_PYTHON

CELLS = 4


def answers_of(
    code: str, bars: object, cells: int = CELLS
) -> tuple[list[object], dict[int, NoteSet], Failure | None]:
    """One entry a cell, a record or a frame; the notes by number; why no cell was run."""
    frame = RequestFrame(kind=RequestFrame.BATCH, code=code, bars=bars, timeframe="1D", backtest=True)
    frame.batch.parameters_json.extend(["{}"] * cells)
    frame.batch.memory_bytes = 1 << 26
    buffer, found, notes, refused = AnswerBuffer(1 << 23), [], {}, None
    for part in BatchCells(GUARDED_PYTHON).answers(frame):
        buffer.add(memoryview(part))
    for answer in buffer.answers():
        if isinstance(answer, Notes):
            notes[answer.number] = answer.notes
        elif isinstance(answer, Refused):
            refused = answer.frame.failure
        elif isinstance(answer, CellFrame):
            found.append(answer.frame)
        elif isinstance(answer, np.ndarray):
            count = len(bars.close) // 8
            check_records(answer, len(found), count, count, len(notes))
            found += list(answer)
    return found, notes, refused
