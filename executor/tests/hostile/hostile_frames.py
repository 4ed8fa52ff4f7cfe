"""Frames that an honest child never sends, as sources that send them over the child's socket."""

import base64
import zlib

import numpy as np

from strategiz_executor.generated.frames_pb2 import BarWarning, LiveAnswer, RequestFrame, ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import (
    Diagnostic,
    ExecutionResult,
    Failure,
    Metrics,
    Plot,
    SignalColumns,
    TradeColumns,
)

BARS = 60
MEGABYTE = 1 << 20


def sending(raw: bytes) -> str:
    """Source that sends these bytes, whatever they are, and goes on."""
    packed = base64.b85encode(zlib.compress(raw, 9)).decode()
    return (
        f"forged = modules['zlib'].decompress(builtins.__import__('base64').b85decode({packed!r}))\n"
        "own = own_socket()\nown.sendall(forged)\n"
    )


def framed(message: bytes) -> bytes:
    """With its length before it."""
    return len(message).to_bytes(4, "little") + message


def success(**changed: object) -> ResultFrame:
    """A sound success over BARS bars but for what is changed, by field of the result."""
    result = ExecutionResult(equity=np.full(BARS, 1e4).tobytes())
    frame = ResultFrame(last=True, success=True, result=result, live=LiveAnswer(type=0))
    for name, value in changed.items():
        owner = frame if name in ResultFrame.DESCRIPTOR.fields_by_name else frame.result
        getattr(owner, name).CopyFrom(value) if hasattr(value, "CopyFrom") else setattr(owner, name, value)
    return frame


def signals(count: int = 1, **changed: object) -> SignalColumns:
    """Sound columns of so many signals at the first bar, but for what is changed."""
    columns = {
        "bar": np.zeros(count, "<i4").tobytes(),
        "type": np.ones(count, "i1").tobytes(),
        "outcome": np.full(count, 2, "i1").tobytes(),
        "quantity": bytes(8 * count),
        "fill_price": np.full(count, np.nan).tobytes(),
        "price": np.ones(count).tobytes(),
        "reason": ["x"] * count,
    }
    return SignalColumns(**{**columns, **changed})


def trades(**changed: object) -> TradeColumns:
    """One sound trade but for what is changed."""
    columns = {
        name: np.ones(1).tobytes() for name in ("quantity", "entry_price", "exit_price", "pnl", "pnl_percent")
    }
    columns["entry_bar"] = columns["exit_bar"] = np.ones(1, "<i4").tobytes()
    texts = {"direction": np.ones(1, "i1").tobytes(), "entry_reason": ["x"], "exit_reason": ["x"]}
    return TradeColumns(**{**columns, **texts, **changed})


def _with_field(number: int, body: bytes) -> bytes:
    """A field of bytes by its number."""
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _packed(column: list[float], dtype: str) -> bytes:
    return np.array(column, dtype).tobytes()


HEAD = ResultFrame(last=True, success=True).SerializeToString()
EMPTY = 7 * MEGABYTE // 2
DEEP = _with_field(1, b"")
for _ in range(5_000):
    DEEP = _with_field(1, DEEP)

