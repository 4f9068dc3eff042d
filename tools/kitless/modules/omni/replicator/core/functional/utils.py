"""``rep.functional.utils``: where prims are."""

from typing import Any

from pxr import Gf

from ..scene.pose import world_of
from ._prims import as_prim


def get_world_position(prim: Any) -> Gf.Vec3d:
    """The prim's origin in the world, stage units."""
    return world_of(as_prim(prim)).ExtractTranslation()
