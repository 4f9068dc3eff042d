"""Helpers for prims and paths."""

from __future__ import annotations

import re

from pxr import Gf, Sdf, Tf, Usd, UsdGeom, UsdShade

from kitless.services import service
from omni.usd._contexts import UsdContexts

_NUMBER = re.compile(r"_(\d+)$")


def get_prim_at_path(path: str | Sdf.Path, usd_context_name: str = "") -> Usd.Prim:
    """Return the prim at ``path`` of a context's stage; invalid when there is no such prim, stage or context."""
    context = service(UsdContexts).get(usd_context_name)
    stage = None if context is None else context.get_stage()
    return Usd.Prim() if stage is None else stage.GetPrimAtPath(path)


def get_world_transform_matrix(prim: Usd.Prim, time_code: Usd.TimeCode = Usd.TimeCode.Default()) -> Gf.Matrix4d:
    """Return the prim's transform to the world (row vectors: p_world = p_local @ M); identity for what has none."""
    return UsdGeom.XformCache(time_code).GetLocalToWorldTransform(prim)


def get_local_transform_matrix(prim: Usd.Prim, time_code: Usd.TimeCode = Usd.TimeCode.Default()) -> Gf.Matrix4d:
    """Return the prim's transform to its parent (row vectors); identity for what has none."""
    xformable = UsdGeom.Xformable(prim)
    return xformable.GetLocalTransformation(time_code) if xformable else Gf.Matrix4d(1.0)


def get_stage_next_free_path(
    stage: Usd.Stage,
    path: str | Sdf.Path,
    prepend_default_prim: bool,
    source_prim: Usd.Prim | None = None,
) -> str:
    """Return ``path``, or the next one that has no prim: ``/A``, ``/A_01``, ``/A_02`` and so on.

    With ``prepend_default_prim``, a path outside the default prim is moved into it.
    """
    wanted = Sdf.Path(path)
    default = stage.GetDefaultPrim()
    if prepend_default_prim and default and not wanted.HasPrefix(default.GetPath()):
        wanted = wanted.ReplacePrefix(Sdf.Path.absoluteRootPath, default.GetPath())
    number = _NUMBER.search(wanted.name)
    stem = wanted.name[: number.start()] if number else wanted.name
    count = int(number[1]) if number else 0
    while stage.GetPrimAtPath(wanted):
        count += 1
        wanted = wanted.ReplaceName(f"{stem}_{count:02d}")
    return str(wanted)


def make_valid_identifier(in_: str) -> str:
    """Return the text as a prim's name: other characters become underscores."""
    return Tf.MakeValidIdentifier(in_)


def is_path_valid(path: str) -> bool:
    """Return whether the text is a path of a prim or property."""
    return bool(Sdf.Path.IsValidPathString(path)[0])


def get_shader_from_material(prim: Usd.Prim, get_prim: bool = False) -> UsdShade.Shader | Usd.Prim | None:
    """Return the surface shader of a material, or its prim with ``get_prim``; None when there is none."""
    material = UsdShade.Material(prim)
    shader = material.ComputeSurfaceSource()[0] if material else None
    if not shader:
        return None
    return shader.GetPrim() if get_prim else shader
