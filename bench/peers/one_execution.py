"""One execution in a process of its own, without sandbox: a RequestFrame in, a ResultFrame out."""

import sys

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.strategy.compile import compile_program
from strategiz_executor.strategy.execution import run_execution
from strategiz_executor.strategy.language import GUARDED_PYTHON
from strategiz_executor.strategy.stopwatch import Stopwatch

if __name__ == "__main__":
    frame = RequestFrame.FromString(sys.stdin.buffer.read())
    program = compile_program(frame.code, GUARDED_PYTHON)
    answer = run_execution(frame, program, GUARDED_PYTHON, Stopwatch())
    sys.stdout.buffer.write(answer.SerializeToString())
