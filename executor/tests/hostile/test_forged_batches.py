"""A batch's child may say what it likes: the server believes no more than one cell's own figures."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from batch_calls import BatchAnswer, batch_request, run_batch
from hostile_arena import MOST_GROWTH_KB, Arena
from hostile_frames import success
from running_executor import RunningExecutor

from strategiz_executor import batch_layout as layout
from strategiz_executor.generated.frames_pb2 import ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import BATCH_DETAIL_FULL as FULL
from strategiz_executor.generated.strategy_execution_pb2 import Assumptions, Failure, NoteSet
from strategiz_executor.server.batch_answers import RECORD

CELLS, FORGER = 8, 3  # the forger's place among the cells
NEXT_NOTES = 1  # the cells before it have sent the set with the number 0
BARS = 60
LIMIT_S = 2
HARMLESS = "def strategy(data):\n    return 'HOLD'\n"


def framed(tag: int, body: bytes) -> bytes:
    return layout.HEAD.pack(len(body) + 1, tag) + body


def records(count: int, **changed: object) -> bytes:
    """Sound summaries of the cells from the forger's on, but for what is changed."""
    rows = np.zeros(count, RECORD)
    rows["length"], rows["tag"] = RECORD.itemsize - layout.LENGTH_BYTES, layout.RECORD
    rows["place"] = np.arange(FORGER, FORGER + count)
    rows["notes"], rows["returns"] = layout.NO_NOTES, BARS - 1
    for name, value in changed.items():
        rows[name] = value
    return rows.tobytes()


FAILED = ResultFrame(last=True, failure=Failure(**{"class": "user", "code": "x", "message": "x"}))
PLACE = layout.PLACE.pack(FORGER)
LIES = {
    "a_record_of_another_cell": records(1, place=FORGER + 2),
    "a_record_of_a_cell_long_answered": records(1, place=0),
    "a_record_of_a_cell_before_the_first": records(1, place=-1),
    "a_record_that_is_infinite": records(1, figures=np.inf),
    "a_record_of_notes_never_sent": records(1, notes=7),
    "a_record_of_more_bars": records(1, returns=BARS),
    "a_record_of_an_unknown_way": records(1, way=99),
    "a_frame_of_an_unknown_kind": framed(77, b"x" * 100),
    "a_frame_of_no_bytes": bytes(5),
    "notes_out_of_order": framed(layout.NOTES, layout.NOTES_ID.pack(5) + NoteSet().SerializeToString()),
    "notes_with_a_negative_number": framed(layout.NOTES, layout.NOTES_ID.pack(-1)),
    "notes_that_are_no_message": framed(layout.NOTES, layout.NOTES_ID.pack(0) + b"\xff" * 40),
    "notes_without_end": b"".join(
        framed(layout.NOTES, layout.NOTES_ID.pack(number))
        for number in range(NEXT_NOTES, layout.MOST_NOTE_SETS + 1)
    ),
    "assumptions_that_are_not_numbers": framed(
        layout.ASSUMPTIONS, Assumptions(initial_capital=float("nan")).SerializeToString()
    ),
    "assumptions_that_are_no_message": framed(layout.ASSUMPTIONS, b"\xff" * 40),
    "a_result_where_a_summary_was_asked_for": framed(layout.RESULT, PLACE + success().SerializeToString()),
    "a_failure_of_another_cell": framed(
        layout.RESULT, layout.PLACE.pack(FORGER + 1) + FAILED.SerializeToString()
    ),
    "a_result_too_short_for_its_place": framed(layout.RESULT, b"x"),
    "a_refusal_that_is_a_success": framed(layout.REFUSED, success().SerializeToString()),
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Arena]:
    """One server without the language layer, as this user."""
    arena = Arena()
    yield arena
    arena.close()


def run_forged(arena: Arena, raw: bytes, then: str = "own.recv(1)") -> BatchAnswer:
    """A batch of which one cell sends these bytes, and by default says nothing more."""
    forge = f"{arena.prologue('')}own = own_socket()\nown.sendall({raw!r})\n{then}\n"
    indented = "".join(f"    {line}\n" for line in forge.splitlines())
    source = f"if param('forge', False):\n{indented}{HARMLESS}"
    cells = [(0, {"forge": cell == FORGER}) for cell in range(CELLS)]
    request = batch_request(source, cells, [BARS], user_id="mallory", cell_timeout_seconds=LIMIT_S)
    before = arena.resident_kb()
    answer = run_batch(arena.executor, request)
    assert arena.resident_kb() - before < MOST_GROWTH_KB
    assert arena.traces() == []
    arena.run_honest()
    return answer


@pytest.mark.parametrize("name", LIES)
def test_a_lie_costs_the_cell_that_told_it_and_no_other(shared: Arena, name: str) -> None:
    answer = run_forged(shared, LIES[name])
    assert set(answer.failures) == {FORGER}
    assert answer.failures[FORGER].code == "invalid_result", answer.failures[FORGER]
    assert set(answer.metrics) == set(range(CELLS)) - {FORGER}


def test_a_child_that_answers_for_all_its_cells_ends_its_own_batch_alone(shared: Arena) -> None:
    """It speaks for cells of its own owner's same code: they are its own to spoil, and no more."""
    answer = run_forged(shared, records(CELLS), then="while True:\n    pass")
    assert set(answer.metrics) | set(answer.failures) == set(range(CELLS))
    assert answer.totals is not None
    assert answer.totals.cells == CELLS


