"""What `validate` says of code that no bar reaches."""

import pytest
from strategy_runs import found


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        (
            "def strategy(data):\n    return 'BUY'\n    return 'SELL'",
            3,
            "this code is never reached: it stands behind the return on line 2",
        ),
        (
            "def strategy(data):\n    for n in range(3):\n        continue\n        signal('BUY', 'x')",
            4,
            "the signal on line 4 is never reached: it stands behind the continue on line 3",
        ),
        (
            "def strategy(data):\n    if False:\n        signal('BUY', 'x')\n    return 'HOLD'",
            3,
            "the signal on line 3 is never reached: the condition on line 2 is never true",
        ),
        (
            "def strategy(data):\n    if True:\n        return 'BUY'\n    else:\n        return 'SELL'",
            5,
            "this code is never reached: the condition on line 2 is always true",
        ),
        (
            "def buy():\n    signal('BUY', 'x')\ndef strategy(data):\n    return 'BUY'",
            1,
            "the signal on line 2 is never reached: nothing calls buy",
        ),
    ],
)
def test_code_that_is_never_reached_is_named_with_the_reason(code, line, message):
    assert [(each[0], each[2]) for each in found(code, "unreachable")] == [(line, message)]


def with_branches(conditions: list[str]) -> str:
    """A strategy whose first condition is on line 5, its answer on line 6, and so on."""
    branches = "\n    el".join(f"if {condition}:\n        return 'BUY'" for condition in conditions)
    variables = "rsi = data.close.iloc[-1]\n    x = data.volume.iloc[-1]\n    y = data.close"
    return f"def strategy(data):\n    {variables}\n    {branches}\n    return 'HOLD'"


NEVER = "this code is never reached: the condition on line 5 is never true"


@pytest.mark.parametrize(
    ("conditions", "line", "message"),
    [
        (["0 > 1"], 6, NEVER),
        (["not 1"], 6, NEVER),
        (["rsi > 70 and False"], 6, NEVER),
        (["2 < -1.5"], 6, NEVER),
        (["'a' == 'b'"], 6, NEVER),
        (["rsi > 70 and rsi < 30"], 6, f"{NEVER}, rsi > 70 and rsi < 30 exclude each other"),
        (["30 > rsi and x and 70 <= rsi"], 6, f"{NEVER}, rsi < 30 and rsi >= 70 exclude each other"),
        (["(rsi > 70) & (rsi < 30)"], 6, f"{NEVER}, rsi > 70 and rsi < 30 exclude each other"),
        (["rsi > 5 and rsi <= 5"], 6, f"{NEVER}, rsi > 5 and rsi <= 5 exclude each other"),
        (["70 < rsi < 30"], 6, f"{NEVER}, rsi > 70 and rsi < 30 exclude each other"),
        (
            ["y.iloc[-1] == 3 and y.iloc[-1] >= 4"],
            6,
            f"{NEVER}, y.iloc[-1] == 3 and y.iloc[-1] >= 4 exclude each other",
        ),
        (
            ["rsi > 50", "rsi > 70"],
            8,
            "this code is never reached: whatever meets the condition on line 7 has met the one on line 5",
        ),
        (
            ["rsi < 30 or rsi > 50", "x", "rsi > 70 and x"],
            10,
            "this code is never reached: whatever meets the condition on line 9 has met the one on line 5",
        ),
    ],
)
def test_a_condition_that_nothing_can_meet_is_named(conditions, line, message):
    assert [(each[0], each[2]) for each in found(with_branches(conditions), "unreachable")] == [
        (line, message)
    ]


@pytest.mark.parametrize(
    "conditions",
    [
        ["rsi > 30 and rsi < 70"],
        ["rsi >= 5 and rsi <= 5"],
        ["rsi > 70 or rsi < 30"],
        ["rsi > 70 and x < 30"],
        ["not (rsi > 70) and not (rsi < 90)"],
        ["np.random.rand() > 0.7 and np.random.rand() < 0.3"],
        ["rsi > 70", "rsi > 50"],
        ["rsi > 50 and x", "rsi > 70"],
        ["rsi != 5 and rsi == 5"],
        ["rsi == 50", "rsi > 40"],
        ["rsi > float('nan') and rsi < 3"],
        ["x is None", "x == 'a'"],
    ],
)
def test_a_condition_that_a_bar_may_meet_is_left_alone(conditions):
    assert found(with_branches(conditions), "unreachable") == []


@pytest.mark.parametrize(
    "code",
    [
        "def strategy(data):\n    if len(data) > 3:\n        return 'BUY'\n    return 'SELL'",
        "def strategy(data):\n    while True:\n        break\n    return 'BUY'",
        "def buy():\n    signal('BUY', 'x')\ndef strategy(data):\n    buy()",
        "def buy():\n    signal('BUY', 'x')\nrules = [buy]\ndef strategy(data):\n    rules[0]()",
        "def strategy(data):\n    try:\n        return 'BUY'\n    finally:\n        print(1)",
    ],
)
def test_code_that_is_reached_is_left_alone(code):
    assert found(code, "unreachable") == []
