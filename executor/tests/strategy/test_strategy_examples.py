import re

import numpy as np
import pytest
from strategy_runs import REPOSITORY, market_bars, ok, run, validated

from strategiz_executor.strategy.codes import DiagnosticCode, FailureCode, LimitName, WarningCode

EXAMPLES = REPOSITORY / "examples" / "strategies"
GUIDE = REPOSITORY / "docs" / "strategies.md"
FORMS = {"sma_crossover": 1, "rsi_mean_reversion": 2, "dated_signals": 3, "seed_crossover": 4}
SYMBOLS = ("AAPL", "MSFT", "IBM", "GOOG", "FB", "SPX", "IXIC")


def source(name: str) -> str:
    return (EXAMPLES / f"{name}.py").read_text()


def test_every_example_is_known_here():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == FORMS.keys()


@pytest.mark.parametrize("name", FORMS)
def test_an_example_trades_and_is_valid(name):
    answer = ok(source(name), market_bars("AAPL", 504))
    assert answer.form == FORMS[name]
    assert {type_ for _, type_ in answer.words} == {"BUY", "SELL"}
    assert answer.frame.metrics.total_trades >= 1
    assert set(answer.warnings) <= {"warm_up"}
    validation = validated(source(name))
    assert validation.valid
    assert validation.form == FORMS[name]
    assert not [*validation.warnings, *validation.suggestions]


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("name", ["sma_crossover", "rsi_mean_reversion"])
def test_the_examples_of_the_demo_trade_on_every_symbol(name, symbol):
    assert ok(source(name), market_bars(symbol, 196)).signals


def test_the_sma_crossover_says_what_its_averages_say():
    bars = market_bars("AAPL", 400)
    close = np.frombuffer(bars.close, "<f8")
    fast, slow = (np.convolve(close, np.ones(n) / n, "valid") for n in (10, 30))
    above = fast[20:] > slow
    changes = np.flatnonzero(np.diff(above))
    expected = [(29, above[0]), *((30 + int(bar), above[bar + 1]) for bar in changes)]
    assert ok(source("sma_crossover"), bars).words == [(bar, "BUY" if up else "SELL") for bar, up in expected]


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)


@pytest.mark.parametrize("number", range(len(blocks())))
def test_every_block_of_the_guide_runs(number):
    code = blocks()[number]
    answer = run(code, market_bars("AAPL", 120), {"fast": "5"} if "fast" in code else None)
    assert answer.frame.success, f"{code}\n{answer.failure}"
    assert validated(code).valid


@pytest.mark.parametrize("codes", [FailureCode, WarningCode, DiagnosticCode, LimitName])
def test_the_guide_explains_every_code(codes):
    explained = set(re.findall(r"^\| `(\w+)` \|", GUIDE.read_text(), re.MULTILINE))
    assert {code.value for code in codes} - explained - {"cpu"} == set()
