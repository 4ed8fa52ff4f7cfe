import pytest
from strategy_runs import fails, market_bars, ok

pytestmark = pytest.mark.usefixtures("way")

SEED_CODE = (
    'df["sma"] = df["close"].rolling(20).mean()\n'
    'if df["close"].iloc[-1] > df["sma"].iloc[-1]: signal("buy", "SMA crossover")'
)


def test_a_word_for_every_bar_becomes_a_signal_at_each_change():
    code = """
def strategy(data):
    return "BUY" if data["close"].iloc[-1] > 3 else "sell"
"""
    answer = ok(code, [1, 5, 6, 2, 1, 9])
    assert answer.form == 1
    assert answer.words == [(0, "SELL"), (1, "BUY"), (3, "SELL"), (5, "BUY")]


@pytest.mark.parametrize(
    ("up", "down"), [('"Buy"', '"sell"'), ("1", "-1"), ("1.0", "-1.0"), ("np.int64(1)", "-1")]
)
def test_words_in_any_case_and_numbers_say_the_same(up, down):
    answer = ok(f"def strategy(data):\n    return {up} if data.close.iloc[-1] > 3 else {down}", [1, 5, 1])
    assert answer.words == [(0, "SELL"), (1, "BUY"), (2, "SELL")]


@pytest.mark.parametrize("hold", ['"HOLD"', '"hold"', "0", "0.0", "None", "np.array(0)"])
def test_hold_in_every_spelling_says_nothing(hold):
    answer = ok(f"def strategy(data):\n    return {hold}")
    assert answer.form == 1
    assert answer.signals == []
    assert answer.live == ("HOLD", "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("True", "True"),
        ("np.bool_(False)", "False"),
        ("2", "2"),
        ('"UP"', "'UP'"),
        ("float('nan')", "nan"),
        ("{}", "{}"),
    ],
)
def test_any_other_answer_fails_and_is_named(value, shown):
    failure = fails(f"def strategy(data):\n    return {value}")
    assert failure.code == "bad_answer"
    assert shown in failure.message
    assert failure.line == 1
    assert getattr(failure, "class") == "user"


def test_a_tuple_of_word_and_reason_is_told_where_the_reason_goes():
    failure = fails('def strategy(data):\n    return "BUY", "because"')
    assert failure.code == "bad_answer"
    assert "signal(type, reason)" in failure.hint


def test_a_call_of_signal_in_strategy_is_that_bars_answer():
    code = """
def strategy(data):
    if data.close.iloc[-1] > 3:
        signal("buy", f"close {data.close.iloc[-1]:.0f}")
"""
    answer = ok(code, [1, 5, 6])
    assert answer.form == 1
    assert answer.signals == [(1, "BUY", "close 5")]
    assert answer.live == ("BUY", "close 6")


def test_a_call_and_the_same_word_agree():
    code = 'def strategy(data):\n    signal("BUY", "why")\n    return "buy"'
    assert ok(code).signals == [(0, "BUY", "why")]


@pytest.mark.parametrize("word", ['"SELL"', '"HOLD"'])
def test_a_call_and_another_answer_fail(word):
    failure = fails(f'def strategy(data):\n    signal("BUY", "why")\n    return {word}')
    assert failure.code == "bad_answer"
    assert word.strip('"') in failure.message


def test_the_module_of_form_1_is_executed_once_and_bars_come_in_order():
    code = """
print("module")
seen = []
def strategy(data):
    seen.append(len(data))
    print(len(seen), len(data), len(df), df is data)
"""
    answer = ok(code, [1, 2, 3])
    assert answer.logs == ["module", "1 1 1 True", "2 2 2 True", "3 3 3 True"]
    assert answer.frame.replay.calls == 3


