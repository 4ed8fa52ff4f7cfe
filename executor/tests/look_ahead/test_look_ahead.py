"""The look-ahead check: it names strategies that know later bars, and leaves the honest ones alone."""

import re

import numpy as np
import pytest
from batch_cells import answers_of
from cheats import CHEATS, RARE_CHEATS
from honest import HONEST
from running_executor import RunningExecutor, some_columns
from strategy_runs import Answer, columns_of, market_bars, ok, run, tiny_bars, validated

from strategiz_executor.generated.frames_pb2 import Limits
from strategiz_executor.generated.strategy_execution_pb2 import BacktestOptions
from strategiz_executor.strategy.batch.cells import GUARDED_CELL_IN

SERIES = (("AAPL", 2_520), ("GOOG", 1_500))
UNCHECKED = BacktestOptions(look_ahead_check=False)
TOMORROW = CHEATS["tomorrow's close"]


def first_difference(answer: Answer) -> tuple[int, str]:
    """Bar and message of the warning."""
    ((bar, message),) = [(w.bar, w.message) for w in answer.frame.warnings if w.code == "look_ahead"]
    return bar, message


@pytest.mark.parametrize("trick", CHEATS)
def test_a_strategy_that_knows_later_bars_is_named(trick: str) -> None:
    for symbol, count in SERIES:
        bar, message = first_difference(ok(CHEATS[trick], market_bars(symbol, count)))
        assert 0 <= bar < count
        assert f"at bar {bar + 1} " in message


@pytest.mark.parametrize("trick", RARE_CHEATS)
def test_a_look_ahead_that_shows_on_few_bars_is_named_on_some_series(trick: str) -> None:
    answers = [
        ok(RARE_CHEATS[trick], market_bars(s, n))
        for s in ("AAPL", "GOOG", "SPX", "MSFT")
        for n in (2_100, 1_500, 700)
    ]
    assert any("look_ahead" in answer.warnings for answer in answers)


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_strategy_is_left_alone(name: str) -> None:
    for symbol, count in SERIES:
        answer = ok(HONEST[name], market_bars(symbol, count))
        assert not {"look_ahead", "look_ahead_unchecked"} & answer.warnings.keys(), answer.warnings


def test_the_bar_of_the_warning_is_one_that_really_differs() -> None:
    for symbol in ("AAPL", "GOOG", "MSFT"):
        columns = market_bars(symbol, 500)
        bar, message = first_difference(ok(TOMORROW, columns))
        told = re.search(r"with the first (\d+) alone|if prices (fall|double) .* after bar (\d+)", message)
        known, change = int(told[1] or told[3]), {"fall": 0.5, "double": 2.0}.get(told[2], 0.0)
        other = run(TOMORROW, with_other_future(columns, known, change), options=UNCHECKED)
        assert said_at(bar, other) != said_at(bar, ok(TOMORROW, columns))


def said_at(bar: int, answer: Answer) -> list[str]:
    return [word for at, word in answer.words if at == bar]


def with_other_future(columns, count, change):
    parts = (columns.timestamp_ms, columns.open, columns.high, columns.low, columns.close, columns.volume)
    whole = [
        np.frombuffer(part, kind) for part, kind in zip(parts, ("<i8", *["<f8"] * 4, "<i8"), strict=True)
    ]
    if not change:
        return columns_of(*(column[:count] for column in whole))
    factor = np.where(np.arange(len(whole[0])) < count, 1.0, change)
    return columns_of(whole[0], *(column * factor for column in whole[1:5]), whole[5])


def test_the_same_job_gets_the_same_warning() -> None:
    for trick in ("tomorrow's close", "peaks known by what follows"):
        once, again = (ok(CHEATS[trick], market_bars("GOOG", 900)) for _ in range(2))
        assert first_difference(once) == first_difference(again)


def test_the_check_can_be_left_out() -> None:
    answer = ok(TOMORROW, market_bars("AAPL", 300), options=UNCHECKED)
    assert "look_ahead" not in answer.warnings


def test_forms_asked_at_every_bar_are_not_checked() -> None:
    for code in (
        "def strategy(data):\n    return 'BUY' if (data.close.shift(-1) > data.close).iloc[-2:].any() else 'SELL'",
        "if (df.close - df.close.mean()).iloc[-1] > 0: signal('BUY', 'x')",
    ):
        answer = ok(code, market_bars("AAPL", 60))
        assert answer.form in (1, 4)
        assert "look_ahead" not in answer.warnings


def test_results_are_the_same_with_and_without_the_check() -> None:
    for code in [
        *CHEATS.values(),
        *(HONEST[n] for n in ("random entries", "prints the best day of all", "expanding")),
    ]:
        columns = market_bars("AAPL", 400)
        checked, plain = run(code, columns), run(code, columns, options=UNCHECKED)
        for name in ("success", "result", "metrics", "live", "failure"):
            assert getattr(checked.frame, name) == getattr(plain.frame, name), name


def test_one_or_two_bars_are_enough_to_run() -> None:
    for closes in ([10.0], [10.0, 11.0]):
        assert ok("def strategy(data):\n    return data.close > 10", tiny_bars(closes)).form == 2


def test_a_strategy_that_takes_long_is_not_failed_by_the_check_and_says_so() -> None:
    code = (
        "def strategy(data):\n    for _ in range(3_000_000): pass\n    return data.close > data.close.mean()"
    )
    answer = ok(code, market_bars("AAPL", 300), limits=Limits(timeout_ms=1))
    assert answer.warnings["look_ahead_unchecked"].startswith("only 0 of ")
    assert "look_ahead" not in answer.warnings


def test_a_strategy_that_raises_on_other_bars_is_neither_failed_nor_named() -> None:
    code = "def strategy(data):\n    if data.close.iloc[-1] != 19: raise OSError\n    return data.close > 15"
    answer = ok(code, tiny_bars(list(range(10, 20))))
    assert "look_ahead" not in answer.warnings


def test_a_batch_checks_the_first_cell_of_a_series_and_every_fiftieth() -> None:
    found, notes, refused = answers_of(TOMORROW, market_bars("AAPL", 300), cells=GUARDED_CELL_IN + 2)
    assert refused is None
    warned = [place for place, cell in enumerate(found) if "look_ahead" in notes_of(cell, notes)]
    assert warned == [0, GUARDED_CELL_IN]


def notes_of(cell, notes):
    return dict(notes[int(cell["notes"])].warnings) if int(cell["notes"]) in notes else {}


def test_a_caller_sees_the_first_differing_bar_by_its_time_and_can_leave_the_check_out(
    executor: RunningExecutor,
) -> None:
    answer = executor.execute(TOMORROW, 200)
    (warning,) = answer.warnings
    assert warning.code == "look_ahead"
    bar = int(warning.message.split("at bar ")[1].split()[0])
    times = np.frombuffer(some_columns(200).timestamp_ms, "<i8").astype("M8[ms]")
    assert warning.bar_timestamp.startswith(str(times[bar - 1])[:10])
    unchecked = executor.execute(TOMORROW, 200, options=UNCHECKED)
    assert not unchecked.warnings


def test_validate_names_a_look_ahead_that_reading_does_not_find() -> None:
    found = validated(CHEATS["a negative shift hidden in a variable"])
    (finding,) = [each for each in found.diagnostics if "look_ahead" in each.code]
    assert (finding.severity, finding.code) == ("warning", "look_ahead")
    assert found.valid
    honest = validated(HONEST["averages that cross"])
    assert not [each for each in honest.diagnostics if "look_ahead" in each.code]
