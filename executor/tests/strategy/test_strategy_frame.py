import numpy as np
import pandas as pd
import pytest
from strategy_runs import fails, market_bars, ok, tiny_bars

from strategiz_executor.generated.strategy_execution_pb2 import BarColumns
from strategiz_executor.strategy.bars_frame import frame_up_to, read_series

pytestmark = pytest.mark.usefixtures("way")


def built_publicly(bars: BarColumns) -> pd.DataFrame:
    """The same bars by pandas' public constructor."""
    times = pd.to_datetime(np.frombuffer(bars.timestamp_ms, "<i8"), unit="ms", utc=True).as_unit("ns")
    columns = {name: np.frombuffer(getattr(bars, name), "<f8") for name in ("open", "high", "low", "close")}
    frame = pd.DataFrame({"timestamp": times, **columns, "volume": np.frombuffer(bars.volume, "<i8")})
    return frame.set_index(pd.DatetimeIndex(times))


@pytest.mark.parametrize("count", [1, 2, 57, 300])
def test_a_prefix_is_what_the_public_constructor_makes(count):
    bars = market_bars("MSFT", 300)
    frame = frame_up_to(read_series(bars), count)
    expected = built_publicly(bars).iloc[:count].copy()
    pd.testing.assert_frame_equal(frame, expected, check_freq=True)
    assert frame.index.name is None
    assert (frame.index == frame["timestamp"]).all()
    assert [str(dtype) for dtype in frame.dtypes] == ["datetime64[ns, UTC]", *["float64"] * 4, "int64"]
    assert frame._mgr.is_consolidated()
    for ours, theirs in zip(frame._mgr.blocks, expected._mgr.blocks, strict=True):
        assert type(ours) is type(theirs)
        assert ours.mgr_locs.as_array.tolist() == theirs.mgr_locs.as_array.tolist()


OPERATIONS = {
    "new column": lambda frame: frame.assign(x=frame.close * 2),
    "column in place": lambda frame: frame.__setitem__("x", 1) or frame,
    "loc": lambda frame: frame.loc.__setitem__((frame.index[1], "close"), 5.0) or frame,
    "drop": lambda frame: frame.drop(columns=["open"]),
    "row sums": lambda frame: frame[["open", "high", "low", "close"]].sum(axis=1),
    "sort": lambda frame: frame.sort_values("timestamp", ascending=False),
    "group": lambda frame: frame.groupby("timestamp").sum(),
    "reset": lambda frame: frame.reset_index(),
    "resample": lambda frame: frame.resample("W").last(),
    "describe": lambda frame: frame.describe(),
    "rolling": lambda frame: frame.rolling(3).mean(numeric_only=True),
    "copy": lambda frame: frame.copy(),
    "transposed": lambda frame: frame.T,
    "concat": lambda frame: pd.concat([frame, frame]),
    "timestamp parts": lambda frame: frame.timestamp.dt.dayofweek,
    "tz": lambda frame: frame.tz_convert("America/New_York"),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_pandas_treats_a_prefix_like_any_frame(name):
    bars = tiny_bars([3, 1, 4, 1, 5, 9])
    ours = OPERATIONS[name](frame_up_to(read_series(bars), 5))
    theirs = OPERATIONS[name](built_publicly(bars).iloc[:5].copy())
    if isinstance(ours, pd.Series):
        pd.testing.assert_series_equal(ours, theirs)
    else:
        pd.testing.assert_frame_equal(ours, theirs)


def test_data_and_df_are_one_writable_frame():
    code = 'df["x"] = 1\nprint(data is df, list(data.columns))\nplot(data.x, "x")'
    assert ok(code).logs == ["True ['timestamp', 'open', 'high', 'low', 'close', 'volume', 'x']"]


@pytest.mark.parametrize(
    "write",
    [
        'data["close"] = 99.0',
        'data.loc[data.index[0], "close"] = 99.0',
        "data.iloc[0, 4] = 99.0",
        'data.drop(columns=["close"], inplace=True)',
        'data["close"] *= 2',
        'data.loc[data.index[0], "volume"] = 5',
        'data["volume"] += 1',
        'data.loc[data.index[0], "timestamp"] = data.index[-1]',
        "data.insert(0, 'y', 1)",
        "data.index = range(len(data))",
    ],
)
def test_what_a_call_writes_to_its_bars_reaches_no_other_call(write):
    code = f"""
def strategy(data):
    print(len(data), [*data.columns], data.close.tolist(), data.index[0], data.volume.iloc[0], data.timestamp.iloc[0])
    {write}
"""
    columns = "['timestamp', 'open', 'high', 'low', 'close', 'volume']"
    first = "2020-01-02 00:00:00+00:00 1000 2020-01-02 00:00:00+00:00"
    assert ok(code, [1, 2]).logs == [f"1 {columns} [1.0] {first}", f"2 {columns} [1.0, 2.0] {first}"]


def test_writing_through_the_arrays_beneath_reaches_no_other_call():
    code = """
def strategy(data):
    print(data.close.tolist())
    array = data["close"].to_numpy()
    try:
        array.flags.writeable = True
        array[:] = 99
    except ValueError:
        pass
"""
    assert ok(code, [1, 2, 3]).logs == ["[1.0]", "[1.0, 2.0]", "[1.0, 2.0, 3.0]"]


@pytest.mark.parametrize("missing", ["timestamp_ms", "open", "volume"])
def test_columns_of_different_lengths_are_refused(missing):
    bars = tiny_bars([1, 2, 3])
    setattr(bars, missing, getattr(bars, missing)[:-8])
    failure = fails("plot(df.close, 'c')", bars)
    assert (getattr(failure, "class"), failure.code) == ("user", "bad_market_data")


def test_no_bars_are_refused():
    assert fails("plot(df.close, 'c')", BarColumns()).code == "bad_market_data"


def test_times_that_pandas_cannot_hold_are_refused():
    bars = tiny_bars([1, 2])
    bars.timestamp_ms = np.array([0, 2**62], "<i8").tobytes()
    assert fails("plot(df.close, 'c')", bars).code == "bad_market_data"
