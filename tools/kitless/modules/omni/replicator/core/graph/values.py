"""Parameters: constants, or what distributions draw."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .distribution import Distribution
from .node import ReplicatorItem


def distribution_of(value: Any) -> Distribution | None:
    """The distribution that a parameter is, if it is one."""
    node = value.node if isinstance(value, ReplicatorItem) else value
    return node if isinstance(node, Distribution) else None


def draw(value: Any, count: int) -> list[Any]:
    """A parameter's value for each of ``count`` prims: drawn, or the same constant for all."""
    node = distribution_of(value)
    return [value] * count if node is None else node.sample(count)


def draw_vectors(value: Any, count: int) -> list[Any]:
    """As ``draw``, where a list of as many vectors as there are prims gives each its own."""
    listed = isinstance(value, (list, tuple, np.ndarray)) and len(value) > 0 and not np.isscalar(value[0])
    if not listed or not all(isinstance(each, (list, tuple, np.ndarray)) for each in value):
        return draw(value, count)
    if len(value) != count:
        raise ValueError(f"{len(value)} vectors for {count} prims")
    return list(value)


def as_vector(value: Any, name: str = "value") -> tuple[float, float, float]:
    """Three numbers; one stands for all three. Raises ``ValueError`` for anything else."""
    if np.isscalar(value) and not isinstance(value, str):
        return (float(value),) * 3  # type: ignore[arg-type]  # np.isscalar narrows to more than numbers
    if isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, str) and len(value) == 1:
        return as_vector(value[0], name)
    try:
        x, y, z = (float(part) for part in value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} needs one or three numbers, not {value!r}") from None
    return x, y, z
