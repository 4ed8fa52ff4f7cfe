"""The warnings that a strategy itself gives cause for."""

from __future__ import annotations

from collections.abc import Iterator

from strategiz_executor.generated.frames_pb2 import BarWarning
from strategiz_executor.strategy.codes import WarningCode
from strategiz_executor.strategy.look_ahead.cuts import After, Cut
from strategiz_executor.strategy.look_ahead.seen import LookAhead, Unchecked
from strategiz_executor.strategy.replay.replayed import Replayed
from strategiz_executor.strategy.strategy_run import Job
from strategiz_executor.strategy.texts import MAX_VALUE, wire_text

NO_BAR = -1


def notes_on(replayed: Replayed, job: Job, plot_limit: int) -> Iterator[BarWarning]:
    """Answer what the reader of this result must know, beside what the backtest says."""
    if replayed.warm_up:
        count, error = replayed.warm_up.bars, wire_text(replayed.warm_up.error_type, MAX_VALUE)
        bars = "the first bar is" if count == 1 else f"the first {count} bars are"
        yield _note(WarningCode.WARM_UP, f"{bars} warm-up: the code raised {error} there and said nothing")
    for name in unused_parameters(replayed, job):
        yield _note(
            WarningCode.UNUSED_PARAMETER,
            f"the job has a parameter {wire_text(name, MAX_VALUE)!r} that the code never asks for",
        )
    if replayed.never_sells:
        yield _note(
            WarningCode.NEVER_SELLS,
            "the answer holds only 0 and 1, so it never sells: 1 is BUY and 0 is HOLD; "
            "answer booleans to be in and out",
        )
    if replayed.ahead is not None:
        yield look_ahead_note(replayed.ahead, len(job.series))
    if len(replayed.plots) > plot_limit:
        left_out = len(replayed.plots) - plot_limit
        yield _note(WarningCode.PLOTS_CUT, f"plots cut at the limit of {plot_limit}, {left_out} left out")
    if replayed.log.cut_bytes:
        yield _note(WarningCode.LOGS_CUT, replayed.log.cut_note())


def unused_parameters(replayed: Replayed, job: Job) -> list[str]:
    """Answer the job's parameters that neither `param` was asked for nor the source reads by name."""
    shape = job.program.shape
    if shape.parameters_open:
        return []
    asked = replayed.parameters.declared.keys() | shape.parameters_read
    return [name for name in job.parameters if name not in asked]


def look_ahead_note(ahead: LookAhead | Unchecked, bars: int) -> BarWarning:
    """Answer what the look-ahead check came to, with the first differing bar."""
    if isinstance(ahead, Unchecked):
        return _note(
            WarningCode.LOOK_AHEAD_UNCHECKED,
            f"only {ahead.made} of {ahead.wanted} runs of the look-ahead check were made: "
            "the strategy takes too long for more within half its time limit",
        )
    return BarWarning(
        code=WarningCode.LOOK_AHEAD,
        message=f"at bar {ahead.bar + 1} the strategy says {_words(ahead.really)} with all {bars} bars and "
        f"{_words(ahead.otherwise)} {_otherwise(ahead.cut)}: its signals depend on later bars, "
        "so that nobody could have traded them",
        bar=ahead.bar,
    )


def _otherwise(cut: Cut) -> str:
    match cut.after:
        case After.NOTHING:
            return f"with the first {cut.bars} alone"
        case After.FALL:
            return f"if prices fall by half after bar {cut.bars}"
        case After.RISE:
            return f"if prices double after bar {cut.bars}"


def _words(types: tuple[int, ...]) -> str:
    return " and ".join("BUY" if type_ > 0 else "SELL" for type_ in types) or "nothing"


def _note(code: WarningCode, message: str) -> BarWarning:
    return BarWarning(code=code, message=message, bar=NO_BAR)
