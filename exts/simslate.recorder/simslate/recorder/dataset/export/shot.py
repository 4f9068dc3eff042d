"""Shot: one render product at one frame, as every format of data sets is written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .camera import Camera, Solid
from .mask import Box, Mask

Image: TypeAlias = NDArray[Any] | Path
"""Pixels, or the file that holds them."""


@dataclass(frozen=True, eq=False)
class Instance:
    """One labelled object in view. None is what nothing was recorded about."""

    path: str
    """The prim's."""

    name: str
    """Its class."""

    box: Box
    """Around its visible pixels."""

    mask: Mask | None = None
    alone: int | None = None
    """Pixels that it would have in the frame if nothing were before it."""

    alone_box: Box | None = None
    alone_mask: Mask | None = None
    """Those pixels: its amodal mask."""

    visibility: float | None = None
    """Visible pixels / ``alone``."""

    truncation: float | None = None
    """Share of it that is beyond the frame's edges."""

    solid: Solid | None = None

    @property
    def pixels(self) -> int | None:
        """How many of its pixels are visible."""
        return None if self.mask is None else self.mask.pixels


@dataclass(frozen=True, eq=False)
class ClassImage:
    """Numbers of pixels (H, W), and the class that each stands for; None for what has no label."""

    codes: NDArray[np.uint32]
    names: dict[int, str | None]


@dataclass(frozen=True, eq=False)
class Shot:
    """One render product at one frame."""

    product: str
    """The render product's name; "" for the only one."""

    frame: str
    """The frame, as files are called by: six digits, the number of a sequence before them."""

    size: tuple[int, int]
    """Width and height."""

    instances: tuple[Instance, ...] = field(default=())
    """In the order of their paths."""

    picture: Image | None = None
    depth: NDArray[np.float32] | None = None
    """(H, W) along the optical axis, in metres; inf where nothing is."""

    classes: ClassImage | None = None
    camera: Camera | None = None

    @property
    def stem(self) -> str:
        """What its files are called."""
        return f"{self.product}_{self.frame}" if self.product else self.frame
