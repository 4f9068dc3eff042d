"""trace(): a scene and a camera in, Hits out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kitless.raycast.embree import query_arguments
from kitless.raycast.kernels import LANES, TILE, trace_packets
from kitless.raycast.surface import fill_normals, shared_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kitless.raycast.camera import Camera
    from kitless.raycast.scene import Scene
    from kitless.raycast.tables import Tables
    from kitless.raycast.workers import Workers

FRAME = np.empty((0, 2), np.float32)
"""Places that mean: the centre of every pixel."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Hits:
    """What each pixel's ray through its centre meets first; H rows, W columns, origin top left."""

    distance: NDArray[np.float32]
    """(H, W) Euclidean distance from the camera, stage units; inf where nothing is hit."""
    depth: NDArray[np.float32]
    """(H, W) distance to the camera's plane, along the optical axis; inf where nothing is hit."""
    instance: NDArray[np.int32]
    """(H, W) position in Scene.instances; -1 where nothing is hit."""
    triangle: NDArray[np.int32]
    """(H, W) row of the instance's Mesh.triangles; -1 where nothing is hit."""
    uv: NDArray[np.float32]
    """(H, W, 2) barycentric weights of the triangle's second and third corner; 0 where nothing is hit."""
    camera: Camera
    tables: Tables = field(repr=False)
    """The scene's state that was traced."""
    workers: Workers = field(repr=False)

    @cached_property
    def normal(self) -> NDArray[np.float32]:
        """(H, W, 3) unit shading normals in world coordinates, facing the viewer; 0 where nothing is hit.

        Authored normals interpolated, analytic ones of curved gprims, else the face's. Computed on first use,
        for the frame that was traced.
        """
        return normals_of(self, FRAME)

    def at(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Hits:
        """Return some of the rays of hits at single places."""
        return replace(
            self,
            distance=self.distance[rows],
            depth=self.depth[rows],
            instance=self.instance[rows],
            triangle=self.triangle[rows],
            uv=self.uv[rows],
        )


def view_of(camera: Camera) -> tuple[NDArray[np.float64], tuple[np.float32, np.float32], tuple[int, int]]:
    """Return a camera as the kernels take it: lens, clipping, size."""
    near, far = camera.clipping
    return camera.lens, (np.float32(near), np.float32(far)), camera.resolution


def packets_of(size: tuple[int, int], places: NDArray[np.float32]) -> int:
    """Return how many packets a frame (or, if there are any, a list of places) takes."""
    if len(places):
        return -(-len(places) // LANES)
    return -(-size[0] // TILE) * -(-size[1] // TILE)


def normals_of(hits: Hits, places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the shading normals of hits that were traced at `places`, shaped like them with 3 components."""
    normal = np.empty((hits.depth.size, 3), np.float32)
    view, found, shared = view_of(hits.camera), found_of(hits), shared_of(hits.tables)
    hits.workers.run(
        lambda span: fill_normals(view, places, span, found, shared, normal),
        packets_of(hits.camera.resolution, places),
    )
    return normal.reshape(*hits.depth.shape, 3)


def found_of(hits: Hits) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Return hits as the surface kernels take them: depth, instance, triangle, uv, one row per ray."""
    return hits.depth.ravel(), hits.instance.ravel(), hits.triangle.ravel(), hits.uv.reshape(-1, 2)


def trace(scene: Scene, camera: Camera) -> Hits:
    """Trace one ray per pixel. The scene must have been updated; clipping is along the optical axis."""
    width, height = camera.resolution
    return trace_places(scene, camera, FRAME, (height, width))


def trace_places(scene: Scene, camera: Camera, places: NDArray[np.float32], shape: tuple[int, ...]) -> Hits:
    """Trace places (m, 2) in pixel coordinates, or the frame for FRAME; the fields of the result have `shape`."""
    distance, depth = np.empty(shape, np.float32), np.empty(shape, np.float32)
    instance, triangle = np.empty(shape, np.int32), np.empty(shape, np.int32)
    uv = np.empty((*shape, 2), np.float32)
    arrays = (distance.ravel(), depth.ravel(), instance.ravel(), triangle.ravel(), uv.reshape(-1, 2))
    arguments = query_arguments(coherent=True)
    query, view = (scene.handle, arguments.ctypes.data), view_of(camera)
    tables = scene.tables
    scene.workers.run(
        lambda span: trace_packets(query, view, places, span, tables.slots, arrays),
        packets_of(camera.resolution, places),
    )
    return Hits(
        distance=distance,
        depth=depth,
        instance=instance,
        triangle=triangle,
        uv=uv,
        camera=camera,
        tables=tables,
        workers=scene.workers,
    )
