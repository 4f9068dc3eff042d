"""What the array of one annotator shows on its own: what is wrong with it, whether it is blank, what it proves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .payload import Output

Array: TypeAlias = NDArray[Any]

_SAMPLES = 4096
"""About how many pixels a first look takes. Most pictures show there that they are not blank."""

_EMPTY = ("BACKGROUND", "INVALID")
_UNLABELLED = "UNLABELLED"
_OPAQUE_BLACK = 0xFF000000
_BLACK = 2


@dataclass(frozen=True)
class Look:
    """What one output shows."""

    problems: tuple[str, ...] = ()

    blank: str = ""
    """What it looks like if there is nothing in it, such as ``empty``: a flaw if there is something to show."""

    lacks: str = ""
    """What a blank one fails to show: "surfaces", "labels" (something labelled) or "shapes" (more than one thing)."""

    surfaces: str = ""
    """What it shows that proves that something was hit, as it reads after "although"."""

    labels: str = ""
    """What it shows that proves that something labelled was hit."""

    shapes: str = ""
    """What it shows that proves that the picture has more than one thing in it, the background being one."""

    is_near: bool = False
    """Whether it tells that labelled things are in the field of view, hidden or not."""


Looker: TypeAlias = "Callable[[Output], Look]"


def look_at_colour(output: Output) -> Look:
    """Look at a picture.

    One without any opaque pixel, or black all over without one pixel that differs, is blank where anything is in view;
    one with any other colour all over only where more than one thing is, since a wall may fill it. A night scene has
    some pixel that differs: only darkness without a single grain is taken for a picture that was not rendered.
    """
    image = output["data"]
    if image.dtype != np.uint8 or image.ndim != 3:
        return Look()
    if image.shape[2] == 4 and not (_some(image)[..., 3].any() or image[..., 3].any()):
        return Look(blank="transparent all over", lacks="surfaces")
    if (_some(image) != image[0, 0]).any() or (image != image[0, 0]).any():
        return Look()
    if image[0, 0, :3].max() < _BLACK:
        return Look(blank="black all over", lacks="surfaces")
    return Look(blank="one colour all over", lacks="shapes")


def look_at_semantics(output: Output) -> Look:
    """Look at a mask of labels. Where nothing is labelled, Replicator's may be background all over."""
    return _look_at_mask(output, lacks="labels")


def look_at_prims(output: Output) -> Look:
    """Look at a mask of prims, labelled or not."""
    return _look_at_mask(output, lacks="surfaces")


def look_at_depth(output: Output) -> Look:
    """Look at distances: infinite where nothing is hit, never NaN nor negative; 0 all over is nothing, too."""
    image = output["data"]
    low = float(image.min())
    if not low >= 0:
        return Look(problems=("NaN" if np.isnan(low) else f"a distance of {low:g}",))
    if low == np.inf:
        return Look(blank="infinite all over", lacks="surfaces")
    high = float(image.max())
    if high == 0:
        return Look(blank="0 all over", lacks="surfaces")
    return Look(surfaces="distances are finite", shapes="distances are finite in a part" if high == np.inf else "")


def look_at_vectors(output: Output) -> Look:
    """Look at normals. The fourth channel is unused, whatever it holds."""
    return Look(problems=_not_finite(output["data"], 3))


def look_at_motion(output: Output) -> Look:
    """Look at motion vectors. The last two channels are unused."""
    return Look(problems=_not_finite(output["data"], 2))


def look_at_points(output: Output) -> Look:
    """Look at a point cloud. It has points of what is labelled, at least."""
    data = output.get("data")
    if not isinstance(data, np.ndarray) or data.size == 0:
        return Look(blank="empty", lacks="labels")
    return Look(problems=_not_finite(data, 3))


def look_at_tight_boxes(output: Output) -> Look:
    """Look at boxes about what is visible."""
    count = len(output["data"])
    shown = f"{count} labelled object{'s are' if count > 1 else ' is'} in view" if count else ""
    return Look(problems=_box_problems(output), surfaces=shown, labels=shown)


def look_at_boxes(output: Output) -> Look:
    """Look at boxes about what is in the field of view, hidden or not."""
    return Look(problems=_box_problems(output), is_near=len(output["data"]) > 0)


def look_at_all_boxes(output: Output) -> Look:
    """Look at boxes about what is anywhere on the stage."""
    return Look(problems=_box_problems(output))


def look_at_values(output: Output) -> Look:
    """Look at named values without an array among them that is a picture, such as a camera's."""
    numbers = {name: np.asarray(value) for name, value in output.items() if _is_real(value)}
    wrong = [name for name, value in numbers.items() if not np.isfinite(value).all()]
    return Look(problems=(f"NaN or inf in {', '.join(wrong)}",) if wrong else ())


def _look_at_mask(output: Output, *, lacks: str) -> Look:
    values = _values(output["data"])
    if values is None:
        return Look()
    mapping = output.get("idToLabels")
    kinds = _kinds(values, mapping)
    problems = _unlisted(values, kinds, mapping) if isinstance(mapping, Mapping) else ()
    found = set(kinds.values())
    if found == {"background"}:
        return Look(problems=problems, blank="background all over", lacks=lacks)
    return Look(
        problems=problems,
        surfaces="it shows surfaces",
        labels="it shows labels" if "labelled" in found and lacks == "labels" else "",
        shapes="it shows several things" if len(kinds) > 1 else "",
    )


def _kinds(values: NDArray[np.uint32], mapping: Any) -> dict[int, str]:
    """Return "background", "unlabelled" or "labelled" for values of a mask.

    For those of a first look, or for all if that has shown nothing that is labelled.
    """
    kinds = {value: _kind(value, mapping) for value in np.unique(_some(values)).tolist()}
    if "labelled" in kinds.values():
        return kinds
    is_other = values != next(iter(kinds))
    for value in [*kinds][1:]:
        is_other &= values != value
    return kinds | {value: _kind(value, mapping) for value in np.unique(values[is_other]).tolist()}


