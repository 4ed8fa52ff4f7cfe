"""A real server in one mode, a host with things to reach, and one hostile program after the other.

hostile_groups.py runs many at once.
"""

import os
import platform
import time
from pathlib import Path

from hostile_host import Host
from hostile_outcome import Outcome
from hostile_prologue import ENDING, prologue, uses_tools
from running_executor import RunningExecutor

from strategiz_executor.generated import strategy_execution_pb2 as messages
from strategiz_executor.sandbox.seccomp import ARCHITECTURES

SLOTS = 8
SECRET_VARIABLE = "HOSTILE_TEST_SECRET"
MOST_GROWTH_KB = 120 << 10
HONEST = """
def strategy(data):
    fast, slow = data['close'].rolling(3).mean(), data['close'].rolling(8).mean()
    if fast.iloc[-1] > slow.iloc[-1]:
        return 'BUY'
    return 'SELL'
"""


class Arena:
    """One server in one mode. Every run asserts that nothing was reached, and that honest work goes on."""

    def __init__(
        self,
        *switches: str,
        through: tuple[str, ...] = (),
        as_executor: tuple[str, ...] = (),
        language_layer: bool = False,
    ) -> None:
        """`through` is a command that becomes the executor and what it may attack, `as_executor` the executor alone."""
        self.language_layer = language_layer
        self.host = Host(through)
        secret = {SECRET_VARIABLE: self.host.secret}
        layer = () if language_layer else ("--unsafe-no-language-layer",)
        try:
            self.executor = RunningExecutor(
                "--slots", str(SLOTS), *layer, *switches, environment=secret, through=(*through, *as_executor)
            )
        except BaseException:
            self.host.close()
            raise
        self.zygote = self.executor.zygote()
        self.honest_seconds: list[float] = []
        self.allowed_numbers = sorted(ARCHITECTURES[platform.machine()].numbers.values())
        self._expected = self.executor.execute(HONEST, user_id="alice")
        assert self._expected.success, self._expected.error

    def run(self, body: str, **fields: object) -> Outcome:
        """Runs a program, after the tools of hostile_prologue.py if it uses any."""
        return self.run_source(self.source(body), **fields)

    def source(self, body: str) -> str:
        """A program with all that it needs. Without tools it is what the language layer lets in, too."""
        return f"{self.prologue(body) if uses_tools(body) else ''}\n{body}{ENDING}"

    def prologue(self, body: str) -> str:
        """Source that gives a program its tools and the addresses of what there is to reach."""
        siblings = self.executor.children_of(self.zygote) if "sibling" in body else [0]
        return prologue(self.host, self.executor.process.pid, self.zygote, max(siblings))

    def run_source(self, source: str, **fields: object) -> Outcome:
        """Runs a program as it is, then honest work, in turn for the same owner and another."""
        outcome = self.execute(source, **fields)
        outcome.reached_nothing()
        self.check_answer(outcome)
        traces = self.traces()
        assert not traces, traces
        self.run_honest()
        return outcome

    def execute(self, source: str, **fields: object) -> Outcome:
        """Only runs it."""
        fields = {"timeout_seconds": 5, "user_id": "mallory", **fields}
        options = messages.BacktestOptions(look_ahead_check=False)
        began = time.monotonic()
        answer = self.executor.execute(source, options=options, **fields)
        return Outcome(answer, tuple(answer.logs), time.monotonic() - began, self.language_layer)

    def check_answer(self, outcome: Outcome) -> None:
        """The answer holds no secret, and what failed is not the platform's fault."""
        assert self.host.secret.encode() not in outcome.answer.SerializeToString()
        assert getattr(outcome.answer.failure, "class") != "platform", outcome.answer.error

    def traces(self) -> list[str]:
        """What hostile programs have left on the host or in the executor since they were last looked for."""
        traces = self.host.traces()
        if self.executor.process.poll() is not None:
            traces.append("the server ended")
        if [event for event in self.executor.events if event["event"] == "zygote_lost"]:
            traces.append("the zygote ended")
        return traces

    def run_honest(self) -> None:
        """An honest strategy gets the answer that it had before anything hostile ran."""
        owner = ("mallory", "alice")[len(self.honest_seconds) % 2]
        began = time.monotonic()
        answer = self.executor.execute(HONEST, user_id=owner)
        self.honest_seconds.append(time.monotonic() - began)
        assert answer.success, answer.error
        for part in ("result", "metrics", "live_signal", "warnings"):
            assert getattr(answer, part) == getattr(self._expected, part), part

    def resident_kb(self) -> int:
        """Resident memory of the server."""
        status = Path(f"/proc/{self.executor.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def close(self) -> None:
        try:
            os.kill(self.zygote, 0)
            self.executor.stop()
        finally:
            self.host.close()
