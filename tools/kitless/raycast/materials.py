"""Material: what is drawn of a surface, read from UsdPreviewSurface networks."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from pxr import Gf, Sdf, Usd, UsdShade

from kitless.raycast.networks import id_of, source_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

_log = logging.getLogger(__name__)

WRAPS = ("repeat", "clamp", "mirror", "black")
"""Wrap modes; a Map holds positions in this. useMetadata counts as repeat: pictures carry no such metadata."""
INPUTS = (
    "diffuse",
    "emissive",
    "specular",
    "metallic",
    "roughness",
    "clearcoat",
    "clearcoat_roughness",
    "opacity",
    "normal",
)
"""What a texture may give, by its field of Material."""
CHANNELS = ("r", "g", "b", "a", "mean")
"""What of a texture a number is taken from; a Map holds positions in this."""


@dataclass(frozen=True, kw_only=True)
class Map:
    """A texture and how it is laid on."""

    file: str
    """Resolved path, "" if it leads nowhere. With <UDIM> in it: a picture per tile."""
    color_space: str = "auto"
    wrap: tuple[int, int] = (0, 0)
    """Along s and t, positions in WRAPS."""
    primvar: str = "st"
    """Name of the texture coordinates."""
    affine: tuple[float, ...] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    """(a, b, c, d, e, f): (s, t) becomes (a s + b t + e, c s + d t + f)."""
    scale: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)
    bias: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    fallback: tuple[float, ...] | None = None
    """Linear colour for a picture that cannot be read; None: the input's constant."""
    channel: int = 0
    """For numbers: a position in CHANNELS."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """What is drawn of a material; colours are linear."""

    diffuse: tuple[float, float, float] = (0.18, 0.18, 0.18)
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    is_luminance: bool = False
    """Whether emissive is a radiance, in the unit of lights; else 1 is as bright as white paper in good light."""
    specular: tuple[float, float, float] | None = None
    """Reflectance head on in the specular workflow; None in the metallic one."""
    metallic: float = 0.0
    roughness: float = 0.5
    clearcoat: float = 0.0
    clearcoat_roughness: float = 0.01
    opacity: float = 1.0
    opacity_threshold: float = 0.0
    """Above 0: what is less opaque is not there at all."""
    ior: float = 1.5
    color_primvar: str = ""
    """The primvar that diffuse is taken from, "" for none."""
    opacity_primvar: str = ""
    maps: Mapping[str, Map] = field(default_factory=dict)
    """By name in INPUTS; each replaces the constant."""

    @property
    def primvar(self) -> str:
        """The texture coordinates of all maps, "" without any."""
        return next((self.maps[name].primvar for name in INPUTS if name in self.maps), "")


_NUMBERS = {
    "metallic": ("metallic", 0.0),
    "roughness": ("roughness", 0.5),
    "clearcoat": ("clearcoat", 0.0),
    "clearcoatRoughness": ("clearcoat_roughness", 0.01),
    "opacity": ("opacity", 1.0),
    "opacityThreshold": ("opacity_threshold", 0.0),
    "ior": ("ior", 1.5),
}
_MAPS = {
    "diffuseColor": "diffuse",
    "emissiveColor": "emissive",
    "specularColor": "specular",
    "normal": "normal",
    **{name: field for name, (field, _) in _NUMBERS.items() if field in INPUTS},
}


def read_preview_surface(shader: UsdShade.Shader, time: Usd.TimeCode) -> Material:
    """Return the Material of a UsdPreviewSurface shader."""
    by_specular = bool(value_of(shader, "useSpecularWorkflow", time, 0))
    maps = {field: _map_of(shader, name, time) for name, field in _MAPS.items()}
    found = {field: laid for field, laid in maps.items() if laid is not None}
    if not by_specular:
        found.pop("specular", None)
    numbers: dict[str, Any] = {
        field: float(value_of(shader, name, time, default)) for name, (field, default) in _NUMBERS.items()
    }
    made = Material(
        diffuse=color_of(value_of(shader, "diffuseColor", time, (0.18, 0.18, 0.18))),
        emissive=color_of(value_of(shader, "emissiveColor", time, (0.0, 0.0, 0.0))),
        specular=color_of(value_of(shader, "specularColor", time, (0.0, 0.0, 0.0))) if by_specular else None,
        color_primvar=_primvar_of(shader, "diffuseColor", time),
        opacity_primvar=_primvar_of(shader, "opacity", time),
        maps=found,
    )
    return with_one_primvar(replace(made, **numbers), shader.GetPath())


def with_one_primvar(material: Material, path: Sdf.Path) -> Material:
    """Return the material without maps on other texture coordinates than the first's; those are logged."""
    other = {name for name, laid in material.maps.items() if laid.primvar != material.primvar}
    if other:
        _log.warning(
            "%s: textures for %s lie on other texture coordinates than %r: left out, one set is drawn",
            path,
            ", ".join(sorted(other)),
            material.primvar,
        )
    return replace(material, maps={name: laid for name, laid in material.maps.items() if name not in other})


