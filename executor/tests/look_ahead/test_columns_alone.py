"""Strategies that are proven to know no later bars: the proof never holds for one that does."""

import os
from unittest import mock

from both_ways import walk
from cheats import CHEATS, RARE_CHEATS
from honest import HONEST
from hypothesis import HealthCheck, given, settings
from random_strategies import column_sources
from strategy_runs import market_bars

from strategiz_executor.strategy.bars_frame import read_series
from strategiz_executor.strategy.compile import compile_program
from strategiz_executor.strategy.errors import RaisedByStrategyError, StrategyError
from strategiz_executor.strategy.language import GUARDED_PYTHON
from strategiz_executor.strategy.look_ahead import check
from strategiz_executor.strategy.look_ahead.cuts import After, Cut
from strategiz_executor.strategy.look_ahead.other_future import series_with, signals_of
from strategiz_executor.strategy.replay.by_columns import compared_with_columns
from strategiz_executor.strategy.replay.fast.column_run import ColumnRun
from strategiz_executor.strategy.replay.fast.expression import Memory
from strategiz_executor.strategy.replay.once import replay_once
from strategiz_executor.strategy.replay.replayed import Replayed
from strategiz_executor.strategy.strategy_run import Job, LatestRun
from strategiz_executor.strategy.whole_run import Form, WholeRun, run_whole

EXAMPLES = int(os.environ.get("REPLAY_EXAMPLES", "60"))
PROVEN = (
    "averages that cross",
    "ewm",
    "expanding",
    "Wilder's RSI",
    "MACD of TA-Lib",
    "breakout of yesterday's channel",
)


def whole_of(source: str, bars) -> WholeRun | None:
    job = Job(
        compile_program(source, GUARDED_PYTHON),
        GUARDED_PYTHON,
        read_series(bars),
        {},
        1 << 16,
        0,
        LatestRun(),
    )
    try:
        return run_whole(job)
    except (StrategyError, RaisedByStrategyError):
        return None


def is_proven(whole: WholeRun) -> bool:
    return compared(whole).of_columns_alone


def compared(whole: WholeRun) -> Replayed:
    return compared_with_columns(replay_once(whole), whole.run.job, Memory())


def test_no_cheat_is_proven_honest() -> None:
    bars = market_bars("AAPL", 400)
    wholes = {name: whole_of(code, bars) for name, code in {**CHEATS, **RARE_CHEATS}.items()}
    proven = [
        name for name, whole in wholes.items() if whole and whole.form is Form.COLUMN and is_proven(whole)
    ]
    assert proven == []


def test_usual_strategies_are_proven_and_not_run_again() -> None:
    bars = market_bars("AAPL", 400)
    with mock.patch.object(check, "signals_of", side_effect=AssertionError("run again")):
        for name in PROVEN:
            whole = whole_of(HONEST[name], bars)
            assert whole is not None, name
            proven = compared(whole)
            assert proven.of_columns_alone, name
            assert check.find_look_ahead(proven, whole.run.job, 0.0, float("inf")) is None, name


def test_a_fast_operation_that_is_wrong_proves_nothing() -> None:
    whole = whole_of(HONEST["averages that cross"], market_bars("AAPL", 400))
    assert whole is not None
    right = ColumnRun.follow
    with mock.patch.object(ColumnRun, "follow", lambda *given: ~right(*given)):
        seen = compared(whole)
    assert not seen.of_columns_alone
    assert seen.guard_difference_bar > 0


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="REPLAY_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(column_sources())
def test_what_is_proven_says_the_same_whatever_comes_after(source: str) -> None:
    whole = whole_of(source, walk(3, 45, 0.5))
    if whole is None or whole.form is not Form.COLUMN:
        return
    try:
        really = replay_once(whole).signals
    except StrategyError:
        return
    job = whole.run.job
    if not is_proven(whole):
        return
    for cut in [Cut(bars, after) for bars in range(1, 45, 4) for after in After]:
        otherwise = signals_of(job, series_with(job.series, cut), Form.COLUMN)
        assert otherwise is None or check._difference(otherwise, really, cut) is None, (cut, source)
