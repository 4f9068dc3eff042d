"""``rep.create``: lights."""

from functools import partial
from typing import Any

from pxr import Sdf, Usd, UsdLux

import carb.settings
from kitless.assets import resolve

from ..graph import ReplicatorItem, assign_new
from ._wrapped import label, place_new, wrapped

KINDS = ("Cylinder", "Disk", "Distant", "Dome", "Rect", "Sphere")
SUBFRAMES, DOME_SUBFRAMES = "/omni/replicator/RTSubframes", 3
"""The setting of samples per pixel, and what a textured dome raises it to."""


def light(
    position: Any = None,
    scale: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    light_type: str = "Distant",
    color: Any = (1.0, 1.0, 1.0),
    intensity: Any = 1000.0,
    exposure: Any = None,
    temperature: Any = 6500,
    texture: Any = None,
    semantics: Any = None,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """``count`` lights, each below an Xform that is placed; pose as of ``cube``.

    ``light_type``: cylinder, disk, distant, dome, rect or sphere. ``color`` linear, ``intensity`` as of UsdLux,
    ``temperature`` in kelvin, ``texture`` the picture of a dome or rect light; all of these may be distributions.
    Raises ``ValueError`` for an unknown type, and for a texture on a light that has none.
    """
    kind = light_type.capitalize().removesuffix("light")
    if kind not in KINDS:
        raise ValueError(f"Unknown light_type '{light_type}'; there are {', '.join(KINDS)}")
    if texture is not None and kind not in ("Dome", "Rect"):
        raise ValueError(f"A {kind.lower()} light has no texture")
    if texture is not None and kind == "Dome":
        settings = carb.settings.get_settings()
        settings.set(SUBFRAMES, max(DOME_SUBFRAMES, settings.get_as_int(SUBFRAMES)))
    node = wrapped(f"{kind}Light", partial(define_light, kind=f"{kind}Light"), count, name, parent)
    label(node, semantics)
    values = {"color": color, "intensity": intensity, "exposure": exposure, "colorTemperature": temperature}
    assign_new(node, write_light, {**values, "texture:file": texture})
    pose = {"position": position, "scale": scale, "rotation": rotation, "look_at": look_at}
    place_new(node, {**pose, "look_at_up_axis": look_at_up_axis})
    return ReplicatorItem(node)


def define_light(stage: Usd.Stage, path: str, kind: str) -> Usd.Prim:
    """A light of a type of UsdLux."""
    prim = getattr(UsdLux, kind).Define(stage, path).GetPrim()
    UsdLux.LightAPI(prim).CreateEnableColorTemperatureAttr(True)
    return prim


def write_light(prim: Usd.Prim, values: dict[str, Any]) -> None:
    """Set inputs of the light below a prim."""
    shining = next(child for child in prim.GetChildren() if child.HasAPI(UsdLux.LightAPI))
    for name, value in values.items():
        attribute = shining.GetAttribute(f"inputs:{name}")
        if name == "color":
            attribute.Set(tuple(float(part) for part in value))
        else:
            attribute.Set(Sdf.AssetPath(resolve(value)) if name == "texture:file" else float(value))
