"""UsdGeomPoints: every point an exact sphere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pxr import UsdGeom

from kitless.raycast import primvars as pv
from kitless.raycast.mesh import Interpolation, Mesh, Primvar
from kitless.raycast.shapes import balls

if TYPE_CHECKING:
    from pxr import Usd

    from kitless.raycast.skinning import Skin


def read_points(prim: Usd.Prim, time: Usd.TimeCode, skin: Skin | None) -> Mesh:
    """Return the points as spheres; widths are diameters, 1 where none are authored, and none at 0 or less."""
    points = UsdGeom.Points(prim)
    centres = pv.array(points.GetPointsAttr(), time, np.float32, 3)
    if skin is not None:
        centres = skin.pose(time).points(centres)
    sizes = {pv.CONSTANT: 1, **dict.fromkeys((pv.UNIFORM, pv.VARYING, pv.VERTEX, pv.FACE_VARYING), len(centres))}
    widths = pv.read_widths(prim, points.GetWidthsAttr(), points.GetWidthsInterpolation(), time, sizes)
    found = pv.read_primvars(prim, time, sizes)
    mesh = balls(centres, np.broadcast_to(widths.values[:, 0] / 2, len(centres)))
    return mesh.with_primvars({name: _by_point(values) for name, values in found.items()})


def _by_point(values: pv.Values) -> Primvar:
    constant = values.interpolation == pv.CONSTANT
    return Primvar(values.values, Interpolation.CONSTANT if constant else Interpolation.VERTEX)
