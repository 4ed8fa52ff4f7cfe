"""The fast ways of replay are taken with the layer on, and answer what plain Python answers."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "strategy"))

from strategy_runs import REPOSITORY, market_bars

from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.strategy.language import GUARDED_PYTHON, PLAIN_PYTHON, LanguageLayer
from strategiz_executor.strategy.run import execute

SMA = """
def strategy(data):
    close = data["close"]
    fast, slow = close.rolling(param("fast", 10)).mean(), close.rolling(30).mean()
    if fast.iloc[-1] > slow.iloc[-1]:
        return "BUY"
    return "SELL" if fast.iloc[-1] < slow.iloc[-1] else "HOLD"
"""
RSI_AND_EMA = """
def strategy(data):
    d = data["close"].diff()
    gain, loss = d.clip(lower=0).ewm(alpha=1 / 14).mean(), (-d.clip(upper=0)).ewm(alpha=1 / 14).mean()
    rsi, trend = 100 - 100 / (1 + gain / loss), data["close"].ewm(span=50).mean()
    if rsi.iloc[-1] < 40 and data["close"].iloc[-1] > trend.iloc[-1]:
        signal("BUY", f"rsi {rsi.iloc[-1]:.1f}")
    elif rsi.iloc[-1] > 70 or data["close"].iloc[-1] < trend.iloc[-1] * 0.9:
        signal("SELL", "rsi {:.1f}".format(rsi.iloc[-1]))
"""
SEED = """
df["sma"] = df["close"].rolling(20).mean()
if df["close"].iloc[-1] > df["sma"].iloc[-1]: signal("buy", "SMA crossover")
if df["close"].iloc[-1] < df["sma"].iloc[-1]: signal("sell", "below")
"""
TA_LIB = """
import talib
def strategy(data):
    rsi = talib.RSI(data["close"], 14)
    upper, _, lower = talib.BBANDS(data["close"], 20)
    if rsi.iloc[-1] < 35 and data["close"].iloc[-1] < lower.iloc[-1] * 1.02:
        return "BUY"
    return "SELL" if data["close"].iloc[-1] > upper.iloc[-1] else None
"""
IN_PLACE = """
def strategy(data):
    score = 0
    close = data["close"]
    for days in (5, 10, 20):
        score += 1 if close.iloc[-1] > close.rolling(days).mean().iloc[-1] else -1
    average: float = close.rolling(50).mean().iloc[-1]
    return "BUY" if score > 1 and close.iloc[-1] > average else "SELL" if score < -1 else "HOLD"
"""
BY_GETATTR = """
def strategy(data):
    level = getattr(data, "close").iloc[-1]
    top = getattr(data["high"].rolling(20), "max")().shift(1).iloc[-1]
    return "BUY" if level > top else "HOLD"
"""
ON_PATHS = {"SMA": SMA, "RSI and EMA": RSI_AND_EMA, "seed": SEED, "TA-Lib": TA_LIB, "in place": IN_PLACE,
            "getattr": BY_GETATTR}  # fmt: skip
EXAMPLES = {path.stem: path.read_text() for path in (REPOSITORY / "examples" / "strategies").glob("*.py")}
GUARDED_IN_A_BRANCH = """
def strategy(data):
    if len(data) % 50 == 7:
        data.query("close > 0")
    return "BUY" if data["close"].iloc[-1] > data["open"].iloc[-1] else "SELL"
"""


def answer(code: str, layer: LanguageLayer) -> ResultFrame:
    *_, last = execute(
        RequestFrame(code=code, bars=market_bars("AAPL", 400), timeframe="1D", backtest=True), layer
    )
    last.ClearField("timings")
    return last


@pytest.mark.parametrize("name", ON_PATHS)
def test_the_way_stays_the_fastest_and_the_answer_the_same(name: str):
    plain, guarded = answer(ON_PATHS[name], PLAIN_PYTHON), answer(ON_PATHS[name], GUARDED_PYTHON)
    assert (guarded.success, guarded.replay.way) == (True, "paths"), guarded
    assert guarded == plain


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_takes_the_same_way_to_the_same_answer(name: str):
    plain, guarded = answer(EXAMPLES[name], PLAIN_PYTHON), answer(EXAMPLES[name], GUARDED_PYTHON)
    assert guarded.success
    assert guarded == plain


def test_what_is_refused_on_a_real_table_is_not_had_on_what_stands_for_it():
    failed = answer(GUARDED_IN_A_BRANCH, GUARDED_PYTHON)
    assert (failed.failure.code, failed.failure.line, failed.failure_bar) == ("not_available", 4, 7)
    assert answer(GUARDED_IN_A_BRANCH, PLAIN_PYTHON).success
