"""A host that cannot enforce the sandbox, or only seems to, is not served from; one without Landlock says so.

The kernel's refusals are real: see refusing_kernel.py.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hostile_arena import Arena
from hostile_groups import Groups
from running_executor import PACKAGE_ROOT
from test_files_are_out_of_reach import READING, WRITING
from test_kernel_doors_are_shut import FEATURES, MEMORY
from test_network_is_out_of_reach import OWN_SOCKET, SOCKETS
from test_processes_are_out_of_reach import MAKING, OTHERS, SIGNALS

START_SECONDS = 120
STARTS_AT_ONCE = 3
REFUSING = (sys.executable, str(Path(__file__).with_name("refusing_kernel.py")))
COMMAND = (sys.executable, "-m", "strategiz_executor", "--port", "0", "--slots", "1")


def answering(*answers: str) -> tuple[str, ...]:
    """A command that becomes another, to which the kernel gives these answers."""
    return (*REFUSING, *answers, "--")


HOSTS = {
    "a_host_that_refuses_filters": (answering("seccomp=EPERM"), "seccomp: Operation not permitted"),
    "a_host_that_only_seems_to_take_filters": (
        answering("seccomp=NOTHING"),
        "a canary could look at a file, ",
    ),
    "a_host_that_refuses_its_own_landlock": (
        answering("landlock_restrict_self=EPERM"),
        "landlock_restrict_self",
    ),
    "a_host_that_only_seems_to_take_landlock": (
        answering("landlock_restrict_self=NOTHING"),
        "Landlock does not hold",
    ),
    "a_host_that_refuses_no_new_privs": (answering("prctl:38=EPERM"), "prctl 38"),
    "a_host_that_refuses_limits": (answering("prlimit64=EPERM"), "setrlimit: Operation not permitted"),
    "a_host_of_an_unknown_architecture": (("setarch", "linux32"), "no system calls are known for "),
    "a_host_that_keeps_capabilities": (answering("capset=EPERM"), "capset: Operation not permitted"),
}
# As gVisor and kernels before 5.13 answer: no Landlock, no personality, no refusal of executable memory.
WITHOUT_LANDLOCK = ("landlock_create_ruleset=ENOSYS", "personality=ENOSYS", "prctl:65=EINVAL")


def start_through(command: tuple[str, ...]) -> tuple[int, list[dict[str, str]]]:
    """Exit code and log of an executor that does not come up."""
    ended = subprocess.run(
        [*command, *COMMAND],
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
        cwd=PACKAGE_ROOT,
    )
    return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.fixture(scope="module")
def refusals() -> dict[str, tuple[int, list[dict[str, str]]]]:
    """What came of each host: some started at once, since each start takes a second or two."""
    with ThreadPoolExecutor(STARTS_AT_ONCE) as threads:
        return dict(zip(HOSTS, threads.map(lambda host: start_through(host[0]), HOSTS.values()), strict=True))


@pytest.mark.parametrize("name", HOSTS)
def test_nothing_is_served_from(refusals: dict[str, tuple[int, list[dict[str, str]]]], name: str) -> None:
    code, events = refusals[name]
    assert code == 1
    assert "listening" not in [event["event"] for event in events]
    assert events[-1]["event"] == "not_started"
    reason = events[-1]["reason"]
    assert HOSTS[name][1] in reason
    assert "this host does not enforce the sandbox" in reason
    assert "docs/security.md" in reason


@pytest.fixture(scope="module")
def degraded() -> Iterator[Groups]:
    """A server on a host without Landlock, and without the language layer."""
    arena = Arena(through=answering(*WITHOUT_LANDLOCK))
    yield Groups(arena)
    arena.close()


def test_a_host_without_landlock_serves_and_says_degraded(degraded: Groups) -> None:
    executor = degraded.arena.executor
    metadata = executor.health().metadata
    assert metadata["sandbox"] == "degraded"
    assert "landlock" not in metadata["sandbox_layers"].split(",")
    assert "seccomp" in metadata["sandbox_layers"].split(",")
    (warning,) = [event for event in executor.events if event["event"] == "sandbox_not_complete"]
    assert (warning["level"], warning["sandbox"]) == ("warning", "degraded")


@pytest.mark.parametrize(
    "attacks",
    [READING, WRITING, SOCKETS, OWN_SOCKET, MAKING, SIGNALS, OTHERS, FEATURES, MEMORY],
    ids=["reading", "writing", "sockets", "own_socket", "making", "signals", "others", "features", "memory"],
)
def test_nothing_is_reached_without_landlock_either(degraded: Groups, attacks: dict[str, str]) -> None:
    for name in attacks:
        degraded.attack(attacks, name).was_refused("EPERM", "None")


def test_health_names_every_layer_that_holds(arena: Arena) -> None:
    """As root and as an ordinary user."""
    metadata = arena.executor.health().metadata
    layers = ["rlimits", "no_new_privs", "capabilities", "descriptors", "environment", "landlock", "seccomp"]
    if metadata["sandbox"] == "degraded":  # this machine's own kernel has no Landlock
        layers.remove("landlock")
    assert metadata["sandbox_layers"].split(",") == layers
    assert metadata["language_layer"] == ("on" if arena.language_layer else "off (unsafe)")
