"""From the run on the whole series to what the strategy says at every bar.

The answer is always that of the plain loop over real prefixes (`plain`). Faster ways join here: each is
asked in turn whether it can give that same answer, and says why not where it cannot.
"""

from __future__ import annotations

from strategiz_executor.strategy.replay.once import replay_column, replay_dated
from strategiz_executor.strategy.replay.plain import replay_plainly
from strategiz_executor.strategy.replay.replayed import Replayed
from strategiz_executor.strategy.whole_run import Form, WholeRun

__all__ = ["Replayed", "replay"]


def replay(whole: WholeRun) -> Replayed:
    """Answer the signals, logs and plots of a strategy whose run on the whole series went well.

    Raises StrategyError for an answer that is no signal, RaisedByStrategyError (with its bar) for an
    exception after a bar that succeeded.
    """
    match whole.form:
        case Form.COLUMN:
            return replay_column(whole)
        case Form.DATED_SIGNALS:
            return replay_dated(whole)
        case _:
            return replay_plainly(whole)
