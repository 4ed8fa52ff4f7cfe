"""The bars of a request as checked columns, whichever way they were sent."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from strategiz_executor.generated.strategy_execution_pb2 import BarColumns
from strategiz_executor.server.columns import all_within, read_column

PRICES = ("open", "high", "low", "close")
EPOCH = datetime(1970, 1, 1)
# pandas holds nanoseconds in 64 bits: 1677-09-22 to 2262-04-11.
EARLIEST_MS, LATEST_MS = -9_223_286_400_000, 9_223_286_400_000


class BadMarketData(ValueError):  # noqa: N818
    """The bars cannot be used; the message names the row (from 1) and the reason."""


@dataclass(frozen=True, slots=True)
class SentBars:
    """One series, oldest bar first. `sent_labels` are an old client's own timestamp strings."""

    columns: BarColumns
    timestamp_ms: NDArray[np.int64]
    close: NDArray[np.float64]
    sent_labels: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.timestamp_ms)

    def label(self, bar: int) -> str:
        """The time of a bar as ISO 8601: as it was sent, or in UTC."""
        if self.sent_labels is not None:
            return self.sent_labels[bar]
        return iso_time(int(self.timestamp_ms[bar]))

    def labels(self) -> tuple[str, ...]:
        """The times of all bars as ISO 8601."""
        return self.sent_labels if self.sent_labels is not None else iso_times(self.timestamp_ms)

    def sha256(self) -> str:
        """SHA-256 of the six columns one after the other, hex."""
        digest = hashlib.sha256(self.columns.timestamp_ms)
        for name in (*PRICES, "volume"):
            digest.update(getattr(self.columns, name))
        return digest.hexdigest()


def iso_time(timestamp_ms: int) -> str:
    """Epoch milliseconds as ISO 8601 in UTC."""
    time = EPOCH + timedelta(milliseconds=timestamp_ms)
    return f"{time.isoformat(timespec='milliseconds' if timestamp_ms % 1000 else 'seconds')}Z"


def iso_times(timestamp_ms: NDArray[np.int64]) -> tuple[str, ...]:
    """Epoch milliseconds as ISO 8601 in UTC, all with the same number of digits."""
    times: NDArray[np.datetime64] = timestamp_ms.astype("datetime64[ms]")
    texts = np.datetime_as_string(times, "ms" if (timestamp_ms % 1000).any() else "s")
    return tuple(f"{text}Z" for text in texts.tolist())


def read_columns(columns: BarColumns, labels: tuple[str, ...] | None = None) -> SentBars:
    """Checks columns. Raises BadColumn for lengths that do not fit, BadMarketData for their content."""
    times = read_column(columns.timestamp_ms, "<i8", "bars.timestamp_ms")
    count = len(times)
    prices = {name: read_column(getattr(columns, name), "<f8", f"bars.{name}", count) for name in PRICES}
    read_column(columns.volume, "<i8", "bars.volume", count)
    if not count:
        raise BadMarketData("there are no bars")
    bars = SentBars(columns, times, prices["close"], labels)
    _check_times(bars)
    _check_prices(bars, prices)
    return bars


def _check_times(bars: SentBars) -> None:
    times = bars.timestamp_ms
    if not all_within(times, EARLIEST_MS, LATEST_MS):
        row = int(((times < EARLIEST_MS) | (times > LATEST_MS)).argmax())
        raise BadMarketData(f"row {row + 1}: timestamp {times[row]} ms is outside of the years 1678 to 2261")
    not_rising = times[1:] <= times[:-1]
    if not_rising.any():
        row = int(not_rising.argmax()) + 1
        fault = "repeats" if times[row] == times[row - 1] else "is before"
        earlier = bars.label(row - 1)
        raise BadMarketData(
            f"row {row + 1} ({bars.label(row)}): its timestamp {fault} the one above ({earlier})"
        )


def _check_prices(bars: SentBars, prices: dict[str, NDArray[np.float64]]) -> None:
    for name, column in prices.items():
        # A NaN is the least and the greatest value, and compares as neither.
        if not (np.minimum.reduce(column) >= 0 and np.maximum.reduce(column) < np.inf):
            row = int((~(np.isfinite(column) & (column >= 0))).argmax())
            raise BadMarketData(f"row {row + 1} ({bars.label(row)}): {name} is {column[row]:g}")
    crossed = prices["high"] < prices["low"]
    if crossed.any():
        row = int(crossed.argmax())
        high, low = prices["high"][row], prices["low"][row]
        raise BadMarketData(f"row {row + 1} ({bars.label(row)}): high {high:g} is below low {low:g}")
