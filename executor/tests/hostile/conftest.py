"""Each hostile program runs in four modes: language layer on and off, as this user and as nobody."""

import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_arena import Arena
from hostile_groups import Groups
from running_executor import ordinary_user

sys.path.append(str(Path(__file__).resolve().parents[1] / "batch"))  # its calls of ExecuteBatch

MODES = [
    pytest.param((language_layer, as_nobody), id=f"{layer}-{user}")
    for language_layer, layer in ((False, "kernel alone"), (True, "language layer"))
    for as_nobody, user in ((False, "this user"), (True, "nobody"))
]
HONEST_SECONDS = pytest.StashKey[list[float]]()


@pytest.fixture(scope="session", params=MODES)
def arena(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """A server and a host of its own for each mode."""
    language_layer, as_nobody = request.param
    if as_nobody and os.geteuid() != 0:
        pytest.skip("only root can start a server as another user")
    through = ordinary_user() if as_nobody else ()
    running = Arena(through=through, language_layer=language_layer)
    yield running
    request.config.stash.setdefault(HONEST_SECONDS, []).extend(running.honest_seconds)
    running.close()


@pytest.fixture(scope="session")
def groups(arena: Arena) -> Groups:
    """The same for programs that run many at once."""
    return Groups(arena)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """How long honest work took that came right after hostile work: for people to see, not to fail."""
    seconds = config.stash.get(HONEST_SECONDS, [])
    if seconds:
        middle, longest = (f"{1e3 * value:.0f} ms" for value in (statistics.median(seconds), max(seconds)))
        terminalreporter.write_line(
            f"{len(seconds)} honest executions, each right after a hostile one, with other calls in flight:"
            f" half within {middle}, all within {longest}"
        )
