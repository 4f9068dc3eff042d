"""The colours of ids in colourised masks.

Both palettes are one formula (recorded and derived from Isaac Sim 6.0.1 label files): a murmur-like hash of the id
shifts a golden-ratio hue and picks saturation and value. They differ in whether the hash wraps at 32 bits.
"""

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

GOLDEN_RATIO = 1.618033988749895
BACKGROUND = (0, 0, 0, 0)
UNLABELLED = (0, 0, 0, 255)

Rgba: TypeAlias = tuple[int, int, int, int]


def _hash(number: int, mask: int) -> int:
    h = number ^ (number >> 16)
    h = (h * 0x85EBCA6B) & mask
    h ^= h >> 13
    h = (h * 0xC2B2AE35) & mask
    return h ^ (h >> 16)


def _rgba(number: int, h: int) -> Rgba:
    hue = ((number / GOLDEN_RATIO) % 1 + 0.1 * (h & 0xFFFF) / 65536) % 1
    saturation = 0.7 + 0.3 * ((h >> 16) & 0xFF) / 255
    value = 0.8 + 0.2 * ((h >> 8) & 0xFF) / 255
    sextant = int(hue * 6)
    f = hue * 6 - sextant
    p, q, t = value * (1 - saturation), value * (1 - f * saturation), value * (1 - (1 - f) * saturation)
    # Sextant 4 has q where HSV has the value: a quirk of the recorded files, which colours must match.
    sextants = ((value, t, p), (q, value, p), (p, value, t), (p, q, value), (t, p, q), (value, p, q))
    red, green, blue = (int(channel * 255) for channel in sextants[sextant % 6])
    return red, green, blue, 255


def _number(rgba: Rgba) -> int:
    return rgba[0] << 16 | rgba[1] << 8 | rgba[2]


@lru_cache(maxsize=64)
def _distinct(mask: int, count: int) -> tuple[Rgba, ...]:
    """The colours of ids 0 … count - 1, no two alike.

    The formula gives some ids the colour of a smaller one, and a mask could not tell them apart: such an id takes the
    next free colour. What an id gets depends on smaller ids only.
    """
    taken = {_number(BACKGROUND)}
    colours = [BACKGROUND, UNLABELLED]
    for number in range(2, count):
        wanted = _number(_rgba(number, _hash(number, mask)))
        while wanted in taken:
            wanted = (wanted + 1) & 0xFFFFFF
        taken.add(wanted)
        colours.append((wanted >> 16, wanted >> 8 & 0xFF, wanted & 0xFF, 255))
    return tuple(colours)


def _colour(number: int, mask: int) -> Rgba:
    # Tables grow by doubling, and each begins as the smaller ones do.
    return _distinct(mask, max(64, 1 << number.bit_length()))[number]


def semantic_colour(number: int) -> Rgba:
    """The colour of a semantic id: 0 transparent black, 1 opaque black, from 2 on the recorded palette."""
    return _colour(number, -1)


def instance_colour(number: int) -> Rgba:
    """The colour of an instance id; the same formula with 32-bit hashing, as native Replicator nodes have it."""
    return _colour(number, 0xFFFFFFFF)


def paint(ids: NDArray[np.uint32], colours: dict[int, Rgba]) -> NDArray[np.uint8]:
    """Colour ids: uint32 (…) to uint8 (…,4). Each of them must have a colour."""
    table = np.zeros(max(colours, default=0) + 1, np.uint32)
    for number, rgba in colours.items():
        table[number] = int.from_bytes(bytes(rgba), "little")
    return table[ids].view(np.uint8).reshape(*ids.shape, 4)
