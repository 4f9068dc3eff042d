"""Nodes that draw values."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import numpy as np

from kitless.services import service

from ..seed import GlobalSeed
from .graph import Graph
from .node import Node

Draw = Callable[[np.random.Generator, int], list[Any]]
"""Draws that many values."""


class Stream:
    """A stream of random numbers: of a seed of its own, else of the global seed and the stream's name.

    A stream does not depend on how much others have drawn, nor on nodes of other kinds. Setting the global seed begins
    it anew.
    """

    def __init__(self, kind: str, seed: int | None, name: str | None = None) -> None:
        """``name`` is by default the number of the node among those of its kind."""
        number = service(Graph).number(kind)
        self._name, self._seed = f"{kind}:{name or number}", seed
        self._set_at = -1
        self._generator = np.random.default_rng(0)

    def generator(self) -> np.random.Generator:
        """What to draw from."""
        known = service(GlobalSeed)
        if self._set_at != known.times_set:
            self._set_at = known.times_set
            # crc32, since hash() of a text differs from one process to the next.
            words = [known.value, crc32(self._name.encode())]
            if self._seed is not None and self._seed >= 0:
                words = [self._seed]
            self._generator = np.random.default_rng(np.random.SeedSequence(words))
        return self._generator


class Distribution(Node):
    """Values drawn once per evaluation, however many nodes take them."""

    def __init__(
        self, kind: str, draw: Draw, *, seed: int | None = None, name: str | None = None, num_samples: int = 1
    ) -> None:
        """``num_samples`` is the least number of values of an evaluation."""
        if num_samples < 1:
            raise ValueError(f"num_samples must be at least 1: {num_samples}")
        graph = service(Graph)
        self.name = name or ""
        self._draw, self._least = draw, num_samples
        self._stream = Stream(kind, seed, name)
        self._evaluation = -1
        self._values: list[Any] = []
        graph.distributions.append(self)

    def sample(self, count: int) -> list[Any]:
        """One value for each of ``count`` prims, the same ones to all who ask in one evaluation."""
        evaluation = service(Graph).evaluation
        if evaluation != self._evaluation:
            self._evaluation, self._values = evaluation, []
        missing = max(count, self._least) - len(self._values)
        if missing > 0:
            self._values += self._draw(self._stream.generator(), missing)
        return self._values[:count]

    def last(self) -> Any:
        """The values drawn last: an array (n,) or (n, components) of numbers, a list of anything else."""
        numeric = all(isinstance(value, (int, float, np.ndarray, np.number, tuple)) for value in self._values)
        return np.array(self._values) if numeric else [getattr(value, "node", value) for value in self._values]

    def outputs(self) -> dict[str, Any]:
        """The values drawn last, under ``samples``."""
        return {"prims": [], "samples": self.last()}

    def begin(self) -> None:
        """A run begins: random streams go on."""
