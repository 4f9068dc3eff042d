"""``rep.rng``: seeded random numbers."""

from typing import Any

import numpy as np

from .seed import next_stream


class ReplicatorRNG:
    """Random numbers: ``generator`` is a ``numpy.random.Generator``.

    The same seed gives the same numbers. Without one, it comes from the global seed and from how many generators were
    made without a seed since that was set: each has its own numbers, and another run has the same ones.
    """

    def __init__(self, seed: int | None = None) -> None:
        entropy = next_stream() if seed is None else seed
        self.generator = np.random.default_rng(entropy)


def as_generator(rng: Any) -> np.random.Generator:
    """A ``ReplicatorRNG`` or a numpy generator as the latter; a new one for None. Raises ``TypeError`` otherwise."""
    if rng is None:
        return ReplicatorRNG().generator
    if isinstance(rng, ReplicatorRNG):
        return rng.generator
    if isinstance(rng, np.random.Generator):
        return rng
    raise TypeError(f"rng must be a ReplicatorRNG or a numpy.random.Generator, not {type(rng).__name__}")
