"""What the pixels of CARLA's cameras mean, and the pictures that its client makes of them.

Pictures are uint8 (H, W, 4) in the order B, G, R, A, top row first. Depth is along the view, not along the ray: 24 bits
with R lowest, as a fraction of the far plane. Conversions return a new picture with A = 255, to the byte what the
CARLA 0.9.16 client gives.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import EnumMeta, IntEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simslate.recorder.carla_tags import PALETTE, TAGS

Bytes = NDArray[np.uint8]

FAR = 1000.0
"""CARLA's far plane in metres: the largest depth that a picture can hold."""

_STEPS = 2**24 - 1
_LOGARITHM, _DARKEST = 5.70378, 0.005
"""The client's scale of logarithmic depth, and what it makes of the smallest."""


@dataclass
class Color:
    """Red, green, blue and alpha, 0 to 255 each: OverflowError for other numbers, TypeError for what is no integer."""

    r: int = 0
    g: int = 0
    b: int = 0
    a: int = 255

    def __post_init__(self) -> None:
        self.r, self.g, self.b, self.a = (_byte(value) for value in (self.r, self.g, self.b, self.a))

    def __repr__(self) -> str:
        return f"Color({self.r},{self.g},{self.b},{self.a})"


def _byte(value: int) -> int:
    number = operator.index(value)
    if not 0 <= number <= 255:
        raise OverflowError(f"a colour has numbers from 0 to 255, not {number}")
    return number


class _EnumType(EnumMeta):
    """Adds what enums of CARLA's client have."""

    @property
    def names(cls) -> dict[str, Any]:
        """Return the members by name."""
        return dict(cls.__members__)

    @property
    def values(cls) -> dict[int, Any]:
        """Return the members by number."""
        return {int(member): member for member in cls.names.values()}


class _Enum(IntEnum, metaclass=_EnumType):
    """Numbers that show as their bare names, as those of CARLA's client do."""

    def __str__(self) -> str:
        return self.name

    def __format__(self, format_spec: str) -> str:
        # An f-string would show the number, unlike str() and unlike the client.
        return int.__format__(self, format_spec) if format_spec else self.name


class ColorConverter(_Enum):
    """What ``Image.convert`` and ``Image.save_to_disk`` make of a picture."""

    Raw = 0
    Depth = 1
    LogarithmicDepth = 2
    CityScapesPalette = 3


_enum: Any = _Enum
CityObjectLabel: Any = _enum("CityObjectLabel", {**{tag.name: tag.id for tag in TAGS}, "Any": 255}, module=__name__)
"""The semantic tags, and Any (255), which is never in a picture."""


def palette(bgra: Bytes) -> Bytes:
    """Return a picture of tags in the Cityscapes colours. Tags above 28 wrap round, as in the client: 29 is black."""
    colours = np.full((256, 4), 255, np.uint8)
    colours[:, :3] = PALETTE[np.arange(256) % len(PALETTE), ::-1]
    return colours[bgra[..., 2]]


def depth(bgra: Bytes) -> Bytes:
    """Return a picture of depth in grey: black is here, white the far plane."""
    return _grey(_fraction(bgra))


def logarithmic_depth(bgra: Bytes) -> Bytes:
    """Return a picture of depth in grey by its logarithm, which shows what is near in more steps."""
    with np.errstate(divide="ignore"):
        shade = 1 + np.log(_fraction(bgra)) / _LOGARITHM
    return _grey(np.clip(shade, _DARKEST, 1))


CONVERTERS: dict[int, Callable[[Bytes], Bytes]] = {
    ColorConverter.Depth: depth,
    ColorConverter.LogarithmicDepth: logarithmic_depth,
    ColorConverter.CityScapesPalette: palette,
}
"""By ColorConverter; Raw has none."""


def depth_metres(bgra: Bytes) -> NDArray[np.float32]:
    """Return the metres, float32 (H, W), that a picture of depth holds.

    Beyond 512 m two floats of 32 bits are further apart than two steps of the picture.
    """
    return (_fraction(bgra) * FAR).astype(np.float32)


def encode_depth(metres: ArrayLike) -> Bytes:
    """Return the picture of depth that holds ``metres`` (H, W), to the nearest of 2**24 steps (0.06 mm).

    What is beyond the far plane, infinite or NaN becomes the far plane; what is below 0 becomes 0.
    """
    fraction = np.nan_to_num(np.asarray(metres, np.float64) / FAR, nan=1.0, posinf=1.0, neginf=0.0)
    steps = np.rint(np.clip(fraction, 0, 1) * _STEPS).astype(np.uint32)
    return np.stack([steps >> 16, steps >> 8 & 255, steps & 255, np.full_like(steps, 255)], axis=-1).astype(np.uint8)


def _fraction(bgra: Bytes) -> NDArray[np.float64]:
    blue, green, red = (bgra[..., channel].astype(np.uint32) for channel in range(3))
    fraction: NDArray[np.float64] = (red + (green << 8) + (blue << 16)) / _STEPS
    return fraction


def _grey(shade: NDArray[np.float64]) -> Bytes:
    picture = np.full((*shade.shape, 4), 255, np.uint8)
    picture[..., :3] = (shade * 255 + 0.5).astype(np.uint8)[..., np.newaxis]
    return picture
