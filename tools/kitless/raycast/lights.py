"""Reading UsdLux lights.

Two habits of stages are served. Isaac Sim's, as RTX shows them: a dome of intensity 1000 or a distant light of 3000
alone light a scene well, so a distant light's intensity is its irradiance, whatever its angle. And USD's own fallbacks:
a dome of 1, and a distant light whose intensity of 50000 nobody authored and is spread over the sun's disk.
"""

from __future__ import annotations

import enum
import logging
import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from pxr import Sdf, Usd, UsdGeom, UsdLux

from kitless.raycast.textures import load_light

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_log = logging.getLogger(__name__)
_warned: set[Sdf.Path] = set()
_PICTURE_SIDE = 128
DOMES = ("DomeLight", "DomeLight_1")


WHITE = 900.0
"""The radiance that is shown as display white."""


class Kind(enum.IntEnum):
    """Lights that shine from somewhere; domes are not among them."""

    DISTANT = 0
    SPHERE = 1
    RECT = 2
    DISK = 3
    CYLINDER = 4


KIND, COLOR, POSITION, AXIS_X, AXIS_Y, FACING, SIZE, CONE, FOCUS, AREA, PICTURE, LIGHT_WIDTH = (
    0, 1, 4, 7, 10, 13, 16, 17, 19, 20, 21, 24
)  # fmt: skip
"""Columns of the light table: where each value starts.

COLOR: irradiance of DISTANT, else radiance times area seen head on. FACING: unit direction it shines in. AXIS_X and
AXIS_Y: half of the sides of RECT, radii of DISK, half the length of CYLINDER and a radius of it. SIZE: radius of SPHERE
and CYLINDER, tangent of half the angle of DISTANT. CONE: cosines of the outer and the inner edge, -2 and -1 for none.
FOCUS: exponent of the cosine that a light off its axis goes down with. AREA: seen head on; 0 for a point.
PICTURE: address of linear float32 rgb, rows from +Y down, columns from +X on; its width and height. 0 for none.
"""


@dataclass(frozen=True, eq=False)
class Dome:
    """Light from everywhere."""

    radiance: NDArray[np.float64]
    """(3,) linear."""
    file: str
    """Resolved path of a latitude-longitude picture, "" for none."""
    inverse: NDArray[np.float64]
    """(3, 3) world directions to the dome's own, row vectors."""

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for domes that shine alike."""
        return self.file, *self.radiance, *(self.inverse.ravel() if self.file else ())


@dataclass(frozen=True, eq=False)
class Lights:
    """All lights that are on."""

    table: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, LIGHT_WIDTH)))
    """(l, LIGHT_WIDTH)."""
    domes: tuple[Dome, ...] = ()
    count: int = 0
    """Lights on the stage, on or off."""
    brightest: float = 0.0
    """The largest component of a dome's or area light's radiance, or a distant light's irradiance."""
    pictures: tuple[NDArray[np.float32], ...] = ()
    """Whatever owns the memory that table points to."""


def read_lights(prims: Iterable[Usd.Prim], time: Usd.TimeCode) -> Lights:
    """Read lights whose types are in scan.LIGHTS, at `time`; hidden ones are off."""
    cache = UsdGeom.XformCache(time)
    rows, domes, pictures, count, brightest = [], [], [], 0, 0.0
    for prim in prims:
        count += 1
        if UsdGeom.Imageable(prim).ComputeVisibility(time) == UsdGeom.Tokens.invisible:
            continue
        matrix = np.array(cache.GetLocalToWorldTransform(prim))
        color = _color(prim, time)
        brightest = max(brightest, float(color.max()))
        _warn_of_rest(prim, time)
        file = prim.GetAttribute("inputs:texture:file").Get(time)
        if prim.GetTypeName() in DOMES:
            rotation = np.array(cache.GetLocalToWorldTransform(prim).RemoveScaleShear())[:3, :3]
            domes.append(Dome(color, str(file.resolvedPath) if file else "", rotation.T))
        else:
            rows.append(_READERS[str(prim.GetTypeName())](prim, time, matrix, color))
            picture = _picture(str(file.resolvedPath)) if file else None
            if picture is not None:
                pictures.append(picture)
                rows[-1][PICTURE : PICTURE + 3] = picture.ctypes.data, picture.shape[1], picture.shape[0]
    table = np.array(rows, np.float64).reshape(-1, LIGHT_WIDTH)
    return Lights(table, tuple(domes), count, brightest, tuple(pictures))


def are_animated(prims: Iterable[Usd.Prim]) -> bool:
    """Whether read_lights may return something else of some prims at another time."""
    return any(
        any(attribute.ValueMightBeTimeVarying() for attribute in prim.GetAttributes()) or _is_carried(prim)
        for prim in prims
    )


