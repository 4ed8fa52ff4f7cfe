"""A child's summary that lies is refused, whichever part of it lies."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from batch_calls import batch_request, run_batch
from running_executor import REACH_OS, RunningExecutor

from strategiz_executor import batch_layout as layout
from strategiz_executor.generated.strategy_execution_pb2 import NoteSet
from strategiz_executor.server.answer import BadAnswer
from strategiz_executor.server.batch_answers import RECORD, AnswerBuffer, Compiled, Records
from strategiz_executor.server.child_link import FrameTooLong
from strategiz_executor.server.record_checks import COLUMN, check_notes, check_records

BARS, FIRST_PLACE = 100, 7


def honest(count: int = 3) -> Records:
    """Summaries of so many cells."""
    records = np.zeros(count, RECORD)
    records["length"], records["tag"] = RECORD.itemsize - 4, layout.RECORD
    records["place"] = np.arange(FIRST_PLACE, FIRST_PLACE + count)
    records["notes"], records["returns"] = layout.NO_NOTES, BARS - 1
    for name, value in {"buy_count": 3, "sell_count": 2, "total_trades": 2, "profitable_trades": 1}.items():
        records["figures"][:, COLUMN[name]] = value
    records["figures"][:, COLUMN["sharpe"]] = np.nan
    return records


def figure(name: str, value: float) -> Callable[[Records], None]:
    def lie(records: Records) -> None:
        records["figures"][1, COLUMN[name]] = value

    return lie


def field(name: str, value: Any) -> Callable[[Records], None]:
    def lie(records: Records) -> None:
        records[name][1] = value

    return lie


LIES = {
    "a cell twice": field("place", FIRST_PLACE),
    "a cell that was not asked for": field("place", 1_000_000),
    "a live signal of type 2": field("live", 2),
    "a live signal of type -128": field("live", -128),
    "an unknown way": field("way", 4),
    "notes that were not sent": field("notes", 2),
    "notes before all": field("notes", -2),
    "a return too few": field("returns", BARS - 2),
    "NaN return": figure("total_return_pct", np.nan),
    "infinite return": figure("total_return_pct", np.inf),
    "infinite Sharpe": figure("sharpe", -np.inf),
    "infinite kurtosis": figure("return_kurtosis", np.inf),
    "NaN final equity": figure("final_equity", np.nan),
    "half a trade": figure("total_trades", 0.5),
    "fewer than no trades": figure("total_trades", -1),
    "more trades than signals": figure("total_trades", 6),
    "more wins than trades": figure("profitable_trades", 3),
    "more signals than bars": figure("buy_count", BARS),
    "more ignored than signals": figure("ignored_signals", 6),
    "a drawdown longer than the series": figure("longest_drawdown_bars", BARS + 1),
    "a negative drawdown": figure("max_drawdown_pct", -1),
    "exposure above 100 %": figure("exposure_pct", 101),
    "win rate above 100 %": figure("win_rate_pct", 101),
    "negative deviation": figure("return_sd", -1),
    "two open positions": figure("open_position", 2),
}


def test_honest_records_pass() -> None:
    check_records(honest(), FIRST_PLACE, BARS, BARS, note_sets=2)


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused(lie: str) -> None:
    records = honest()
    LIES[lie](records)
    with pytest.raises(BadAnswer):
        check_records(records, FIRST_PLACE, BARS, BARS, note_sets=2)


@pytest.mark.parametrize(
    "notes",
    [
        NoteSet(warnings={"x": "y" * 5_000}),
        NoteSet(unavailable={"y" * 5_000: "x"}),
        NoteSet(why_not_faster="y" * 5_000),
        NoteSet(warnings={str(number): "" for number in range(300)}),
    ],
)
def test_notes_that_are_too_long_are_refused(notes: NoteSet) -> None:
    with pytest.raises(BadAnswer):
        check_notes(notes)


def framed(tag: int, body: bytes) -> bytes:
    return layout.HEAD.pack(len(body) + 1, tag) + body


def test_answers_are_found_however_the_bytes_arrive() -> None:
    sent = (
        framed(layout.COMPILED, b"code")
        + honest(5).tobytes()
        + framed(layout.COMPILED, b"")
        + honest(2).tobytes()
    )
    for step in (1, 7, 100, 10_000):
        buffer, found = AnswerBuffer(1_000), []
        for start in range(0, len(sent), step):
            buffer.add(memoryview(sent)[start : start + step])
            found += list(buffer.answers())
        records = [len(answer) for answer in found if isinstance(answer, np.ndarray)]
        assert sum(records) == 7
        assert [answer.code for answer in found if isinstance(answer, Compiled)] == [b"code", b""]


@pytest.mark.parametrize(
    "forged",
    [
        bytes(5),
        framed(99, b"x"),
        framed(layout.NOTES, b"\0"),
        framed(layout.NOTES, bytes(4) + b"\xff"),
        framed(layout.ASSUMPTIONS, b"\xff"),
        framed(layout.RESULT, bytes(4) + b"\xff"),
        framed(layout.REFUSED, b"\xff"),
    ],
)
def test_frames_that_are_none_are_refused(forged: bytes) -> None:
    buffer = AnswerBuffer(1_000)
    buffer.add(memoryview(forged))
    with pytest.raises(BadAnswer):
        list(buffer.answers())


def test_a_frame_that_announces_too_much_is_not_read() -> None:
    buffer = AnswerBuffer(1_000)
    buffer.add(memoryview(layout.HEAD.pack(1_001, layout.RESULT)))
    with pytest.raises(FrameTooLong):
        list(buffer.answers())


SEND = f"{REACH_OS}\nsend = system['sys'].modules['_socket'].socket(1, 1, 0, 3).send\n"
LAST = "def strategy(data):\n    return 'HOLD'\n"


def forging(does: str) -> str:
    """Code that does this before its strategy is there, where its parameter `forge` says so."""
    lines = f"{SEND}{does}".replace("\n", "\n    ")
    return f"if param('forge', False):\n    {lines}\n{LAST}"


@pytest.mark.parametrize(
    ("does", "code"),
    [
        ("send((8).to_bytes(4, 'little') + bytes(8))", "invalid_result"),
        ("send((9).to_bytes(4, 'little') + b'\\x04' + bytes(8))", "invalid_result"),
        ("send((2**31 - 1).to_bytes(4, 'little') + b'\\x05')", "result"),
        ("system['_exit'](0)", "crashed"),
    ],
)
def test_a_forged_answer_costs_its_cell_and_no_other(
    plain_executor: RunningExecutor, does: str, code: str
) -> None:
    source = forging(does)
    cells = [(0, {"forge": number == 4}) for number in range(12)]
    answer = run_batch(plain_executor, batch_request(source, cells, user_id="mallory"))
    assert answer.failures[4].code == code, answer.failures[4]
    assert set(answer.metrics) == set(range(12)) - {4}


def test_a_cell_that_answers_for_the_next_is_found_out(plain_executor: RunningExecutor) -> None:
    forged = honest(1)
    forged["place"], forged["returns"] = 2, 59
    source = forging(f"send({forged.tobytes()!r})")
    cells = [(0, {"forge": number == 2}) for number in range(6)]
    answer = run_batch(plain_executor, batch_request(source, cells))
    # Its own answer may be as false as it likes; the one after it has to be for the cell after it.
    assert set(answer.metrics) | set(answer.failures) == set(range(6))
    assert set(answer.failures) <= {2, 3}
