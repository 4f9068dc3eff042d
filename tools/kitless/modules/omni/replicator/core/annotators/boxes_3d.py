"""3-D bounding boxes: in the labelled prim's own frame, with its place in the world."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf, UsdGeom

from kitless.raycast import Instances
from kitless.raycast.point_instances import Link, Places, PointInstances

from ..frame import Frame
from ..sensors import Owner
from .boxes import number_labels, occlusion_ratios
from .node import Node, Output, Spec

BOX_3D = np.dtype(
    [
        ("semanticId", "<u4"),
        *((f"{axis}_{end}", "<f4") for end in ("min", "max") for axis in "xyz"),
        ("transform", "<f4", (4, 4)),
        ("occlusionRatio", "<f4"),
    ]
)


class _Frames:
    """The local frames of labelled prims: of a labelled point instancer's instances, their prototypes' roots'."""

    def __init__(self, frame: Frame) -> None:
        self._point_instances = PointInstances(UsdGeom.XformCache(frame.moment.time))
        self._stage = frame.camera_prim.GetStage()
        self._known: dict[tuple[Sdf.Path, tuple[Link, ...]], tuple[Places, dict[tuple[int, ...], int]]] = {}

    def of(self, owner: Owner) -> NDArray[np.float64]:
        """(4, 4) local to world, row vectors."""
        prim, chain = self._stage.GetPrimAtPath(owner.prim.path), owner.chain
        if chain and prim == chain[-1].instancer:
            prim = chain[-1].root
        key = prim.GetPath(), chain
        if key not in self._known:
            places = self._point_instances.places(prim, chain)
            self._known[key] = places, {tuple(ids): row for row, ids in enumerate(places.ids.tolist())}
        places, rows = self._known[key]
        return places.transforms[rows[owner.ids]]


def local_extents(
    instances: Instances, members: Sequence[tuple[int, ...]], to_world: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n, 2, 3): smallest and largest coordinates of each prim's gprims in its own frame, before its own scale."""
    if not members:
        return np.empty((0, 2, 3))
    sizes = np.array([len(each) for each in members])
    flat = np.fromiter(chain.from_iterable(members), np.int64)
    relative = instances.transforms[flat] @ np.repeat(np.linalg.inv(to_world), sizes, axis=0)
    ends = instances.extents[flat]
    which = np.searchsorted(instances.starts, flat, side="right") - 1
    # Point instances of one prototype differ by rounding only.
    known: dict[tuple[int, bytes], NDArray[np.float64]] = {}
    for row in np.flatnonzero(~np.isclose(relative, np.eye(4), atol=1e-9).all(axis=(1, 2))):
        key = int(which[row]), relative[row].round(9).tobytes()
        if key not in known:
            known[key] = instances.copies[key[0]].mesh.extent_in(relative[row])
        ends[row] = known[key]
    starts = np.cumsum(sizes) - sizes
    low, high = np.minimum.reduceat(ends[:, 0], starts), np.maximum.reduceat(ends[:, 1], starts)
    return np.stack([low, high], axis=1)


def boxes_3d(frame: Frame, node: Node, everywhere: bool, key_type: Callable[[int], Any]) -> Output:
    """Structured rows, ``bboxIds``, ``idToLabels`` (ids local to the output) and ``primPaths``.

    ``x_min`` … ``z_max`` are in the prim's local frame, stage units; ``transform`` takes local to world, for row
    vectors. Prims in the field of view, hidden or not; with ``everywhere`` all labelled ones, whose ratio is NaN
    where they are out of view.
    """
    found = frame.owners(node.filter)
    owners = found.owners
    seen, alone = frame.seen(found.of_instance, len(owners)), frame.alone(found.groups)
    kept = np.arange(len(owners)) if everywhere else np.flatnonzero(alone.pixels)
    chosen = [owners[index] for index in kept.tolist()]
    frames = _Frames(frame)
    to_world = np.array([frames.of(owner) for owner in chosen]).reshape(-1, 4, 4)
    ends = local_extents(frame.instances, [owner.members for owner in chosen], to_world)
    numbers, labels = number_labels(chosen, key_type)
    data = np.empty(len(kept), BOX_3D)
    data["semanticId"] = numbers
    for column, name in enumerate(f"{axis}_{end}" for end in ("min", "max") for axis in "xyz"):
        data[name] = ends.reshape(-1, 6)[:, column]
    data["transform"] = to_world
    data["occlusionRatio"] = occlusion_ratios(chosen, seen.pixels[kept], alone.pixels[kept])
    return {"data": data, **labels}


def spec(*, everywhere: bool = False, key_type: Callable[[int], Any]) -> Spec:
    """A 3-D box annotator."""
    compute = partial(boxes_3d, everywhere=everywhere, key_type=key_type)
    return Spec(compute=compute, empty=np.empty(0, BOX_3D), has_filter=True, cpu_only=True)


SPECS = {
    "bounding_box_3d": spec(key_type=str),
    "bounding_box_3d_fast": spec(key_type=int),
    "bounding_box_3d_360": spec(everywhere=True, key_type=str),
}
