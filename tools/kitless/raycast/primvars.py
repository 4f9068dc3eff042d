"""Reading primvars: which are looked up, how many values they must have, and how they lie on a prim."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pxr import Usd, UsdGeom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_log = logging.getLogger(__name__)
_WIDTHS = {
    **dict.fromkeys(("float2[]", "texCoord2f[]", "texCoord2d[]", "texCoord2h[]", "double2[]"), 2),
    "color3f[]": 3,
    "float[]": 1,
}
CONSTANT, UNIFORM, VARYING, VERTEX, FACE_VARYING = "constant", "uniform", "varying", "vertex", "faceVarying"
"""USD's interpolations."""


@dataclass(frozen=True, eq=False)
class Values:
    """A primvar as authored."""

    values: NDArray[np.float32]
    """(n, c) float32."""
    interpolation: str


def array(attribute: Usd.Attribute, time: Usd.TimeCode, kind: Any, width: int = 0) -> NDArray[Any]:
    """Return an array attribute's value, (n,) or with a width (n, width); without a value, no rows."""
    value = attribute.Get(time)
    if not value:
        return np.empty((0, width) if width else 0, kind)
    return np.asarray(value, kind)


def read_primvars(prim: Usd.Prim, time: Usd.TimeCode, sizes: Mapping[str, int]) -> dict[str, Values]:
    """Return texture coordinates, colours and the display opacity, by name, at `time`.

    sizes tells how many values each interpolation takes on this prim. A primvar of another size is logged and left out.
    """
    found = {}
    for primvar in UsdGeom.PrimvarsAPI(prim).GetPrimvarsWithValues():
        name, width = primvar.GetPrimvarName(), _WIDTHS.get(str(primvar.GetTypeName()))
        # Of single numbers, joint weights among them, only this one is ever looked up.
        if width is None or (width == 1 and name != "displayOpacity"):
            continue
        values = _flattened(primvar, time, width)
        checked = _checked(primvar.GetAttr(), values, primvar.GetInterpolation(), sizes) if len(values) else None
        if checked:
            found[name] = checked
    return found


def read_normals(prim: UsdGeom.PointBased, time: Usd.TimeCode, sizes: Mapping[str, int]) -> Values | None:
    """Return the authored normals; primvars:normals wins over normals, as USD has it."""
    primvar = UsdGeom.PrimvarsAPI(prim).GetPrimvar("normals")
    if primvar and primvar.HasValue():
        return _checked(primvar.GetAttr(), _flattened(primvar, time, 3), primvar.GetInterpolation(), sizes)
    attribute = prim.GetNormalsAttr()
    values = array(attribute, time, np.float32, 3)
    return _checked(attribute, values, prim.GetNormalsInterpolation(), sizes) if len(values) else None


def read_widths(
    prim: Usd.Prim, attribute: Usd.Attribute, interpolation: str, time: Usd.TimeCode, sizes: Mapping[str, int]
) -> Values:
    """Return the widths (n, 1) of curves or points; 1 for all where none are authored, as Hydra has it."""
    primvar = UsdGeom.PrimvarsAPI(prim).GetPrimvar("widths")
    if primvar and primvar.HasValue():
        attribute, interpolation = primvar.GetAttr(), primvar.GetInterpolation()
    values = array(attribute, time, np.float32).reshape(-1, 1)
    checked = _checked(attribute, values, interpolation, sizes) if len(values) else None
    return checked or Values(np.ones((1, 1), np.float32), CONSTANT)


def _checked(
    attribute: Usd.Attribute, values: NDArray[np.float32], kind: str, sizes: Mapping[str, int]
) -> Values | None:
    expected = sizes.get(kind, 0)
    if len(values) < max(expected, 1):
        _log.warning("%s: %s values, %s needs %s; ignored", attribute.GetPath(), len(values), kind, expected)
        return None
    return Values(values[: max(expected, 1)], str(kind)) if kind in sizes else None


def _flattened(primvar: UsdGeom.Primvar, time: Usd.TimeCode, width: int) -> NDArray[np.float32]:
    value = primvar.ComputeFlattened(time)
    return np.asarray(value, np.float32).reshape(-1, width) if value else np.empty((0, width), np.float32)


def inherited(prim: Usd.Prim, name: str, width: int) -> NDArray[np.float32] | None:
    """Return the first value (1, width) of a primvar that a prim has or inherits, at the default time."""
    primvar = UsdGeom.PrimvarsAPI(prim).FindPrimvarWithInheritance(name)
    value = primvar.Get() if primvar and primvar.HasValue() else None
    return np.array(value[0], np.float32).reshape(1, width) if value else None
