import pytest
from strategy_runs import fails, ok


def asked(call, **parameters):
    """What param answers, as the log shows it."""
    return ok(f"print(repr({call}))\nplot(df.close, 'c')", parameters=parameters).logs[0]


@pytest.mark.parametrize(
    ("call", "value", "shown"),
    [
        ("param('n', 5)", "10", "10"),
        ("param('n', 5)", "10.0", "10"),
        ("param('n', 5)", 10.0, "10"),
        ("param('n', 5)", 10, "10"),
        ("param('n', 5)", " 7 ", "7"),
        ("param('n', 5)", "12345678901234567891", "12345678901234567891"),
        ("param('n', 0.5)", "1", "1.0"),
        ("param('n', 0.5)", 2, "2.0"),
        ("param('n', True)", "false", "False"),
        ("param('n', True)", "0", "False"),
        ("param('n', False)", "YES", "True"),
        ("param('n', False)", 1, "True"),
        ("param('n', False)", True, "True"),
        ("param('n', 'sma')", "ema", "'ema'"),
        ("param('n', 'sma')", 5, "'5'"),
        ("param('n', None)", "5", "'5'"),
        ("param('n', None)", 2.5, "2.5"),
        ("param('n', 5, min=1, max=10)", "10", "10"),
    ],
)
def test_a_parameter_comes_in_the_defaults_type(call, value, shown):
    assert asked(call, n=value) == shown


def test_a_parameter_asked_again_is_answered_by_what_is_asked_then():
    assert asked("[param('n', d) for d in (5, 0.5, 'x', True, 5)]", n="1") == "[1, 1.0, '1', True, 1]"
    assert asked("[param('n', 5), param('n', 6)]") == "[5, 6]"
    fails("param('n', 5)\nparam('n', 5, max=2)\nplot(df.close, 'c')", parameters={"n": 3})


def test_a_parameter_that_is_not_given_is_the_default():
    assert asked("param('n', 5)") == "5"
    assert asked("param('n', None)") == "None"


@pytest.mark.parametrize(
    ("call", "value", "rule"),
    [
        ("param('n', 5)", "3.5", "a whole number"),
        ("param('n', 5)", True, "a whole number"),
        ("param('n', 5)", "ten", "a whole number"),
        ("param('n', 0.5)", "nan", "a number"),
        ("param('n', 0.5)", "1e999", "a number"),
        ("param('n', True)", "maybe", "true or false"),
        ("param('n', True)", 2, "true or false"),
        ("param('n', 5, min=6)", "3", "at least 6"),
        ("param('n', 5, max=6)", "7", "at most 6"),
        ("param('n', 5, 2, 4)", "3", "at most"),
    ],
)
def test_a_parameter_that_breaks_its_rule_fails_naming_name_value_and_rule(call, value, rule):
    if "2, 4" in call:
        assert asked(call, n=value) == "3"
        value = "7"
    failure = fails(f"x = 1\n{call}\nplot(df.close, 'c')", parameters={"n": value})
    assert (getattr(failure, "class"), failure.code, failure.line) == ("user", "bad_parameter", 2)
    assert "'n'" in failure.message
    assert str(value) in failure.message
    assert rule in failure.message


def test_a_default_out_of_its_own_bounds_fails():
    assert fails("param('n', 5, min=6)\nplot(df.close, 'c')").code == "bad_parameter"


@pytest.mark.parametrize(
    "call", ["param(5, 5)", "param('n', [1])", "param('n', 'a', min=1)", "param('n', 1, max='x')"]
)
def test_param_called_wrongly_fails(call):
    assert fails(f"{call}\nplot(df.close, 'c')").code == "bad_parameter"


def test_params_is_the_plain_dict_with_the_types_as_sent():
    code = "print(params, parameters is params, type(params))\nplot(df.close, 'c')"
    assert ok(code, parameters={"a": "1", "b": 2, "c": True}).logs == [
        "{'a': '1', 'b': 2, 'c': True} True <class 'dict'>"
    ]


@pytest.mark.parametrize(
    "code",
    [
        "param('fast', 1)",
        "params['fast']",
        "params.get('fast')",
        "parameters.get('fast', 3)",
        "'fast' in params",
        "for name in params: pass",
        "dict(**params)",
        "name = 'fa' + 'st'\nparam(name, 1)",
        "def strategy(data):\n    return 'BUY' if params['fast'] else 'SELL'",
    ],
)
def test_a_parameter_that_the_code_asks_for_draws_no_warning(code):
    answer = ok(f"{code}\nx = plot" if "strategy" not in code else code, parameters={"fast": 1})
    assert "unused_parameter" not in answer.warnings


def test_a_parameter_that_the_code_never_asks_for_draws_a_warning():
    answer = ok(
        "param('fast', 1)\nparams.get('other')\nplot(df.close, 'c')", parameters={"fast": 1, "slwo": 2}
    )
    assert "'slwo'" in answer.warnings["unused_parameter"]
    assert "'fast'" not in answer.warnings["unused_parameter"]


def test_writing_to_params_lasts_for_one_execution_of_the_code():
    code = "print(params)\nparams['x'] = 2\nif len(df) == 2: signal('BUY', 'b')"
    assert set(ok(code, [1, 2], parameters={"x": 1}).logs) == {"{'x': 1}"}
