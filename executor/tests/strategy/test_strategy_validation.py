import json

import pytest
from strategy_runs import fails, market_bars, ok, validated

WORD = 'SYMBOL = "AAPL"\nTIMEFRAME = "1D"\n'


def codes(answer, severity):
    return [finding.code for finding in answer.diagnostics if finding.severity == severity]


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("def strategy(data):\n    return 'BUY'", 1),
        ("def strategy(data):\n    return data.close > 3", 2),
        ("for i in range(0, len(df), 9):\n    signal('BUY', df.index[i], df.close.iloc[i])", 3),
        ("plot(df.close, 'c')", 3),
        ("if df.close.iloc[-1] > 3: signal('buy', 'x')", 4),
        ("def strategy(data):\n    return 'BUY' if data.close.iloc[-400] > 3 else 'SELL'", 1),
        (
            "def strategy(data):\n    return 'BUY' if data.close.rolling(300).mean().iloc[-250] > 3 else 'SELL'",
            1,
        ),
    ],
)
def test_code_that_runs_is_valid_and_its_form_is_told(code, form):
    answer = validated(WORD + code)
    assert answer.valid, answer
    assert answer.form == form
    assert not answer.errors
    assert not answer.suggestions
    assert ok(code, market_bars("AAPL", 500)).form == form


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def strategy(data)\n    return 1", "syntax_error"),
        ("x = 1", "nothing_to_run"),
        ("", "nothing_to_run"),
        ("def strategy():\n    return 'BUY'", "wrong_arguments"),
        ("def strategy(data, n):\n    return 'BUY'", "wrong_arguments"),
        ("def strategy(data):\n    return True", "bad_answer"),
        ("def strategy(data):\n    return data['Close'].iloc[-1]", "exception"),
        ("def strategy(data):\n    return 1 / 0", "exception"),
        ("import os\nplot(df.close, 'c')", "import_not_allowed"),
        ("plot(pd.read_csv('x'), 'c')", "not_available"),
        ("signal('BUY', df.index[0], 1)\nsignal('BUY', 'x')", "mixed_signals"),
        ("signal('UP', 'x')", "bad_signal"),
        ("plot([1], 'x')", "bad_plot"),
        ("param('n', 3, min=5)\nplot(df.close, 'c')", "bad_parameter"),
        ("x = df.close\ndef strategy(data):\n    return 'BUY'", "no_bars_yet"),
        ("df['close'][0] = 1\nplot(df.close, 'c')", "chained_assignment"),
        ("raise SystemExit\nplot(df.close, 'c')", "exception"),
        ("def strategy(data):\n    return 'BUY' if len(data) % 50 else 3", "bad_answer"),
        ("def strategy(data):\n    if len(data) in (1, 50): raise ValueError('fifty')", "exception"),
        (
            "n = []\ndef strategy(data):\n    n.append(1)\n    if n[1:] or len(data) < 252: raise OSError",
            "exception",
        ),
        ("signal('BUY', 2, 1.0)", "bad_signal"),
    ],
)
def test_code_that_does_not_run_is_invalid_with_the_code_of_the_failure(code, expected):
    answer = validated(code)
    assert not answer.valid
    assert codes(answer, "error") == [expected]
    assert len(answer.errors) == 1
    assert fails(code, market_bars("AAPL", 500)).code == expected


def test_a_syntax_error_has_line_and_column():
    answer = validated("x = 1\ndef strategy(data)\n    return 1")
    (finding,) = answer.diagnostics
    assert (finding.line, finding.column) == (2, 19)
    assert answer.errors[0] == "SyntaxError: expected ':' (line 2)"


def test_an_error_has_the_line_and_the_hint_of_a_run():
    answer = validated("def strategy(data):\n    return data['Close'].iloc[-1]")
    assert answer.errors[0] == "KeyError: 'Close' (line 2)"
    assert "did you mean 'close'" in answer.diagnostics[0].hint


@pytest.mark.parametrize(
    "code",
    [
        "signal('BUY', '2008-10-10', 12.5)",
        "x = df.loc['2008-10-10']\nplot(df.close, 'c')",
        "x = df.close.iloc[6000]\nplot(df.close, 'c')",
        "n = params['window']\nplot(df.close.rolling(n).mean(), 'c')",
        "n = param('window', None)\nplot(df.close.rolling(n).mean(), 'c')",
        "if len(df) == 2520: raise ValueError('x')\nplot(df.close, 'c')",
    ],
)
def test_what_only_bars_or_parameters_of_a_job_decide_is_a_warning(code):
    answer = validated(code)
    assert answer.valid, answer.errors
    assert "depends_on_bars" in codes(answer, "warning")


def test_a_name_in_a_branch_that_is_not_reached_draws_a_warning():
    answer = validated(
        "def strategy(data):\n    if len(data) > 19_000:\n        return undefined_name\n    return 'BUY'"
    )
    assert answer.valid
    assert codes(answer, "warning") == ["unknown_name"]
    assert answer.diagnostics[0].line == 3


@pytest.mark.parametrize(
    "body",
    [
        "data.close.shift(-1) > data.close",
        "data.close.rolling(5, center=True).mean() > data.close",
        "data.close.rolling(5).mean().bfill() > data.close",
        "ta.dpo(data.close) > 0",
    ],
)
def test_a_look_into_the_future_draws_a_warning_where_the_form_allows_it(body):
    ahead = validated(f"def strategy(data):\n    return {body}")
    assert "may_look_ahead" in codes(ahead, "warning"), ahead
    per_bar = validated(f"def strategy(data):\n    return 'BUY' if ({body}).iloc[-1] else 'SELL'")
    assert "may_look_ahead" not in codes(per_bar, "warning")


def test_a_strategy_without_a_symbol_gets_a_suggestion():
    answer = validated("def strategy(data):\n    return 'BUY'")
    assert answer.valid
    assert codes(answer, "suggestion") == ["no_symbol"]


def test_numbers_without_a_sale_draw_a_warning():
    assert "never_sells" in codes(
        validated("def strategy(data):\n    return (data.close > 3).astype(int)"), "warning"
    )


def test_a_warning_of_pythons_compiler_is_passed_on():
    answer = validated("x = 1 is 1\nplot(df.close, 'c')")
    assert "python_warning" in codes(answer, "warning")


def test_parameters_are_listed_also_where_the_code_is_not_reached():
    code = """
def strategy(data):
    fast = param("fast", 10, min=2, max=50)
    kind = param("kind", "sma")
    if len(data) > 19_000:
        return param("late", 0.5, max=1.0)
    return "BUY" if param("on", True) and param("any", None) is None else "SELL"
"""
    answer = validated(code)
    declared = {p.name: (p.type, json.loads(p.default_json), p.line) for p in answer.parameters}
    assert declared == {
        "fast": ("int", 10, 3),
        "kind": ("str", "sma", 4),
        "on": ("bool", True, 7),
        "any": ("any", None, 7),
        "late": ("float", 0.5, 6),
    }
    bounds = {p.name: (p.HasField("min") and p.min, p.HasField("max") and p.max) for p in answer.parameters}
    assert bounds["fast"] == (2.0, 50.0)
    assert bounds["late"] == (False, 1.0)
    assert bounds["kind"] == (False, False)