def _kind(value: int, mapping: Any) -> str:
    label = _label(value, mapping) if isinstance(mapping, Mapping) else None
    texts = label.values() if isinstance(label, Mapping) else [label]
    if any(text in _EMPTY for text in texts) or (label is None and value == 0):
        return "background"
    return "unlabelled" if _UNLABELLED in texts or _may_be_unlisted(value, label) else "labelled"


def _may_be_unlisted(value: int, label: Any) -> bool:
    """Return whether the value means the same in all masks: that of background and of unlabelled surfaces."""
    return label is None and value in (0, 1, _OPAQUE_BLACK)


def _label(value: int, mapping: Mapping[Any, Any]) -> Any:
    """Return what a mapping says of a value: its keys are numbers or colours, or the text of either."""
    colour = tuple(value.to_bytes(4, "little"))
    return next((mapping[key] for key in (value, str(value), colour, str(colour)) if key in mapping), None)


def _unlisted(values: NDArray[np.uint32], kinds: Mapping[int, str], mapping: Mapping[Any, Any]) -> tuple[str, ...]:
    """Tell of values that the mapping does not list, as far as a first look and the largest value show them."""
    is_coloured = any("," in str(key) for key in mapping) or not mapping
    looked_at = [*kinds] if is_coloured else [*kinds, int(values.max())]
    unlisted = sorted({v for v in looked_at if _label(v, mapping) is None and not _may_be_unlisted(v, None)})
    if not unlisted:
        return ()
    shown = [str(tuple(v.to_bytes(4, "little")) if is_coloured and v > 0xFFFFFF else v) for v in unlisted[:3]]
    more = f" and {len(unlisted) - 3} more" if len(unlisted) > 3 else ""
    return (f"idToLabels does not list {', '.join(shown)}{more}",)


def _values(image: Array) -> NDArray[np.uint32] | None:
    """Return a mask as one number per pixel, uint32 (H, W); colours as the number that their bytes are."""
    if image.ndim == 2 and image.dtype.kind in "ui" and image.itemsize <= 4:
        return image.astype(np.uint32, copy=False)
    if image.ndim == 3 and image.shape[2] == 4 and image.dtype == np.uint8:
        return np.ascontiguousarray(image).view("<u4")[..., 0]
    return None


def _some(image: Array) -> Array:
    """Return some pixels of a picture, as a view."""
    step = max(1, int((image.shape[0] * image.shape[1] / _SAMPLES) ** 0.5))
    return image[::step, ::step]


def _not_finite(data: Array, channels: int) -> tuple[str, ...]:
    """Return what is not finite in the first ``channels``. The smallest and largest number tell: NaN is both."""
    if data.dtype.kind != "f" or np.isfinite([data.min(), data.max()]).all():
        return ()
    used = data[..., :channels]
    return () if np.isfinite(used).all() else ("NaN" if np.isnan(used).any() else "inf",)


def _box_problems(output: Output) -> tuple[str, ...]:
    boxes = output["data"]
    names = boxes.dtype.names or ()
    corners = [name for name in names if name.endswith(("_min", "_max")) or name == "transform"]
    real = [name for name in corners if boxes.dtype[name].base.kind == "f"]
    ends = {low: low.replace("_min", "_max") for low in corners if low.endswith("_min")}
    unlisted = _unlisted_boxes(boxes, output.get("idToLabels")) if "semanticId" in names else []
    # Not "below": NaN is told by itself.
    return (
        *(f"NaN or inf in {name}" for name in real if not np.isfinite(boxes[name]).all()),
        *(f"{low} above {high}" for low, high in ends.items() if (boxes[low] > boxes[high]).any()),
        *([f"idToLabels does not list {', '.join(unlisted)}"] if unlisted else []),
    )


def _unlisted_boxes(boxes: Array, mapping: Any) -> list[str]:
    if not isinstance(mapping, Mapping):
        return []
    numbers = np.unique(boxes["semanticId"]).tolist()
    return [str(number) for number in numbers if number not in mapping and str(number) not in mapping]


def _is_real(value: Any) -> bool:
    return isinstance(value, (float, np.floating)) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


LOOKERS: Mapping[str, Looker] = MappingProxyType(
    {
        "rgb": look_at_colour,
        "LdrColor": look_at_colour,
        "semantic_segmentation": look_at_semantics,
        "instance_segmentation": look_at_semantics,
        "instance_id_segmentation": look_at_prims,
        "distance_to_camera": look_at_depth,
        "distance_to_image_plane": look_at_depth,
        "DepthLinearized": look_at_depth,
        "normals": look_at_vectors,
        "motion_vectors": look_at_motion,
        "MotionVectors": look_at_motion,
        "pointcloud": look_at_points,
        "bounding_box_2d_tight": look_at_tight_boxes,
        "bounding_box_2d_loose": look_at_boxes,
        "bounding_box_3d": look_at_boxes,
        "bounding_box_3d_360": look_at_all_boxes,
        "camera_params": look_at_values,
        "CameraParams": look_at_values,
    }
)
"""By annotator, without ``_fast``. Of others nothing is known: occlusion and skeletons may be NaN where out of view."""

PICTURES = frozenset(
    name for name, look in LOOKERS.items() if look in (look_at_colour, look_at_semantics, look_at_prims, look_at_depth)
) | {"normals", "motion_vectors", "MotionVectors"}
"""The annotators whose arrays have the rows and columns of their render product."""

NO_ARRAY = frozenset({"camera_params", "CameraParams", "pointcloud"})
"""The annotators that may do without an array."""
