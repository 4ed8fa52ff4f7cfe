"""Form 2 by its columns alone: causal operations on whole columns, with no single value looked at.

What such a strategy says at a bar cannot change with later bars. That is a proof, instead of a sample by runs with
other futures, where the gate found nothing that is kept or that differs between runs, and each operation is on the list
of the path run (replay/fast).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from strategiz_executor.strategy.errors import RaisedByStrategyError, StrategyError
from strategiz_executor.strategy.replay.fast.column_run import ColumnRun
from strategiz_executor.strategy.replay.fast.expression import Memory, Values
from strategiz_executor.strategy.replay.fast.give_up import GiveUp
from strategiz_executor.strategy.replay.fast.path_record import PathRecord
from strategiz_executor.strategy.replay.fast_run import PathStrategyRun
from strategiz_executor.strategy.replay.once import replay_once
from strategiz_executor.strategy.replay.replayed import Replayed
from strategiz_executor.strategy.signal_recorder import Signal, SignalRecorder
from strategiz_executor.strategy.strategy_run import Job, LatestRun
from strategiz_executor.strategy.whole_run import Form, WholeRun


def replay_by_columns(job: Job, memory: Memory) -> Replayed | None:
    """Answer what the columns of a strategy of form 2 say.

    None where it is made of anything else, signals beside its answer, or raises: its real run tells then.
    """
    if job.program.fast.for_function:
        return None
    run = PathStrategyRun(job)
    try:
        values = _followed(run, memory)
        if values is None:
            return None
        return replace(replay_once(WholeRun(Form.COLUMN, run, values)), of_columns_alone=True)
    except (GiveUp, StrategyError, RaisedByStrategyError):
        return None
    finally:
        run.let_go()


def compared_with_columns(replayed: Replayed, job: Job, memory: Memory) -> Replayed:
    """Answer what a real run said, and of form 2 whether its columns alone say the same.

    Where they say something else, print or plot something else, the defect is ours: its bar is told, nothing is proven.
    """
    if replayed.form != Form.COLUMN:
        return replayed
    said = replay_by_columns(replace(job, latest=LatestRun()), memory)
    if said is None:
        return replayed
    bar = _first_difference(said.signals, replayed.signals)
    if bar is None and not _look_alike(said, replayed):
        bar = len(job.series) - 1
    if bar is None:
        return replace(replayed, of_columns_alone=True)
    return replace(replayed, guard_difference_bar=bar + 1)


def _first_difference(said: Sequence[Signal], really: Sequence[Signal]) -> int | None:
    differing = {(signal.bar, signal.type) for signal in said} ^ {
        (signal.bar, signal.type) for signal in really
    }
    return min(bar for bar, _ in differing) if differing else None


def _look_alike(said: Replayed, really: Replayed) -> bool:
    """Whether everything beside the signals is the same: prints, plots, and that it never sells."""
    if (said.log.lines(), said.never_sells) != (really.log.lines(), really.never_sells):
        return False
    return len(said.plots) == len(really.plots) and all(
        one[:-1] == other[:-1] and np.array_equal(one.values, other.values, equal_nan=True)
        for one, other in zip(said.plots, really.plots, strict=True)
    )


class _ColumnRecord(PathRecord):
    """Plots columns as they are: the run is on the whole series."""

    def __init__(self, run: ColumnRun, recorder: SignalRecorder) -> None:
        super().__init__(run)
        self._recorder = recorder

    def plot(self, series: Any, name: Any, *look: Any, **named_look: Any) -> None:
        """Record the column's values."""
        super().plot(series, name, *look, **named_look)
        self._recorder.plot(series._expression.values, name, *look, **named_look)


def _followed(run: PathStrategyRun, memory: Memory) -> Values | None:
    run.execute_module(None)
    function = run.strategy()
    followed = ColumnRun(run.job.series, memory)
    run.abandonment = followed.abandonment
    run.recorder.look_at(len(run.job.series))
    record = run.record = _ColumnRecord(followed, run.recorder)

    def call(stand_in: Any) -> Any:
        return run.call(function, stand_in)

    values = followed.follow(call)
    if record.prints:
        run.log.write(record.text(len(run.job.series) - 1))
    return None if record.signals else values
