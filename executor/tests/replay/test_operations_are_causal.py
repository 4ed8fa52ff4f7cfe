"""Every operation of the fast ways gives at each bar what pandas gives on the real prefix: value, dtype, bits."""

import operator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from prefixes import columns_of, differing, float_columns, lengths, same, series_of

from strategiz_executor.strategy.replay.fast import operations
from strategiz_executor.strategy.replay.fast.column_operators import ARITHMETIC, OF_FLOATS
from strategiz_executor.strategy.replay.fast.column_stand_in import COLUMN_UFUNCS
from strategiz_executor.strategy.replay.fast.operations import (
    BOOL_METHODS,
    SERIES_METHODS,
    WINDOW_METHODS,
    series_method,
    window_method,
)
from strategiz_executor.strategy.replay.fast.reductions import (
    ARRAY_REDUCTIONS,
    SERIES_REDUCTIONS,
    reduced,
)
from strategiz_executor.strategy.replay.fast.table_stand_in import ROW_REDUCTIONS

ARGUMENTS: dict[str, list[dict[str, Any]]] = {
    "shift": [{}, {"periods": 0}, {"periods": 3}, {"periods": 100}],
    "diff": [{}, {"periods": 0}, {"periods": 5}, {"periods": 90}],
    "pct_change": [{}, {"periods": 4}],
    "clip": [{"lower": 0}, {"upper": 0.0}, {"lower": -1, "upper": 50.5}, {}, {"lower": None, "upper": -0.0}],
    "fillna": [{"value": 0}, {"value": -0.0}, {"value": 50.5}],
    "round": [{}, {"decimals": 2}],
    "replace": [
        {"to_replace": 0, "value": float("nan")},
        {"to_replace": 7.0, "value": -1.5},
        {"to_replace": float("inf"), "value": float("nan")},
    ],
    "between": [{"left": 0, "right": 50.5}, *({"left": -1, "right": 3, "inclusive": side} for side in
                ("both", "neither", "left", "right"))],
    "astype": [{"dtype": "float"}, {"dtype": "float64"}],
    "copy": [{}, {"deep": False}],
}  # fmt: skip
BOOL_ARGUMENTS: dict[str, list[dict[str, Any]]] = {
    "shift": [{"fill_value": False}, {"periods": 2, "fill_value": True}],
    "astype": [{"dtype": "int"}, {"dtype": "int64"}, {"dtype": "float"}],
    "cumsum": [{}],
}
WINDOW_OPTIONS: dict[str, list[dict[str, Any]]] = {
    "rolling": [
        {"window": 1},
        {"window": 5},
        {"window": 30, "center": False},
        {"window": 14, "min_periods": 1},
        {"window": 7, "min_periods": 3},
        {"window": 4, "min_periods": 0},
        {"window": 90, "min_periods": None},
    ],
    "expanding": [{}, {"min_periods": 5}, {"min_periods": 0}],
    "ewm": [
        {"span": 10},
        {"span": 1},
        {"alpha": 1 / 14},
        {"alpha": 1},
        {"com": 3, "adjust": False},
        {"halflife": 2.5},
        {"span": 6, "min_periods": 6},
        {"span": 6, "ignore_na": True},
        {"alpha": 0.3, "adjust": False, "min_periods": 0, "ignore_na": True},
    ],
}
METHOD_ARGUMENTS: dict[str, list[dict[str, Any]]] = {
    "std": [{}, {"ddof": 0}],
    "var": [{}, {"ddof": 2}],
    "sem": [{}, {"ddof": 0}],
    "rank": [{}, {"pct": True}],
    "quantile": [{"q": 0.0}, {"q": 0.25}, {"q": 0.9}],
}


def attempt(work: Any) -> Any:
    try:
        return work()
    except Exception as error:  # noqa: BLE001  (what is raised is compared)
        return type(error), str(error)


def assert_equal_on_prefixes(values: np.ndarray, fast: Any, real: Any, what: str) -> None:
    """`fast(values)` is a column; `real(prefix)` what the author would have."""
    whole = attempt(lambda: fast(values))
    counts = lengths(len(what))
    if isinstance(whole, tuple):
        for count in counts:
            assert attempt(lambda count=count: real(values[:count])) == whole, f"{what} raises otherwise"
        return
    wrong = list(differing(whole, lambda count: real(values[:count]), counts))
    assert not wrong, f"{what}: {len(wrong)} prefixes differ, first {wrong[0]}"


def _method_cases() -> list[tuple[str, dict[str, Any], str]]:
    plain = [
        (name, given, method.kinds)
        for name, method in SERIES_METHODS.items()
        for given in ARGUMENTS.get(name, [{}])
    ]
    truths = [(name, given, "b") for name in BOOL_METHODS for given in BOOL_ARGUMENTS[name]]
    return plain + truths


