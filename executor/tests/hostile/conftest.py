"""Each hostile program runs in four modes: language layer on and off, as this user and as nobody."""

import os
import statistics
from collections.abc import Iterator

import pytest
from hostile_arena import USUAL_HONEST_S, Arena
from hostile_host import ordinary_user

MODES = [
    pytest.param((language_layer, as_nobody), id=f"{layer}-{user}")
    for language_layer, layer in ((False, "kernel alone"), (True, "language layer"))
    for as_nobody, user in ((False, "this user"), (True, "nobody"))
]


@pytest.fixture(scope="session", params=MODES)
def arena(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """A server and a host of its own for each mode; at the end honest work must have been quick as a rule."""
    language_layer, as_nobody = request.param
    if as_nobody and os.geteuid() != 0:
        pytest.skip("only root can start a server as another user")
    through = ordinary_user() if as_nobody else ()
    running = Arena(through=through, language_layer=language_layer)
    yield running
    running.close()
    if running.honest_seconds:
        assert statistics.median(running.honest_seconds) < USUAL_HONEST_S


@pytest.fixture(scope="session")
def kernel_arena() -> Iterator[Arena]:
    """Without the language layer, as this user: for what concerns neither."""
    running = Arena()
    yield running
    running.close()
