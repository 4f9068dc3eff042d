"""What each file has to be by itself. ``CHECKS`` says for each part of an annotator what is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import isfinite
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..content import Picture
from ..id_image import parse_key
from ..json_file import Flaw
from .shot import Item

Check = Callable[[Item], Iterator[Flaw]]
_BOX_2D = [("semanticId", "<u4"), *((f"{axis}_{end}", "<i4") for end in ("min", "max") for axis in "xy")]
_BOX_3D = [("semanticId", "<u4"), *((f"{axis}_{end}", "<f4") for end in ("min", "max") for axis in "xyz")]
BOX_2D = np.dtype([*_BOX_2D, ("occlusionRatio", "<f4")])
BOX_3D = np.dtype([*_BOX_3D, ("transform", "<f4", (4, 4)), ("occlusionRatio", "<f4")])
OCCLUSION = np.dtype([("instanceId", "<u4"), ("semanticId", "<u4"), ("occlusionRatio", "<f4")])
_MODES = {"jpg": ("RGB",), "jpeg": ("RGB",)}
_IDS = ("I;16", "I")


def _picture(item: Item, *, modes: tuple[str, ...] = ("RGBA",)) -> Iterator[Flaw]:
    """It is a picture in one of ``modes``, of the render product's size."""
    if not isinstance(item.value, Picture):
        return
    modes = _MODES.get(item.extension, modes)
    if item.value.mode not in modes:
        yield "format", f"has Pillow's mode {item.value.mode}, not {' or '.join(modes)}"
    yield from _size(item, item.value.pixels.shape)


def _mask(item: Item) -> Iterator[Flaw]:
    modes = {True: ("RGBA",), False: _IDS, None: ("RGBA", *_IDS)}[item.colourised]
    yield from _picture(item, modes=modes)


def _size(item: Item, shape: tuple[int, ...]) -> Iterator[Flaw]:
    if item.resolution is not None and (shape[1], shape[0]) != item.resolution:
        width, height = item.resolution
        yield "resolution", f"is {shape[1]} x {shape[0]}; the render product is {width} x {height}"


def _image_array(item: Item, *, channels: int = 0) -> Iterator[Flaw]:
    """It is a float32 array (H,W), or (H,W,channels), of the render product's size."""
    array: NDArray[Any] = item.value
    wanted = (channels,) if channels else ()
    if array.dtype != np.float32 or array.ndim != 2 + len(wanted) or array.shape[2:] != wanted:
        yield (
            "format",
            f"is {array.dtype} of shape {array.shape}, not float32 of (H,W{f',{channels}' * bool(channels)})",
        )
    else:
        yield from _size(item, array.shape)


def _distances(item: Item) -> Iterator[Flaw]:
    """Infinite is where nothing was hit."""
    if item.value.dtype.kind != "f":
        return
    nans = int(np.count_nonzero(np.isnan(item.value)))
    if nans:
        yield "not-finite", f"is NaN in {nans} pixels"
    with np.errstate(invalid="ignore"):
        negative = int(np.count_nonzero(item.value < 0))
    if negative:
        yield "range", f"is negative in {negative} pixels"


def _finite(item: Item, *, channels: int | None = None) -> Iterator[Flaw]:
    values = item.value[..., :channels] if channels else item.value
    wrong = int(np.count_nonzero(~np.isfinite(values))) if values.dtype.kind == "f" else 0
    if wrong:
        yield "not-finite", f"has {wrong} numbers that are not finite"


def _rows(item: Item, *, dtype: np.dtype[Any]) -> Iterator[Flaw]:
    if item.value.dtype != dtype or item.value.ndim != 1:
        columns = f"{item.value.dtype} of shape {item.value.shape}"
        yield "format", f"is {columns}, not one row of {', '.join(dtype.names or ())} per object"


