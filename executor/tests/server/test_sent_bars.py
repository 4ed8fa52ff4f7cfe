"""The bars of a request, as they are sent to a child and named to the caller."""

import numpy as np
import pytest

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.server.bars import iso_time, iso_times, read_columns
from strategiz_executor.server.request_frame import field_head, raw_bars
from strategiz_executor.strategy.made_up_bars import made_up_bars


@pytest.mark.parametrize("count", [1, 2, 3, 340, 341, 342, 2_520, 20_000])
def test_a_frame_and_the_bars_after_it_are_the_frame_with_them(count: int):
    bars = read_columns(made_up_bars(count, seed=1))
    frame = RequestFrame(kind=RequestFrame.EXECUTE, code="x", symbol="AAPL")
    whole = RequestFrame(kind=RequestFrame.EXECUTE, code="x", symbol="AAPL", bars=bars.columns)
    sent = b"".join((frame.SerializeToString(), *raw_bars(bars)))
    assert RequestFrame.FromString(sent) == whole


@pytest.mark.parametrize("size", [0, 1, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152])
def test_the_head_of_a_field_of_any_size(size: int):
    frame = RequestFrame.FromString(field_head(2, size) + b"x" * size)
    assert frame == RequestFrame(code="x" * size)


@pytest.mark.parametrize(
    "time", [0, -1, 1, 999, 1_000, -1_000, 1_577_923_200_000, 1_577_923_200_123, 9_223_286_400_000]
)
def test_one_time_is_named_as_many_are(time: int):
    assert (iso_time(time),) == iso_times(np.array([time]))
