"""TA-Lib and the listed indicators of `ta` give at each bar what they give on the real prefix."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import talib
from prefixes import LONG, FrameSource, lengths, same
from talib import abstract

from strategiz_executor.strategy.namespace import toolbox
from strategiz_executor.strategy.replay.fast.expression import Expression, Memory
from strategiz_executor.strategy.replay.fast.indicator_call import IndicatorCall
from strategiz_executor.strategy.replay.fast.library_calls import TA_SERIES, TA_TABLES, TALIB_WANTS_VALUES
from strategiz_executor.strategy.replay.fast.path_run import PathRun

BAR_KINDS = ("random", "steps", "runs", "gaps first", "gaps", "infinite", "zeros")


def bars(kind: str, seed: int = 1, count: int = LONG) -> pd.DataFrame:
    """Hourly bars, so that days begin and end among them."""
    chooser = np.random.default_rng(seed)
    close = 50 + np.cumsum(chooser.normal(size=count))
    if kind == "steps":
        close = np.round(close)
    if kind == "runs":
        close[40:80], close[200:] = close[40], 9.5
    open_ = np.concatenate([close[:1], close[:-1]])
    high = np.maximum(open_, close) + np.abs(chooser.normal(size=count)).round(1)
    low = np.minimum(open_, close) - np.abs(chooser.normal(size=count)).round(1)
    table = pd.DataFrame(
        {"open": open_, "high": high, "low": low, "close": close},
        index=pd.date_range("2020-01-01", periods=count, freq="h", tz="UTC"),
    )
    table["volume"] = chooser.integers(0 if kind == "zeros" else 1, 6, count) * 100
    if kind == "gaps first":
        table = table.astype(float)
        table.iloc[:12] = np.nan
    if kind == "gaps":
        table = table.astype(float)
        table.iloc[[70, 71, 150]] = np.nan
    if kind == "infinite":
        table.iloc[60, 3] = np.inf
    if kind == "zeros":
        table.loc[chooser.random(count) < 0.3, ["open", "close"]] = 0.0
    return table


def _talib_inputs(name: str, table: pd.DataFrame) -> list[pd.Series]:
    found: list[pd.Series] = []
    for label, wanted in abstract.Function(name).input_names.items():
        if isinstance(wanted, list | tuple):
            found += [table[each] for each in wanted]
        elif label == "periods":
            found.append((table["volume"] / 100 + 2).clip(2, 30))
        else:
            found.append(table[wanted])
    return found


def _talib_settings(name: str) -> list[dict[str, Any]]:
    parameters = abstract.Function(name).parameters
    found: list[dict[str, Any]] = [{}]
    if "timeperiod" in parameters:
        found += [{"timeperiod": 2}, {"timeperiod": 5}]
    for parameter in parameters:
        if "matype" in parameter:
            found += [{parameter: kind} for kind in range(9)]
    return found


def _answer(function: Any, columns: list[pd.Series], given: dict[str, Any]) -> Any:
    try:
        return function(*columns, **given)
    except Exception as error:  # noqa: BLE001  (what is raised is compared)
        return type(error), str(error)


@pytest.mark.parametrize("name", talib.get_functions())
def test_a_function_of_talib(name: str):
    function = getattr(toolbox().names["talib"], name)
    for given in _talib_settings(name):
        for kind in BAR_KINDS:
            if name in TALIB_WANTS_VALUES and kind == "gaps first":
                continue
            columns = _talib_inputs(name, bars(kind))
            whole = _answer(function, columns, given)
            for count in lengths(len(name), first=140):
                part = _answer(function, [column.iloc[:count] for column in columns], given)
                _compare(whole, part, count, f"{name}({given}) of {kind}")


def _compare(whole: Any, part: Any, count: int, what: str) -> None:
    if isinstance(whole, tuple) and isinstance(whole[0], type):
        assert part == whole, f"{what} raises otherwise on {count}"
        return
    wholes, parts = (each if isinstance(each, tuple) else (each,) for each in (whole, part))
    for one, other in zip(wholes, parts, strict=True):
        last = other.to_numpy()[-1]
        assert same(one.to_numpy()[count - 1], last), f"{what} at {count}: {one.iloc[count - 1]} and {last}"


TA_GIVEN: dict[str, list[dict[str, float]]] = {
    "macd": [{"fast": 3, "slow": 8, "signal": 4}],
    "ppo": [{"fast": 3, "slow": 8, "signal": 4}],
    "apo": [{"fast": 3, "slow": 8}],
    "adosc": [{"fast": 2, "slow": 5}],
    "ao": [{"fast": 3, "slow": 9}],
    "tsi": [{"fast": 5, "slow": 9, "signal": 4}],
    "uo": [{"fast": 3, "medium": 5, "slow": 9}],
    "stoch": [{"k": 5, "d": 2, "smooth_k": 1}, {"k": 9, "d": 3, "smooth_k": 3}],
    "stochrsi": [{"length": 7, "rsi_length": 5, "k": 2, "d": 2}],
    "bbands": [{"length": 20, "std": 2.5}, {"length": 3, "std": 1}],
    "supertrend": [{"length": 10, "multiplier": 2}],
    "psar": [{"af0": 0.01, "af": 0.01, "max_af": 0.1}],
    "donchian": [{"lower_length": 5, "upper_length": 9}],
    "kc": [{"length": 8, "scalar": 1.5}],
    "accbands": [{"length": 8, "c": 3}],
    "trix": [{"length": 6, "signal": 3}],
}
NO_LENGTH = {"obv", "ad", "true_range", "hl2", "hlc3", "ohlc4", "vwap", "pvt", "bop", "ha", "kst"}
TA_INPUTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("atr", "natr", "true_range", "cci", "willr", "chop", "uo", "hlc3", "stoch", "adx", "kc",
                     "supertrend", "vortex", "accbands"), ("high", "low", "close")),
    **dict.fromkeys(("ad", "adosc", "cmf", "mfi", "vwap"), ("high", "low", "close", "volume")),
    **dict.fromkeys(("obv", "vwma", "efi", "pvt"), ("close", "volume")),
    **dict.fromkeys(("ao", "hl2", "aroon", "donchian", "psar", "dm"), ("high", "low")),
    **dict.fromkeys(("ohlc4", "bop", "ha"), ("open", "high", "low", "close")),
}  # fmt: skip


def _ta_settings(name: str) -> list[dict[str, float]]:
    lengths_given = (
        [] if name in NO_LENGTH or name in TA_GIVEN else [{"length": 2}, {"length": 9}, {"length": 50}]
    )
    return [{}, *TA_GIVEN.get(name, []), *lengths_given]


def _indicator(name: str, table: pd.DataFrame, given: dict[str, float]) -> IndicatorCall:
    run = PathRun(FrameSource(table), Memory())
    inputs = TA_INPUTS.get(name, ("close",))
    columns = [
        run.column(Expression(table[label].to_numpy(), number, "series", label))
        for number, label in enumerate(inputs)
    ]
    return IndicatorCall(run, getattr(toolbox().names["ta"], name), columns, given)


@pytest.mark.parametrize("name", sorted(TA_SERIES))
def test_an_indicator_of_one_column(name: str):
    for given in _ta_settings(name):
        for kind in BAR_KINDS:
            call = _indicator(name, bars(kind, count=200), given)
            try:
                whole = call.series(1)
            except Exception:  # noqa: BLE001  (then it is never remembered)
                continue
            assert whole is not None, f"{name}({given}) of {kind} is no column of floats"
            for count in lengths(len(name), 200, first=60):
                part = call._answer(count)
                last = part.to_numpy()[-1]
                assert len(part) == count
                assert same(whole.values[count - 1], last), f"{name}({given}) of {kind} at {count}"


@pytest.mark.parametrize("name", sorted(TA_TABLES))
def test_an_indicator_of_several_columns(name: str):
    for given in _ta_settings(name):
        for kind in ("random", "steps", "runs", "zeros"):
            call = _indicator(name, bars(kind, count=200), given)
            found = call.table(1)
            assert found is not None, f"{name}({given}) of {kind} is no table of floats"
            columns, least = found
            for count in lengths(len(name), 200, first=80):
                _compare_rows(call, columns, least, count, f"{name}({given}) of {kind} at {count}")


def _compare_rows(
    call: IndicatorCall, columns: dict[str, Expression], least: int, count: int, what: str
) -> None:
    if count < least:
        assert not call._has_columns(count), f"{what}: there are columns on fewer bars than were found"
        return
    part = call._answer(count)
    assert list(part.columns) == list(columns), what
    for label, column in columns.items():
        last = part[label].to_numpy()[-1]
        assert same(column.values[count - 1], last), f"{what}, {label}: {column.values[count - 1]} and {last}"
