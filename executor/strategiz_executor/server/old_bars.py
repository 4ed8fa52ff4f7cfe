"""MarketDataBar messages, as old clients send them, turned into columns."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from strategiz_executor.generated.strategy_execution_pb2 import BarColumns, MarketDataBar
from strategiz_executor.server.bars import BadMarketData, SentBars, read_columns
from strategiz_executor.server.columns import BadColumn

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def read_messages(messages: Sequence[MarketDataBar]) -> SentBars:
    """Columns of `messages`, whose own timestamp strings are kept. Raises BadMarketData."""
    labels = tuple(message.timestamp for message in messages)
    columns = BarColumns(
        timestamp_ms=_epoch_milliseconds(labels).tobytes(),
        open=_prices([message.open for message in messages]),
        high=_prices([message.high for message in messages]),
        low=_prices([message.low for message in messages]),
        close=_prices([message.close for message in messages]),
        volume=np.array([message.volume for message in messages], "<i8").tobytes(),
    )
    try:
        return read_columns(columns, labels)
    except BadColumn as error:
        raise BadMarketData(str(error)) from error


def _prices(values: list[float]) -> bytes:
    return np.array(values, "<f8").tobytes()


def _epoch_milliseconds(labels: tuple[str, ...]) -> NDArray[np.int64]:
    """ISO 8601 with or without time and offset; without an offset it is UTC."""
    times = np.empty(len(labels), "<i8")
    for row, label in enumerate(labels):
        try:
            moment = datetime.fromisoformat(label)
        except ValueError:
            raise BadMarketData(f"row {row + 1}: {label[:64]!r} is not an ISO 8601 timestamp") from None
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        times[row] = (aware - EPOCH) // MILLISECOND
    return times
