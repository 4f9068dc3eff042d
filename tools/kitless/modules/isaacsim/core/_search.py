"""Prims found by what is above or below them, and by expressions for their paths."""

from __future__ import annotations

import re
from collections.abc import Callable

from pxr import Usd, UsdPhysics

from isaacsim.core._current import current_stage


def downwards(prim: Usd.Prim) -> list[tuple[Usd.Prim, int]]:
    """Return the prim (depth 0) and all below it with their depths, breadth first."""
    found = [(prim, 0)]
    for each, depth in found:
        found += [(child, depth + 1) for child in each.GetChildren()]
    return found


def nearest_above(prim: Usd.Prim, liked: Callable[[Usd.Prim], bool]) -> Usd.Prim | None:
    """Return the nearest prim above this one that is liked, None when there is none."""
    each = prim.GetParent()
    while each and not each.IsPseudoRoot():
        if liked(each):
            return each
        each = each.GetParent()
    return None


def matching_paths(expression: str) -> list[str]:
    """Return the paths of the prims that match, each part of the expression one for a prim's whole name."""
    found = [current_stage().GetPseudoRoot()]
    for part in map(re.compile, expression.strip("/").split("/")):
        found = [child for prim in found for child in prim.GetAllChildren() if part.fullmatch(child.GetName())]
    return [str(prim.GetPath()) for prim in found]


def is_articulation_root(prim: Usd.Prim) -> bool:
    """Return whether an articulation begins at the prim."""
    return bool(prim.HasAPI(UsdPhysics.ArticulationRootAPI))


def is_articulation_link(prim: Usd.Prim) -> bool:
    """Return whether the prim is a rigid body below the root of an articulation."""
    is_body = prim.HasAPI(UsdPhysics.RigidBodyAPI) and not is_articulation_root(prim)
    return bool(is_body) and nearest_above(prim, is_articulation_root) is not None
