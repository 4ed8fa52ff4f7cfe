"""Strategies of form 2 that need no look at other futures: they are made of causal operations on columns alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from strategiz_executor.strategy.answers import column_answer
from strategiz_executor.strategy.errors import RaisedByStrategyError, StrategyError
from strategiz_executor.strategy.replay.fast.column_run import ColumnRun
from strategiz_executor.strategy.replay.fast.expression import Memory, Values
from strategiz_executor.strategy.replay.fast.give_up import GiveUp
from strategiz_executor.strategy.replay.fast.path_record import PathRecord
from strategiz_executor.strategy.replay.fast_run import PathStrategyRun
from strategiz_executor.strategy.signal_recorder import Signal
from strategiz_executor.strategy.strategy_run import Job, LatestRun


def is_made_of_columns_alone(job: Job, really: Sequence[Signal]) -> bool:
    """Whether every run over other later bars would say the same up to them, as a proof instead of a sample.

    It holds where the gate found nothing that is kept or that differs between runs, where each operation is on the
    list of the path run (replay/fast), and no single value was looked at. And the column that those operations give
    must say what the strategy really said: where they differ, the defect is ours, and nothing is proven.
    """
    if job.program.fast.for_function:
        return False
    try:
        values = _followed(replace(job, latest=LatestRun()))
        if values is None:
            return False
        events = column_answer(values, job.series).events
    except (GiveUp, StrategyError, RaisedByStrategyError):
        return False
    bars = np.flatnonzero(events)
    said = list(zip(bars.tolist(), events[bars].tolist(), strict=True))
    return said == [(signal.bar, signal.type) for signal in really]


def _followed(job: Job) -> Values | None:
    run = PathStrategyRun(job)
    run.execute_module(None)
    function = run.strategy()
    followed = ColumnRun(job.series, Memory())
    run.abandonment = followed.abandonment
    run.recorder.look_at(len(job.series))
    run.record = PathRecord(followed)

    def call(stand_in: Any) -> Any:
        return run.call(function, stand_in)

    return followed.follow(call)
