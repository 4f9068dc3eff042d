"""``rep.distribution``: values that randomisers draw.

Each is drawn once per evaluation of the graph for each prim. ``seed`` makes a stream of its own; without it (None or
negative) the stream follows from the global seed. ``name`` puts the drawn values into ``distribution_outputs`` of what
writers are handed. ``num_samples`` is the least number of values that an evaluation draws.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .graph import Distribution, ReplicatorItem, draw
from .graph.distribution import Draw

Number = float | Sequence[float]


def uniform(
    lower: Number, upper: Number, num_samples: int = 1, seed: int | None = None, name: str | None = None
) -> ReplicatorItem:
    """Evenly from ``lower`` up to ``upper``: numbers, or vectors drawn per component."""
    low, high = bounds(lower, upper, "lower", "upper")
    return item(
        "uniform", lambda rng, count: values(rng.uniform(low, high, (count, *low.shape))), seed, name, num_samples
    )


def normal(
    mean: Number, std: Number, num_samples: int = 1, seed: int | None = None, name: str | None = None
) -> ReplicatorItem:
    """From normal distributions of a mean and a standard deviation: numbers, or vectors drawn per component."""
    centre, width = bounds(mean, std, "mean", "std")
    if (width < 0).any():
        raise ValueError(f"std must not be negative: {std}")
    return item(
        "normal", lambda rng, count: values(rng.normal(centre, width, (count, *centre.shape))), seed, name, num_samples
    )


def log_uniform(
    lower: Number, upper: Number, num_samples: int = 1, seed: int | None = None, name: str | None = None
) -> ReplicatorItem:
    """From ``lower`` to ``upper``, both above 0, so that the logarithm is evenly spread."""
    low, high = bounds(lower, upper, "lower", "upper")
    if (low <= 0).any() or (high <= 0).any():
        raise ValueError(f"log_uniform draws between positive bounds, not {lower} and {upper}")
    low, high = np.log(low), np.log(high)

    def spread(rng: np.random.Generator, count: int) -> list[Any]:
        return values(np.exp(rng.uniform(low, high, (count, *low.shape))))

    return item("log_uniform", spread, seed, name, num_samples)


def choice(
    choices: Sequence[Any],
    weights: Sequence[float] | None = None,
    num_samples: int = 1,
    seed: int | None = None,
    with_replacements: bool = True,
    name: str | None = None,
) -> ReplicatorItem:
    """One of ``choices``, by ``weights``; without replacements, the values of one evaluation all differ.

    Raises ``ValueError`` for no choices, for weights that do not match them, and when too few are left to differ.
    """
    options = listed(choices)
    chances = None if weights is None else np.array(weights, float)
    if chances is not None and (chances.shape != (len(options),) or (chances < 0).any() or not chances.sum() > 0):
        raise ValueError(f"{len(options)} choices need as many weights, none negative and not all 0: {weights}")
    chances = chances if chances is None else chances / chances.sum()

    def pick(rng: np.random.Generator, count: int) -> list[Any]:
        return [options[index] for index in rng.choice(len(options), count, with_replacements, chances)]

    return item("choice", pick, seed, name, num_samples)


def sequence(
    items: Sequence[Any], ordered: bool | None = True, seed: int | None = -1, name: str | None = None
) -> ReplicatorItem:
    """One item after the other, and again from the first; if not ``ordered``, shuffled anew for each round.

    An evaluation for several prims gives each the next item. Every run of the orchestrator begins with the first item.
    """
    return ReplicatorItem(Sequenced(listed(items), ordered is not False, seed, name))


def combine(distributions: Sequence[Any], name: str | None = None) -> ReplicatorItem:
    """Vectors put together of distributions and constants, in order."""
    parts = listed(distributions)

    def join(_rng: np.random.Generator, count: int) -> list[Any]:
        columns = [draw(part, count) for part in parts]
        return [np.concatenate([np.ravel(part) for part in row]) for row in zip(*columns, strict=True)]

    return item("combine", join, None, name)


class Sequenced(Distribution):
    """Items in turn."""

    def __init__(self, items: list[Any], ordered: bool, seed: int | None, name: str | None) -> None:
        super().__init__("sequence", self._next, seed=seed, name=name)
        self._items, self._ordered = items, ordered
        self.begin()

    def begin(self) -> None:
        """Start with the first item."""
        self._round: list[Any] = []

    def _next(self, rng: np.random.Generator, count: int) -> list[Any]:
        return [self._one(rng) for _ in range(count)]

    def _one(self, rng: np.random.Generator) -> Any:
        if not self._round:
            order = range(len(self._items)) if self._ordered else rng.permutation(len(self._items))
            self._round = [self._items[index] for index in order]
        return self._round.pop(0)


def item(kind: str, draw_values: Draw, seed: int | None, name: str | None, num_samples: int = 1) -> ReplicatorItem:
    """A handle on a new distribution. Raises ``ValueError`` for fewer than one sample."""
    return ReplicatorItem(Distribution(kind, draw_values, seed=seed, name=name, num_samples=num_samples))


def bounds(first: Number, second: Number, *names: str) -> tuple[Any, Any]:
    """Two parameters as arrays of one shape. Raises ``ValueError`` where they have not, or are no finite numbers."""
    try:
        one, other = np.broadcast_arrays(np.asarray(first, float), np.asarray(second, float))
    except (TypeError, ValueError):
        raise ValueError(f"{names[0]} and {names[1]} must be numbers of one shape: {first!r}, {second!r}") from None
    if one.ndim > 1 or not all(math.isfinite(value) for value in (*one.ravel(), *other.ravel())):
        raise ValueError(f"{names[0]} and {names[1]} must be finite numbers or vectors: {first!r}, {second!r}")
    return one, other


def listed(values: Sequence[Any]) -> list[Any]:
    """A list of at least one. Raises ``ValueError``."""
    found = list(values)
    if not found:
        raise ValueError("There is nothing to choose from: the list is empty")
    return found


def values(drawn: np.ndarray[Any, Any]) -> list[Any]:
    """Numbers as floats, vectors as arrays."""
    return drawn.tolist() if drawn.ndim == 1 else list(drawn)
