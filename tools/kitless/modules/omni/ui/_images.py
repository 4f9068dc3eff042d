"""Images: files, and arrays of bytes."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kitless.absent import Partial
from omni.ui._enums import Alignment, FillPolicy, IwpFillPolicy
from omni.ui._node import Node
from omni.ui._properties import Property, anything, callback, choice, number, string
from omni.ui._subscription import Callbacks, Subscription
from omni.ui._widget import Widget

Bytes = bytes | bytearray | memoryview


class Image(Widget):
    """An image file by its path or address."""

    source_url = Property("", string)
    alignment = Property(Alignment.CENTER, choice(Alignment))
    fill_policy = Property(FillPolicy.PRESERVE_ASPECT_FIT, choice(FillPolicy))
    pixel_aligned = Property(False, bool)
    progress = Property(0.0, number, changed="progress_changed_fn")

    set_progress_changed_fn, has_progress_changed_fn, call_progress_changed_fn = callback("progress_changed_fn")

    def __init__(self, source_url: str = "", **kwargs: Any) -> None:
        super().__init__(source_url=source_url, **kwargs)


class ImageProvider(Partial):
    """The base of what gives an image."""

    def __init__(self) -> None:
        # A fresh array each time: a view may keep the one it got.
        self._pixels: NDArray[np.uint8] = np.zeros((0, 0, 4), np.uint8)
        self._changed = Callbacks("an image's changed_fn")

    @property
    def width(self) -> int:
        """The width in pixels."""
        return self._pixels.shape[1]

    @property
    def height(self) -> int:
        """The height in pixels."""
        return self._pixels.shape[0]

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The image, (height, width, 4) uint8 RGBA, first row on top, not to be written to. Not in Kit."""
        return self._pixels


class ByteImageProvider(ImageProvider):
    """An image from bytes."""

    def set_bytes_data(
        self, bytes: Bytes | Sequence[int] | NDArray[np.uint8], sizes: Sequence[int], *_: Any, **__: Any
    ) -> None:
        """Set the image: width * height * 4 bytes of RGBA, row by row from the top; ``sizes`` is [width, height].

        Formats of other than 8 bits per channel are not here (further arguments are not looked at). Raises ValueError
        when the number of bytes is not that of the sizes.
        """
        width, height = (int(size) for size in sizes)
        flat = np.frombuffer(bytes, np.uint8) if isinstance(bytes, Bytes) else np.asarray(bytes, np.uint8).reshape(-1)
        if flat.size != width * height * 4:
            raise ValueError(f"{width} x {height} RGBA pixels are {width * height * 4} bytes, not {flat.size}")
        self._pixels = flat.reshape(height, width, 4).copy()
        self._changed.call()

    def set_data_array(self, array: NDArray[np.uint8], sizes: Sequence[int], *_: Any, **__: Any) -> None:
        """Set the image from an array of the same content."""
        self.set_bytes_data(np.ascontiguousarray(array, np.uint8), sizes)


class ImageWithProvider(Widget):
    """An image by a provider or by its path; a new image of the provider is a change of properties."""

    provider: Property[Any] = Property(None, anything)
    source_url = Property("", string)
    alignment = Property(Alignment.CENTER, choice(Alignment))
    fill_policy = Property(IwpFillPolicy.IWP_PRESERVE_ASPECT_FIT, choice(IwpFillPolicy))
    pixel_aligned = Property(False, bool)

    def __init__(self, image: ImageProvider | str = "", **kwargs: Any) -> None:
        given = {"source_url": image} if isinstance(image, str) else {"provider": image}
        super().__init__(**given, **kwargs)
        provider = self.provider
        if provider is not None:
            self._ui_image_subscription = Subscription(provider._changed, _notifier(self._ui_node))

    def prepare_draw(self, width: float, height: float) -> None:
        """Have no effect: nothing is drawn here."""


def _notifier(node: Node) -> Any:
    ref = weakref.ref(node)

    def changed() -> None:
        found = ref()
        if found is not None:
            found.changed("properties")

    return changed