FLOODS = {
    "compiled_code": (layout.COMPILED, b"x"),
    "assumptions": (layout.ASSUMPTIONS, b""),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_frames_that_come_once_ends_the_child(shared: Arena, name: str) -> None:
    """Thousands a millisecond would else be all that the server reads."""
    frame = framed(*FLOODS[name])
    answer = run_forged(shared, frame, then=f"many = {frame!r} * 20_000\nwhile True:\n    own.sendall(many)")
    assert answer.failures[FORGER].code == "invalid_result"
    assert set(answer.metrics) == set(range(CELLS)) - {FORGER}


def test_whoever_blocks_ends_at_its_limit(shared: Arena) -> None:
    """It needs no core: nothing makes its limit longer."""
    began = time.monotonic()
    answer = run_forged(shared, b"", then="while True:\n    own.recv(1 << 20)")
    assert answer.failures[FORGER].code == "timeout"
    assert set(answer.metrics) == set(range(CELLS)) - {FORGER}
    assert time.monotonic() - began < 5 * LIMIT_S


def test_whoever_never_stops_sending_stops_nobody_else(shared: Arena) -> None:
    """One byte at a time of a frame that never ends: while it lasts others are served, and it ends at its deadline."""
    whole = layout.HEAD.pack(7 << 20, layout.RESULT)
    with ThreadPoolExecutor(1) as thread:
        hostile = thread.submit(run_forged, shared, whole, then="while True:\n    own.send(b'x')")
        served = 0
        while not hostile.done():
            shared.run_honest()
            served += 1
    answer = hostile.result()
    assert answer.failures[FORGER].code in ("timeout", "no_core")  # as the cores have time for it
    assert set(answer.metrics) == set(range(CELLS)) - {FORGER}
    assert served > 1


NOTES_OF_MEGABYTES = """
def entry(key):
    text = b'\\x0a\\x04' + b'%04d' % key + b'\\x12\\x80\\x20' + b'x' * 4096
    return b'\\x0a' + bytes([len(text) & 127 | 128, len(text) >> 7]) + text
body = b''.join(entry(key) for key in range(200))
for number in range(1, 1000):
    own.sendall(struct.pack('<IBi', len(body) + 5, 3, number) + body)
"""


NOTES_OF_MILLIONS = """
body = b'\\x0a\\x00' * (3 << 20)
own.sendall(struct.pack('<IBi', len(body) + 5, 3, 1) + body)
own.recv(1)
"""
NOTES = {
    "each_set_within_its_limits_and_800_megabytes_of_them": (NOTES_OF_MEGABYTES, "more bytes of notes"),
    "one_set_of_millions_of_entries": (NOTES_OF_MILLIONS, "fields"),
}


@pytest.mark.parametrize("name", NOTES)
def test_notes_do_not_fill_the_server(shared: Arena, name: str) -> None:
    send, complaint = NOTES[name]
    answer = run_forged(shared, b"", then=send)
    assert answer.failures[FORGER].code == "invalid_result", answer.failures[FORGER]
    assert complaint in answer.failures[FORGER].message


def test_a_refusal_by_a_later_cell_ends_its_own_batch_alone(shared: Arena) -> None:
    answer = run_forged(shared, framed(layout.REFUSED, FAILED.SerializeToString()))
    assert answer.failure is not None
    assert answer.totals is not None


CHANGING = {
    "the_data": "data.iloc[:, :] = 1.0\n        data['close'] = 2.0\n        data.index = data.index[::-1]",
    "the_values_behind_the_data": "data['close'].to_numpy()[:] = 1.0",
    "the_columns": "data.columns = ['a', 'b', 'c', 'd', 'e']",
    "a_list_of_the_module": "seen.extend([1] * 99)",
    "a_default_of_a_function": "remember(5)",
    "a_class_of_the_module": "Box.kept = 99",
    "random_numbers": "np.random.seed(1)\n        import random\n        random.seed(1)",
    "how_numpy_treats_errors": "np.seterr(all='raise')",
    "a_library": "pd.DataFrame.mean = None",
    "a_function_of_numpy": "np.mean = None",
    "a_module": "import math\n        math.sqrt = None",
    "a_parameter": "params['late'] = 1",
    "a_name_of_the_layer": "globals()['signal'] = None",
    "the_precision_of_decimals": "import decimal\n        decimal.getcontext().prec = 1",
    "the_names_of_python": "__builtins__['len'] = None",
}
LATER = """
import decimal, math, random
seen = []
class Box:
    kept = 0
def remember(value=None, kept=[]):
    kept.append(value)
    return len(kept)
def strategy(data):
    if param('change', False):
        try:
            CHANGE
        except Exception:
            pass
    told = (len(seen), Box.kept, remember(), random.random(), float(np.random.rand()), np.geterr()['divide'])
    print(told, math.sqrt(2), float(data['close'].mean()), list(data.columns), str(decimal.Decimal(1) / 3))
    return 'BUY' if np.mean(data['close']) > param('late', 0) else 'SELL'
"""


@pytest.mark.parametrize("name", CHANGING)
def test_no_cell_changes_the_next(executor: RunningExecutor, name: str) -> None:
    """With the language layer, as strategies run; what it refuses at once changes nothing either."""
    source = LATER.replace("CHANGE", CHANGING[name])
    cells = [(0, {"change": cell == 1}) for cell in range(4)]
    answer = run_batch(executor, batch_request(source, cells, [20], user_id="mallory", detail=FULL))
    logs = [list(answer.results[cell].logs) for cell in range(4)] if answer.results else []
    if logs and any(logs):
        assert logs[0] == logs[2] == logs[3]
        assert answer.results[0].result == answer.results[2].result == answer.results[3].result
    else:
        assert {failure.code for failure in answer.failures.values()} | (
            {answer.failure.code} if answer.failure else set()
        ) <= {"not_available", "syntax_error"}, answer