def _points(item: Item, *, columns: int, kinds: str) -> Iterator[Flaw]:
    array: NDArray[Any] = item.value
    fits = array.ndim == 2 and array.shape[1] == columns if columns else array.ndim == 1
    if array.dtype.kind not in kinds or not fits:
        yield "format", f"is {array.dtype} of shape {array.shape}, not (N{f',{columns}' * bool(columns)})"


def _ratios(item: Item, *, unseen: bool = False) -> Iterator[Flaw]:
    """Occlusion is 0 to 1, or -1 where Replicator gives none; NaN only for what may be ``unseen``."""
    if "occlusionRatio" not in (item.value.dtype.names or ()):
        return
    ratios = item.value["occlusionRatio"]
    nan = np.isnan(ratios)
    if nan.any() and not unseen:
        yield "not-finite", f"has an occlusion that is NaN in row {int(np.flatnonzero(nan)[0])}"
    with np.errstate(invalid="ignore"):
        wrong = np.flatnonzero(~nan & (ratios != -1) & ~((ratios >= -1e-6) & (ratios <= 1 + 1e-6)))
    if wrong.size:
        yield "range", f"has an occlusion of {ratios[wrong[0]]:g} in row {int(wrong[0])}"


def _corners(item: Item, *, axes: str, in_frame: bool = False, clipped: bool = False) -> Iterator[Flaw]:
    """Boxes are not inverted, finite, and where they have to be ``in_frame`` they are."""
    boxes = item.value
    if f"{axes[-1]}_max" not in (boxes.dtype.names or ()):
        return
    low = np.stack([boxes[f"{axis}_min"] for axis in axes], -1).astype(np.float64)
    high = np.stack([boxes[f"{axis}_max"] for axis in axes], -1).astype(np.float64)
    for row in np.flatnonzero(~(np.isfinite(low) & np.isfinite(high)).all(axis=1)).tolist():
        yield "not-finite", f"row {row}: its corners are not finite"
    for row in np.flatnonzero((low > high).any(axis=1)).tolist():
        yield "box", f"row {row}: {_corner_text(low[row], high[row])} has no area: a minimum is above its maximum"
    if item.resolution is not None and (in_frame or (clipped and item.context.ours)):
        # Whether the maximum is the last pixel or the one after it is documented nowhere.
        outside = (low < 0).any(axis=1) | (high > np.array(item.resolution)).any(axis=1)
        for row in np.flatnonzero(outside).tolist():
            size = "{} x {}".format(*item.resolution)
            yield "box", f"row {row}: {_corner_text(low[row], high[row])} is not inside {size}"


def _corner_text(low: NDArray[Any], high: NDArray[Any]) -> str:
    return " to ".join(f"({', '.join(f'{value:g}' for value in corner)})" for corner in (low, high))


def _transforms(item: Item) -> Iterator[Flaw]:
    if "transform" in (item.value.dtype.names or ()) and not np.isfinite(item.value["transform"]).all():
        yield "not-finite", "has a transform that is not finite"


def _object(item: Item) -> Iterator[Flaw]:
    if not isinstance(item.value, dict):
        yield "format", "is not a JSON object"


def _entries(item: Item, *, labels: bool = True) -> Iterator[Flaw]:
    """Keys are ids or colours, and stand for prim paths or for labels by semantic type."""
    for key, entry in item.value.items():
        if parse_key(key) is None:
            yield "format", f'has the key "{key}", which is no id and no colour'
        elif not (isinstance(entry, str) or (labels and _is_labels(entry))):
            yield "format", f"has no {'labels' if labels else 'prim path'} for {key}"


def _is_labels(entry: Any) -> bool:
    return isinstance(entry, dict) and all(isinstance(label, str) for label in entry.values())


def _paths(item: Item) -> Iterator[Flaw]:
    if not isinstance(item.value, list) or not all(isinstance(path, str) for path in item.value):
        yield "format", "is not a JSON list of prim paths"


