import pytest
from strategy_runs import fails, market_bars, ok, run

pytestmark = pytest.mark.usefixtures("way")


def test_an_exception_over_all_bars_fails_with_type_message_line_and_source():
    failure = fails("import math\n\ndef strategy(data):\n    x = 1\n    return 1 / (x - 1)")
    assert (failure.type, failure.message, failure.line) == ("ZeroDivisionError", "division by zero", 5)
    assert failure.source_line == "return 1 / (x - 1)"
    assert (getattr(failure, "class"), failure.code) == ("user", "exception")


def test_the_line_is_the_innermost_of_the_authors_own():
    failure = fails('def inner(data):\n    return data["x"]\n\ndef strategy(data):\n    return inner(data)')
    assert failure.line == 2


def test_prints_before_a_failure_are_shown():
    assert run("print('before')\ndef strategy(data):\n    print('in')\n    raise ValueError('no')").logs == [
        "before",
        "in",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "raise SystemExit(3)",
        "raise KeyboardInterrupt",
        "raise GeneratorExit",
        "raise BaseException('x')",
        "def f(): return f()\nf()",
        "exit()",
    ],
)
def test_whatever_the_code_raises_is_the_users_failure(statement):
    failure = fails(f"{statement}\nplot(df.close, 'c')")
    assert getattr(failure, "class") == "user"
    assert failure.line >= 1


def test_running_out_of_memory_is_a_limit():
    failure = fails("raise MemoryError\nplot(df.close, 'c')")
    assert (getattr(failure, "class"), failure.code, failure.limit_name) == ("limit", "memory", "memory")


def test_an_exception_whose_text_raises_too_is_still_a_failure():
    code = "class Bad(Exception):\n    def __str__(self):\n        raise ValueError\nraise Bad\nplot(1, 'c')"
    failure = fails(code)
    assert failure.type == "Bad"
    assert "cannot be shown" in failure.message


def test_an_exceptions_text_is_cut_and_valid_utf8():
    failure = fails("raise ValueError('\\ud800' + 'x' * 100_000)\nplot(1, 'c')")
    assert 1_000 < len(failure.message) <= 2_000
    assert failure.message.startswith("?x")


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ('df["Close"]', "did you mean 'close'"),
        ('df[["Close", "open"]]', "did you mean 'close'"),
        ("df.Close", "did you mean 'close'"),
        ("df.vloume", "did you mean 'volume'"),
        ("df['close'].fillna(method='ffill')", ".ffill()"),
        ("df['close'][0] = 1", "data.loc["),
        ("df['close'].fillna(0, inplace=True)", "inplace"),
        ("df.append(df)", "pd.concat"),
        ("df['close'].iteritems()", ".items()"),
        ("df['close'][-1]", ".iloc[-1]"),
        ("df[df.index > pd.Timestamp('2020-01-05')]", 'tz="UTC"'),
        ("df.index[0] > pd.Timestamp('2020-01-05')", 'tz="UTC"'),
        ("1 if df.close > 3 else 0", ".iloc[-1]"),
        ("df.close.iloc[50]", "len(data)"),
        ("df.close.resample('M').last()", "ME"),
        ("df.close.resample('H').last()", "h, min, s"),
        ("df.close.values[0] = 3", "copy=True"),
        ("df.loc['1999-05-05']", "data.index"),
        ("clos", "data['close']"),
        ("None.x", "None"),
        ("def f(): f()\nf()", "without end"),
    ],
)
def test_a_hint_says_what_was_meant(statement, hint):
    failure = fails(f"{statement}\nplot(df.close, 'c')")
    assert hint in failure.hint, failure


def test_a_missing_column_is_looked_for_among_the_authors_own_too():
    failure = fails('df["fast_average"] = df.close\ndf["fast_avrage"]\nplot(df.close, "c")')
    assert "did you mean 'fast_average'" in failure.hint


