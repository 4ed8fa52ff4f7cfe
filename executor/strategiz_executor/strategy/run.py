"""What a child does with a request: compile, run, replay, backtest, answer."""

from __future__ import annotations

from collections.abc import Iterator

from strategiz_executor.generated.frames_pb2 import RequestFrame, ResultFrame
from strategiz_executor.strategy.compile import compile_program, dump_program, load_program
from strategiz_executor.strategy.execution import run_execution
from strategiz_executor.strategy.failures import syntax_failure
from strategiz_executor.strategy.isolation import isolated
from strategiz_executor.strategy.language import GUARDED_PYTHON, LanguageLayer
from strategiz_executor.strategy.stopwatch import Stopwatch
from strategiz_executor.strategy.validate import validate
from strategiz_executor.strategy.warm_up_strategies import run_warm_up_strategies


def execute(frame: RequestFrame, layer: LanguageLayer = GUARDED_PYTHON) -> Iterator[ResultFrame]:
    """Answer one request, the last frame having `last` set.

    A frame with nothing but `compiled` comes first where the request brought no compiled code. Whatever
    the strategy raises is a Failure; nothing of a run stays behind for the next in the same process.
    """
    if frame.kind == RequestFrame.VALIDATE:
        yield isolated(lambda: validate(frame.code, layer))
        return
    watch = Stopwatch()
    program = load_program(frame.code, frame.compiled, layer) if frame.compiled else None
    if program is None:
        try:
            program = compile_program(frame.code, layer)
        except Exception as error:  # noqa: BLE001  (the compiler raises many kinds for hostile sources)
            yield ResultFrame(last=True, failure=syntax_failure(error, frame.code), timings=watch.timings())
            return
        yield ResultFrame(compiled=dump_program(program, layer))
    watch.lap("compile_ms")
    ready = program
    yield isolated(lambda: run_execution(frame, ready, layer, watch))


def warm_up(layer: LanguageLayer = GUARDED_PYTHON) -> None:
    """Import and use all that an execution can touch; raises where a strategy that should run does not."""
    run_warm_up_strategies(lambda frame: execute(frame, layer))
