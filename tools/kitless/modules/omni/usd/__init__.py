"""The USD contexts, their stage events and selection, and helpers for prims.

A new stage has an Xform /World as default prim, Z up, metres, 60 time codes per second, from 0 to 100.
"""

from __future__ import annotations

from pxr import Usd, UsdUtils

from kitless.absent import absent
from kitless.services import service
from omni.usd._context import UsdContext
from omni.usd._contexts import UsdContexts
from omni.usd._prims import (
    get_local_transform_matrix,
    get_prim_at_path,
    get_shader_from_material,
    get_stage_next_free_path,
    get_world_transform_matrix,
    is_path_valid,
    make_valid_identifier,
)
from omni.usd._selection import Selection
from omni.usd._types import StageEventType, StageState, UsdContextInitialLoadSet

__all__ = [
    "Selection",
    "StageEventType",
    "StageState",
    "UsdContext",
    "UsdContextInitialLoadSet",
    "create_context",
    "destroy_context",
    "get_context",
    "get_context_from_stage",
    "get_context_from_stage_id",
    "get_local_transform_matrix",
    "get_prim_at_path",
    "get_shader_from_material",
    "get_stage_next_free_path",
    "get_world_transform_matrix",
    "is_path_valid",
    "make_valid_identifier",
]


def get_context(name: str = "") -> UsdContext:
    """Return the context of that name; the one without a name is always there, another one is None unless created."""
    context: UsdContext = service(UsdContexts).get(name)  # type: ignore[assignment]  # as in Kit: rarely None
    return context


def create_context(name: str = "") -> UsdContext:
    """Return the context of that name, made if there is none."""
    return service(UsdContexts).create(name)


def destroy_context(name: str = "") -> bool:
    """Close and forget a context; return whether it was there."""
    return service(UsdContexts).destroy(name)


def get_context_from_stage_id(stage_id: int) -> UsdContext | None:
    """Return the context whose open stage has this id in UsdUtils.StageCache, None when there is none."""
    return service(UsdContexts).find_stage(stage_id)


def get_context_from_stage(stage: Usd.Stage) -> UsdContext | None:
    """Return the context in which ``stage`` is open, None when there is none."""
    return get_context_from_stage_id(UsdUtils.StageCache.Get().GetId(stage).ToLongInt())


__getattr__ = absent(__name__)
