"""Reading OmniPBR, the material that Omniverse's tools write most, from an MDL material prim.

The MDL file itself is not needed: parameters and their meaning are OmniPBR's public ones.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pxr import Gf, Sdf, Usd, UsdShade

from kitless.raycast.materials import CHANNELS, Map, Material, color_of, file_of, uv_affine
from kitless.raycast.networks import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_log = logging.getLogger(__name__)
_NAMES = ("OmniPBR", "OmniPBR_Opacity", "OmniPBR_ClearCoat")
_GREY = (0.2, 0.2, 0.2)
_RED_GLOW = (1.0, 0.1, 0.1)
_ALPHA, _MEAN = CHANNELS.index("a"), CHANNELS.index("mean")


def is_omnipbr(shader: UsdShade.Shader) -> bool:
    """Whether a shader is OmniPBR or one of its near kin, by its MDL file and the name in it."""
    asset = shader.GetSourceAsset("mdl") if shader else None
    if not asset:
        return False
    name = shader.GetSourceAssetSubIdentifier("mdl") or asset.path.rpartition("/")[2].removesuffix(".mdl")
    return str(name).partition("(")[0] in _NAMES


def read_omnipbr(shader: UsdShade.Shader, time: Usd.TimeCode) -> Material:
    """Return the Material of an OmniPBR shader; what is not drawn of it is logged."""
    return _Reader(shader, time).material()


class _Reader:
    """One shader at one time."""

    def __init__(self, shader: UsdShade.Shader, time: Usd.TimeCode) -> None:
        self._shader, self._time = shader, time

    def material(self) -> Material:
        """Read everything."""
        if self._get("project_uvw", False):
            _log.warning("%s: project_uvw is not drawn, texture coordinates are", self._shader.GetPath())
        glows, is_open = self._get("enable_emission", False), self._get("enable_opacity", False)
        coated = self._get("enable_clearcoat", False)
        tint = color_of(self._get("diffuse_tint", (1.0, 1.0, 1.0)))
        color = color_of(self._get("diffuse_color_constant", _GREY))
        strength = float(self._get("emissive_intensity", 40.0)) if glows else 0.0
        emitted = color_of(self._get("emissive_color", _RED_GLOW))
        return Material(
            diffuse=(color[0] * tint[0], color[1] * tint[1], color[2] * tint[2]),
            emissive=(emitted[0] * strength, emitted[1] * strength, emitted[2] * strength),
            is_luminance=True,
            metallic=float(self._get("metallic_constant", 0.0)),
            roughness=float(self._get("reflection_roughness_constant", 0.5)),
            clearcoat=float(self._get("clearcoat_weight", 1.0)) if coated else 0.0,
            clearcoat_roughness=float(self._get("clearcoat_reflection_roughness", 0.0)) if coated else 0.0,
            opacity=float(self._get("opacity_constant", 1.0)) if is_open else 1.0,
            opacity_threshold=float(self._get("opacity_threshold", 0.0)) if is_open else 0.0,
            maps=dict(self._maps((*tint, 1.0), (*emitted, 1.0), strength)),
        )

    def _get(self, name: str, default: Any) -> Any:
        return value_of(self._shader, name, self._time, default)

    def _maps(self, tint: Any, emitted: Any, strength: float) -> Iterator[tuple[str, Map]]:
        yield from self._map("diffuse", "diffuse_texture", "auto", scale=tint)
        if strength:
            glow = tuple(c * strength for c in emitted)
            yield from self._map("emissive", "emissive_color_texture", "auto", scale=glow)
        if self._get("enable_ORM_texture", False):
            yield from self._blended("roughness", "reflection_roughness", "ORM_texture", CHANNELS.index("g"))
            yield from self._blended("metallic", "metallic", "ORM_texture", CHANNELS.index("b"))
        else:
            yield from self._blended("roughness", "reflection_roughness", "reflectionroughness_texture", _MEAN)
            yield from self._blended("metallic", "metallic", "metallic_texture", _MEAN)
        if self._get("enable_opacity", False) and self._get("enable_opacity_texture", True):
            # opacity_mode 0 takes alpha; the others are ways to make grey of a colour, alike for grey pictures.
            channel = _ALPHA if self._get("opacity_mode", 1) == 0 else _MEAN
            yield from self._map("opacity", "opacity_texture", "raw", channel=channel)
        yield from self._normals()

    def _map(self, field: str, name: str, space: str, **laid: Any) -> Iterator[tuple[str, Map]]:
        if not self._get(name, Sdf.AssetPath()).path:
            return
        scale = tuple(self._get("texture_scale", Gf.Vec2f(1, 1)))
        move = tuple(self._get("texture_translate", Gf.Vec2f(0, 0)))
        affine = uv_affine(scale, float(self._get("texture_rotate", 0.0)), move)
        authored = self._shader.GetInput(name).GetAttr().GetColorSpace()
        yield (
            field,
            Map(
                file=file_of(self._shader, name, self._time),
                color_space=str(authored) if authored in ("sRGB", "raw") else space,
                affine=(*affine[:2, :2].ravel(), *affine[:2, 2]),
                **laid,
            ),
        )

    def _blended(self, field: str, stem: str, name: str, channel: int) -> Iterator[tuple[str, Map]]:
        """Yield a texture that counts by its influence, the constant for the rest."""
        share = float(self._get(f"{stem}_texture_influence", 0.0))
        constant = float(self._get(f"{stem}_constant", 0.5 if field == "roughness" else 0.0))
        if share > 0:
            rest = constant * (1 - share)
            yield from self._map(field, name, "raw", channel=channel, scale=(share,) * 4, bias=(rest,) * 4)

    def _normals(self) -> Iterator[tuple[str, Map]]:
        bump = float(self._get("bump_factor", 1.0))
        # flip_tangent_v is on by default; then pictures are as UsdPreviewSurface wants them, green up.
        up = 1.0 if self._get("flip_tangent_v", True) else -1.0
        right = -1.0 if self._get("flip_tangent_u", False) else 1.0
        scale = (2 * bump * right, 2 * bump * up, 2.0, 1.0)
        bias = (-bump * right, -bump * up, -1.0, 0.0)
        yield from self._map("normal", "normalmap_texture", "raw", scale=scale, bias=bias)
