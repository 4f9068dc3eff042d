"""``rep.utils``: events for graphs, and boxes about prims."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Usd, UsdGeom

import carb.events
import omni.kit.app
from kitless.absent import Missing

from .functional._prims import as_prim
from .scene.pose import world_of

EVENT_PREFIX = "omni.graph.action."


def send_og_event(event_name: str) -> None:
    """Fire what waits for a custom event: graphs of ``trigger.on_custom_event`` run in the next app update."""
    bus = omni.kit.app.get_app().get_message_bus_event_stream()
    bus.push(carb.events.type_from_string(EVENT_PREFIX + event_name))


def compute_aabb(bbox_cache: UsdGeom.BBoxCache, prim: Any, include_children: bool = True) -> NDArray[np.float64]:
    """The box about a prim along the world's axes: (6,) smallest x, y, z, largest x, y, z in stage units.

    Without children, of the prim's own extent. Raises ``ValueError`` where nothing has an extent.
    """
    found = as_prim(prim)
    bound = bbox_cache.ComputeWorldBound(found) if include_children else _own_bound(found, bbox_cache.GetTime())
    box = bound.ComputeAlignedRange()
    if box.IsEmpty():
        raise ValueError(f"{found.GetPath()} has no extent")
    return np.array([*box.GetMin(), *box.GetMax()])


def _own_bound(prim: Usd.Prim, time: Usd.TimeCode) -> Gf.BBox3d:
    extent = UsdGeom.Boundable.ComputeExtentFromPlugins(UsdGeom.Boundable(prim), time) if _has_extent(prim) else None
    if not extent:
        return Gf.BBox3d()
    return Gf.BBox3d(Gf.Range3d(*map(Gf.Vec3d, extent)), world_of(prim))


def _has_extent(prim: Usd.Prim) -> bool:
    return bool(UsdGeom.Boundable(prim))


def __getattr__(name: str) -> Missing:
    if name.startswith("_"):
        raise AttributeError(name)
    return Missing(f"{__name__}.{name}")