def test_a_chained_assignment_fails_instead_of_doing_nothing():
    failure = fails("df['close'][0] = 1\nplot(df.close, 'c')")
    assert (failure.code, failure.type, failure.line) == ("chained_assignment", "ChainedAssignmentError", 1)
    assert "\n" not in failure.message


def test_the_bars_at_which_the_code_raises_first_are_warm_up():
    code = """
def strategy(data):
    return "BUY" if data.close.iloc[-4] > 0 else "SELL"
"""
    answer = ok(code)
    assert answer.words == [(3, "BUY")]
    assert answer.frame.replay.warm_up_bars == 3
    assert answer.warnings["warm_up"].startswith("the first 3 bars are warm-up: the code raised IndexError")


def test_warm_up_may_be_as_long_as_all_bars_but_one():
    answer = ok('def strategy(data):\n    data.iloc[9]\n    return "BUY"')
    assert answer.frame.replay.warm_up_bars == 9
    assert answer.words == [(9, "BUY")]


def test_an_exception_after_a_bar_that_succeeded_fails_naming_the_bar():
    answer = run(
        "def strategy(data):\n    if len(data) in (1, 5):\n        raise ValueError('five')\n    return 'BUY'"
    )
    assert answer.failure.message == "five"
    assert answer.failure.line == 3
    assert answer.frame.failure_bar == 5


def test_an_answer_that_is_no_signal_is_not_forgiven_in_warm_up():
    answer = run("def strategy(data):\n    return 'BUY' if len(data) > 5 else 'WAIT'")
    assert answer.failure.code == "bad_answer"
    assert answer.frame.failure_bar == 1


def test_what_a_bar_of_form_4_signalled_before_it_raised_in_warm_up_is_dropped():
    code = 'signal("BUY", "early")\nprint(len(df))\ndf.close.iloc[-3]\n'
    answer = ok(code, [1, 2, 3, 4])
    assert answer.signals == [(2, "BUY", "early")]
    assert answer.frame.replay.warm_up_bars == 2
    assert answer.logs == ["1", "2", "3", "4"]


def test_a_state_that_breaks_the_last_bar_fails_too():
    code = "calls = []\ndef strategy(data):\n    calls.append(1)\n    if len(calls) == 10: raise OSError('tenth')"
    answer = run(code)
    assert answer.failure.message == "tenth"
    assert answer.frame.failure_bar == 10


def test_a_state_that_breaks_every_bar_of_the_loop_is_no_warm_up():
    code = """
calls = []
def strategy(data):
    calls.append(1)
    if len(data) < 10 or len(calls) > 1:
        raise ValueError("twice")
"""
    answer = run(code)
    assert answer.failure.message == "twice"
    assert answer.frame.failure_bar == 10


def test_an_answer_that_is_no_signal_over_all_bars_fails_before_any_single_bar_is_asked():
    answer = run("def strategy(data):\n    print(len(data))\n    return True")
    assert answer.logs == ["10"]
    assert answer.frame.failure_bar == 10


def test_an_index_error_on_short_prefixes_of_real_bars_is_warm_up():
    answer = ok(
        "def strategy(data):\n    return 1 if data.close.iloc[-1] > data.close.iloc[-60] else -1",
        market_bars("IBM", 200),
    )
    assert answer.frame.replay.warm_up_bars == 59


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = (", 1),
        ("if True:\nx = 1", 2),
        ("def strategy(data):\n  return 1\n   x", 3),
        ("x = 1 +", 1),
        ("return 5", 1),
    ],
)
def test_a_syntax_error_names_its_line(code, line):
    failure = fails(code)
    assert failure.code == "syntax_error"
    assert failure.line == line


@pytest.mark.parametrize("code", ["x = 1\0", "(" * 5_000, "-" * 100_000 + "1", "x = " + "9" * 10_000])
def test_a_source_that_the_compiler_cannot_take_is_a_syntax_error(code):
    assert fails(code).code in {"syntax_error", "nothing_to_run"}


def test_a_name_bound_to_signal_says_so():
    failure = fails("signal = df.close.mean()\nsignal('BUY', 'x')")
    assert "bound" in failure.hint