@pytest.mark.parametrize(("name", "given", "kinds"), _method_cases(), ids=str)
def test_a_method_of_a_column(name: str, given: dict[str, Any], kinds: str):
    table = BOOL_METHODS if kinds == "b" and name in BOOL_METHODS else SERIES_METHODS
    assert table[name].bind((), given) == given
    for label, values in columns_of(kinds).items():
        assert_equal_on_prefixes(
            values,
            lambda whole: series_method(whole, name, given),
            lambda prefix: getattr(series_of(prefix), name)(**given).iloc[-1],
            f"{name}({given}) of {label}",
        )


def _window_cases() -> list[tuple[str, str]]:
    return [(window, name) for window, methods in WINDOW_METHODS.items() for name in methods]


@pytest.mark.parametrize(("window", "name"), _window_cases(), ids=str)
def test_a_method_of_a_window(window: str, name: str):
    for options in WINDOW_OPTIONS[window]:
        assert operations.WINDOWS[window].bind((), options) == options
        for given in METHOD_ARGUMENTS.get(name, [{}]):
            for label, values in columns_of("fi").items():
                assert_equal_on_prefixes(
                    values,
                    lambda whole, options=options, given=given: window_method(
                        whole, window, options, name, given
                    ),
                    lambda prefix, options=options, given=given: getattr(
                        getattr(series_of(prefix), window)(**options), name
                    )(**given).iloc[-1],
                    f"{window}({options}).{name}({given}) of {label}",
                )


@pytest.mark.parametrize("name", SERIES_REDUCTIONS)
@pytest.mark.parametrize("last", [None, 1, 4, 20])
def test_a_reduction_of_a_series(name: str, last: int | None):
    kinds, reduce = SERIES_REDUCTIONS[name]
    for label, values in columns_of(kinds).items():
        assert_equal_on_prefixes(
            values,
            lambda whole: reduced(whole, reduce, last),
            lambda prefix: getattr(series_of(prefix).iloc[-(last or len(prefix)) :], name)(),
            f"{name}() of the last {last} of {label}",
        )


@pytest.mark.parametrize("name", ARRAY_REDUCTIONS)
@pytest.mark.parametrize("last", [None, 1, 4, 20])
def test_a_reduction_of_an_array(name: str, last: int | None):
    kinds, reduce = ARRAY_REDUCTIONS[name]
    for label, values in columns_of(kinds).items():
        assert_equal_on_prefixes(
            values,
            lambda whole: reduced(whole, reduce, last),
            lambda prefix: getattr(prefix.copy()[-(last or len(prefix)) :], name)(),
            f"{name}() of the last {last} of {label}",
        )


