"""What all new prims share: a free path, a place, labels, a material."""

from collections.abc import Mapping
from typing import Any

from pxr import Sdf, Tf, Usd, UsdGeom

import omni.usd

from ..scene.materials import bind
from ..scene.pose import Ops
from ..scene.semantics import as_labels, write_labels
from ._pose import place
from ._prims import as_prim, current_stage


def free_path(name: str, parent: Any = None) -> str:
    """The path for a new prim: the name below the parent, made a valid name, with a number if it is taken.

    A parent path that has no prim yet becomes an Xform.
    """
    stage = current_stage()
    above = Sdf.Path.absoluteRootPath if parent is None else _parent_path(parent)
    if above != Sdf.Path.absoluteRootPath and not stage.GetPrimAtPath(above):
        UsdGeom.Xform.Define(stage, above)
    path: str = omni.usd.get_stage_next_free_path(stage, above.AppendChild(Tf.MakeValidIdentifier(name)), False)
    return path


def _parent_path(parent: Any) -> Sdf.Path:
    if isinstance(parent, (str, Sdf.Path)):
        if not Sdf.Path.IsValidPathString(str(parent))[0] or not Sdf.Path(str(parent)).IsAbsolutePath():
            raise ValueError(f"Not a parent's path: '{parent}'")
        return Sdf.Path(str(parent))
    return as_prim(parent).GetPath()


def finish(prim: Usd.Prim, given: Mapping[str, Any], *, fill: bool = True) -> Usd.Prim:
    """Place, label and dress a new prim as the parameters of its create function say."""
    if fill:
        Ops(prim).fill()
    place(
        prim,
        position=given.get("position"),
        rotation=given.get("rotation"),
        scale=given.get("scale"),
        pivot=given.get("pivot"),
        target=given.get("look_at"),
        up_axis=given.get("look_at_up_axis"),
        relative_to=given.get("relative_to"),
    )
    if given.get("semantics"):
        write_labels(prim, as_labels(given["semantics"]))
    if not given.get("visible", True):
        UsdGeom.Imageable(prim).MakeInvisible()
    if given.get("material") is not None:
        bind(prim, as_prim(given["material"]))
    return prim
