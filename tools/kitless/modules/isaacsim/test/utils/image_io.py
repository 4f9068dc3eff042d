"""Pictures and other arrays from and to files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kitless.absent import absent

__all__ = ["read_image_as_array", "save_annotator_data", "save_depth_image", "save_rgb_image"]


def save_rgb_image(rgb_data: NDArray[Any], out_dir: str | os.PathLike[str], file_name: str) -> None:
    """Write a (height, width, 3 or 4) uint8 picture, its folder made where it is missing."""
    _save(Image.fromarray(np.ascontiguousarray(rgb_data, dtype=np.uint8)), Path(out_dir) / file_name)


def save_depth_image(
    depth_data: NDArray[Any], out_dir: str | os.PathLike[str], file_name: str, normalize: bool = False
) -> None:
    """Write distances (height, width): as 32-bit floats (.tif), or ``normalize`` them to 8-bit grey, near is black."""
    depth = np.asarray(depth_data, dtype=np.float32)
    if normalize:
        finite = depth[np.isfinite(depth)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        grey = np.clip((np.nan_to_num(depth, posinf=high) - low) / ((high - low) or 1.0), 0.0, 1.0)
        _save(Image.fromarray((grey * 255).round().astype(np.uint8)), Path(out_dir) / file_name)
    else:
        _save(Image.fromarray(depth), Path(out_dir) / file_name)


def save_annotator_data(data: Any, output_path: str | os.PathLike[str]) -> None:
    """Write an annotator's array: uint8 pictures as a picture, anything else as .npy.

    Raises TypeError for what holds no array.
    """
    array = data.get("data") if isinstance(data, dict) else data
    if not isinstance(array, np.ndarray):
        raise TypeError(
            f"save_annotator_data needs an array or a dictionary with one as data, not {type(data).__name__}"
        )
    path = Path(output_path)
    if array.dtype == np.uint8 and array.ndim in (2, 3) and path.suffix.lower() != ".npy":
        _save(Image.fromarray(array), path)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path.with_suffix(".npy"), array)


def read_image_as_array(file_path: str | os.PathLike[str], squeeze_singleton_channel: bool = True) -> NDArray[Any]:
    """Return a picture, or the array of a .npy file; one channel has no axis unless it is to stay."""
    path = Path(file_path)
    if path.suffix.lower() == ".npy":
        array: NDArray[Any] = np.load(path, allow_pickle=False)
    else:
        with Image.open(path) as image:
            array = np.array(image)
    if squeeze_singleton_channel and array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    return array


def _save(image: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


__getattr__ = absent(__name__)
