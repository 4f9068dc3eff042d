"""The second renderer: warp's trees and ray queries on the CPU, over geometry gathered by its own rules."""

# mypy: ignore-errors
# A kernel's annotations are read by warp's compiler; to a type checker they are none.

import numpy as np
import warp as wp
from pxr import UsdGeom

ANYTHING = -1


@wp.kernel
def nearest(
    tree: wp.uint64,
    meshes: wp.array(dtype=wp.uint64),
    to_local: wp.array(dtype=wp.mat44),
    labels: wp.array(dtype=wp.int32),
    directions: wp.array(dtype=wp.vec3),
    wanted: wp.array(dtype=wp.int32),
    depth: wp.array(dtype=wp.float32),
    label: wp.array(dtype=wp.int32),
):
    """Shorten `depth`, which holds the far distances, to the nearest hit of rays from the origin."""
    ray = wp.tid()
    toward = directions[ray]
    best = depth[ray]
    found = wp.int32(-1)
    part = wp.int32(0)
    query = wp.bvh_query_ray(tree, wp.vec3(0.0), toward)
    while wp.bvh_query_next(query, part):
        if wanted[ray] == ANYTHING or wanted[ray] == labels[part]:
            start = wp.transform_point(to_local[part], wp.vec3(0.0))
            way = wp.transform_vector(to_local[part], toward)
            length = wp.length(way)
            hit = wp.mesh_query_ray(meshes[part], start, way / length, best * length)
            if hit.result and hit.t / length < best:
                best = hit.t / length
                found = labels[part]
    depth[ray] = best
    label[ray] = found


def rays(prim, size, time):
    """Where a pinhole camera's rays start (3,) and go (h, w, 3), by one unit of depth, through the pixels' centres."""
    camera, (width, height) = UsdGeom.Camera(prim), size
    placed = np.array(camera.ComputeLocalToWorldTransform(time))
    focal, aperture = camera.GetFocalLengthAttr().Get(time), camera.GetHorizontalApertureAttr().Get(time)
    pixel = aperture / width
    x = (np.arange(width) + 0.5 - width / 2) * pixel + camera.GetHorizontalApertureOffsetAttr().Get(time)
    y = (height / 2 - np.arange(height) - 0.5) * pixel + camera.GetVerticalApertureOffsetAttr().Get(time)
    toward = np.empty((height, width, 3))
    toward[..., 0], toward[..., 1], toward[..., 2] = x / focal, (y / focal)[:, None], -1
    return placed[3, :3], toward @ placed[:3, :3]


class SecondRenderer:
    """Draws a gathering."""

    def __init__(self, gathering):
        self.parts = gathering.parts
        names = {part.geometry for part in gathering.parts}
        self.meshes = {name: _mesh(*gathering.geometries[name]) for name in names}
        self.corners = {name: _corners(gathering.geometries[name][0]) for name in names}

    def bounds(self, labels):
        """(2, 3) smallest and largest world coordinates; a stage's authored extents may be wrong."""
        shown = [part for part in self.parts if part.label in labels]
        points = [self.corners[p.geometry] @ p.matrix[:3, :3] + p.matrix[3, :3] for p in shown]
        return np.array([np.min(points, axis=(0, 1)), np.max(points, axis=(0, 1))])

    def draw(self, eye, toward, wanted=None):
        """Depth (...) and label (...) of the nearest hits of rays; inf and -1 where there is none.

        toward (..., 3), by one unit of depth. wanted (...): the only label that each ray may hit.
        """
        flat = toward.reshape(-1, 3)
        depth = wp.array(np.full(len(flat), 1e30), dtype=wp.float32)
        label = wp.zeros(len(flat), dtype=wp.int32)
        only = np.full(len(flat), ANYTHING) if wanted is None else wanted.ravel()
        tree, arrays = self._seen_from(eye)
        rays_of = wp.array(flat, dtype=wp.vec3), wp.array(only, dtype=wp.int32)
        wp.launch(nearest, len(flat), inputs=[tree.id, *arrays, *rays_of], outputs=[depth, label], device="cpu")
        shape = toward.shape[:-1]
        hit = label.numpy().reshape(shape) >= 0
        return np.where(hit, depth.numpy().reshape(shape), np.inf), label.numpy().reshape(shape)

    def _seen_from(self, eye):
        # The eye becomes the origin in double precision, so that single precision is enough from there on.
        matrices = np.array([part.matrix for part in self.parts])
        matrices[:, 3, :3] -= eye
        boxes = np.array([self.corners[part.geometry] for part in self.parts]) @ matrices[:, :3, :3]
        boxes += matrices[:, None, 3, :3]
        margin = 1e-5 * np.abs(boxes).max()
        tree = wp.Bvh(
            wp.array(boxes.min(axis=1) - margin, dtype=wp.vec3), wp.array(boxes.max(axis=1) + margin, dtype=wp.vec3)
        )
        return tree, (
            wp.array([self.meshes[part.geometry].id for part in self.parts], dtype=wp.uint64),
            # warp multiplies columns.
            wp.array(np.linalg.inv(matrices).swapaxes(1, 2), dtype=wp.mat44),
            wp.array([part.label for part in self.parts], dtype=wp.int32),
        )


def _mesh(points, triangles):
    return wp.Mesh(wp.array(points, dtype=wp.vec3), wp.array(triangles.ravel(), dtype=wp.int32))


def _corners(points):
    ends = np.stack([points.min(axis=0), points.max(axis=0)])
    return np.array([[ends[x, 0], ends[y, 1], ends[z, 2]] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
