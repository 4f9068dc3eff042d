"""Render products of several cameras, side by side in one picture."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .frame import Frame


class Tiles:
    """The frames of several cameras at one moment, in rows of ``columns``, the first at the upper left."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self.frames = list(frames)
        self.columns = columns_for(len(self.frames))

    def compute(self, compute: Callable[[Frame], dict[str, Any]], name: str) -> dict[str, Any]:
        """An annotator's output: its pictures side by side, its dictionaries as one.

        Raises ``NotImplementedError`` for an annotator that gives no pictures.
        """
        outputs = [compute(frame) for frame in self.frames]
        joined: dict[str, Any] = {}
        for key in outputs[0]:
            values = [output[key] for output in outputs]
            if all(isinstance(value, dict) for value in values) and "data" in outputs[0]:
                joined[key] = {k: v for value in values for k, v in value.items()}
            elif all(is_picture(value, frame) for value, frame in zip(values, self.frames, strict=True)):
                joined[key] = self._side_by_side(values)
            else:
                raise NotImplementedError(f"Annotator '{name}' on a tiled render product is not in kitless yet")
        return joined

    def _side_by_side(self, pictures: Sequence[NDArray[Any]]) -> NDArray[Any]:
        height, width = pictures[0].shape[:2]
        rows = math.ceil(len(pictures) / self.columns)
        shape = rows * height, self.columns * width, *pictures[0].shape[2:]
        whole = np.zeros(shape, pictures[0].dtype)
        for index, picture in enumerate(pictures):
            row, column = divmod(index, self.columns)
            whole[row * height : (row + 1) * height, column * width : (column + 1) * width] = picture
        return whole


def columns_for(count: int) -> int:
    """How many tiles stand side by side."""
    return math.ceil(math.sqrt(count))


def is_picture(value: Any, frame: Frame) -> bool:
    """Whether a value has an entry for each pixel of a frame."""
    width, height = frame.camera.resolution
    return isinstance(value, np.ndarray) and value.shape[:2] == (height, width)
