"""A program run with a language layer or without, and all that can be seen of the run."""

import ast
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strategiz_executor.strategy.bars_frame import frame_up_to, read_series
from strategiz_executor.strategy.language import FILE_NAME, GUARDED_PYTHON, PLAIN_PYTHON, LanguageLayer
from strategiz_executor.strategy.made_up_bars import made_up_bars
from strategiz_executor.strategy.namespace import fresh_namespace
from strategiz_executor.strategy.parameters import ParameterReader
from strategiz_executor.strategy.printing import PrintLog
from strategiz_executor.strategy.random_numbers import reseed
from strategiz_executor.strategy.signal_recorder import SignalRecorder

SERIES = read_series(made_up_bars(40, seed=3))
ADDRESS = re.compile(r"0x[0-9a-f]+")


@dataclass(frozen=True)
class Outcome:
    """What a program printed and left behind, and how it ended: error, and its lines from outside in."""

    printed: list[str]
    names: dict[str, str]
    error: str
    lines: list[int]


def corpus(name: str) -> dict[str, str]:
    """The programs of a file, each after a line `=== what it shows`."""
    parts = re.split(r"^=== (.*)\n", (Path(__file__).parent / f"corpus_{name}.txt").read_text(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def outcome(source: str, layer: LanguageLayer) -> Outcome:
    """Run a program at module level, with the bars as `data` and `df`."""
    log = PrintLog(1 << 20)
    recorder = SignalRecorder(SERIES)
    recorder.look_at(len(SERIES))
    namespace = fresh_namespace(layer.guards, recorder, ParameterReader({}), log)
    given = {*namespace, "__annotations__", "__warningregistry__"}
    namespace["data"] = namespace["df"] = frame_up_to(SERIES, len(SERIES))
    error, lines = "", []
    reseed(1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(layer.compile_tree(ast.parse(source, FILE_NAME)).code, namespace)
    except BaseException as raised:  # noqa: BLE001
        error = f"{type(raised).__name__}: {raised}"
        step = raised.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename == FILE_NAME:
                lines.append(step.tb_lineno)
            step = step.tb_next
    names = {name: _readable(value) for name, value in namespace.items() if name not in given}
    return Outcome([ADDRESS.sub("0x", line) for line in log.lines()], names, ADDRESS.sub("0x", error), lines)


def both(source: str) -> tuple[Outcome, Outcome]:
    """The outcome in plain Python, and with the layer."""
    return outcome(source, PLAIN_PYTHON), outcome(source, GUARDED_PYTHON)


def _readable(value: Any) -> str:
    try:
        return ADDRESS.sub("0x", repr(value))
    except Exception as error:  # noqa: BLE001
        return f"no repr: {error}"
