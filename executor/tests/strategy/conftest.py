"""Both ways through a strategy: the fastest that holds, and the plain loop that every way must equal."""

from collections.abc import Iterator

import pytest

from strategiz_executor.strategy import execution
from strategiz_executor.strategy.replay.plain import replay_plainly
from strategiz_executor.strategy.whole_run import Form


@pytest.fixture(params=["fastest way", "plain loop"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Takes forms 1 and 4 this way in the executions of a test."""
    choose = execution.replay

    def take_plain_loop(whole, *rest):
        by_bar = whole.form in {Form.WORD_PER_BAR, Form.CODE_PER_BAR}
        return replay_plainly(whole) if by_bar else choose(whole, *rest)

    if request.param == "plain loop":
        monkeypatch.setattr(execution, "replay", take_plain_loop)
    return request.param
