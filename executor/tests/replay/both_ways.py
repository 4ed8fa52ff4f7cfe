"""One strategy answered twice, the way the product chooses and by the plain loop, and what differs between them."""

import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "strategy"))

from strategy_runs import columns_of, market_bars

from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import BarColumns
from strategiz_executor.server.executor import fast_form
from strategiz_executor.strategy.language import GUARDED_PYTHON, LanguageLayer
from strategiz_executor.strategy.replay import ways
from strategiz_executor.strategy.replay.guard import DIFFERED
from strategiz_executor.strategy.run import execute

HOUR_MS = 3_600_000


@dataclass(frozen=True)
class BothWays:
    """The answers to one request: as it comes first, as it comes again, and by the plain loop."""

    fast: ResultFrame
    again: ResultFrame
    plain: ResultFrame

    @property
    def way(self) -> str:
        """The way that was taken; "failed" where the execution did."""
        return self.fast.replay.way if self.fast.success else "failed"

    @property
    def why(self) -> str:
        return self.fast.replay.why_not_faster

    def difference(self) -> str:
        """What differs between the answers, "" where nothing does."""
        if DIFFERED in self.why:
            return f"the guard saw a difference that it then mended: {self.why}"
        first, again = self._difference(self.fast), self._difference(self.again)
        return first or (again and f"as a code seen before: {again}")

    def _difference(self, fast_answer: ResultFrame) -> str:
        for name in ("success", "failure", "failure_bar", "live", "warnings", "result", "metrics"):
            fast, plain = getattr(fast_answer, name), getattr(self.plain, name)
            if repr(fast) != repr(plain):
                return f"{name}:\n{_readable(fast)}\nby the plain loop:\n{_readable(plain)}"
        if fast_answer.replay.warm_up_bars != self.plain.replay.warm_up_bars:
            return f"warm-up: {fast_answer.replay.warm_up_bars}, plain {self.plain.replay.warm_up_bars}"
        return ""


def both_ways(
    code: str,
    bars: BarColumns,
    parameters: dict[str, Any] | None = None,
    *,
    guarded: bool = False,
    layer: LanguageLayer = GUARDED_PYTHON,
) -> BothWays:
    """Answer the strategy both ways. Without the guard, so that it hides no difference."""
    fast = answer_to(code, bars, parameters, guarded=guarded, layer=layer)
    form = fast_form(fast) if fast.success else 0
    again = answer_to(code, bars, parameters, form=form, layer=layer) if form else fast
    with mock.patch.object(ways, "FAST_WAYS", ()):
        return BothWays(fast, again, answer_to(code, bars, parameters, guarded=guarded, layer=layer))


def answer_to(
    code: str,
    bars: BarColumns,
    parameters: dict[str, Any] | None = None,
    *,
    guarded: bool = False,
    form: int = 0,
    layer: LanguageLayer = GUARDED_PYTHON,
) -> ResultFrame:
    """The answer to one request; `form` is the one that an earlier answer by paths had."""
    request = RequestFrame(
        code=code,
        bars=bars,
        parameters_json=json.dumps(parameters or {}),
        timeframe="1D",
        backtest=True,
        first_execution=guarded,
        fast_form=form,
    )
    *_, last = execute(request, layer)
    assert last.last
    return last


def _readable(value: Any) -> str:
    signals = getattr(value, "signals", None)
    if signals is None:
        return str(value)
    bars = np.frombuffer(signals.bar, "<i4").tolist()
    types = np.frombuffer(signals.type, "i1").tolist()
    said = list(zip(bars, types, signals.reason, strict=True))
    return f"signals {said}\nlogs {list(value.logs)}\nplots {[plot.name for plot in value.plots]}"


@cache
def bars_named(name: str) -> BarColumns:
    """Bars to try strategies on: a market, or made up with long runs of one price."""
    if name == "market":
        return market_bars("AAPL", 160)
    if name == "steps":
        return walk(3, 130, 0.5)
    if name == "short":
        return walk(5, 3, 1.0)
    return walk(int(name), 120, 1.0)


def walk(seed: int, count: int, grain: float) -> BarColumns:
    """Prices in steps of `grain`, so that equal closes, rises and falls all come often."""
    chooser = np.random.default_rng(seed)
    steps = chooser.integers(-3, 4, count) * grain
    close = np.maximum(60 + np.cumsum(steps), grain)
    open_ = np.concatenate([close[:1], close[:-1]])
    high = np.maximum(open_, close) + chooser.integers(0, 3, count) * grain
    low = np.maximum(np.minimum(open_, close) - chooser.integers(0, 3, count) * grain, grain / 2)
    low = np.minimum(low, np.minimum(open_, close))
    volume = chooser.integers(0, 4, count) * 1000
    return columns_of(1_577_923_200_000 + HOUR_MS * np.arange(count), open_, high, low, close, volume)
