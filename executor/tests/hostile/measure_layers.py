"""What each layer of the sandbox stops: the attacks of this folder with one layer off, and with one layer alone.

    sudo .venv/bin/python executor/tests/hostile/measure_layers.py [ROW...]

Prints a table for docs/security.md, or those rows of it. With layers off attacks succeed: so all of it runs in
namespaces of its own (processes, mounts, network, IPC), where killing everybody kills nobody else, and as a user with
no other processes. An attack counts as through if it says so, if it leaves a trace, or if the executor suffers.
"""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

sys.path.extend(str(directory) for directory in Path(__file__).resolve().parents[1:3])

import grpc
from hostile_arena import Arena
from hostile_groups import together
from server_without_layers import LEAVING_OUT
from test_files_are_out_of_reach import READING, WRITING
from test_kernel_doors_are_shut import FEATURES, MEMORY
from test_network_is_out_of_reach import OWN_SOCKET, SOCKETS
from test_processes_are_out_of_reach import MAKING, OTHERS, SIGNALS

HERE = Path(__file__).resolve().parent
INSIDE = "--inside"
NAMESPACES = ("unshare", "--pid", "--fork", "--mount-proc", "--net", "--ipc", "--uts", "--kill-child")
UID = 64321
USER = ("setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups")
READ_ALL = (
    "--inh-caps=-all,+dac_read_search",
    "--ambient-caps=-all,+dac_read_search",
)  # as the tests' nobody
SECONDS = 2
MOST_PROCESSES, MOST_MEMORY = 400, 3 << 30  # whatever is off, the machine survives
LIMITS = {
    "no_memory_above_the_limit_is_taken": "len(bytearray(700 << 20))",
    "no_file_gets_a_byte": "os.write(os.open(directory + '/full', os.O_CREAT | os.O_WRONLY), b'x')",
    "no_fifth_descriptor_is_opened": "[os.dup(3) for _ in range(8)]",
    "no_core_is_ever_dumped": "modules['resource'].getrlimit(4)[1] or 1 / 0",
}
ATTACKS: dict[str, Mapping[str, str]] = {
    "files": {**READING, **WRITING},
    "network": {**SOCKETS, **OWN_SOCKET},
    "processes": {**MAKING, **SIGNALS, **OTHERS},
    "kernel": FEATURES,
    "memory": MEMORY,
    "limits": LIMITS,
}
ROWS: dict[str, tuple[str, ...]] = {
    "everything": (),
    **{f"all but {layer}": (layer,) for layer in LEAVING_OUT},
    **{
        f"{layer} alone": tuple(other for other in LEAVING_OUT if other != layer)
        for layer in ("seccomp", "landlock", "rlimits")
    },
    "nothing": tuple(LEAVING_OUT),
}
"""What is off, by what is on."""
ENDINGS = ("sibling", "zygote", "server", "kill(-1", "killpg(0")
"""What may stop processes of the executor: after such an attack has gone through, it starts anew."""


class Measurement:
    """One executor without some layers, started anew whenever an attack has harmed it."""

    def __init__(self, off: Iterable[str]) -> None:
        script = (sys.executable, str(HERE / "server_without_layers.py"), ",".join(off))
        self._as_executor = script
        self._arena = self._start()

    def through(self, name: str, attack: str) -> bool:
        """Whether an attack gets through."""
        arena = self._arena
        try:
            outcome = arena.execute(arena.source(together({name: attack}, [name])), timeout_seconds=SECONDS)
            reached = any(line.startswith("REACHED") for line in outcome.lines)
            reached |= getattr(outcome.answer.failure, "class") == "platform"
        except grpc.RpcError:
            reached = True
        traces = arena.traces()
        harmed = any("ended" in trace and "victim" not in trace for trace in traces)
        if harmed or (reached and any(word in attack for word in ENDINGS)):
            self.close()
            self._arena = self._start()
        return reached or bool(traces)

    def close(self) -> None:
        """Ends the executor, if it is still there."""
        with contextlib.suppress(OSError, AssertionError, subprocess.TimeoutExpired):
            self._arena.close()
        _end_all_of_its_user()

    def _start(self) -> Arena:
        return Arena(through=(*USER, *READ_ALL), as_executor=self._as_executor)


def _end_all_of_its_user() -> None:
    """Ends what attacks have left: in these namespaces the user has no processes but the executor's."""
    while left := [pid for pid in Path("/proc").glob("[0-9]*") if _runs_as(pid, UID)]:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid.name), signal.SIGKILL)
        time.sleep(0.01)


def _runs_as(pid: Path, uid: int) -> bool:
    """Whether a process has this user and has not ended."""
    try:
        return pid.stat().st_uid == uid and (pid / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def measure(title: str, off: Iterable[str]) -> None:
    """Prints a row, and names what got through on standard error."""
    counted: Counter[str] = Counter()
    measurement = Measurement(off)
    for kind, attacks in ATTACKS.items():
        for name, attack in attacks.items():
            if measurement.through(name, attack):
                counted[kind] += 1
                print(f"{title}: {name}", file=sys.stderr)
    measurement.close()
    print(
        f"| {title} | {' | '.join(str(counted[kind]) for kind in ATTACKS)} | {counted.total()} |", flush=True
    )


def inside(rows: list[str]) -> None:
    """Rows, in namespaces of their own."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    resource.setrlimit(resource.RLIMIT_NPROC, (MOST_PROCESSES, MOST_PROCESSES))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sizes = [len(attacks) for attacks in ATTACKS.values()]
    print(
        f"| what is on | {' | '.join(f'{k} ({n})' for k, n in zip(ATTACKS, sizes, strict=True))} | {sum(sizes)} |"
    )
    print(f"|{'---|' * (len(ATTACKS) + 2)}")
    for title, off in ROWS.items():
        if title in rows or not rows:
            measure(title, off)


if __name__ == "__main__":
    if sys.argv[1:2] == [INSIDE]:
        inside(sys.argv[2:])
    elif os.geteuid() != 0:
        sys.exit(
            "measure_layers.py: needs root, to make namespaces in which attacks that succeed harm nobody"
        )
    else:
        command = [*NAMESPACES, sys.executable, str(Path(__file__)), INSIDE, *sys.argv[1:]]
        sys.exit(subprocess.run(command, check=False).returncode)