def color_of(value: Any) -> tuple[float, float, float]:
    """Return the first three components."""
    r, g, b = list(value)[:3]
    return float(r), float(g), float(b)


def uv_affine(scale: tuple[float, float], degrees: float, move: tuple[float, float]) -> NDArray[np.float64]:
    """Return (3, 3) that scales texture coordinates first, then turns them counter-clockwise, then moves them."""
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos * scale[0], -sin * scale[1], move[0]], [sin * scale[0], cos * scale[1], move[1]], [0, 0, 1]])


def _primvar_of(shader: UsdShade.Shader, name: str, time: Usd.TimeCode) -> str:
    source = source_of(shader, name)
    if not id_of(source).startswith("UsdPrimvarReader"):
        return ""
    assert source is not None
    return str(value_of(UsdShade.Shader(source.GetPrim()), "varname", time, "displayColor"))


def _map_of(shader: UsdShade.Shader, name: str, time: Usd.TimeCode) -> Map | None:
    source = source_of(shader, name)
    if id_of(source) != "UsdUVTexture":
        return None
    assert source is not None
    texture = UsdShade.Shader(source.GetPrim())
    output = str(source.GetName()).rpartition(":")[2]
    return replace(_read_map(texture, time), channel=CHANNELS.index(output) if output in CHANNELS else 0)


def _read_map(shader: UsdShade.Shader, time: Usd.TimeCode) -> Map:
    coordinates = source_of(shader, "st")
    affine = np.eye(3)
    for node in _transforms(coordinates):
        affine = affine @ _transform(node, time)
        coordinates = source_of(node, "in")
    reader = UsdShade.Shader(coordinates.GetPrim()) if id_of(coordinates) and coordinates else None
    fallback = value_of(shader, "fallback", time, None)
    return Map(
        file=file_of(shader, "file", time),
        color_space=str(value_of(shader, "sourceColorSpace", time, "auto")),
        wrap=(_wrap(shader, "wrapS", time), _wrap(shader, "wrapT", time)),
        primvar=str(value_of(reader, "varname", time, "st")) if reader else "st",
        affine=(*affine[:2, :2].ravel(), *affine[:2, 2]),
        scale=_four(value_of(shader, "scale", time, (1, 1, 1, 1))),
        bias=_four(value_of(shader, "bias", time, (0, 0, 0, 0))),
        fallback=None if fallback is None else _four(fallback),
    )


def file_of(shader: UsdShade.Shader, name: str, time: Usd.TimeCode) -> str:
    """Return where the file of an asset input is, "" if nowhere; a picture per tile has <UDIM> for the number."""
    asset = value_of(shader, name, time, Sdf.AssetPath())
    if not UsdShade.UdimUtils.IsUdimIdentifier(asset.path):
        return str(asset.resolvedPath)
    source = source_of(shader, name)
    assert source is not None
    # Only a tile's path can be resolved, and relative to the layer that names it.
    return str(UsdShade.UdimUtils.ResolveUdimPath(asset.path, source.GetPropertyStack(time)[0].layer))


def _four(value: Any) -> tuple[float, ...]:
    r, g, b, a = value
    return float(r), float(g), float(b), float(a)


def _wrap(shader: UsdShade.Shader, name: str, time: Usd.TimeCode) -> int:
    mode = str(value_of(shader, name, time, "useMetadata"))
    return WRAPS.index(mode) if mode in WRAPS else 0


def _transforms(source: Usd.Attribute | None) -> Iterator[UsdShade.Shader]:
    """Walk up a chain of UsdTransform2d nodes, nearest to the texture first."""
    while source is not None and id_of(source) == "UsdTransform2d":
        node = UsdShade.Shader(source.GetPrim())
        yield node
        source = source_of(node, "in")


def _transform(node: UsdShade.Shader, time: Usd.TimeCode) -> NDArray[np.float64]:
    # UsdPreviewSurface specification: scale first, then turn counter-clockwise, then move.
    scale = tuple(value_of(node, "scale", time, Gf.Vec2f(1, 1)))
    move = tuple(value_of(node, "translation", time, Gf.Vec2f(0, 0)))
    return uv_affine(scale, value_of(node, "rotation", time, 0.0), move)
