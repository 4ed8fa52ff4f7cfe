"""Objects of the author's own classes that raise where they are looked at: always the author's failure."""

import pytest
from strategy_runs import fails, run, validated

pytestmark = pytest.mark.usefixtures("way")

LIAR = """
class Liar:
    @property
    def __class__(self):
        raise ValueError("no class")
"""
LOUD = """
class Loud(Exception):
    @property
    def __class__(self):
        raise SystemExit
"""
STOP = """
class Stop:
    def __eq__(self, other):
        raise SystemExit
"""
SHAM = """
class Sham:
    __class__ = {kind}
"""
TEXT = """
class Text(str):
    def encode(self, *rest):
        raise ValueError("no bytes")
    def __len__(self):
        raise ValueError("no length")
    def __hash__(self):
        raise ValueError("no hash")
    def upper(self):
        return "SELL"
class Told:
    def __str__(self):
        return Text("told")
    __repr__ = __str__
"""


@pytest.mark.parametrize(
    "code",
    [
        f"{LIAR}\ndef strategy(data):\n    return Liar()",
        f"{SHAM.format(kind='pd.Series')}\ndef strategy(data):\n    return Sham()",
        f"{SHAM.format(kind='np.ndarray')}\ndef strategy(data):\n    return Sham()",
        f"{SHAM.format(kind='list')}\ndef strategy(data):\n    return Sham()",
        f"{SHAM.format(kind='str')}\ndef strategy(data):\n    return Sham()",
        f"{SHAM.format(kind='float')}\ndef strategy(data):\n    return Sham()",
        f"{LIAR}\ndef strategy(data):\n    return [Liar()] * len(data)",
        f"{LIAR}\nstrategy = Liar()",
        f"{LIAR}\nplot(Liar(), 'x')",
        f"{LIAR}\nsignal(Liar(), 'x')",
        f"{LIAR}\nsignal('BUY', Liar(), 1.0)",
        f"{LIAR}\nparam('x', Liar())\nplot(df.close, 'x')",
        f"{LOUD}\nraise Loud\nplot(1, 'x')",
        "class Loud(Exception):\n    args = property(lambda self: 1 / 0)\nraise Loud\nplot(1, 'x')",
        "class Loud(KeyError):\n    args = property(lambda self: 1 / 0)\nraise Loud('x')\nplot(1, 'x')",
        f"{STOP}\ndef strategy(data):\n    return [Stop()] * 10",
        "class N:\n    def __float__(self):\n        raise SystemExit\nplot([N()] * len(df), 'x')",
        f"{LIAR}\ndf[Liar()] = 1\ndf['x']\nplot(df.close, 'x')",
    ],
)
def test_an_object_that_raises_when_it_is_looked_at_is_the_authors_failure(code):
    failure = fails(code)
    assert getattr(failure, "class") == "user", failure
    validation = validated(code)
    assert not validation.valid
    assert len(validation.errors) == 1


@pytest.mark.parametrize(
    "use",
    [
        "signal('BUY', Text('why'))",
        "signal('BUY', Told())",
        "signal(Text('BUY'), 'x')",
        "print(Text('x'), Told())\nsignal('BUY', 'x')",
        "plot(df.close, Told(), color=Text('blue'))\nsignal('BUY', 'x')",
        "signal('BUY', df.index[0], 1.0, Told(), Text('icon'))",
        "raise ValueError(Told())\nsignal('BUY', 'x')",
        "df[Told()] = 1\ndf['y']\nsignal('BUY', 'x')",
        "param(Text('n'), 3)\nsignal('BUY', 'x')",
    ],
)
def test_texts_of_own_classes_are_plain_when_they_are_read(use):
    answer = run(f"{TEXT}\n{use}")
    if answer.frame.success:
        assert answer.words == [(0, "BUY")]
    else:
        assert getattr(answer.failure, "class") == "user"
    validated(f"{TEXT}\n{use}")


def test_a_strategy_that_alternates_without_end_is_invalid_as_it_would_fail():
    code = "for i in range(4):\n    signal('BUY', 'a')\n    signal('SELL', 'b')"
    assert fails(code).code == "signals"
    answer = validated(code)
    assert not answer.valid
    assert [finding.code for finding in answer.diagnostics if finding.severity == "error"] == ["signals"]
