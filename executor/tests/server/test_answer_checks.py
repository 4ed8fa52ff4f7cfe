"""A result that lies is refused, whichever part of it lies."""

from collections.abc import Callable

import numpy as np
import pytest

from strategiz_executor.generated.frames_pb2 import Limits, RequestFrame, ResultFrame
from strategiz_executor.server.answer import BadAnswer, check_answer, parse_answer
from strategiz_executor.server.limits import ExecutionLimits

BARS = 10
ASKED = RequestFrame(backtest=True, limits=Limits(signals=BARS))


def ints(*values: int) -> bytes:
    return np.array(values, "<i4").tobytes()


def small(*values: int) -> bytes:
    return np.array(values, "i1").tobytes()


def floats(*values: float) -> bytes:
    return np.array(values, "<f8").tobytes()


def honest() -> ResultFrame:
    """Two signals, one trade, one plot over ten bars."""
    frame = ResultFrame(last=True, success=True)
    frame.result.equity = floats(*range(BARS))
    signals = frame.result.signals
    signals.bar, signals.type, signals.outcome = ints(1, 4), small(1, -1), small(0, 0)
    signals.quantity, signals.fill_price, signals.price = floats(1, 1), floats(5, 6), floats(5, 6)
    signals.reason.extend(["in", "out"])
    trades = frame.result.trades
    trades.entry_bar, trades.exit_bar, trades.direction = ints(2), ints(5), small(1)
    for name in ("quantity", "entry_price", "exit_price", "pnl", "pnl_percent"):
        setattr(trades, name, floats(1))
    trades.entry_reason.append("in")
    trades.exit_reason.append("out")
    frame.result.plots.add(name="p", values=floats(*range(BARS)))
    frame.result.logs.append("hello")
    return frame


def check(frame: ResultFrame) -> None:
    check_answer(parse_answer(frame.SerializeToString()), ASKED, BARS, ExecutionLimits())


def test_an_honest_result_passes() -> None:
    check(honest())


