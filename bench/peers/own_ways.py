"""The same grid by our own code without its server: what sandbox, wire and fast ways cost or bring.

Standard input as for public_libraries.py, with "code" beside it. Runs in .venv with executor/ on the path.
"""

import csv
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from report_line import report

from strategiz_executor import batch_layout as layout
from strategiz_executor.backtest import Options, compute_metrics, run_backtest
from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.server.batch_answers import RECORD
from strategiz_executor.strategy.bars_frame import read_series
from strategiz_executor.strategy.batch.cells import BatchCells
from strategiz_executor.strategy.compile import compile_program
from strategiz_executor.strategy.execution import job_of, signal_columns
from strategiz_executor.strategy.language import GUARDED_PYTHON
from strategiz_executor.strategy.repeats import without_repeats
from strategiz_executor.strategy.replay.plain import replay_plainly
from strategiz_executor.strategy.strategy_run import LatestRun
from strategiz_executor.strategy.whole_run import run_whole

SUBPROCESSES, PLAIN_CELLS = 6, 2
CORES = len(os.sched_getaffinity(0))
TOTAL_RETURN = [name for name, _ in layout.METRICS].index("total_return_pct")


def frame_of(series: str, start: str, code: str) -> RequestFrame:
    """A frame with the bars of a CSV from a date on."""
    with Path(series).open() as file:
        rows = [row for row in csv.DictReader(file) if row["date"] >= start]
    frame = RequestFrame(code=code, timeframe="1D", backtest=True)
    frame.bars.timestamp_ms = np.array([row["date"] for row in rows], "M8[ms]").astype("<i8").tobytes()
    for name in ("open", "high", "low", "close"):
        setattr(frame.bars, name, np.array([float(row[name]) for row in rows], "<f8").tobytes())
    frame.bars.volume = np.array([int(row["volume"]) for row in rows], "<i8").tobytes()
    return frame


def in_process(frame: RequestFrame, grid: list[str]) -> list[float]:
    """As a sandbox does it, in this process: no sandbox, no server, no wire."""
    batch = RequestFrame(kind=RequestFrame.BATCH)
    batch.MergeFrom(frame)
    batch.batch.parameters_json.extend(grid)
    batch.batch.memory_bytes = 64 << 20
    answers = list(BatchCells(GUARDED_PYTHON).answers(batch))
    return [float(figures[TOTAL_RETURN]) for figures in _figures(answers)]


def by_pool(frame: RequestFrame, grid: list[str]) -> list[float]:
    """The same in a plain pool of a process a core, each with its share of the grid."""
    each = -(-len(grid) // CORES)
    shares = [(frame.SerializeToString(), grid[first : first + each]) for first in range(0, len(grid), each)]
    with multiprocessing.get_context("fork").Pool(CORES) as pool:
        found = pool.starmap(_share_of_pool, shares)
        pool.close()
        pool.join()
    return [value for share in found for value in share]


def _share_of_pool(frame: bytes, grid: list[str]) -> list[float]:
    return in_process(RequestFrame.FromString(frame), grid)


def _figures(answers: list[bytes]) -> Iterator[np.ndarray]:
    for answer in answers:
        if answer[layout.LENGTH_BYTES] == layout.RECORD:
            yield np.frombuffer(answer, RECORD)["figures"][0]


def by_plain_loop(frame: RequestFrame, grid: list[str]) -> list[float]:
    """The strategy called with a real prefix at every bar: the answer that all faster ways must give."""
    series, options = read_series(frame.bars), Options()
    program = compile_program(frame.code, GUARDED_PYTHON)
    found = []
    for parameters in grid:
        frame.parameters_json = parameters
        whole = run_whole(job_of(frame, program, GUARDED_PYTHON, LatestRun(), series))
        signals = without_repeats(replay_plainly(whole).signals)
        backtest = run_backtest(series.bars, *signal_columns(signals), options)
        found.append(compute_metrics(series.bars, backtest, options, "1D").total_return_pct)
    return found


def by_subprocess(frame: RequestFrame, grid: list[str]) -> list[float]:
    """A new Python for each execution: start, imports, our fastest way, end."""
    found = []
    for parameters in grid:
        frame.parameters_json = parameters
        command = [sys.executable, str(Path(__file__).with_name("one_execution.py"))]
        ran = subprocess.run(command, input=frame.SerializeToString(), capture_output=True, check=True)
        found.append(ResultFrame.FromString(ran.stdout).metrics.total_return_pct)
    return found


def main() -> None:
    """One line a way; of "whole_grid_only" the pool alone."""
    asked = json.load(sys.stdin)
    frame = frame_of(asked["series"], asked.get("start", ""), asked["code"])
    grid = [json.dumps(cell) for cell in asked["grid"]]
    in_process(frame, grid[:2])
    report(f"our code in a pool of {CORES} processes, no sandbox", len(grid), lambda: by_pool(frame, grid))
    if asked.get("whole_grid_only"):
        return
    report("our code in process, no sandbox (the limit)", len(grid), lambda: in_process(frame, grid))
    for what, cells, way in (
        ("a new Python process for each", SUBPROCESSES, by_subprocess),
        ("the plain loop over real prefixes", PLAIN_CELLS, by_plain_loop),
    ):
        few = grid[:: len(grid) // cells][:cells]
        report(what, cells, lambda way=way, few=few: way(frame, few))


if __name__ == "__main__":
    main()
