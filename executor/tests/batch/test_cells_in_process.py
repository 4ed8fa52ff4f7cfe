"""A cell of a batch says what an execution of its own says, in every form and by every way of replay."""

import gc

import numpy as np
import pytest
from batch_cells import CELLS, answers_of
from both_ways import bars_named
from corpus import CORPUS
from strategy_runs import run

from strategiz_executor import batch_layout as layout
from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.generated.strategy_execution_pb2 import NoteSet
from strategiz_executor.server.record_checks import COLUMN
from strategiz_executor.strategy.batch.cells import GUARDED_CELL_IN, BatchCells
from strategiz_executor.strategy.language import GUARDED_PYTHON


@pytest.mark.parametrize("name", CORPUS)
def test_a_cell_says_what_an_execution_of_its_own_says(name: str) -> None:
    for bars in (bars_named("market"), bars_named("short")):
        alone = run(CORPUS[name], bars, limits=None)
        found, notes, refused = answers_of(CORPUS[name], bars)
        if refused is not None:
            assert (refused.code, refused.message) == (alone.failure.code, alone.failure.message)
            continue
        assert len(found) == CELLS
        for cell in found:
            if not alone.frame.success:
                assert (cell.failure.code, cell.failure.message) == (
                    alone.failure.code,
                    alone.failure.message,
                )
                continue
            assert cell["live"] == alone.frame.live.type
            for metric, nullable in layout.METRICS:
                value = cell["figures"][COLUMN[metric]]
                if np.isnan(value):
                    assert nullable
                    assert not alone.frame.metrics.HasField(metric)
                else:
                    assert value == getattr(alone.frame.metrics, metric), metric
            told = notes.get(int(cell["notes"]), NoteSet())
            assert dict(told.unavailable) == dict(alone.frame.metrics.unavailable)
            shown = {
                code: text for code, text in alone.warnings.items() if code not in ("plots_cut", "logs_cut")
            }
            assert dict(told.warnings) == shown


CROSS = """
def strategy(data):
    return 'BUY' if data.close.iloc[-1] > data.close.rolling(5).mean().iloc[-1] else 'SELL'
"""
COLUMNS = """
def strategy(data):
    plot(data.close.rolling(5).mean(), 'average')
    return data.close > data.close.rolling(5).mean()
"""
by_paths_and_by_columns = pytest.mark.parametrize("code", [CROSS, COLUMNS], ids=["paths", "columns"])


@by_paths_and_by_columns
def test_one_cell_in_fifty_is_run_whole_and_guarded(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from strategiz_executor.strategy.batch import cells as module

    usual, calls = module.find_usually, []
    monkeypatch.setattr(module, "find_usually", lambda job, *rest: calls.append(job) or usual(job, *rest))
    found, _, _ = answers_of(code, bars_named("market"), cells=2 * GUARDED_CELL_IN + 1)
    assert len(found) == 2 * GUARDED_CELL_IN + 1
    assert len(calls) == 3
    assert all(job.first_execution for job in calls)


@by_paths_and_by_columns
def test_a_cell_leaves_nothing_to_the_garbage_collector(code: str) -> None:
    cells = BatchCells(GUARDED_PYTHON)
    frame = RequestFrame(kind=RequestFrame.BATCH, code=code, bars=bars_named("market"), backtest=True)
    frame.batch.memory_bytes = 1 << 26
    frame.batch.parameters_json.extend(["{}"] * 3)
    list(cells.answers(frame))
    more = RequestFrame(kind=RequestFrame.BATCH)
    more.batch.first_place = 3
    more.batch.parameters_json.extend(["{}"] * 30)
    gc.collect()
    gc.disable()
    try:
        assert len(list(cells.answers(more))) == 30
        assert gc.collect() == 0
    finally:
        gc.enable()
