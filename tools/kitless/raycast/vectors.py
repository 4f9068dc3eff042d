"""Vectors as tuples of three numbers, for the compiled loops."""

from __future__ import annotations

import numpy as np

from kitless.raycast.compiled import compiled


@compiled()
def unit(x: float, y: float, z: float) -> tuple:
    """Return the vector's direction, 0 for 0."""
    length = np.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length) if length > 0.0 else (0.0, 0.0, 0.0)


@compiled()
def triple(row: np.ndarray, start: int) -> tuple:
    """Return three neighbours as a tuple."""
    return row[start], row[start + 1], row[start + 2]


@compiled()
def across(axis: tuple) -> tuple:
    """Return two unit vectors that stand on a unit vector and on each other (Duff et al. 2017)."""
    sign = 1.0 if axis[2] >= 0.0 else -1.0
    a = -1.0 / (sign + axis[2])
    b = axis[0] * axis[1] * a
    return (
        (1.0 + sign * axis[0] * axis[0] * a, sign * b, -sign * axis[0]),
        (b, sign + axis[1] * axis[1] * a, -axis[1]),
    )