def _camera(item: Item) -> Iterator[Flaw]:
    for name, value in item.value.items():
        numbers = value if isinstance(value, list) else [value]
        if not all(isfinite(each) for each in numbers if isinstance(each, float)):
            yield "not-finite", f"has a {name} that is not finite"
    size = item.value.get("renderProductResolution")
    if item.resolution is not None and size is not None and size != [*item.resolution]:
        yield "resolution", f"says {size}; the render product is {list(item.resolution)}"


def _boxes(dtype: np.dtype[Any], *checks: Check) -> tuple[Check, ...]:
    return partial(_rows, dtype=dtype), *checks


_TIGHT = _boxes(BOX_2D, partial(_corners, axes="xy", in_frame=True), _ratios)
_LOOSE = _boxes(BOX_2D, partial(_corners, axes="xy", clipped=True), partial(_ratios, unseen=True))
_SOLID = _boxes(BOX_3D, partial(_corners, axes="xyz"), _transforms, partial(_ratios, unseen=True))
_DEPTH = (_image_array, _distances)
_GREY = (partial(_picture, modes=("L",)),)
_LABELS = (_object, _entries)
_PRIMS = (_object, partial(_entries, labels=False))

CHECKS: Mapping[str, tuple[Check, ...]] = MappingProxyType(
    {
        "rgb": (_picture,),
        "normals": (_picture,),
        "distance_to_camera": _DEPTH,
        "distance_to_camera_picture": _GREY,
        "distance_to_image_plane": _DEPTH,
        "distance_to_image_plane_picture": _GREY,
        "semantic_segmentation": (_mask,),
        "semantic_segmentation_labels": _LABELS,
        "instance_id_segmentation": (_mask,),
        "instance_id_segmentation_mapping": _PRIMS,
        "instance_segmentation": (_mask,),
        "instance_segmentation_mapping": _PRIMS,
        "instance_segmentation_semantics_mapping": _LABELS,
        "bounding_box_2d_tight": _TIGHT,
        "bounding_box_2d_loose": _LOOSE,
        "bounding_box_3d": _SOLID,
        **{f"bounding_box_{kind}_labels": _LABELS for kind in ("2d_tight", "2d_loose", "3d")},
        **{f"bounding_box_{kind}_prim_paths": (_paths,) for kind in ("2d_tight", "2d_loose", "3d")},
        "motion_vectors": (partial(_image_array, channels=4), partial(_finite, channels=2)),
        "occlusion": (partial(_rows, dtype=OCCLUSION), _ratios),
        "pointcloud": (partial(_points, columns=3, kinds="f"), _finite),
        "pointcloud_rgb": (partial(_points, columns=4, kinds="u"),),
        "pointcloud_normals": (partial(_points, columns=4, kinds="f"), _finite),
        "pointcloud_semantic": (partial(_points, columns=0, kinds="ui"),),
        "pointcloud_instance": (partial(_points, columns=0, kinds="ui"),),
        "camera_params": (_object, _camera),
        "skeleton_data": (_object,),
    }
)
"""By the name in ``PARTS``. A part without an entry is decoded only."""


def check_item(part: str, item: Item) -> list[Flaw]:
    """Return what is wrong with one file of BasicWriter's. What has not the right form is not looked at any further."""
    flaws: list[Flaw] = []
    for check in CHECKS.get(part, ()):
        flaws.extend(check(item))
        if any(kind == "format" for kind, _ in flaws):
            break
    return flaws


def check_stranger(value: Any) -> Iterator[Flaw]:
    """Yield what is wrong with a file of any writer: numbers that are NaN."""
    if not isinstance(value, np.ndarray):
        return
    columns = [value[name] for name in value.dtype.names] if value.dtype.names else [value]
    wrong = sum(int(np.count_nonzero(np.isnan(each))) for each in columns if each.dtype.kind in "fc")
    if wrong:
        yield "not-finite", f"has {wrong} numbers that are NaN"
