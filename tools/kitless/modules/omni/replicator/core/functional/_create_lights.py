"""``rep.functional.create.*_light``: UsdLux lights."""

from collections.abc import Mapping
from typing import Any

from pxr import Gf, Sdf, Usd, UsdLux

from kitless.assets import resolve

from ._new_prim import finish, free_path
from ._prims import current_stage

INTENSITY = 30000.0
FAR_INTENSITY = 1000.0
"""Of domes and distant lights, which have no size to spread over."""


def _light(schema: Any, given: Mapping[str, Any]) -> Usd.Prim:
    """Define a light, and author what its create function was given."""
    light = schema.Define(current_stage(), free_path(given["name"] or schema.__name__, given["parent"]))
    light.CreateColorAttr(Gf.Vec3f(*map(float, given["color"])))
    light.CreateIntensityAttr(float(given["intensity"]))
    light.CreateColorTemperatureAttr(float(given["color_temperature"]))
    light.CreateEnableColorTemperatureAttr(bool(given["enable_color_temperature"]))
    light.CreateDiffuseAttr(float(given["diffuse"]))
    light.CreateSpecularAttr(float(given["specular"]))
    if given["exposure"] is not None:
        light.CreateExposureAttr(float(given["exposure"]))
    for size in ("radius", "length", "width", "height", "angle"):
        if size in given:
            getattr(light, f"Create{size.title()}Attr")(float(given[size]))
    if "shaping_cone_angle" in given:
        shaping = UsdLux.ShapingAPI.Apply(light.GetPrim())
        shaping.CreateShapingConeAngleAttr(float(given["shaping_cone_angle"]))
        shaping.CreateShapingConeSoftnessAttr(float(given["shaping_cone_softness"]))
        shaping.CreateShapingFocusTintAttr(Gf.Vec3f(*map(float, given["shaping_focus_tint"])))
    if given.get("texture"):
        light.CreateTextureFileAttr(Sdf.AssetPath(resolve(given["texture"])))
    return finish(light.GetPrim(), given)


def sphere_light(
    position: Any = None,
    scale: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    pivot: Any = None,
    relative_to: Any = None,
    color: Any = (1.0, 1.0, 1.0),
    intensity: float = INTENSITY,
    exposure: float | None = None,
    color_temperature: float = 6500.0,
    enable_color_temperature: bool = False,
    diffuse: float = 1.0,
    specular: float = 1.0,
    shaping_cone_angle: float = 180.0,
    shaping_cone_softness: float = 0.0,
    shaping_focus_tint: Any = (1.0, 1.0, 1.0),
    radius: float = 1.0,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
) -> Usd.Prim:
    """A sphere that shines; ``radius`` in stage units."""
    return _light(UsdLux.SphereLight, dict(locals()))


def disk_light(
    position: Any = None,
    scale: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    pivot: Any = None,
    relative_to: Any = None,
    color: Any = (1.0, 1.0, 1.0),
    intensity: float = INTENSITY,
    exposure: float | None = None,
    color_temperature: float = 6500.0,
    enable_color_temperature: bool = False,
    diffuse: float = 1.0,
    specular: float = 1.0,
    shaping_cone_angle: float = 180.0,
    shaping_cone_softness: float = 0.0,
    shaping_focus_tint: Any = (1.0, 1.0, 1.0),
    radius: float = 1.0,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
) -> Usd.Prim:
    """A disk that shines along its -Z; ``radius`` in stage units."""
    return _light(UsdLux.DiskLight, dict(locals()))


def rect_light(
    position: Any = None,
    scale: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    pivot: Any = None,
    relative_to: Any = None,
    color: Any = (1.0, 1.0, 1.0),
    intensity: float = INTENSITY,
    exposure: float | None = None,
    color_temperature: float = 6500.0,
    enable_color_temperature: bool = False,
    diffuse: float = 1.0,
    specular: float = 1.0,
    shaping_cone_angle: float = 180.0,
    shaping_cone_softness: float = 0.0,
    shaping_focus_tint: Any = (1.0, 1.0, 1.0),
    width: float = 1.0,
    height: float = 1.0,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
) -> Usd.Prim:
    """A rectangle that shines along its -Z; sides in stage units."""
    return _light(UsdLux.RectLight, dict(locals()))


def cylinder_light(
    position: Any = None,
    scale: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    pivot: Any = None,
    relative_to: Any = None,
    color: Any = (1.0, 1.0, 1.0),
    intensity: float = INTENSITY,
    exposure: float | None = None,
    color_temperature: float = 6500.0,
    enable_color_temperature: bool = False,
    diffuse: float = 1.0,
    specular: float = 1.0,
    shaping_cone_angle: float = 180.0,
    shaping_cone_softness: float = 0.0,
    shaping_focus_tint: Any = (1.0, 1.0, 1.0),
    radius: float = 1.0,
    length: float = 1.0,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
) -> Usd.Prim:
    """A tube along X that shines; ``radius`` and ``length`` in stage units."""
    return _light(UsdLux.CylinderLight, dict(locals()))


def distant_light(
    position: Any = None,
    scale: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    pivot: Any = None,
    relative_to: Any = None,
    color: Any = (1.0, 1.0, 1.0),
    intensity: float = FAR_INTENSITY,
    exposure: float | None = None,
    color_temperature: float = 6500.0,
    enable_color_temperature: bool = False,
    diffuse: float = 1.0,
    specular: float = 1.0,
    angle: float = 0.53,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
) -> Usd.Prim:
    """A light from far away that shines along its -Z; ``angle`` is its size in the sky, in degrees."""
    return _light(UsdLux.DistantLight, dict(locals()))


def dome_light(
    position: Any = None,
    scale: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    pivot: Any = None,
    relative_to: Any = None,
    color: Any = (1.0, 1.0, 1.0),
    intensity: float = FAR_INTENSITY,
    exposure: float | None = None,
    color_temperature: float = 6500.0,
    enable_color_temperature: bool = False,
    diffuse: float = 1.0,
    specular: float = 1.0,
    texture: str | None = None,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
) -> Usd.Prim:
    """A sky that shines; ``texture`` is a picture of it, in latitude and longitude."""
    return _light(UsdLux.DomeLight, dict(locals()))
