"""motion(): where each pixel's surface point was in the picture before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import ray_through
from kitless.raycast.surface import position
from kitless.raycast.trace import rays_of, world_points

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pxr import Sdf

    from kitless.raycast.camera import Camera
    from kitless.raycast.instances import Copies, Instance, Instances, Roster
    from kitless.raycast.mesh import Mesh
    from kitless.raycast.trace import Hits


_PIXELS_AT_ONCE = 1 << 16


@dataclass(frozen=True, eq=False)
class Past:
    """What motion is measured from: a camera and the instances it saw."""

    camera: Camera
    instances: Instances

    @cached_property
    def copies(self) -> dict[tuple[str, tuple[Sdf.Path, ...]], Copies]:
        """The copies by gprim and subsets; made only where motion is asked for."""
        return {_key(each): each for each in self.instances.copies}


def motion(past: Past, instances: Instances, hits: Hits) -> NDArray[np.float32]:
    """Return float32 (H, W, 2): pixel coordinates then minus now, x to the right, y down.

    Rigid motion goes by the transforms, deformation by the points where the topology is the same. What was not there
    before has not moved but with the camera; what was behind the camera has no motion (0).
    """
    camera = hits.camera
    shape = hits.depth.shape
    befores = [past.copies.get(_key(now)) for now in instances.copies]
    if past.instances.rosters == instances.rosters:
        moved = [instances.inverses @ past.instances.transforms]
    else:
        moved = [_to_past_world(before, now) for before, now in zip(befores, instances.copies, strict=True)]
    # The last one is for the background.
    moved_all = np.concatenate([*moved, np.eye(4)[None]])
    out = np.zeros((hits.depth.size, 2), np.float32)
    if camera.is_pinhole and past.camera.is_pinhole:
        clip = moved_all @ (past.camera.view @ past.camera.projection)
        matrices = np.ascontiguousarray(clip[:, :, [0, 1, 3]])
        found = (hits.depth.ravel(), hits.instance.ravel())
        view = (camera.rays, shape[1], np.array(past.camera.resolution, np.float64))
        hits.workers.run(lambda span: _measure(view, matrices, found, span, out), hits.depth.size)
    else:
        _measure_through_lenses(past.camera, moved_all, hits, out)
    for before, now, start in zip(befores, instances.copies, instances.starts, strict=False):
        if before is None or not _is_deformed(before, now):
            continue
        for old, new in _pairs(before.roster, now.roster):
            pixels = hits.instance == start + new
            then, here = before.instance(old), now.instance(new)
            _measure_deformed(past.camera, then, here, hits, pixels, out.reshape(*shape, 2))
    return out.reshape(*shape, 2)


def _key(copies: Copies) -> tuple[str, tuple[Sdf.Path, ...]]:
    return copies.roster.gprim.key, copies.roster.subsets


def _is_deformed(before: Copies, now: Copies) -> bool:
    if before.mesh is now.mesh:
        return False
    return len(now.mesh.triangles) > 0 and np.array_equal(before.mesh.triangles, now.mesh.triangles)


def _pairs(before: Roster, now: Roster) -> list[tuple[int, int]]:
    """Return the positions, in one and the other, of what is in both."""
    if before is now:
        return [(index, index) for index in range(len(now.ids))]
    known = {tuple(ids): index for index, ids in enumerate(before.ids.tolist())}
    found = ((known.get(tuple(ids)), index) for index, ids in enumerate(now.ids.tolist()))
    return [(old, new) for old, new in found if old is not None]


def _to_past_world(before: Copies | None, now: Copies) -> NDArray[np.float64]:
    """Return (n, 4, 4): a world point of now to where it was; the identity for what was not there."""
    if before is None:
        return np.tile(np.eye(4), (len(now.transforms), 1, 1))
    if before.roster is now.roster:
        return now.inverses @ before.transforms
    found = np.tile(np.eye(4), (len(now.transforms), 1, 1))
    pairs = np.array(_pairs(before.roster, now.roster), np.int64).reshape(-1, 2)
    found[pairs[:, 1]] = now.inverses[pairs[:, 1]] @ before.transforms[pairs[:, 0]]
    return found


def _measure_through_lenses(before: Camera, moved: NDArray[np.float64], hits: Hits, out: NDArray[np.float32]) -> None:
    """Fill `out` (n, 2) for a camera, or one before, that is no plain pinhole."""
    starts, toward = (part.reshape(-1, 3) for part in rays_of(hits))
    instance, travel = hits.instance.ravel(), hits.travel.ravel()
    width = hits.depth.shape[1]
    # What is infinitely far away moves with the camera's turning alone; seen by parallel rays it has no place.
    has_sky = not (before.parallel or hits.camera.parallel)
    for first in range(0, len(out), _PIXELS_AT_ONCE):
        rows = np.arange(first, min(first + _PIXELS_AT_ONCE, len(out)))
        hit = instance[rows] >= 0
        points = starts[rows] + np.where(hit, travel[rows], 0)[:, None] * toward[rows]
        matrices = moved[instance[rows]]
        points = np.einsum("nk,nkc->nc", points, matrices[:, :3, :3]) + matrices[:, 3, :3]
        points[~hit] = before.position + toward[rows[~hit]]
        there, seen = before.project(points)
        known = (seen > 0) & (hit | has_sky)
        here = np.stack([rows % width, rows // width], axis=1) + 0.5
        out[rows[known]] = (there - here)[known]


def _measure_deformed(
    camera: Camera, old: Instance, new: Instance, hits: Hits, pixels: NDArray[np.bool_], out: NDArray[np.float32]
) -> None:
    if not pixels.any():
        return
    seen = hits.at(np.flatnonzero(pixels))
    here = np.argwhere(pixels)[:, ::-1] + 0.5
    local = _on_triangles(old.mesh, seen)
    if len(new.mesh.radii):
        # Triangles of round pieces run through their middle: the surface keeps its distance from that.
        world = world_points(seen, here.astype(np.float32))
        to_local = np.linalg.inv(new.transform)
        local += world @ to_local[:3, :3] + to_local[3, :3] - _on_triangles(new.mesh, seen)
    there, depth = camera.project(local @ old.transform[:3, :3] + old.transform[3, :3])
    out[pixels] = np.where(depth[:, None] > 0, there - here, 0)


def _on_triangles(mesh: Mesh, seen: Hits) -> NDArray[np.float64]:
    """Return the local places (n, 3) of hits, from a mesh of the same triangles."""
    corners = mesh.points[mesh.triangles[seen.triangle]].astype(np.float64)
    u, v = seen.uv[:, 0].astype(np.float64), seen.uv[:, 1].astype(np.float64)
    return np.einsum("nk,nkc->nc", np.stack([1 - u - v, u, v], axis=1), corners)


@compiled(
    signature(
        types.void,
        types.Tuple((types.float64[:, ::1], types.int64, types.float64[::1])),
        types.float64[:, :, ::1],
        types.Tuple((types.float32[::1], types.int32[::1])),
        types.UniTuple(types.int64, 2),
        types.float32[:, ::1],
    )
)
def _measure(
    view: tuple[Any, int, Any], matrices: Any, found: tuple[Any, Any], span: tuple[int, int], out: Any
) -> None:
    """view: (the camera's rays, the picture's width, the past picture's size); pinholes both."""
    rays, width, size = view
    depth, instance = found
    for i in range(span[0], span[1]):
        x, y = i % width + 0.5, i // width + 0.5
        start, toward = ray_through(rays, x, y)
        here, weight = toward, 0.0
        # The last matrix is for the background: points at infinity, which only turning the camera moves.
        if instance[i] >= 0:
            here, weight = position(start, toward, depth[i]), 1.0
        m = matrices[instance[i]]
        cx = here[0] * m[0, 0] + here[1] * m[1, 0] + here[2] * m[2, 0] + weight * m[3, 0]
        cy = here[0] * m[0, 1] + here[1] * m[1, 1] + here[2] * m[2, 1] + weight * m[3, 1]
        w = here[0] * m[0, 2] + here[1] * m[1, 2] + here[2] * m[2, 2] + weight * m[3, 2]
        if w > 0.0:
            out[i, 0] = (cx / w + 1.0) * 0.5 * size[0] - x
            out[i, 1] = (1.0 - cy / w) * 0.5 * size[1] - y