LIES = {
    "equity_that_is_not_a_number_is_refused": success(equity=np.full(BARS, np.nan).tobytes()),
    "equity_that_is_infinite_is_refused": success(equity=np.full(BARS, np.inf).tobytes()),
    "equity_of_a_bar_more_is_refused": success(equity=np.ones(BARS + 1).tobytes()),
    "equity_of_half_a_number_is_refused": success(equity=bytes(8 * BARS - 3)),
    "no_equity_at_all_is_refused": success(equity=b""),
    "a_signal_after_the_last_bar_is_refused": success(signals=signals(bar=_packed([BARS], "<i4"))),
    "a_signal_before_the_first_bar_is_refused": success(signals=signals(bar=_packed([-1], "<i4"))),
    "a_signal_at_the_lowest_number_is_refused": success(signals=signals(bar=_packed([-(2**31)], "<i4"))),
    "signals_out_of_order_are_refused": success(signals=signals(2, bar=_packed([5, 4], "<i4"))),
    "more_signals_than_bars_are_refused": success(signals=signals(BARS + 1)),
    "a_signal_of_no_type_is_refused": success(signals=signals(type=b"\0")),
    "a_signal_of_a_strange_type_is_refused": success(signals=signals(type=b"\x80")),
    "an_unknown_outcome_is_refused": success(signals=signals(outcome=b"\x63")),
    "a_negative_quantity_is_refused": success(signals=signals(quantity=_packed([-1], "<f8"))),
    "an_endless_price_is_refused": success(signals=signals(price=_packed([np.inf], "<f8"))),
    "a_missing_reason_is_refused": success(signals=signals(reason=[])),
    "reasons_without_signals_are_refused": success(signals=signals(reason=["x"] * 1000)),
    "a_trade_without_signals_is_refused": success(trades=trades()),
    "a_trade_after_the_last_bar_is_refused": success(
        signals=signals(), trades=trades(exit_bar=_packed([BARS], "<i4"))
    ),
    "a_trade_that_ends_before_it_begins_is_refused": success(
        signals=signals(2), trades=trades(exit_bar=_packed([0], "<i4"))
    ),
    "a_trade_without_profit_or_loss_is_refused": success(
        signals=signals(), trades=trades(pnl=_packed([np.nan], "<f8"))
    ),
    "a_metric_that_is_not_a_number_is_refused": success(metrics=Metrics(sharpe=float("nan"))),
    "a_metric_that_is_infinite_is_refused": success(metrics=Metrics(total_return_pct=float("inf"))),
    "reasons_for_metrics_without_end_are_refused": success(
        metrics=Metrics(unavailable={str(n): "x" for n in range(5_000)})
    ),
    "a_live_signal_of_a_strange_type_is_refused": success(live=LiveAnswer(type=7)),
    "a_live_reason_of_megabytes_is_refused": success(live=LiveAnswer(reason="x" * MEGABYTE)),
    "a_success_that_is_also_empty_is_refused": ResultFrame(last=True, success=True),
    "a_failure_of_no_class_is_refused": ResultFrame(last=True),
    "a_failure_of_a_strange_class_is_refused": ResultFrame(
        last=True, failure=Failure(**{"class": "root", "code": "x"})
    ),
    "a_failure_at_a_foreign_bar_is_refused": ResultFrame(
        last=True, failure=Failure(**{"class": "user", "code": "x"}), failure_bar=BARS + 1
    ),
    "a_warning_at_a_foreign_bar_is_refused": ResultFrame(
        **{"last": True, "success": True, "result": success().result}, warnings=[BarWarning(bar=BARS)]
    ),
    "a_plot_of_too_few_values_is_refused": ResultFrame(
        last=True,
        success=True,
        result=ExecutionResult(equity=success().result.equity, plots=[Plot(name="p")]),
    ),
    "logs_of_megabytes_are_refused": ResultFrame(
        last=True, success=True, result=ExecutionResult(equity=success().result.equity, logs=["x" * MEGABYTE])
    ),
}

BROKEN = {
    "bytes_that_are_no_message_are_refused": framed(b"\xff" * 64),
    "no_message_at_all_is_refused": framed(b"") * 3,
    "text_that_is_no_text_is_refused": framed(
        HEAD + _with_field(5, success().result.SerializeToString() + _with_field(5, b"\xff\xfe\xfd"))
    ),
    "a_reason_that_is_no_text_is_refused": framed(HEAD + _with_field(7, _with_field(2, b"\xc0\x80"))),
    "a_field_longer_than_the_frame_is_refused": framed(HEAD + b"\x2a\xff\xff\xff\xff\x07"),
    "a_number_without_an_end_is_refused": framed(b"\xff" * 11),
    "a_group_that_never_ends_is_refused": framed(b"\x0b" * 100_000),
    "a_request_instead_of_a_result_is_refused": framed(RequestFrame(code="x").SerializeToString()),
    "messages_within_messages_without_end_are_refused": framed(_with_field(5, DEEP)),
    "many_frames_that_are_not_the_last_are_refused": framed(ResultFrame(compiled=b"x").SerializeToString())
    * 50,
    "millions_of_warnings_are_refused": framed(HEAD + b"\x32\x00" * EMPTY),
    "millions_of_plots_are_refused": framed(HEAD + _with_field(5, b"\x12\x00" * EMPTY)),
    "millions_of_reasons_are_refused": framed(HEAD + _with_field(5, _with_field(1, b"\x3a\x00" * EMPTY))),
    "millions_of_logs_are_refused": framed(HEAD + _with_field(5, b"\x2a\x00" * EMPTY)),
    "millions_of_missing_metrics_are_refused": framed(HEAD + _with_field(8, b"\x92\x03\x00" * (EMPTY // 2))),
    "millions_of_results_are_refused": framed(HEAD + b"\x2a\x00" * EMPTY),
    "millions_of_unknown_fields_are_refused": framed(HEAD + b"\xfa\x7f\x00" * (EMPTY // 2)),
    "a_validation_of_millions_of_findings_is_refused": framed(
        HEAD + _with_field(12, _with_field(100, Diagnostic().SerializeToString()) * (EMPTY // 2))
    ),
}
TOO_LONG = {
    "a_frame_of_4_gigabytes_is_not_read": b"\xff\xff\xff\xff",
    "a_frame_just_too_long_is_not_read": (8 * MEGABYTE + 1).to_bytes(4, "little") + b"x" * 100,
}
