"""Reading UsdPreviewSurface and OmniPBR materials: colours, one diffuse texture and how it is laid on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pxr import Gf, Sdf, Usd, UsdShade

from kitless.raycast.omnipbr import Inputs, find_omnipbr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

WRAPS = ("repeat", "clamp", "mirror", "black")
"""Wrap modes; a Map holds positions in this. useMetadata counts as repeat: pictures carry no such metadata."""


@dataclass(frozen=True, kw_only=True)
class Map:
    """A UsdUVTexture."""

    file: str
    """Resolved path, "" if it leads nowhere."""
    color_space: str
    wrap: tuple[int, int]
    """Along s and t, positions in WRAPS."""
    primvar: str
    """Name of the texture coordinates."""
    affine: tuple[float, ...]
    """(a, b, c, d, e, f): (s, t) becomes (a s + b t + e, c s + d t + f)."""
    scale: tuple[float, float, float]
    bias: tuple[float, float, float]
    fallback: tuple[float, float, float]
    """Linear colour for a picture that cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """What shade() draws of a material; colours are linear."""

    diffuse: tuple[float, float, float] = (0.18, 0.18, 0.18)
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    metallic: float = 0.0
    roughness: float = 0.5
    uses_display_color: bool = False
    """Whether diffuse is the geometry's display colour."""
    map: Map | None = None
    """The diffuse texture; replaces diffuse."""


def read_material(prim: Usd.Prim, time: Usd.TimeCode) -> Material | None:
    """Return a material as drawn, or None if it has neither UsdPreviewSurface nor, second choice, OmniPBR."""
    shader = UsdShade.Material(prim).ComputeSurfaceSource()[0]
    if not shader or shader.GetIdAttr().Get() != "UsdPreviewSurface":
        mdl = find_omnipbr(UsdShade.Material(prim))
        return _read_omnipbr(Inputs(mdl, time)) if mdl else None
    source = _source(shader, "diffuseColor")
    kind = _id(source)
    return Material(
        diffuse=_color(_value(shader, "diffuseColor", time, (0.18, 0.18, 0.18))),
        emissive=_color(_value(shader, "emissiveColor", time, (0.0, 0.0, 0.0))),
        metallic=float(_value(shader, "metallic", time, 0.0)),
        roughness=float(_value(shader, "roughness", time, 0.5)),
        uses_display_color=kind.startswith("UsdPrimvarReader"),
        map=_read_map(UsdShade.Shader(source.GetPrim()), time) if source and kind == "UsdUVTexture" else None,
    )


def _read_omnipbr(inputs: Inputs) -> Material:
    file = inputs.file
    tint = inputs.color("diffuse_tint", (1.0, 1.0, 1.0))
    laid = None if file is None else Map(
        file=file,
        color_space="auto",
        wrap=(0, 0),
        primvar="st",
        affine=inputs.affine,
        scale=tint,
        bias=(0.0, 0.0, 0.0),
        fallback=(0.18, 0.18, 0.18),
    )  # fmt: skip
    r, g, b = (part * by for part, by in zip(inputs.color("diffuse_color_constant", (0.2,) * 3), tint, strict=True))
    return Material(
        diffuse=(r, g, b),
        emissive=inputs.emissive,
        metallic=float(inputs.get("metallic_constant", 0.0)),
        roughness=float(inputs.get("reflection_roughness_constant", 0.5)),
        map=laid,
    )


def is_animated(prim: Usd.Prim) -> bool:
    """Whether any input of a material's network may differ from one time to another."""
    return any(a.ValueMightBeTimeVarying() for p in Usd.PrimRange(prim) for a in p.GetAuthoredAttributes())


def _source(shader: UsdShade.Shader, name: str) -> Usd.Attribute | None:
    """Return the attribute that gives an input its value, through interfaces and node graphs."""
    found = shader.GetInput(name)
    attributes = found.GetValueProducingAttributes() if found else []
    return attributes[0] if attributes else None


def _id(source: Usd.Attribute | None) -> str:
    if source is None or not UsdShade.Output.IsOutput(source):
        return ""
    return str(UsdShade.Shader(source.GetPrim()).GetIdAttr().Get() or "")


def _value(shader: UsdShade.Shader, name: str, time: Usd.TimeCode, default: Any) -> Any:
    source = _source(shader, name)
    value = source.Get(time) if source is not None and UsdShade.Input.IsInput(source) else None
    return default if value is None else value


def _color(value: Any) -> tuple[float, float, float]:
    r, g, b = list(value)[:3]
    return float(r), float(g), float(b)


def _read_map(shader: UsdShade.Shader, time: Usd.TimeCode) -> Map:
    file = _value(shader, "file", time, Sdf.AssetPath())
    coordinates = _source(shader, "st")
    affine = np.eye(3)
    for node in _transforms(coordinates):
        affine = affine @ _transform(node, time)
        coordinates = _source(node, "in")
    reader = UsdShade.Shader(coordinates.GetPrim()) if _id(coordinates) and coordinates else None
    return Map(
        file=str(file.resolvedPath),
        color_space=str(_value(shader, "sourceColorSpace", time, "auto")),
        wrap=(_wrap(shader, "wrapS", time), _wrap(shader, "wrapT", time)),
        primvar=str(_value(reader, "varname", time, "st")) if reader else "st",
        affine=(*affine[:2, :2].ravel(), *affine[:2, 2]),
        scale=_color(_value(shader, "scale", time, (1, 1, 1, 1))),
        bias=_color(_value(shader, "bias", time, (0, 0, 0, 0))),
        fallback=_color(_value(shader, "fallback", time, (0.18, 0.18, 0.18, 1))),
    )


def _wrap(shader: UsdShade.Shader, name: str, time: Usd.TimeCode) -> int:
    mode = str(_value(shader, name, time, "useMetadata"))
    return WRAPS.index(mode) if mode in WRAPS else 0


def _transforms(source: Usd.Attribute | None) -> Iterator[UsdShade.Shader]:
    """Walk up a chain of UsdTransform2d nodes, nearest to the texture first."""
    while source is not None and _id(source) == "UsdTransform2d":
        node = UsdShade.Shader(source.GetPrim())
        yield node
        source = _source(node, "in")


def _transform(node: UsdShade.Shader, time: Usd.TimeCode) -> NDArray[np.float64]:
    # UsdPreviewSurface specification: scale first, then turn counter-clockwise, then move.
    angle = np.radians(_value(node, "rotation", time, 0.0))
    cos, sin = np.cos(angle), np.sin(angle)
    sx, sy = _value(node, "scale", time, Gf.Vec2f(1, 1))
    tx, ty = _value(node, "translation", time, Gf.Vec2f(0, 0))
    return np.array([[cos * sx, -sin * sy, tx], [sin * sx, cos * sy, ty], [0, 0, 1]])
