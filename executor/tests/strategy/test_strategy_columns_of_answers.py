import pytest
from strategy_runs import fails, ok

THREE = [1.0, 2.0, 3.0]


def answering(expression):
    return f"def strategy(data):\n    return {expression}"


@pytest.mark.parametrize(
    "expression",
    [
        "['BUY', 'HOLD', 'SELL']",
        "['buy', None, 'Sell']",
        "[1, 0, -1]",
        "[1, np.nan, -1]",
        "np.array([1, 0, -1])",
        "np.array([1.0, np.nan, -1.0])",
        "np.array(['BUY', '', 'SELL'], dtype=object)[[0, 0, 2]]",
        "pd.Series(['BUY', 'HOLD', 'SELL'])",
        "pd.Series([1, 0, -1], index=data.index)",
        "pd.Series([1, pd.NA, -1], dtype='Int64')",
        "pd.Series(['BUY', 'HOLD', 'SELL'], dtype='category')",
        "pd.Index([1, 0, -1])",
        "['BUY', 0, -1]",
    ],
)
def test_words_and_numbers_are_events(expression):
    answer = ok(answering(expression), THREE)
    assert answer.form == 2
    assert answer.words == [(0, "BUY"), (2, "SELL")]
    assert answer.live == ("SELL", "")


@pytest.mark.parametrize(
    "expression",
    [
        "data.close > 1",
        "(data.close > 1).to_list()",
        "(data.close > 1).to_numpy()",
        "pd.array([False, True, True])",
        "[None, True, None]",
    ],
)
def test_booleans_mean_in_and_out_from_out(expression):
    assert ok(answering(expression), THREE).words == [(1, "BUY")]


def test_booleans_signal_at_each_change():
    answer = ok(answering("data.close > 2"), [3, 3, 1, 1, 5, 1])
    assert answer.words == [(0, "BUY"), (2, "SELL"), (4, "BUY"), (5, "SELL")]
    assert answer.live == ("SELL", "")


def test_a_gap_among_booleans_keeps_the_state():
    answer = ok(answering("(data.close > 2).shift(1)"), [3, 3, 1, 1])
    assert answer.words == [(1, "BUY"), (3, "SELL")]
    assert answer.live == ("SELL", "")


def test_only_zeros_and_ones_draw_the_warning_that_it_never_sells():
    assert "never_sells" in ok(answering("[0, 1, 0]"), THREE).warnings
    assert "never_sells" in ok(answering("np.array([0.0, 1.0, np.nan])"), THREE).warnings
    assert "never_sells" not in ok(answering("[0, 1, -1]"), THREE).warnings
    assert "never_sells" not in ok(answering("[0, 0, 0]"), THREE).warnings
    assert "never_sells" not in ok(answering("['HOLD', 'BUY', 'HOLD']"), THREE).warnings
    assert "never_sells" not in ok(answering("[False, True, True]"), THREE).warnings


@pytest.mark.parametrize(
    ("expression", "shown", "bar"),
    [
        ("[1, 2, 0]", "2", 2),
        ("np.array([0.0, 0.5, 0.0])", "0.5", 2),
        ("np.array([0.0, 0.0, np.inf])", "inf", 3),
        ("['BUY', 'WAIT', 'SELL']", "'WAIT'", 2),
        ("[1, 0, True]", "True", 3),
        ("data.index", "Timestamp", 1),
    ],
)
def test_a_value_that_is_no_signal_is_named_with_its_bar(expression, shown, bar):
    failure = fails(answering(expression), THREE)
    assert failure.code == "bad_answer"
    assert shown in failure.message
    assert f"bar {bar}" in failure.message


@pytest.mark.parametrize(
    "expression", ["[1, 0]", "data.close.iloc[1:] > 0", "[]", "np.zeros((3, 1))", "data", "(1, 0, -1)"]
)
def test_another_length_or_shape_fails(expression):
    assert fails(answering(expression), THREE).code == "bad_answer"


def test_a_series_over_other_times_fails_instead_of_being_taken_by_position():
    failure = fails(answering("(data.close > 1).sort_index(ascending=False)"), THREE)
    assert failure.code == "bad_answer"
    assert "index" in failure.message


def test_calling_signal_and_answering_a_series_fails():
    failure = fails("def strategy(data):\n    signal('BUY', 'x')\n    return data.close > 1", THREE)
    assert failure.code == "bad_answer"


def test_a_column_at_a_short_prefix_of_a_word_strategy_fails():
    code = "def strategy(data):\n    return [1] if len(data) == 1 else 'HOLD'"
    failure = fails(code, THREE)
    assert failure.code == "bad_answer"