LIES: dict[str, Callable[[ResultFrame], object]] = {
    "equity too short": lambda f: setattr(f.result, "equity", floats(1)),
    "equity not of f64": lambda f: setattr(f.result, "equity", b"123"),
    "equity missing": lambda f: f.result.ClearField("equity"),
    "equity NaN": lambda f: setattr(f.result, "equity", floats(*[np.nan] * BARS)),
    "equity infinite": lambda f: setattr(f.result, "equity", floats(*[np.inf] * BARS)),
    "signal after the last bar": lambda f: setattr(f.result.signals, "bar", ints(1, BARS)),
    "signal before the first bar": lambda f: setattr(f.result.signals, "bar", ints(-1, 4)),
    "signals out of order": lambda f: setattr(f.result.signals, "bar", ints(4, 1)),
    "signal type 2": lambda f: setattr(f.result.signals, "type", small(1, 2)),
    "signal type 0": lambda f: setattr(f.result.signals, "type", small(0, 1)),
    "signal type -128": lambda f: setattr(f.result.signals, "type", small(-128, 1)),
    "too few signal types": lambda f: setattr(f.result.signals, "type", small(1)),
    "outcome 5": lambda f: setattr(f.result.signals, "outcome", small(0, 5)),
    "negative quantity": lambda f: setattr(f.result.signals, "quantity", floats(1, -1)),
    "infinite quantity": lambda f: setattr(f.result.signals, "quantity", floats(1, np.inf)),
    "filled without price": lambda f: setattr(f.result.signals, "fill_price", floats(1, np.nan)),
    "NaN price": lambda f: setattr(f.result.signals, "price", floats(1, np.nan)),
    "reason missing": lambda f: f.result.signals.reason.pop(),
    "one icon for two signals": lambda f: f.result.signals.icon.append("x"),
    "more trades than signals": lambda f: setattr(f.result.trades, "entry_bar", ints(1, 2, 3)),
    "trade at a foreign bar": lambda f: setattr(f.result.trades, "entry_bar", ints(BARS)),
    "exit before entry": lambda f: setattr(f.result.trades, "exit_bar", ints(1)),
    "exit at a foreign bar": lambda f: setattr(f.result.trades, "exit_bar", ints(-2)),
    "trade without direction": lambda f: setattr(f.result.trades, "direction", small(0)),
    "NaN pnl": lambda f: setattr(f.result.trades, "pnl", floats(np.nan)),
    "trade reason missing": lambda f: f.result.trades.exit_reason.pop(),
    "plot too long": lambda f: setattr(f.result.plots[0], "values", floats(*range(BARS + 1))),
    "plot with a long name": lambda f: setattr(f.result.plots[0], "name", "x" * 300),
    "NaN linewidth": lambda f: setattr(f.result.plots[0], "linewidth", np.nan),
    "too many plots": lambda f: f.result.plots.extend([f.result.plots[0]] * 20),
    "too much log": lambda f: f.result.logs.append("x" * 70_000),
    "too many log lines": lambda f: f.result.logs.extend([""] * 70_000),
    "NaN metric": lambda f: setattr(f.metrics, "sharpe", np.nan),
    "infinite assumption": lambda f: setattr(f.assumptions, "bars_per_year", np.inf),
    "long name of a metric": lambda f: f.metrics.unavailable.update({"x" * 5000: ""}),
    "live signal of type 2": lambda f: setattr(f.live, "type", 2),
    "long live reason": lambda f: setattr(f.live, "reason", "x" * 5000),
    "warning at a foreign bar": lambda f: f.warnings.add(code="a", message="b", bar=BARS),
    "warning before all bars": lambda f: f.warnings.add(code="a", message="b", bar=-2),
    "many warnings": lambda f: [f.warnings.add(code="a", bar=-1) for _ in range(300)],
    "NaN timing": lambda f: setattr(f.timings, "run_ms", np.nan),
    "long way": lambda f: setattr(f.replay, "way", "x" * 5000),
    "failure without class": lambda f: setattr(f, "success", False),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused(lie: str) -> None:
    frame = honest()
    LIES[lie](frame)
    with pytest.raises(BadAnswer):
        check(frame)


def test_text_that_is_not_utf_8_is_refused() -> None:
    raw = honest().SerializeToString().replace(b"hello", b"\xff\xfe\xff\xfe\xff")
    with pytest.raises(BadAnswer):
        parse_answer(raw)


def test_an_infinite_value_of_a_plot_becomes_a_gap() -> None:
    frame = honest()
    frame.result.plots[0].values = floats(*[np.inf, -np.inf, np.nan, 1.0] + [2.0] * 6)
    check_answer(frame, ASKED, BARS, ExecutionLimits())
    values = np.frombuffer(frame.result.plots[0].values, "<f8")
    assert np.isnan(values[:3]).all() and (values[3:] > 0).all()


def test_fields_that_nobody_knows_are_dropped() -> None:
    raw = honest().SerializeToString()
    assert len(parse_answer(raw + b"\xfa\x3f\x04evil").SerializeToString()) == len(raw)


def test_a_failure_has_its_texts_cut_and_its_own_timestamp_dropped() -> None:
    frame = ResultFrame(last=True, failure_bar=3)
    setattr(frame.failure, "class", "user")
    frame.failure.code, frame.failure.message = "exception", "x" * 10_000
    frame.failure.bar_timestamp, frame.failure.limit_used = "1970", np.nan
    check_answer(frame, ASKED, BARS, ExecutionLimits())
    assert len(frame.failure.message) == 4096
    assert (frame.failure.bar_timestamp, frame.failure.limit_used) == ("", 0)
    frame.failure_bar = BARS + 1
    with pytest.raises(BadAnswer):
        check_answer(frame, ASKED, BARS, ExecutionLimits())
