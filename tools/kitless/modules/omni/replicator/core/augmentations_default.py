"""``rep.augmentations_default``: functions for ``Augmentation.from_function``. uint8 (H,W,3|4); alpha stays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kitless.absent import Missing


def aug_rgb_to_hsv(data_in: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Red, green and blue to hue, saturation and value, each 0…255."""
    rgb = data_in[..., :3].astype(np.float64)
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    value, spread = rgb.max(axis=-1), np.ptp(rgb, axis=-1)
    divisor = np.where(spread == 0, 1.0, spread)
    sextant = np.select(
        [value == red, value == green],
        [(green - blue) / divisor, 2 + (blue - red) / divisor],
        4 + (red - green) / divisor,
    )
    saturation = spread / np.where(value == 0, 1.0, value)
    return _with_alpha(data_in, sextant / 6 % 1.0 * 255, saturation * 255, value)


def aug_hsv_to_rgb(data_in: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Hue, saturation and value, each 0…255, to red, green and blue."""
    hue, saturation, value = (data_in[..., axis].astype(np.float64) for axis in range(3))
    # Each channel falls off with the hue's distance from its own sextant: a shifted triangle wave.
    waves = [np.clip(np.abs((hue / 255 * 6 + shift) % 6 - 3) - 1, 0, 1) for shift in (0.0, 4.0, 2.0)]
    return _with_alpha(data_in, *(value * (1 - saturation / 255 * (1 - wave)) for wave in waves))


def _with_alpha(data: NDArray[np.uint8], *channels: Any) -> NDArray[np.uint8]:
    picture = np.array(data)
    picture[..., :3] = np.rint(np.stack(channels, axis=-1)).astype(np.uint8)
    return picture


def __getattr__(name: str) -> Missing:
    if name.startswith("_"):
        raise AttributeError(name)
    return Missing(f"{__name__}.{name}")
