"""Random numbers for the compiled loops: functions of where they are used, not of what was drawn before."""

from __future__ import annotations

import numpy as np

from kitless.raycast.compiled import compiled

_MIX_A, _MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_STEP_A, _STEP_B, _STEP_C = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03), np.uint64(0x8CB92BA72F3D8DD7)
_TO_FRACTION = 1.0 / (1 << 53)
_EVEN = 21
"""So many dimensions, the first three bounces', are spread evenly over a pixel's samples; further ones are random."""
_PRIMES = np.array([2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73])
_STRIDES = np.sqrt(_PRIMES.astype(np.float64)) % 1.0


@compiled()
def mixed(value: np.uint64) -> np.uint64:
    """Return a uint64 whose bits all depend on all bits of another (splitmix64, Steele 2014)."""
    value = (value ^ (value >> np.uint64(30))) * _MIX_A
    value = (value ^ (value >> np.uint64(27))) * _MIX_B
    return value ^ (value >> np.uint64(31))


@compiled()
def chance(pixel: int, sample: int, dimension: int, seed: int) -> float:
    """Return a number of 0..1, 1 excluded.

    Over a pixel's samples, the first dimensions follow a Kronecker sequence (multiples of the square roots of primes),
    moved by a random amount of each pixel and dimension.
    """
    key = np.uint64(pixel) * _STEP_A ^ np.uint64(dimension) * _STEP_B ^ np.uint64(seed) * _STEP_C
    even = dimension < _EVEN
    if not even:
        key ^= mixed(np.uint64(sample) + np.uint64(1))
    value = np.float64(mixed(mixed(key)) >> np.uint64(11)) * _TO_FRACTION
    return (value + sample * _STRIDES[dimension]) % 1.0 if even else value
