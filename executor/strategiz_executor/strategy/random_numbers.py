"""Random numbers that are the same for the same job: every generator starts from the job's seed."""

from __future__ import annotations

import random
import zlib
from typing import Any

import numpy as np

from strategiz_executor.strategy.facades import CuratedModule, curate

SEEDS = 1 << 32
USE_DEFAULT_RNG = "use np.random.default_rng()"
NUMPY_GENERATORS = ("SeedSequence", "MT19937", "Philox", "PCG64", "PCG64DXSM", "SFC64", "BitGenerator")


class _Seeds:
    """Seeds for generators that the author creates without one: the next of the job's own stream."""

    stream = random.Random(0)
    shift = 0


def reseed(seed: int, shift: int = 0) -> None:
    """Start `random`, `np.random` and every generator yet to be made from `seed` (32 bits).

    A shift is added to it and to every number that the author gives as a seed.
    """
    _Seeds.shift = shift
    seed = _shifted(seed)
    random.seed(seed)
    np.random.seed(seed)
    _Seeds.stream.seed(seed)


def seed_of(code: str, parameters: str, bars: int) -> int:
    """Answer 32 bits told by code, parameters and the checksum of the bars."""
    seed = zlib.crc32(parameters.encode(), zlib.crc32(code.encode()))
    return zlib.crc32(bars.to_bytes(4, "little"), seed)


def _seed_for(given: Any) -> Any:
    """The author's seed, or where there is none the next of the job's own."""
    return _Seeds.stream.getrandbits(32) if given is None else _shifted(given)


def _shifted(seed: Any) -> Any:
    return (seed + _Seeds.shift) % SEEDS if _Seeds.shift and type(seed) is int else seed


class Random(random.Random):
    """`random.Random`, whose missing seed is one of the job's."""

    def __init__(self, x: Any = None) -> None:
        super().__init__(_seed_for(x))


class RandomState(np.random.RandomState):
    """`np.random.RandomState`, whose missing seed is one of the job's."""

    def __init__(self, seed: Any = None) -> None:
        super().__init__(_seed_for(seed))


def default_rng(seed: Any = None) -> np.random.Generator:
    """Answer `np.random.default_rng(seed)`, a missing seed being one of the job's."""
    return np.random.default_rng(_seed_for(seed))


def curated_random() -> CuratedModule:
    """Answer the module `random`."""
    return curate(
        random,
        "random",
        random.__all__,
        absent={"SystemRandom": "use random.Random()"},
        replaced={"Random": Random, "seed": _reseeding(random.seed)},
    )


def curated_numpy_random() -> CuratedModule:
    """Answer `np.random`."""
    return curate(
        np.random,
        "np.random",
        np.random.__all__,
        absent=dict.fromkeys(NUMPY_GENERATORS, USE_DEFAULT_RNG),
        replaced={"default_rng": default_rng, "RandomState": RandomState, "seed": _reseeding(np.random.seed)},
    )


def _reseeding(seed_function: Any) -> Any:
    def seed(a: Any = None) -> None:
        """Start the generator anew, from the job's next seed where none is given."""
        seed_function(_seed_for(a))

    return seed
