"""The arguments of `signal`, read and checked."""

from __future__ import annotations

import math
from datetime import date
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from strategiz_executor.strategy.errors import SignalError
from strategiz_executor.strategy.texts import described, plain_text

TYPES = {"BUY": 1, "SELL": -1}
DATED_NAMES = ("timestamp", "price", "reason", "icon")
UNDATED_NAMES = ("reason", "icon")


def named_values(
    signature: str, names: tuple[str, ...], values: tuple[Any, ...], named: dict[str, Any]
) -> dict[str, Any]:
    """Answer the arguments by name. Raises SignalError with the signature for those that do not fit."""
    given = dict(zip(names, values, strict=False))
    wrong = [name for name in named if name not in names or name in given]
    if wrong or len(values) > len(names):
        what = (
            f"does not take {wrong[0]!r} (or takes it once)"
            if wrong
            else f"takes no {len(values) + 1} arguments"
        )
        raise SignalError(f"signal {what}: it is signal(type, {signature})")
    return {**given, **named}


def signal_type(value: Any) -> int:
    """Answer 1 for BUY and -1 for SELL, in any case. Raises SignalError for anything else."""
    known = TYPES.get(str.upper(value)) if isinstance(value, str) else None
    if known is None:
        hold = isinstance(value, str) and str.upper(value) == "HOLD"
        raise SignalError(
            f'signal takes "BUY" or "SELL", not {described(value)}',
            hint="to hold, call nothing" if hold else "",
        )
    return known


def signal_price(value: Any) -> float:
    """Answer the price, NaN where none is given. Raises SignalError for what is no finite number."""
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise SignalError(f"the price of a signal must be a finite number, is {described(value)}")
    return float(value)


def text_of(given: dict[str, Any], name: str) -> str:
    """Answer the text of an argument, "" where it is missing or None."""
    value = given.get(name)
    return "" if value is None else plain_text(value)


def refuse_timestamp(reason: Any) -> None:
    """Raise SignalError where a time stands in the place of the reason."""
    if isinstance(reason, pd.Timestamp | date | np.datetime64):
        raise SignalError(
            f"signal was given the time {described(reason)} but no price",
            hint="write signal(type, timestamp, price, reason), or signal(type, reason) for the bar being looked at",
        )


def nanoseconds_of(timestamp: Any) -> int:
    """Answer a time as nanoseconds since 1970, without a zone as UTC. Raises SignalError for what is none."""
    if timestamp is None or isinstance(timestamp, Real):
        raise _no_time(timestamp, hint="pass data.index[i] for the bar with number i")
    try:
        time = pd.Timestamp(timestamp)
        if pd.isna(time):
            raise _no_time(timestamp)
        return int(time.as_unit("ns").value)
    except (TypeError, ValueError, OverflowError) as error:
        raise _no_time(timestamp) from error


def _no_time(value: Any, hint: str = "") -> SignalError:
    return SignalError(f"the timestamp of a signal must be a time, is {described(value)}", hint=hint)
