"""Colours of styles as Kit writes them: ints of alpha, blue, green, red from the highest byte to the lowest."""

from __future__ import annotations

from typing import Any

from PIL import ImageColor

_CHANNELS = 4


class _Colors:
    """Makes colours: ``color("#ff8800")``, ``color(1.0, 0.5, 0.0)``, ``color(0.2)``, ``color.orange``.

    Channels are bytes when they are ints and from 0 to 1 when they are floats; a missing alpha is opaque. A name that
    is no colour of HTML is the name of a colour of the app's style, which stays that name; ``color.transparent`` is 0.
    """

    def __call__(self, *channels: Any) -> int:
        if len(channels) == 1 and isinstance(channels[0], str):
            return _packed(ImageColor.getcolor(channels[0], "RGBA"))
        given = channels * 3 if len(channels) == 1 else channels
        return _packed([round(255 * each) if isinstance(each, float) else int(each) for each in given])

    def __getattr__(self, name: str) -> int | str:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "transparent":
            return 0
        return self(name) if name in ImageColor.colormap else name


def _packed(channels: Any) -> int:
    red, green, blue, alpha = (*channels, 255)[:_CHANNELS]
    return int(alpha) << 24 | int(blue) << 16 | int(green) << 8 | int(red)


color = _Colors()