@pytest.mark.parametrize("line", ['x = df["close"]', "n = len(data)", "df['sma'] = 1"])
def test_reading_bars_at_module_level_of_form_1_fails_with_a_hint(line):
    failure = fails(f'import math\n{line}\ndef strategy(data):\n    return "HOLD"')
    assert failure.code == "no_bars_yet"
    assert failure.line == 2
    assert "inside strategy(data)" in failure.hint


@pytest.mark.parametrize("line", ['signal("BUY", "x")', "plot([1], 'x')"])
def test_signal_and_plot_at_module_level_of_form_1_fail(line):
    failure = fails(f'{line}\ndef strategy(data):\n    return "HOLD"')
    assert failure.code == "no_bars_yet"
    assert failure.line == 1


def test_a_series_for_all_bars_is_one_call():
    code = """
print("once")
def strategy(data):
    print("called")
    return np.where(data.close > 3, "BUY", "SELL")
"""
    answer = ok(code, [1, 5, 6, 2])
    assert answer.form == 2
    assert answer.words == [(0, "SELL"), (1, "BUY"), (3, "SELL")]
    assert answer.logs == ["once", "called"]
    assert (answer.frame.replay.way, answer.frame.replay.calls) == ("once", 1)


def test_signals_with_timestamps_are_one_run_ordered_by_time():
    code = """
signal("SELL", df.index[3], 1.5, "down", "red")
signal("BUY", df.index[1], 2.5, reason="up", icon="green")
"""
    answer = ok(code)
    assert answer.form == 3
    assert answer.signals == [(1, "BUY", "up"), (3, "SELL", "down")]
    assert answer.prices == [2.5, 1.5]
    assert list(answer.frame.result.signals.icon) == ["green", "red"]
    assert answer.live == ("HOLD", "")


def test_signals_with_timestamps_may_come_from_strategy_and_read_bars_at_module_level():
    code = """
middle = len(df) // 2
def strategy(data):
    signal(type="BUY", timestamp=data.index[middle], price=data.close.iloc[middle], reason="half")
    return "HOLD"
"""
    answer = ok(code)
    assert answer.form == 3
    assert answer.signals == [(5, "BUY", "half")]


def test_an_answer_beside_signals_with_timestamps_fails():
    code = 'def strategy(data):\n    signal("BUY", data.index[0], 1.0)\n    return "BUY"'
    assert fails(code).code == "bad_answer"


def test_code_that_only_plots_is_form_3_without_signals():
    answer = ok('plot(df["close"], "close")')
    assert answer.form == 3
    assert answer.signals == []
    assert list(answer.plots) == ["close"]


def test_the_code_of_form_4_is_executed_anew_for_every_bar():
    code = """
try:
    count += 1
except NameError:
    count = 1
print(count, len(df))
if df.close.iloc[-1] > 3: signal("buy", "above")
"""
    answer = ok(code, [1, 5, 2, 7])
    assert answer.form == 4
    assert answer.logs == ["1 1", "1 2", "1 3", "1 4"]
    assert answer.signals == [(1, "BUY", "above")]
    assert answer.live == ("BUY", "above")
    assert answer.frame.replay.calls == 4


def test_the_seeds_own_request_works():
    answer = ok(SEED_CODE, market_bars("AAPL", 60))
    assert answer.form == 4
    assert len(answer.signals) == 1
    bar, type_, reason = answer.signals[0]
    assert (type_, reason) == ("BUY", "SMA crossover")
    assert bar >= 19


def test_several_signals_on_one_bar_stay_as_written():
    code = 'if len(df) == 2:\n    signal("SELL", "a")\n    signal("BUY", "b")'
    assert ok(code, [1, 2, 3]).signals == [(1, "SELL", "a"), (1, "BUY", "b")]


def test_both_kinds_of_signal_fail_naming_both_lines():
    code = 'signal("BUY", df.index[0], 1.0)\n\nsignal("SELL", "why")'
    failure = fails(code)
    assert failure.code == "mixed_signals"
    assert "line 1" in failure.message
    assert "line 3" in failure.message


