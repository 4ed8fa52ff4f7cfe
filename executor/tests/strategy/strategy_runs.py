"""Runs strategies in this process, by the interface that the child uses, and reads the answers."""

import csv
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np

from strategiz_executor.generated.frames_pb2 import Limits, RequestFrame, ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import (
    BacktestOptions,
    BarColumns,
    Failure,
    ValidateCodeResponse,
)
from strategiz_executor.strategy.run import execute

REPOSITORY = Path(__file__).resolve().parents[3]
DAY_MS = 86_400_000
TINY_START_MS = 1_577_923_200_000
"""2020-01-02, a Thursday."""
TYPES = {1: "BUY", -1: "SELL"}


@dataclass(frozen=True)
class Answer:
    """The last frame of an execution, read."""

    frame: ResultFrame

    @property
    def failure(self) -> Failure:
        return self.frame.failure

    @property
    def signals(self) -> list[tuple[int, str, str]]:
        columns = self.frame.result.signals
        bars = np.frombuffer(columns.bar, "<i4").tolist()
        types = np.frombuffer(columns.type, "i1").tolist()
        return [
            (bar, TYPES[type_], reason)
            for bar, type_, reason in zip(bars, types, columns.reason, strict=True)
        ]

    @property
    def words(self) -> list[tuple[int, str]]:
        return [(bar, type_) for bar, type_, _ in self.signals]

    @property
    def prices(self) -> list[float]:
        return np.frombuffer(self.frame.result.signals.price, "<f8").tolist()

    @property
    def plots(self) -> dict[str, np.ndarray]:
        return {plot.name: np.frombuffer(plot.values, "<f8") for plot in self.frame.result.plots}

    @property
    def logs(self) -> list[str]:
        return list(self.frame.result.logs)

    @property
    def warnings(self) -> dict[str, str]:
        return {warning.code: warning.message for warning in self.frame.warnings}

    @property
    def live(self) -> tuple[str, str]:
        return TYPES.get(self.frame.live.type, "HOLD"), self.frame.live.reason

    @property
    def form(self) -> int:
        return self.frame.replay.form


def run(
    code: str,
    bars: BarColumns | list[float] | None = None,
    parameters: dict[str, object] | None = None,
    *,
    limits: Limits | None = None,
    options: BacktestOptions | None = None,
    compiled: bytes = b"",
) -> Answer:
    """The answer to one request; a list of closes makes tiny bars, none are ten of them."""
    columns = (
        bars if isinstance(bars, BarColumns) else tiny_bars(list(range(10, 20)) if bars is None else bars)
    )
    request = RequestFrame(
        code=code,
        compiled=compiled,
        bars=columns,
        parameters_json=json.dumps(parameters or {}),
        limits=limits,
        options=options,
        timeframe="1D",
        backtest=True,
    )
    *_, last = execute(request)
    assert last.last
    return Answer(last)


def ok(code: str, bars: BarColumns | list[float] | None = None, **keywords: object) -> Answer:
    """The answer of a run that must go well."""
    answer = run(code, bars, **keywords)
    assert answer.frame.success, str(answer.failure)
    return answer


def fails(code: str, bars: BarColumns | list[float] | None = None, **keywords: object) -> Failure:
    """The failure of a run that must not go well."""
    answer = run(code, bars, **keywords)
    assert not answer.frame.success, answer.signals
    return answer.failure


def validated(code: str) -> ValidateCodeResponse:
    """What ValidateCode answers."""
    (frame,) = execute(RequestFrame(kind=RequestFrame.VALIDATE, code=code))
    return frame.validation


def tiny_bars(closes: list[float]) -> BarColumns:
    """Daily bars from 2020-01-02 on with these closes, weekends included, opening at the close before."""
    close = np.array(closes, float)
    open_ = np.concatenate([close[:1], close[:-1]])
    return columns_of(
        TINY_START_MS + DAY_MS * np.arange(len(close)),
        open_,
        np.maximum(open_, close) + 1,
        np.maximum(np.minimum(open_, close) - 1, 0.01),
        close,
        np.full(len(close), 1_000),
    )


@cache
def market_bars(symbol: str, count: int) -> BarColumns:
    """The last `count` bars of examples/market-data."""
    with (REPOSITORY / "examples" / "market-data" / f"{symbol}.csv").open() as file:
        rows = list(csv.DictReader(file))[-count:]
    days = [datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) for row in rows]
    prices = [np.array([float(row[name]) for row in rows]) for name in ("open", "high", "low", "close")]
    milliseconds = np.array([int(day.timestamp()) * 1000 for day in days])
    return columns_of(milliseconds, *prices, np.array([int(row["volume"]) for row in rows]))


def columns_of(  # noqa: PLR0917  (in the order of the wire)
    milliseconds: np.ndarray,
    open_: np.ndarray,
    high: np.ndarray,
    low: np.ndarray,
    close: np.ndarray,
    volume: np.ndarray,
) -> BarColumns:
    return BarColumns(
        timestamp_ms=milliseconds.astype("<i8").tobytes(),
        open=open_.astype("<f8").tobytes(),
        high=high.astype("<f8").tobytes(),
        low=low.astype("<f8").tobytes(),
        close=close.astype("<f8").tobytes(),
        volume=volume.astype("<i8").tobytes(),
    )


def found(code: str, kind: str) -> list[tuple[int, int, str, str]]:
    """(line, column, message, hint) of the findings of a kind in valid code."""
    answer = validated(code)
    assert answer.valid, answer.errors
    return [
        (each.line, each.column, each.message, each.hint) for each in answer.diagnostics if each.code == kind
    ]