def _is_carried(prim: Usd.Prim) -> bool:
    """Whether something above a prim may move it or hide it in the course of time."""
    above = prim.GetParent()
    while above:
        xform, imageable = UsdGeom.Xformable(above), UsdGeom.Imageable(above)
        if xform and xform.TransformMightBeTimeVarying():
            return True
        if imageable and imageable.GetVisibilityAttr().ValueMightBeTimeVarying():
            return True
        above = above.GetParent()
    return False


@lru_cache(maxsize=16)
def _picture(file: str) -> NDArray[np.float32] | None:
    """Return a rectangle's picture, averaged down: what it lights shows no more."""
    picture = load_light(file)
    if picture is None:
        return None
    rows, columns = (min(side, _PICTURE_SIDE) for side in picture.shape[:2])
    tall = np.add.reduceat(picture, np.arange(rows) * picture.shape[0] // rows, axis=0)
    total = np.add.reduceat(tall, np.arange(columns) * picture.shape[1] // columns, axis=1)
    return np.ascontiguousarray(total * (rows * columns / (picture.shape[0] * picture.shape[1])), np.float32)


def _warn_of_rest(prim: Usd.Prim, time: Usd.TimeCode) -> None:
    """Log, once per prim, what of a light is not drawn."""
    rest = [name for name in ("inputs:diffuse", "inputs:specular") if _differs(prim.GetAttribute(name).Get(time), 1.0)]
    ies = prim.GetAttribute("inputs:shaping:ies:file")
    rest += ["inputs:shaping:ies:file"] if ies and ies.Get(time) else []
    rest += [f"collection:{name}" for name in ("lightLink", "shadowLink") if _is_linked(prim, name)]
    mapping = prim.GetAttribute("inputs:texture:format")
    rest += ["inputs:texture:format"] if mapping and mapping.Get(time) not in ("automatic", "latlong") else []
    if rest and prim.GetPath() not in _warned:
        _warned.add(prim.GetPath())
        _log.warning(
            "%s: %s of a light cannot be drawn yet, the light shines as without", prim.GetPath(), ", ".join(rest)
        )


def _differs(value: float | None, usual: float) -> bool:
    return value is not None and value != usual


def _is_linked(prim: Usd.Prim, name: str) -> bool:
    collection = Usd.CollectionAPI(prim, name)
    both = collection.GetIncludesRel(), collection.GetExcludesRel()
    return any(relation and relation.HasAuthoredTargets() for relation in both)


def _get(prim: Usd.Prim, name: str, time: Usd.TimeCode) -> Any:
    return prim.GetAttribute(f"inputs:{name}").Get(time)


def _color(prim: Usd.Prim, time: Usd.TimeCode) -> NDArray[np.float64]:
    """Return intensity x 2^exposure x colour x colour temperature, as UsdLuxLightAPI defines it."""
    power = _get(prim, "intensity", time) * 2.0 ** _get(prim, "exposure", time)
    color = np.array(_get(prim, "color", time), np.float64) * power
    if _get(prim, "enableColorTemperature", time):
        color *= np.array(UsdLux.BlackbodyTemperatureAsRgb(_get(prim, "colorTemperature", time)))
    if prim.GetTypeName() == "DistantLight" and not prim.GetAttribute("inputs:intensity").HasAuthoredValue():
        color *= math.pi * math.sin(math.radians(_get(prim, "angle", time) / 2)) ** 2
    return color


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return vector / max(float(np.linalg.norm(vector)), 1e-30)


def _row(kind: Kind, color: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    row = np.zeros(LIGHT_WIDTH)
    row[KIND], row[COLOR : COLOR + 3], row[POSITION : POSITION + 3] = kind, color, matrix[3, :3]
    row[FACING : FACING + 3] = -_unit(matrix[2, :3])
    row[CONE : CONE + 2] = -2, -1
    return row


def _distant(
    prim: Usd.Prim, time: Usd.TimeCode, matrix: NDArray[np.float64], color: NDArray[np.float64]
) -> NDArray[np.float64]:
    half = math.radians(min(_get(prim, "angle", time), 170.0) / 2)
    row = _row(Kind.DISTANT, color, matrix)
    row[SIZE] = math.tan(half)
    # Any two directions across the light's own: its disk is round.
    row[AXIS_X : AXIS_X + 3] = _unit(matrix[0, :3])
    row[AXIS_Y : AXIS_Y + 3] = np.cross(row[FACING : FACING + 3], row[AXIS_X : AXIS_X + 3])
    return row


def _area(
    prim: Usd.Prim, time: Usd.TimeCode, seen: float, whole: float, color: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return radiance times the area seen head on; `whole` is the area that normalize divides the radiance by."""
    if _get(prim, "normalize", time):
        return color * (seen / whole if whole > 0 else 1.0)
    return color * seen


def _sphere(
    prim: Usd.Prim, time: Usd.TimeCode, matrix: NDArray[np.float64], color: NDArray[np.float64]
) -> NDArray[np.float64]:
    radius = _get(prim, "radius", time) * _stretch(matrix)
    disk = math.pi * radius * radius
    # A sphere shines from four times the disk it shows; without any radius that ratio is what is left.
    shown = _area(prim, time, disk, 4 * disk, color) if disk > 0 else color / 4 * bool(_get(prim, "normalize", time))
    row = _shaped(_row(Kind.SPHERE, shown, matrix), prim, time)
    if not prim.GetAttribute("treatAsPoint").Get(time):
        row[SIZE], row[AREA] = radius, disk
    return row


def _stretch(matrix: NDArray[np.float64]) -> float:
    """Return by how much a transform makes things longer, on average over directions."""
    return float(np.cbrt(abs(np.linalg.det(matrix[:3, :3]))))


def _cylinder(
    prim: Usd.Prim, time: Usd.TimeCode, matrix: NDArray[np.float64], color: NDArray[np.float64]
) -> NDArray[np.float64]:
    along = matrix[0, :3] * _get(prim, "length", time) / 2
    length = 2 * float(np.linalg.norm(along))
    # What crosses the axis is taken as round: by the mean of how far y and z are stretched.
    across = [float(np.linalg.norm(matrix[axis, :3])) for axis in (1, 2)]
    radius = _get(prim, "radius", time) * math.sqrt(across[0] * across[1])
    seen = 2 * radius * length
    row = _shaped(_row(Kind.CYLINDER, _area(prim, time, seen, math.pi * seen, color), matrix), prim, time)
    row[AXIS_X : AXIS_X + 3] = along
    side = matrix[1, :3] - _unit(along) * (matrix[1, :3] @ _unit(along))
    row[AXIS_Y : AXIS_Y + 3] = _unit(side) * radius
    row[SIZE], row[AREA] = radius, seen
    return row


def _rect(
    prim: Usd.Prim, time: Usd.TimeCode, matrix: NDArray[np.float64], color: NDArray[np.float64]
) -> NDArray[np.float64]:
    x, y = matrix[0, :3] * _get(prim, "width", time) / 2, matrix[1, :3] * _get(prim, "height", time) / 2
    area = 4 * float(np.linalg.norm(np.cross(x, y)))
    return _flat(Kind.RECT, prim, time, (x, y, area), _row(Kind.RECT, color, matrix))


def _disk(
    prim: Usd.Prim, time: Usd.TimeCode, matrix: NDArray[np.float64], color: NDArray[np.float64]
) -> NDArray[np.float64]:
    radius = _get(prim, "radius", time)
    x, y = matrix[0, :3] * radius, matrix[1, :3] * radius
    area = math.pi * float(np.linalg.norm(np.cross(x, y)))
    return _flat(Kind.DISK, prim, time, (x, y, area), _row(Kind.DISK, color, matrix))


def _flat(
    kind: Kind, prim: Usd.Prim, time: Usd.TimeCode, shape: tuple[Any, Any, float], row: NDArray[np.float64]
) -> NDArray[np.float64]:
    x, y, area = shape
    row[KIND] = kind
    row[COLOR : COLOR + 3] = _area(prim, time, area, area, row[COLOR : COLOR + 3])
    row[AXIS_X : AXIS_X + 3], row[AXIS_Y : AXIS_Y + 3], row[AREA] = x, y, area
    return _shaped(row, prim, time)


def _shaped(row: NDArray[np.float64], prim: Usd.Prim, time: Usd.TimeCode) -> NDArray[np.float64]:
    row[CONE : CONE + 2] = _cone(prim, time)
    if prim.HasAPI(UsdLux.ShapingAPI):
        row[FOCUS] = max(UsdLux.ShapingAPI(prim).GetShapingFocusAttr().Get(time) or 0.0, 0.0)
    return row


def _cone(prim: Usd.Prim, time: Usd.TimeCode) -> tuple[float, float]:
    """Return the cosines of a spot light's outer and inner edge."""
    shaping = UsdLux.ShapingAPI(prim)
    angle = shaping.GetShapingConeAngleAttr().Get(time) if prim.HasAPI(UsdLux.ShapingAPI) else None
    if angle is None or angle >= 180:
        return -2.0, -1.0
    softness = min(max(shaping.GetShapingConeSoftnessAttr().Get(time) or 0.0, 0.0), 1.0)
    return math.cos(math.radians(angle)), math.cos(math.radians(angle * (1 - softness)))


_READERS = {
    "DistantLight": _distant,
    "SphereLight": _sphere,
    "RectLight": _rect,
    "DiskLight": _disk,
    "CylinderLight": _cylinder,
}
