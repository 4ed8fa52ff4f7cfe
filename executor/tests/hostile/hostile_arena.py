"""A real server, a host with things to reach, and hostile programs run one after the other."""

import os
import platform
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from hostile_host import Host
from hostile_prologue import ENDING, prologue, uses_tools
from running_executor import RunningExecutor

from strategiz_executor.generated import strategy_execution_pb2 as messages
from strategiz_executor.sandbox.seccomp import ARCHITECTURES

SLOTS = 8
SECRET_VARIABLE = "HOSTILE_TEST_SECRET"
LONGEST_HONEST_S = 3.0  # on two shared cores beside other work; the median is held to far less
USUAL_HONEST_S = 0.15
HONEST = """
def strategy(data):
    fast, slow = data['close'].rolling(3).mean(), data['close'].rolling(8).mean()
    if fast.iloc[-1] > slow.iloc[-1]:
        return 'BUY'
    return 'SELL'
"""
Answer = messages.ExecuteStrategyResponse
LANGUAGE_CODES = ("not_available", "import_not_allowed", "syntax_error")


@dataclass(frozen=True)
class Outcome:
    """What came of a hostile program."""

    answer: Answer
    seconds: float
    language_layer: bool

    def was_refused(self, *errors: str) -> None:
        """The program tried, and each try was refused: by the kernel (with one of `errors`, if given)."""
        if self._stopped_by_the_language():
            return
        tries = [line for line in self.answer.logs if line.startswith("REFUSED")]
        assert tries, f"the program did not try: {self.answer.error} {list(self.answer.logs)}"
        for line in tries:
            assert not errors or line.rpartition(" ")[2] in errors, line

    def failed_by(self, *codes: str) -> None:
        """The execution ended with one of these failure codes."""
        if self._stopped_by_the_language():
            return
        assert not self.answer.success, list(self.answer.logs)
        assert self.answer.failure.code in codes, f"{self.answer.failure.code}: {self.answer.error}"

    def failed_or_ran_by(self, *codes: str) -> None:
        """The execution ended with one of these failure codes, or well."""
        if not self.answer.success:
            self.failed_by(*codes)

    def _stopped_by_the_language(self) -> bool:
        return self.language_layer and self.answer.failure.code in LANGUAGE_CODES


class Arena:
    """One server in one mode. Every run asserts that nothing was reached, and that honest work goes on."""

    def __init__(self, *, through: tuple[str, ...] = (), language_layer: bool = False) -> None:
        self.language_layer = language_layer
        self.host = Host(through)
        secret = {SECRET_VARIABLE: self.host.secret}
        layer = () if language_layer else ("--unsafe-no-language-layer",)
        self.executor = RunningExecutor("--slots", str(SLOTS), *layer, environment=secret, through=through)
        self.zygote = self.executor.zygote()
        self.prologue = prologue(self.host, self.executor.process.pid, self.zygote)
        self.honest_seconds: list[float] = []
        self._together: dict[tuple[str, ...], Mapping[str, Outcome]] = {}
        self.allowed_numbers = sorted(ARCHITECTURES[platform.machine()].numbers.values())
        self._expected = self.executor.execute(HONEST, user_id="alice")
        assert self._expected.success, self._expected.error

    def run(self, body: str, **fields: object) -> Outcome:
        """Runs a program, after the tools of hostile_prologue.py if it uses any."""
        return self.run_source(self.source(body), **fields)

    def source(self, body: str) -> str:
        """A program with all that it needs. Without tools it is what the language layer lets in, too."""
        return f"{self.prologue if uses_tools(body) else ''}\n{body}{ENDING}"

    def run_source(self, source: str, **fields: object) -> Outcome:
        """Runs a program as it is, then honest work, in turn for the same owner and another."""
        outcome = self.execute(source, **fields)
        self.check(outcome)
        self.run_honest(("mallory", "alice")[len(self.honest_seconds) % 2])
        return outcome

    def run_together(self, programs: Mapping[str, str], **fields: object) -> Mapping[str, Outcome]:
        """Runs programs that take as long as they may, as many at once as there are slots; once per arena."""
        key = tuple(programs)
        if key not in self._together:
            with ThreadPoolExecutor(SLOTS) as threads:
                sources = [self.source(body) for body in programs.values()]
                outcomes = threads.map(lambda source: self.execute(source, **fields), sources)
                self._together[key] = dict(zip(programs, outcomes, strict=True))
            for outcome in self._together[key].values():
                self.check(outcome)
            self.run_honest("mallory")
        return self._together[key]

    def execute(self, source: str, **fields: object) -> Outcome:
        """Only runs it."""
        fields = {"timeout_seconds": 5, "user_id": "mallory", **fields}
        options = messages.BacktestOptions(look_ahead_check=False)
        began = time.monotonic()
        answer = self.executor.execute(source, options=options, **fields)
        return Outcome(answer, time.monotonic() - began, self.language_layer)

    def check(self, outcome: Outcome) -> None:
        """Nothing was reached: not by the program's own word, not by any trace on the host."""
        told = outcome.answer.SerializeToString()
        assert b"REACHED" not in told, list(outcome.answer.logs) or outcome.answer.error
        assert self.host.secret.encode() not in told
        assert getattr(outcome.answer.failure, "class") != "platform", outcome.answer.error
        assert self.host.marks() == []
        assert self.executor.process.poll() is None, "the server ended"
        os.kill(self.zygote, 0)
        assert not [event for event in self.executor.events if event["event"] == "zygote_lost"]

    def run_honest(self, owner: str) -> None:
        """An honest strategy gets the answer that it had before anything hostile ran, and soon."""
        began = time.monotonic()
        answer = self.executor.execute(HONEST, user_id=owner)
        seconds = time.monotonic() - began
        assert answer.success, answer.error
        for part in ("result", "metrics", "live_signal", "warnings"):
            assert getattr(answer, part) == getattr(self._expected, part), part
        assert seconds < LONGEST_HONEST_S
        self.honest_seconds.append(seconds)

    def close(self) -> None:
        try:
            self.executor.stop()
        finally:
            self.host.close()
