"""trace(): a scene and a camera in, Hits out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kitless.raycast.camera import EVERY_PIXEL
from kitless.raycast.embree import query_arguments
from kitless.raycast.kernels import LANES, TILE_HEIGHT, TILE_WIDTH, trace_packets
from kitless.raycast.openings import trace_open_packets
from kitless.raycast.surface import fill_normals, shared_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kitless.raycast.camera import Camera
    from kitless.raycast.scene import Scene
    from kitless.raycast.tables import Tables
    from kitless.raycast.workers import Workers


_FROM_THE_START = np.empty(0, np.float32)


@dataclass(frozen=True, eq=False, kw_only=True)
class Hits:
    """What each pixel's ray through its centre meets first; H rows, W columns, origin top left."""

    distance: NDArray[np.float32]
    """(H, W) Euclidean distance from the camera's position, stage units; inf where nothing is hit."""
    depth: NDArray[np.float32]
    """(H, W) distance to the camera's plane, along the optical axis; inf where nothing is hit.

    A fisheye that looks back over its shoulder sees negative ones.
    """
    instance: NDArray[np.int32]
    """(H, W) position in Scene.instances; -1 where nothing is hit."""
    triangle: NDArray[np.int32]
    """(H, W) row of the instance's Mesh.triangles; -1 where nothing is hit."""
    uv: NDArray[np.float32]
    """(H, W, 2) barycentric weights of the triangle's second and third corner; 0 where nothing is hit."""
    camera: Camera
    table: NDArray[np.float32] = field(repr=False)
    """(H * W, 3) the camera's table for these rays; (0, 3) without a lens."""
    tables: Tables = field(repr=False)
    """The scene's state that was traced."""
    workers: Workers = field(repr=False)

    @property
    def travel(self) -> NDArray[np.float32]:
        """(H, W) how far each ray has gone, as the camera counts it: depth, or distance for fisheyes."""
        return self.distance if self.camera.by_distance else self.depth

    @cached_property
    def normal(self) -> NDArray[np.float32]:
        """(H, W, 3) unit shading normals in world coordinates, facing the viewer; 0 where nothing is hit.

        Authored normals interpolated, analytic ones of curved gprims, else the face's. Computed on first use,
        for the frame that was traced.
        """
        return normals_of(self, EVERY_PIXEL)

    def at(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Hits:
        """Return some of the rays, as hits at single places."""
        return replace(
            self,
            distance=self.distance.ravel()[rows],
            depth=self.depth.ravel()[rows],
            instance=self.instance.ravel()[rows],
            triangle=self.triangle.ravel()[rows],
            uv=self.uv.reshape(-1, 2)[rows],
            table=self.table[rows] if len(self.table) else self.table,
        )


def view_of(
    camera: Camera, table: NDArray[np.float32] | None = None
) -> tuple[NDArray[np.float64], tuple[np.float32, np.float32], tuple[int, int], NDArray[np.float32]]:
    """Return a camera as the kernels take it: rays, clipping, size, table (None: that of every pixel)."""
    near, far = camera.clipping
    table = camera.table(EVERY_PIXEL) if table is None else table
    return camera.rays, (np.float32(near), np.float32(far)), camera.resolution, table


def world_of(tables: Tables) -> tuple[Any, ...]:
    """Return what a scene is made of as openings.WORLD."""
    return tables.slots, shared_of(tables), palette_of(tables)


def palette_of(tables: Tables) -> tuple[Any, ...]:
    """Return a scene's materials as texels.PALETTE."""
    palette = tables.palette
    return palette.materials, palette.maps, palette.textures, palette.curves


def packets_of(size: tuple[int, int], places: NDArray[np.float32]) -> int:
    """Return how many packets a frame (or, if there are any, a list of places) takes."""
    if len(places):
        return -(-len(places) // LANES)
    return -(-size[0] // TILE_WIDTH) * -(-size[1] // TILE_HEIGHT)


def normals_of(hits: Hits, places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the shading normals of hits that were traced at `places`, shaped like them with 3 components."""
    normal = np.empty((hits.depth.size, 3), np.float32)
    view, found, shared = view_of(hits.camera, hits.table), found_of(hits), shared_of(hits.tables)
    hits.workers.run(
        lambda span: fill_normals(view, places, span, found, shared, normal),
        packets_of(hits.camera.resolution, places),
    )
    return normal.reshape(*hits.depth.shape, 3)


def found_of(hits: Hits) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Return hits as the surface kernels take them: travel, instance, triangle, uv, one row per ray."""
    return hits.travel.ravel(), hits.instance.ravel(), hits.triangle.ravel(), hits.uv.reshape(-1, 2)


def trace(scene: Scene, camera: Camera) -> Hits:
    """Trace one ray per pixel. The scene must have been updated; clipping counts travel (see Camera)."""
    width, height = camera.resolution
    return trace_places(scene, camera, EVERY_PIXEL, (height, width))


def trace_places(
    scene: Scene,
    camera: Camera,
    places: NDArray[np.float32],
    shape: tuple[int, ...],
    nears: NDArray[np.float32] = _FROM_THE_START,
) -> Hits:
    """Trace places (m, 2) in pixel coordinates, or EVERY_PIXEL; the fields of the result have `shape`.

    nears (m,): travels beyond which each ray looks for a hit, if any are given.
    """
    distance, travel = np.empty(shape, np.float32), np.empty(shape, np.float32)
    instance, triangle = np.empty(shape, np.int32), np.empty(shape, np.int32)
    uv = np.empty((*shape, 2), np.float32)
    arrays = (distance.ravel(), travel.ravel(), instance.ravel(), triangle.ravel(), uv.reshape(-1, 2))
    arguments = query_arguments(coherent=True)
    table = camera.table(places)
    query, view = (scene.handle, arguments.ctypes.data), view_of(camera, table)
    tables = scene.tables
    count = packets_of(camera.resolution, places)
    if tables.is_open or len(nears):
        aims, world = (places, nears), world_of(tables)
        scene.workers.run(lambda span: trace_open_packets(query, view, aims, span, world, arrays), count)
    else:
        scene.workers.run(lambda span: trace_packets(query, view, places, span, tables.slots, arrays), count)
    return Hits(
        distance=_from_position(camera, places, travel) if camera.parallel else distance,
        depth=_along_axis(table, distance) if camera.by_distance else travel,
        instance=instance,
        triangle=triangle,
        uv=uv,
        camera=camera,
        table=table,
        tables=tables,
        workers=scene.workers,
    )


def _from_position(camera: Camera, places: NDArray[np.float32], depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the distances of parallel rays' hits from the camera's position."""
    starts, _ = _straight_rays(camera, places)
    aside = np.linalg.norm(starts - camera.position, axis=-1)
    return np.hypot(depth, aside.reshape(depth.shape), dtype=np.float32, casting="same_kind")


def _along_axis(table: NDArray[np.float32], distance: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the depths of hits at distances along unit directions."""
    hit = np.isfinite(distance)
    return np.where(hit, np.where(hit, distance, 0) * -table[:, 2].reshape(distance.shape), distance)


def _straight_rays(camera: Camera, places: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where rays without a lens start and go: (n, 3) each, or (H, W, 3) for EVERY_PIXEL."""
    width, height = camera.resolution
    x, y = np.arange(width)[None, :, None] + 0.5, np.arange(height)[:, None, None] + 0.5
    if len(places):
        x, y = places[:, :1].astype(np.float64), places[:, 1:].astype(np.float64)
    start, toward, across, down, right, below = camera.rays[:6]
    return start + x * right + y * below, toward + x * across + y * down


def rays_of(hits: Hits, places: NDArray[np.float32] = EVERY_PIXEL) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where the rays of hits traced at `places` start and go: shaped like them, with 3 world coordinates."""
    if not len(hits.table):
        return _straight_rays(hits.camera, places)
    toward = (hits.table.astype(np.float64) @ hits.camera.rays[1:4]).reshape(*hits.depth.shape, 3)
    return np.broadcast_to(hits.camera.position, toward.shape), toward


def world_points(hits: Hits, places: NDArray[np.float32] = EVERY_PIXEL) -> NDArray[np.float64]:
    """Return where the rays of hits traced at `places` end: shaped like them, with 3 world coordinates.

    Not finite where nothing is hit.
    """
    starts, toward = rays_of(hits, places)
    with np.errstate(invalid="ignore"):
        points: NDArray[np.float64] = starts + hits.travel[..., None].astype(np.float64) * toward
    return points
