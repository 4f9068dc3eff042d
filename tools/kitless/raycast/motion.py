"""motion(): where each pixel's surface point was in the picture before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit, types
from numba.core.typing import signature

from kitless.raycast.surface import direction, position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pxr import Sdf

    from kitless.raycast.camera import Camera
    from kitless.raycast.occurrence import Instance
    from kitless.raycast.trace import Hits


@dataclass(frozen=True, eq=False)
class Past:
    """What motion is measured from: a camera and the instances it saw."""

    camera: Camera
    instances: Sequence[Instance]

    @cached_property
    def by_path(self) -> dict[Sdf.Path, Instance]:
        """The instances by path; made only where motion is asked for."""
        return {instance.path: instance for instance in self.instances}


def motion(past: Past, instances: Sequence[Instance], hits: Hits) -> NDArray[np.float32]:
    """Return float32 (H, W, 2): pixel coordinates then minus now, x to the right, y down.

    Rigid motion goes by the transforms, deformation by the points where the topology is the same. What was not there
    before has not moved but with the camera; what was behind the camera has no motion (0).
    """
    camera = hits.camera
    shape = hits.depth.shape
    matrices = np.stack([_to_past_clip(past, instance) for instance in (*instances, None)])
    found = (hits.depth.ravel(), hits.instance.ravel())
    size = np.array(past.camera.resolution, np.float64)
    out = np.zeros((hits.depth.size, 2), np.float32)
    view = camera.lens, shape[1], size
    hits.workers.run(lambda span: _measure(view, matrices, found, span, out), hits.depth.size)
    for index, instance in enumerate(instances):
        before = past.by_path.get(instance.path)
        if before is not None and _is_deformed(before, instance):
            _measure_deformed(past.camera, before, hits, hits.instance == index, out.reshape(*shape, 2))
    return out.reshape(*shape, 2)


def _is_deformed(before: Instance, now: Instance) -> bool:
    same_topology = np.array_equal(before.mesh.triangles, now.mesh.triangles) and len(now.mesh.triangles) > 0
    return before.mesh is not now.mesh and same_topology


def _to_past_clip(past: Past, instance: Instance | None) -> NDArray[np.float64]:
    """Return (4, 3): a world point of now, homogeneous, to x, y and w of the past camera's clip space."""
    matrix = past.camera.view @ past.camera.projection
    if instance is not None and instance.path in past.by_path:
        before = past.by_path[instance.path]
        matrix = np.linalg.inv(instance.transform) @ before.transform @ matrix
    return np.ascontiguousarray(matrix[:, [0, 1, 3]])


def _measure_deformed(
    camera: Camera, before: Instance, hits: Hits, pixels: NDArray[np.bool_], out: NDArray[np.float32]
) -> None:
    corners = before.mesh.points[before.mesh.triangles[hits.triangle[pixels]]].astype(np.float64)
    u, v = hits.uv[pixels, 0].astype(np.float64), hits.uv[pixels, 1].astype(np.float64)
    weights = np.stack([1 - u - v, u, v], axis=1)
    local = np.einsum("nk,nkc->nc", weights, corners)
    there, depth = camera.project(local @ before.transform[:3, :3] + before.transform[3, :3])
    here = np.argwhere(pixels)[:, ::-1] + 0.5
    out[pixels] = np.where(depth[:, None] > 0, there - here, 0)


@njit(
    signature(
        types.void,
        types.Tuple((types.float64[:, ::1], types.int64, types.float64[::1])),
        types.float64[:, :, ::1],
        types.Tuple((types.float32[::1], types.int32[::1])),
        types.UniTuple(types.int64, 2),
        types.float32[:, ::1],
    ),
    cache=True,
    nogil=True,
)
def _measure(
    view: tuple[Any, int, Any], matrices: Any, found: tuple[Any, Any], span: tuple[int, int], out: Any
) -> None:
    """view: (lens, the picture's width, the past picture's size)."""
    lens, width, size = view
    depth, instance = found
    for i in range(span[0], span[1]):
        x, y = i % width + 0.5, i // width + 0.5
        toward = direction(lens, x, y)
        here, weight = toward, 0.0
        # The last matrix is for the background: points at infinity, which only turning the camera moves.
        if instance[i] >= 0:
            here, weight = position(lens, toward, depth[i]), 1.0
        m = matrices[instance[i]]
        cx = here[0] * m[0, 0] + here[1] * m[1, 0] + here[2] * m[2, 0] + weight * m[3, 0]
        cy = here[0] * m[0, 1] + here[1] * m[1, 1] + here[2] * m[2, 1] + weight * m[3, 1]
        w = here[0] * m[0, 2] + here[1] * m[1, 2] + here[2] * m[2, 2] + weight * m[3, 2]
        if w > 0.0:
            out[i, 0] = (cx / w + 1.0) * 0.5 * size[0] - x
            out[i, 1] = (1.0 - cy / w) * 0.5 * size[1] - y
