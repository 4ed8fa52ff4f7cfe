"""What `validate` finds in source that its trial does not reach or cannot judge."""

import pytest
from strategy_runs import fails, found, validated

REACHED_BY_NO_TRIAL = "def strategy(data):\n    if len(data) > 19_000:\n        {}\n    return 'BUY'"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("nan", "did you mean np.nan?"),
        ("sqrt", "did you mean np.sqrt?"),
        ("Timestamp", "did you mean pd.Timestamp?"),
        ("rsi", "did you mean ta.rsi?"),
        ("BBANDS", "did you mean talib.BBANDS?"),
        ("signals", "did you mean signal?"),
        ("close", "did you mean data['close']?"),
        ("Close", "did you mean data['close']?"),
        ("datetime", "import it: import datetime"),
        ("strateg", "did you mean strategy?"),
        ("wholly_unknown", "the code sees data, df, signal"),
    ],
)
def test_an_unknown_name_is_told_the_near_one(name, meant):
    ((line, column, message, hint),) = found(REACHED_BY_NO_TRIAL.format(f"x = {name}"), "unknown_name")
    assert (line, column) == (3, 13)
    assert name in message
    assert hint.startswith(meant)


def test_an_unknown_name_that_is_reached_has_the_same_hint():
    assert fails("x = nan\nplot(df.close, 'c')").hint == "did you mean np.nan?"
    assert validated("x = nan\nplot(df.close, 'c')").diagnostics[0].hint == "did you mean np.nan?"


@pytest.mark.parametrize("read", ["data['Close']", "data.Close", "df['Close']"])
def test_a_missing_column_is_found_in_code_that_is_not_reached(read):
    ((line, _, message, hint),) = found(REACHED_BY_NO_TRIAL.format(f"x = {read}"), "missing_column")
    assert (line, "has no column 'Close'" in message) == (3, True)
    assert hint.endswith("did you mean 'close'?")


def test_a_missing_column_that_is_reached_is_said_once():
    answer = validated("def strategy(data):\n    return data['Close'] > 3")
    assert [(each.code, each.line) for each in answer.diagnostics if each.line] == [("exception", 2)]


@pytest.mark.parametrize(
    "body",
    [
        "data['fast'] = 1; x = data['fast']",
        "y = data.assign(fast=1); data = y; x = data['fast']",
        "x = data['fast'] if 'fast' in data else 0",
        "data.columns = ['fast'] * 6; x = data['Fast']",
        "data.ta.rsi(append=True); x = data['RSI_14']",
        "x = data.rename(columns=str.upper); y = data['CLOSE']",
        "data = data.resample('W').agg(fast=('close', 'last')); x = data['slow']",
        "x = {'Close': 1}; data = x; y = data['Close']",
        "x = (lambda data: data['Close'])({'Close': 1})",
        "x = data.close + data['open'] + data.shape[0] + data.size",
        "data = data.copy(); x = data['close']",
    ],
)
def test_a_column_that_the_code_may_have_made_is_not_called_missing(body):
    assert found(REACHED_BY_NO_TRIAL.format(body), "missing_column") == []


def test_a_function_that_was_to_be_strategy_is_told_its_name():
    answer = validated("def my_strategy(data):\n    return 'BUY'")
    assert not answer.valid
    ((message, hint),) = [
        (each.message, each.hint) for each in answer.diagnostics if each.code == "wrong_form"
    ]
    assert message.startswith("nothing calls my_strategy")
    assert hint == "name it strategy: def strategy(data):"


def test_a_strategy_that_answers_nothing_draws_a_warning():
    ((line, _, message, _),) = found("def strategy(data):\n    x = data.close.iloc[-1] > 3", "wrong_form")
    assert (line, message) == (1, "strategy answers nothing and calls no signal: every bar is HOLD")
    assert found("def strategy(data):\n    plot(data.close, 'c')", "wrong_form") == []
    assert found("def strategy(data):\n    signal('BUY', 'x')", "wrong_form") == []


def test_a_word_that_is_no_signal_is_found_where_it_is_not_reached():
    ((line, column, message, hint),) = found(REACHED_BY_NO_TRIAL.format("return 'LONG'"), "wrong_form")
    assert (line, column, message) == (3, 16, "strategy answers 'LONG', which is no signal")
    assert hint == 'did you mean "BUY"?'


