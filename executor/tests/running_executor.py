"""A real executor in a process of its own, and what tests ask of it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import grpc
import numpy as np

from strategiz_executor.generated import strategy_execution_pb2 as messages
from strategiz_executor.generated.strategy_execution_pb2_grpc import StrategyExecutionServiceStub
from strategiz_executor.server.serve import CHILDREN_AHEAD

PACKAGE_ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
STOP_SECONDS = 20
DAY_MS = 86_400_000
FIRST_DAY_MS = 1_577_923_200_000  # 2020-01-02
# A run of the tests that is killed leaves no executor behind.
END_WITH_PARENT = PACKAGE_ROOT.parent / "src" / "local" / "processes" / "end-with-parent.py"


class RunningExecutor:
    """Starts `python -m strategiz_executor` on a free port; `stop` fails if a process is left behind."""

    def __init__(
        self,
        *arguments: str,
        environment: dict[str, str] | None = None,
        through: tuple[str, ...] = (),
    ) -> None:
        """`through` is a command that becomes the executor, `setpriv` for instance."""
        self.events: list[dict] = []
        self._changed = threading.Condition()
        self.process = subprocess.Popen(
            [
                *through,
                *(sys.executable, str(END_WITH_PARENT), str(os.getpid()), ""),
                *(sys.executable, "-m", "strategiz_executor", "--port", "0", *arguments),
            ],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PACKAGE_ROOT), **(environment or {})},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        listening = self.wait_for_event("listening", START_SECONDS)
        self.address = f"127.0.0.1:{listening['port']}"
        self.channel = grpc.insecure_channel(self.address, [("grpc.max_receive_message_length", 50 << 20)])
        self.stub = StrategyExecutionServiceStub(self.channel)

    def wait_for_event(self, name: str, seconds: float = 10, count: int = 1) -> dict:
        """The `count`-th log line with this event."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                found = [event for event in self.events if event["event"] == name]
                if len(found) >= count:
                    return found[count - 1]
                left = deadline - time.monotonic()
                if left <= 0 or (self.process.poll() is not None and not self._reader.is_alive()):
                    raise AssertionError(f"no event {name!r} among {self.events}")
                self._changed.wait(min(left, 0.5))

    def execute(
        self, code: str, bars: "int | messages.BarColumns" = 60, **fields: object
    ) -> messages.ExecuteStrategyResponse:
        """One execution over so many bars, or these."""
        fields["bars"] = some_columns(bars) if isinstance(bars, int) else bars
        return self.stub.ExecuteStrategy(messages.ExecuteStrategyRequest(code=code, **fields), timeout=40)

    def start_execution(self, code: str, timeout: float = 40, **fields: object) -> grpc.Future:
        """The same without waiting."""
        fields.setdefault("bars", some_columns(60))
        return self.stub.ExecuteStrategy.future(
            messages.ExecuteStrategyRequest(code=code, **fields), timeout=timeout
        )

    def health(self) -> messages.HealthResponse:
        """GetHealth."""
        return self.stub.GetHealth(messages.HealthRequest(), timeout=10)

    def wait_for_busy_slots(self, count: int, waiting: int = 0, seconds: float = 10) -> None:
        """Waits until so many slots are busy and so many calls wait."""
        deadline = time.monotonic() + seconds
        while True:
            health = self.health()
            if (health.busy_slots, health.waiting_calls) == (count, waiting):
                return
            assert time.monotonic() < deadline, f"busy {health.busy_slots}, waiting {health.waiting_calls}"
            time.sleep(0.005)

    def wait_for_all_children(self, slots: int = 2, seconds: float = 10) -> None:
        """Waits until as many children wait for work as do where none is at work."""
        deadline = time.monotonic() + seconds
        expected = slots + CHILDREN_AHEAD
        while (waiting := int(self.health().metadata["children_waiting"])) < expected:
            assert time.monotonic() < deadline, f"{waiting} of {expected} children wait"
            time.sleep(0.005)

    def processes(self) -> list[int]:
        """Ids of the living processes of this executor: its zygotes and children carry their server's id."""
        ours = f"\0--server\0{self.process.pid}\0"
        return [pid for pid, _, _ in living() if pid == self.process.pid or ours in command_line(pid)]

    def children_of(self, parent: int) -> list[int]:
        """Ids of the living children of a process."""
        return [pid for pid, _, ppid in living() if ppid == parent]

    def descriptors(self) -> int:
        """Open descriptors of the server."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def zygote(self, count: int = 1) -> int:
        """Process id of the `count`-th zygote that became ready."""
        return self.wait_for_event("zygote_ready", START_SECONDS, count)["pid"]

    def wait_until_gone(self, seconds: float = STOP_SECONDS) -> None:
        """Waits until no process of this executor lives."""
        deadline = time.monotonic() + seconds
        while left := self.processes():
            assert time.monotonic() < deadline, f"processes left behind: {[_described(pid) for pid in left]}"
            self.process.poll()
            time.sleep(0.01)

    def stop(self) -> None:
        """Ends it in an orderly way, and fails if anything is left."""
        self.channel.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
            self.wait_until_gone()
        finally:
            for pid in self.processes():
                os.kill(pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)
            self._reader.join(5)
            self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self._changed:
                self.events.append(json.loads(line))
                self._changed.notify_all()


# The functions of module os as dict `system`, past curated names: what hostile code does first.
REACH_OS = (
    "system = [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0]"
    ".__init__.__globals__"
)


def _described(pid: int) -> str:
    """What a process is and waits for: state, parent, command, place in the kernel."""
    said = [str(pid)]
    for name in ("stat", "cmdline", "wchan", "syscall"):
        try:
            said.append((Path("/proc") / str(pid) / name).read_bytes().replace(b"\0", b" ").decode()[:200])
        except OSError as error:
            said.append(repr(error))
    return " | ".join(said)


def living() -> list[tuple[int, int, int]]:
    """(pid, session, parent) of every process that is not a zombie."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if fields[0] not in "ZX":
                found.append((int(entry.name), int(fields[3]), int(fields[1])))
    return found


def command_line(pid: int) -> str:
    """Its arguments, each ended by a NUL; empty for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def ordinary_user() -> tuple[str, ...]:
    """The command that becomes the user nobody, by whom this Python can be run.

    Where the interpreter lies in a directory of root's alone, that user gets one capability, to read
    everything: an attacker with more than an ordinary user has.
    """
    switch = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    read_all = ("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search")
    return switch if _can_run_python(switch) else (*switch, *read_all)


def _can_run_python(switch: tuple[str, ...]) -> bool:
    again = "import numpy, subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
    command = [*switch, sys.executable, "-c", again]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0


def some_prices(bars: int) -> np.ndarray:
    """Closes of a wavy series, two decimals."""
    step = np.arange(bars)
    return np.round(100 + 10 * np.sin(step / 7) + step * 0.05, 2)


def some_columns(bars: int, **changed: bytes) -> messages.BarColumns:
    """Daily bars with open = close."""
    close = some_prices(bars)
    columns = {
        "timestamp_ms": (FIRST_DAY_MS + DAY_MS * np.arange(bars)).astype("<i8").tobytes(),
        "open": close.tobytes(),
        "high": (close + 1).tobytes(),
        "low": (close - 1).tobytes(),
        "close": close.tobytes(),
        "volume": np.full(bars, 1000, "<i8").tobytes(),
    }
    return messages.BarColumns(**{**columns, **changed})