def _other(values: np.ndarray, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(values)


NUMBERS = (0, 1, -2, 0.5, -0.0, 100, float("nan"), float("inf"), True, np.float64(3.5), np.int64(7), np.True_)
BINARY = {name: getattr(operator, name) for name in (*ARITHMETIC, "lt", "le", "gt", "ge", "eq", "ne")}


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("kinds", ["ff", "fi", "if", "ii", "bf", "bi", "bb", "fb"])
def test_an_operator_between_columns(name: str, kinds: str):
    if (kinds, name) == ("bb", "truediv"):
        pytest.skip("pandas has no division of truths by truths")
    function = BINARY[name]
    for left_label, left in columns_of(kinds[0]).items():
        for right_label, right in list(columns_of(kinds[1]).items())[1:4]:
            other = _other(right, 4)

            def fast(values: np.ndarray, other: np.ndarray = other) -> Any:
                with np.errstate(all="ignore"):
                    return function(values, other[: len(values)])

            assert_equal_on_prefixes(
                left,
                fast,
                lambda prefix, other=other: function(series_of(prefix), series_of(other[: len(prefix)])).iloc[
                    -1
                ],
                f"{left_label} {name} {right_label}",
            )


@pytest.mark.parametrize("name", BINARY)
def test_an_operator_between_a_column_and_a_number(name: str):
    function = BINARY[name]
    for label, values in columns_of("fib").items():
        for number in NUMBERS:
            for reflected in (False, True):

                def apply(column: Any, number: Any = number, reflected: bool = reflected) -> Any:
                    with np.errstate(all="ignore"):
                        return function(number, column) if reflected else function(column, number)

                if name == "truediv" and values.dtype == bool and isinstance(number, bool | np.bool_):
                    continue

                assert_equal_on_prefixes(
                    values,
                    lambda whole, apply=apply: np.asarray(apply(whole)),
                    lambda prefix, apply=apply: apply(series_of(prefix)).iloc[-1],
                    f"{label} {name} {number!r} {reflected}",
                )


@pytest.mark.parametrize("name", OF_FLOATS)
def test_powers_and_remainders_of_floats(name: str):
    function = getattr(operator, name)
    for label, values in columns_of("f").items():
        for number in (2, 3, 0.5, -1, 1.5, -2.25, 100):

            def apply(column: Any, number: Any = number) -> Any:
                with np.errstate(all="ignore"):
                    return function(column, number)

            assert_equal_on_prefixes(
                values,
                lambda whole, apply=apply: np.asarray(apply(whole)),
                lambda prefix, apply=apply: apply(series_of(prefix)).iloc[-1],
                f"{label} {name} {number!r}",
            )
        other = _other(values, 5)
        assert_equal_on_prefixes(
            values,
            lambda whole, other=other: np.asarray(function(whole, other[: len(whole)])),
            lambda prefix, other=other: function(series_of(prefix), series_of(other[: len(prefix)])).iloc[-1],
            f"{label} {name} a column",
        )


@pytest.mark.parametrize("function", [operator.and_, operator.or_, operator.xor])
def test_logic_of_truths(function: Any):
    for label, values in columns_of("b").items():
        other = _other(values, 6)
        _check_with(values, function, other, f"{function.__name__} of {label}")
        for truth in (True, False):
            _check_with(values, function, truth, f"{function.__name__} of {label} and {truth}")


def _check_with(values: np.ndarray, function: Any, other: Any, what: str) -> None:
    """`function(column, other)`, where other is a column or a number."""
    is_column = isinstance(other, np.ndarray)
    assert_equal_on_prefixes(
        values,
        lambda whole: function(whole, other[: len(whole)] if is_column else other),
        lambda prefix: function(
            series_of(prefix), series_of(other[: len(prefix)]) if is_column else other
        ).iloc[-1],
        what,
    )


@pytest.mark.parametrize("function", [operator.neg, operator.pos, abs, operator.invert], ids=str)
def test_signs(function: Any):
    for label, values in columns_of("b" if function is operator.invert else "fi").items():
        assert_equal_on_prefixes(
            values, function, lambda prefix: function(series_of(prefix)).iloc[-1], f"{function} of {label}"
        )


@pytest.mark.parametrize("ufunc", sorted(COLUMN_UFUNCS, key=str), ids=str)
def test_a_function_of_numpy_over_columns(ufunc: np.ufunc):
    logical = ufunc.__name__.startswith("logical")
    for label, values in columns_of("fib" if logical else "fi").items():
        others = [[]] if ufunc.nin == 1 else [[_other(values, 7)], [0.5], [2]]
        for other in others:

            def apply(column: Any, other: Any = other) -> Any:
                right = [each[: len(column)] if isinstance(each, np.ndarray) else each for each in other]
                with np.errstate(all="ignore"):
                    return ufunc(column, *right)

            assert_equal_on_prefixes(
                values,
                apply,
                lambda prefix, apply=apply: apply(series_of(prefix)).iloc[-1],
                f"{ufunc.__name__} of {label}",
            )


@pytest.mark.parametrize("name", ["where", "mask"])
def test_where_and_mask(name: str):
    chooser = np.random.default_rng(8)
    for label, values in float_columns().items():
        truths, other = chooser.random(len(values)) < 0.5, _other(values, 9)
        for right in (0, -0.0, 2.5, float("nan"), np.float64(1), other):
            _check_where(name, values, truths, right, f"{name} of {label} with {right!r}")


def _check_where(name: str, values: np.ndarray, truths: np.ndarray, other: Any, what: str) -> None:
    def part(count: int) -> Any:
        return other[:count] if isinstance(other, np.ndarray) else other

    def choose(whole: np.ndarray) -> np.ndarray:
        kept, replaced = (whole, part(len(whole))) if name == "where" else (part(len(whole)), whole)
        return np.where(truths[: len(whole)], kept, replaced)

    def real(prefix: np.ndarray) -> Any:
        count = len(prefix)
        right = series_of(part(count)) if isinstance(other, np.ndarray) else other
        return getattr(series_of(prefix), name)(series_of(truths[:count]), right).iloc[-1]

    assert_equal_on_prefixes(values, choose, real, what)


@pytest.mark.parametrize("name", sorted(ROW_REDUCTIONS))
@pytest.mark.parametrize("width", [2, 3, 9])
def test_one_number_a_row(name: str, width: int):
    columns = [values for _, values in zip(range(width), float_columns().values(), strict=False)]

    def rows(count: int) -> pd.Series:
        parts = [pd.Series(values[:count], name=None) for values in columns]
        return getattr(pd.concat(parts, axis=1), name)(axis=1)

    table = pd.DataFrame(dict(enumerate(columns)))
    whole = getattr(table, name)(axis=1).to_numpy()
    wrong = list(differing(whole, lambda count: rows(count).iloc[-1], lengths(width)))
    assert not wrong, wrong[0]


def test_the_comparison_itself_sees_a_bit():
    assert not same(np.float64(0.0), np.float64(-0.0))
    assert not same(np.float64(1), np.int64(1))
    assert same(np.float64("nan"), -np.float64("nan"))
