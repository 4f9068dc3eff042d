"""Opacity: materials that let light through, as far as their constants tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from pxr import Sdf, Usd, UsdShade

OPACITY_THRESHOLD = 0.99
"""A material with an opacity below this is translucent. A renderer may leave any such surface out of masks."""

_NAME = "info:mdl:sourceAsset:subIdentifier"


def translucent(stage: Usd.Stage, prims: Iterable[Usd.Prim]) -> Iterator[tuple[Usd.Prim, str]]:
    """Yield those of ``prims``, gprims or face subsets, whose bound material is translucent, and what it is like.

    Constants are judged, at the default time; an opacity that a texture or another shader gives is not.
    """
    # To ask what is bound takes long; few stages have anything translucent.
    if not any(_transparency(material) for material in _materials(stage)):
        return
    asked = list(prims)
    materials, _ = UsdShade.MaterialBindingAPI.ComputeBoundMaterials(asked)
    known: dict[Usd.Prim, str | None] = {}
    for prim, material in zip(asked, materials, strict=True):
        bound = material.GetPrim()
        if bound not in known:
            known[bound] = _transparency(material) if material else None
        text = known[bound]
        if text is not None:
            yield prim, f"its material {bound.GetPath()} {text}"


def _materials(stage: Usd.Stage) -> Iterator[UsdShade.Material]:
    within = (Usd.PrimRange(prototype, Usd.PrimAllPrimsPredicate) for prototype in stage.GetPrototypes())
    prims = chain(Usd.PrimRange.Stage(stage, Usd.PrimAllPrimsPredicate), *within)
    return (UsdShade.Material(prim) for prim in prims if prim.IsA(UsdShade.Material))


def _transparency(material: UsdShade.Material) -> str | None:
    # Kit prefers MDL; without it this gives the universal surface.
    shader = material.ComputeSurfaceSource("mdl")[0]
    if not shader:
        return None
    name = str(shader.GetIdAttr().Get() or shader.GetPrim().GetAttribute(_NAME).Get() or _file_stem(shader))
    if name.startswith("OmniGlass"):
        return "is OmniGlass"
    if name.startswith("OmniPBR"):
        return _told(_constant(shader, "opacity_constant", 1.0)) if _constant(shader, "enable_opacity", False) else None
    return _preview_transparency(shader) if name == "UsdPreviewSurface" else None


def _preview_transparency(shader: UsdShade.Shader) -> str | None:
    opacity, cutout = _constant(shader, "opacity", 1.0), _constant(shader, "opacityThreshold", 0.0)
    # With a threshold the surface is there whole or not at all.
    is_whole = opacity is not None and cutout and opacity >= cutout
    return None if is_whole else _told(opacity)


def _told(opacity: float | None) -> str | None:
    return None if opacity is None or opacity >= OPACITY_THRESHOLD else f"has opacity {opacity:.3g}"


def _constant(shader: UsdShade.Shader, name: str, default: float) -> Any:
    """Return what an input is, also if the material's own input gives it; None if a shader's output does."""
    source = shader.GetInput(name)
    attributes = source.GetValueProducingAttributes() if source else ()
    if not attributes:
        return default
    if UsdShade.Utils.GetType(attributes[0].GetName()) != UsdShade.AttributeType.Input:
        return None
    value = attributes[0].Get()
    return default if value is None else value


def _file_stem(shader: UsdShade.Shader) -> str:
    asset = shader.GetSourceAsset("mdl")
    path = asset.path if isinstance(asset, Sdf.AssetPath) else ""
    return path.rpartition("/")[2].removesuffix(".mdl")