@pytest.mark.parametrize(
    "body",
    [
        "(c - c.mean()) / c.std() > 1",
        "(c - c.min()) / (c.max() - c.min()) > 0.5",
        "c > np.percentile(c, 90)",
        "c.pct_change() > np.mean(c.pct_change())",
        "c.rank(pct=True) > 0.9",
        "c.rolling(5).mean() > c.rolling(5).mean().max() * 0.9",
        "data['close'] > data.high.median()",
        "c.interpolate() > c.shift(1)",
        "c[::-1].rolling(3).mean()[::-1] > c",
        "pd.Series(np.roll(c, -1), c.index) > c",
        "c.shift(periods=-2) > c",
    ],
)
def test_a_look_into_the_future_is_likely(body):
    assert found(f"def strategy(data):\n    c = data['close']\n    return {body}", "may_look_ahead")


def test_a_number_over_the_whole_column_is_followed_through_a_name():
    code = "def strategy(data):\n    top = data['high'].max()\n    return data['close'] > top * 0.9"
    ((line, _, message, hint),) = found(code, "may_look_ahead")
    assert line == 2
    assert ".max() of a whole column is known only when the last bar is" in message
    assert ".rolling(n)" in hint


@pytest.mark.parametrize(
    "body",
    [
        "(c - c.rolling(20).mean()) / c.rolling(20).std() > 1",
        "c > c.expanding().max().shift(1)",
        "c.rolling(50).rank(pct=True) > 0.9",
        "c > data[['open', 'close']].max(axis=1).shift(1)",
        "c.ewm(span=5).mean() > c.ewm(span=9).mean()",
        "c > c.iloc[:20].mean()",
        "c > ta.sma(c, 5)",
        "c.ffill() > c.shift(1)",
        "c > c.cummax() * 0.9",
    ],
)
def test_what_knows_only_the_bars_so_far_draws_no_warning(body):
    assert found(f"def strategy(data):\n    c = data['close']\n    return {body}", "may_look_ahead") == []


def test_a_whole_column_may_be_looked_at_where_each_bar_sees_its_own_past():
    code = "def strategy(data):\n    c = data['close']\n    return 'BUY' if c.iloc[-1] >= c.max() else 'SELL'"
    assert found(code, "may_look_ahead") == []


@pytest.mark.parametrize(
    ("calls", "line", "message"),
    [
        ("param('n', 10, min=20)", 3, "the default of parameter 'n' is 10, less than its min of 20"),
        ("param('n', 0.5, 0, 0.1)", 3, "the default of parameter 'n' is 0.5, more than its max of 0.1"),
        (
            "param('n', 5, min=9, max=1)",
            3,
            "the default of parameter 'n' is 5, and no value can be at least 9 and at most 1",
        ),
        (
            "param('n', 1) + param('n', 2)",
            3,
            "parameter 'n' has the default 2 here and 1 on line 3",
        ),
    ],
)
def test_a_parameter_that_contradicts_itself_draws_a_warning_where_it_is_not_reached(calls, line, message):
    ((found_line, _, said, _),) = found(REACHED_BY_NO_TRIAL.format(calls), "bad_declaration")
    assert (found_line, said) == (line, message)


def test_a_parameter_declared_alike_twice_draws_no_warning():
    assert found(REACHED_BY_NO_TRIAL.format("param('n', 1) + param('n', 1, min=0)"), "bad_declaration") == []


def test_a_signal_of_a_type_that_never_appears_draws_a_suggestion():
    code = """def strategy(data):
    close = data.close.iloc[-1]
    if close > 0:
        return 'BUY'
    elif close > 20:
        return 'SELL'
"""
    ((line, _, message, _),) = found(code, "no_signals")
    assert (line, message) == (6, "on the made-up bars of the trial no SELL appears")
    assert found(code.replace("> 0", "> 100"), "no_signals") == []


def test_a_strategy_that_signals_once_in_years_draws_no_suggestion():
    code = """def strategy(data):
    fast, slow = data.close.rolling(50).mean(), data.close.rolling(200).mean()
    if fast.iloc[-1] > slow.iloc[-1] and fast.iloc[-2] <= slow.iloc[-2]:
        return 'BUY'
    if fast.iloc[-1] < slow.iloc[-1] and fast.iloc[-2] >= slow.iloc[-2]:
        return 'SELL'
"""
    assert found(code, "no_signals") == []


def test_a_strategy_that_never_signals_draws_a_suggestion():
    assert found("def strategy(data):\n    return 'BUY' if data.close.iloc[-1] < 0 else 'HOLD'", "no_signals")
    assert found("plot(df.close, 'c')", "no_signals") == []
    assert found("def strategy(data):\n    return 'BUY'", "no_signals") == []
