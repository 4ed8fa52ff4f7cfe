"""A value of every bar is worked with as its scalars are: same bits, same type, same truth."""

import math
import operator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from prefixes import FrameSource, float_columns, integer_columns, same, truth_columns

from strategiz_executor.strategy.replay.fast.at_every_bar import scalars
from strategiz_executor.strategy.replay.fast.bar_value import EXACT_UFUNCS, BarValue
from strategiz_executor.strategy.replay.fast.calls import called
from strategiz_executor.strategy.replay.fast.expression import Memory
from strategiz_executor.strategy.replay.fast.give_up import GiveUp, OpenBars
from strategiz_executor.strategy.replay.fast.path_run import PathRun

COUNT = 320
FRAME = pd.DataFrame({"close": np.arange(float(COUNT))}, index=pd.date_range("2020", periods=COUNT, tz="UTC"))
CONSTANTS: tuple[Any, ...] = (
    0, 1, -2, 3, 0.5, -0.0, 1e300, float("nan"), float("inf"), True, False, np.float64(2.5), np.int64(-3), np.True_
)  # fmt: skip


def _columns(plain: bool) -> dict[str, np.ndarray]:
    found = {**float_columns(), **integer_columns(), **truth_columns()}
    if plain:
        found["lengths"] = np.arange(1, COUNT + 1)
    return found


def _value(values: np.ndarray, plain: bool) -> BarValue:
    return BarValue(PathRun(FrameSource(FRAME), Memory()), values, plain)


def _scalars(value: BarValue) -> list[Any]:
    return scalars(value, list(range(COUNT)))


def _alike(one: Any, other: Any) -> bool:
    return type(one) is type(other) and same(one, other)


def _check(found: Any, expected: list[Any], what: str) -> None:
    assert type(found) is BarValue, what
    for bar, (one, other) in enumerate(zip(_scalars(found), expected, strict=True)):
        assert _alike(one, other), f"{what} at bar {bar}: {one!r} and {other!r}"


def _each(function: Any, *columns: list[Any]) -> list[Any] | None:
    """What the real scalars give; None where one of them raises."""
    try:
        with np.errstate(all="ignore"):
            return [function(*row) for row in zip(*columns, strict=True)]
    except Exception:  # noqa: BLE001
        return None


def _attempt(work: Any) -> Any:
    """None where the run gives up or leaves bars open: then real scalars are asked."""
    try:
        return work()
    except (GiveUp, OpenBars, TypeError):
        return None


def _too_large(function: Any, values: np.ndarray, plain: bool) -> bool:
    """Python's own integers grow without end: 3 to the power of 2**53 would fill the memory of any machine."""
    return (
        function is operator.pow and plain and values.dtype.kind == "i" and int(np.abs(values).max()) > 1_000
    )


BINARY = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.lt, operator.le, operator.gt, operator.ge,
    operator.eq, operator.ne, operator.and_, operator.or_, operator.xor, operator.mod, operator.floordiv, operator.pow,
)  # fmt: skip


@pytest.mark.parametrize("function", BINARY)
@pytest.mark.parametrize("plain", [False, True])
def test_an_operator_with_a_constant(function: Any, plain: bool):
    followed = 0
    for label, values in _columns(plain).items():
        if _too_large(function, values, plain):
            continue
        for constant in CONSTANTS:
            for reflected in (False, True):

                def apply(value: Any, constant: Any = constant, reflected: bool = reflected) -> Any:
                    return function(constant, value) if reflected else function(value, constant)

                value = _value(values, plain)
                found = _attempt(lambda value=value, apply=apply: apply(value))
                expected = _each(apply, _scalars(value))
                if found is not None:
                    followed += 1
                    assert expected is not None, f"{label} {function} {constant!r}: real scalars raise"
                    _check(found, expected, f"{label} {function} {constant!r} {reflected}")
    assert followed > 20


@pytest.mark.parametrize("function", BINARY)
@pytest.mark.parametrize("left_plain", [False, True])
@pytest.mark.parametrize("right_plain", [False, True])
def test_an_operator_between_values(function: Any, left_plain: bool, right_plain: bool):
    run = PathRun(FrameSource(FRAME), Memory())
    rights = {
        label: np.random.default_rng(5).permutation(each) for label, each in _columns(right_plain).items()
    }
    for left_label, left_values in _columns(left_plain).items():
        for right_label in ("steps", "infinities", "signed", "truths"):
            if _too_large(function, left_values, left_plain) or _too_large(
                function, rights[right_label], right_plain
            ):
                continue
            left = BarValue(run, left_values, left_plain)
            right = BarValue(run, rights[right_label], right_plain)
            run._begin([])
            found = _attempt(lambda left=left, right=right: function(left, right))
            if found is not None:
                expected = _each(function, _scalars(left), _scalars(right))
                assert expected is not None, f"{left_label} {function} {right_label}: real scalars raise"
                _check(found, expected, f"{left_label} {function} {right_label}")


@pytest.mark.parametrize("ufunc", sorted(EXACT_UFUNCS, key=str), ids=str)
@pytest.mark.parametrize("plain", [False, True])
def test_a_function_of_numpy(ufunc: np.ufunc, plain: bool):
    for label, values in _columns(plain).items():
        others = [()] if ufunc.nin == 1 else [(constant,) for constant in CONSTANTS]
        for other in others:
            value = _value(values, plain)
            found = _attempt(lambda value=value, other=other: ufunc(value, *other))
            if found is not None:
                expected = _each(lambda scalar, other=other: ufunc(scalar, *other), _scalars(value))
                assert expected is not None
                _check(found, expected, f"{ufunc.__name__} of {label} {other!r}")


UNARY = (
    operator.neg, operator.pos, operator.abs, operator.invert, float, int, bool, round, lambda x: round(x, 2),
    math.sqrt, math.log, math.floor, math.isnan, np.log10, np.cbrt, np.round, np.float64, pd.isna, pd.notna, abs,
    lambda x: max(x, 1.0), lambda x: min(0.0, x, 2.5), lambda x: sum([x, x, 0.1]),
)  # fmt: skip


@pytest.mark.parametrize("function", UNARY)
@pytest.mark.parametrize("plain", [False, True])
def test_a_call(function: Any, plain: bool):
    for label, values in _columns(plain).items():
        value = _value(values, plain)
        if function is bool:
            continue
        found = _attempt(lambda value=value: called(function, value))
        if found is not None:
            expected = _each(function, _scalars(value))
            if expected is None:
                continue  # some bars were left open, which the path that goes on has no scalars of
            _check(found, expected, f"{function} of {label}")


@pytest.mark.parametrize("plain", [False, True])
def test_the_truth_of_a_value_is_that_of_its_scalars(plain: bool):
    for values in _columns(plain).values():
        run = PathRun(FrameSource(FRAME), Memory())
        value = BarValue(run, values, plain)
        side = bool(value)
        expected = np.array([bool(scalar) for scalar in _scalars(value)])
        assert np.array_equal(run._mask, expected if side else ~expected)
