"""docs/metrics.md: its worked example is recomputed from its own tables, and it leaves no metric out."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from series import bars_of, signals_of

from strategiz_executor.backtest import (
    FILLED,
    IGNORED_POSITION,
    PENDING,
    Metrics,
    Options,
    compute_metrics,
    run_backtest,
)

PAGE = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text()
OUTCOMES = {"filled": FILLED, "pending": PENDING, "ignored (position)": IGNORED_POSITION}


def table(first_column, after="# "):
    """The rows of the table whose header begins with first_column, as lists of cells."""
    text = PAGE[PAGE.index(after) :]
    lines = text[text.index(f"| {first_column} |") :].splitlines()
    end = next(i for i, line in enumerate(lines) if not line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:end]]


BARS = table("bar")
SIGNALS = table("signal at bar")
SERIES = bars_of([float(row[1]) for row in BARS], [float(row[2]) for row in BARS])
RESULT = run_backtest(SERIES, *signals_of(*((int(row[0]), row[1]) for row in SIGNALS)), Options())
METRICS = compute_metrics(SERIES, RESULT, Options(), "1D")


def as_printed(value, printed):
    """The value with as many decimals as the page prints."""
    decimals = len(printed.partition(".")[2])
    return f"{value:.{decimals}f}"


def test_the_equity_of_the_worked_example_is_what_the_backtest_gives():
    assert len(BARS) == 8
    assert [as_printed(v, row[3]) for v, row in zip(RESULT.equity, BARS, strict=True)] == [r[3] for r in BARS]


def test_the_signals_of_the_worked_example_end_as_the_page_says():
    assert RESULT.outcome.tolist() == [OUTCOMES[row[2]] for row in SIGNALS]
    for place, (_, _, outcome, price, quantity) in enumerate(SIGNALS):
        if outcome == "filled":
            assert as_printed(RESULT.fill_price[place], price) == price
            assert as_printed(RESULT.quantity[place], quantity) == quantity


def test_the_trades_of_the_worked_example_are_those_of_the_backtest():
    rows, trades = table("entry bar"), RESULT.trades
    assert trades.entry_bar.tolist() == [int(row[0]) for row in rows]
    assert trades.exit_bar.tolist() == [-1 if row[1] == "open" else int(row[1]) for row in rows]
    columns = (trades.quantity, trades.entry_price, trades.exit_price, trades.pnl, trades.pnl_percent)
    for place, row in enumerate(rows):
        assert [as_printed(c[place], cell) for c, cell in zip(columns, row[2:], strict=True)] == row[2:]


def test_the_steps_of_the_first_trade_add_up():
    steps = re.findall(r"^\w[\w ]*?  +(\S.*?) += ([\d.]+)$", PAGE, re.MULTILINE)
    assert len(steps) == 5
    for formula, printed in steps:
        value = eval(formula.replace(" x ", " * "), {})  # the page is ours
        assert value == pytest.approx(float(printed), abs=1.1e-4)


def test_the_metrics_of_the_worked_example_are_what_the_backtest_gives():
    rows = table("metric", after="The first trade")
    assert len(rows) >= 15
    for name, printed, reason in rows:
        value = getattr(METRICS, name.strip("`"))
        if printed == "none":
            assert METRICS.unavailable[name.strip("`")] == reason
        else:
            assert as_printed(value, printed) == printed, name


def test_every_metric_has_a_line_with_its_formula():
    documented = {row[0].strip("`") for row in table("metric", after="## Metrics")}
    assert documented == set(Metrics._fields) - {"unavailable"}


def test_every_option_has_a_line_with_its_default():
    rows = {row[0].strip("`"): row[1].strip("`").replace(",", "") for row in table("option")}
    assert set(rows) == {field.name for field in fields(Options)}
    for field in fields(Options):
        if field.default is not None:
            assert rows[field.name] == str(field.default).lower().removesuffix(".0"), field.name