def test_both_kinds_found_only_by_running_fail_naming_both_lines():
    code = 'a = ("BUY", df.index[0], 1.0)\nsignal(*a)\nb = ("SELL", "why")\nsignal(*b)'
    failure = fails(code)
    assert failure.code == "mixed_signals"
    assert "line 2" in failure.message
    assert "line 4" in failure.message


def test_calls_whose_kind_only_running_tells_find_their_form():
    assert ok('a = ("BUY", df.index[2], 1.0)\nsignal(*a)').form == 3
    assert ok('a = ("BUY", "why")\nsignal(*a)').form == 4


def test_a_timestamp_without_a_price_fails():
    failure = fails('signal("BUY", df.index[0])')
    assert failure.code == "bad_signal"
    assert "signal(type, timestamp, price" in failure.hint


@pytest.mark.parametrize(
    "code", ["", "x = 1", "import math\ndef other(data):\n    return 'BUY'", 'strategy = "sma"']
)
def test_code_with_nothing_to_run_says_what_a_strategy_must_contain(code):
    failure = fails(code)
    assert failure.code == "nothing_to_run"
    assert "strategy(data)" in failure.message + failure.hint


@pytest.mark.parametrize(
    ("head", "count"),
    [("def strategy():", 0), ("def strategy(data, fast=10):", 2), ("def strategy(a, b):", 2)],
)
def test_strategy_must_take_exactly_one_argument(head, count):
    failure = fails(f"{head}\n    return 'BUY'")
    assert failure.code == "wrong_arguments"
    assert f"takes {count}" in failure.message


def test_strategy_must_be_a_plain_function():
    assert fails("def strategy(data):\n    yield 1").code == "wrong_arguments"


@pytest.mark.parametrize(
    "code",
    [
        "strategy = lambda data: 'BUY'",
        "def mine(data):\n    return 'BUY'\nstrategy = mine",
        "import functools\ndef mine(n, data):\n    return 'BUY'\nstrategy = functools.partial(mine, 3)",
        "class Mine:\n    def __call__(self, data):\n        return 'BUY'\nstrategy = Mine()",
    ],
)
def test_strategy_may_be_anything_that_can_be_called(code):
    answer = ok(code)
    assert answer.form == 1
    assert answer.words == [(0, "BUY")]


def test_a_value_called_strategy_does_not_hide_form_4():
    answer = ok('strategy = param("strategy", "sma")\nlast = df.close.iloc[-1]\nsignal("BUY", strategy)')
    assert answer.form == 4
    assert answer.signals == [(0, "BUY", "sma")]


def test_a_local_variable_called_signal_is_not_a_call_of_signal():
    code = """
def strategy(data):
    signal = data.close.ewm(span=9).mean()
    return "BUY" if data.close.iloc[-1] > signal.iloc[-1] else "SELL"
"""
    assert ok(code).form == 1


def test_repeats_are_dropped_however_many_holds_lie_between():
    code = 'def strategy(data):\n    return {1: "BUY", 3: "BUY", 4: "SELL", 6: "SELL", 7: "BUY"}.get(len(data), "HOLD")'
    answer = ok(code, list(range(1, 9)))
    assert answer.words == [(0, "BUY"), (3, "SELL"), (6, "BUY")]
    assert (answer.frame.metrics.buy_count, answer.frame.metrics.sell_count) == (2, 1)


def test_the_live_signal_is_the_last_bars_answer_before_repeats_are_dropped():
    assert ok('def strategy(data):\n    return "BUY"').live == ("BUY", "")
    assert ok('def strategy(data):\n    return "BUY" if len(data) < 10 else "HOLD"').live == ("HOLD", "")


def test_one_bar_is_enough():
    answer = ok('def strategy(data):\n    return "BUY"', [5.0])
    assert answer.words == [(0, "BUY")]
    assert answer.frame.metrics.pending_signals == 1
