"""Makes the package importable, and offers real executors."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from running_executor import RunningExecutor


@pytest.fixture(scope="session")
def executor() -> Iterator[RunningExecutor]:
    """An executor with two slots that tests share; they leave it idle."""
    running = RunningExecutor("--slots", "2", "--line", "2")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def plain_executor() -> Iterator[RunningExecutor]:
    """The same without the language layer: what hostile code does is up to the sandbox alone."""
    running = RunningExecutor("--slots", "2", "--unsafe-no-language-layer")
    yield running
    running.stop()


@pytest.fixture
def start_executor() -> Iterator[Callable[..., RunningExecutor]]:
    """Starts executors of a test's own."""
    started: list[RunningExecutor] = []

    def start(*arguments: str, **environment: str) -> RunningExecutor:
        started.append(RunningExecutor(*arguments, environment=environment))
        return started[-1]

    yield start
    for running in started:
        running.stop()
