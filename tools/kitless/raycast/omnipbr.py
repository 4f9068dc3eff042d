"""Reading OmniPBR, NVIDIA's MDL material: the inputs that are drawn, with the defaults of its documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pxr import Sdf, UsdShade

from kitless.raycast.lights import WHITE

if TYPE_CHECKING:
    from pxr import Usd

NAME = "OmniPBR"


def find_omnipbr(material: UsdShade.Material) -> UsdShade.Shader | None:
    """Return the shader of a material's MDL surface, or None if that is not OmniPBR."""
    shader = material.ComputeSurfaceSource("mdl")[0]
    if not shader or shader.GetImplementationSource() != UsdShade.Tokens.sourceAsset:
        return None
    asset = shader.GetSourceAsset("mdl")
    named = shader.GetSourceAssetSubIdentifier("mdl") == NAME
    return shader if named or (asset and asset.path.rpartition("/")[2] == f"{NAME}.mdl") else None


class Inputs:
    """The inputs of a shader at a time."""

    def __init__(self, shader: UsdShade.Shader, time: Usd.TimeCode) -> None:
        self._shader, self._time = shader, time

    def get(self, name: str, default: Any) -> Any:
        """Return an input's value, through the material's interface, or a default."""
        found = self._shader.GetInput(name)
        sources = found.GetValueProducingAttributes() if found else []
        value = sources[0].Get(self._time) if sources else None
        return default if value is None else value

    def color(self, name: str, default: tuple[float, float, float]) -> tuple[float, float, float]:
        """Return a colour."""
        r, g, b = self.get(name, default)
        return float(r), float(g), float(b)

    @property
    def emissive(self) -> tuple[float, float, float]:
        """What it shines with, 1 is display white: OmniPBR's intensity is a radiance, as that of a dome is."""
        if not self.get("enable_emission", False):
            return 0.0, 0.0, 0.0
        power = float(self.get("emissive_intensity", 40.0)) / WHITE
        r, g, b = self.color("emissive_color", (1.0, 0.1, 0.1))
        return r * power, g * power, b * power

    @property
    def file(self) -> str | None:
        """Where the picture is, "" if it cannot be found; None if there is none."""
        asset = self.get("diffuse_texture", Sdf.AssetPath())
        return str(asset.resolvedPath) if asset.path else None

    @property
    def affine(self) -> tuple[float, ...]:
        """What becomes of texture coordinates: scaled, turned counter-clockwise (degrees), moved."""
        angle = np.radians(float(self.get("texture_rotate", 0.0)))
        cos, sin = float(np.cos(angle)), float(np.sin(angle))
        sx, sy = self.get("texture_scale", (1.0, 1.0))
        tx, ty = self.get("texture_translate", (0.0, 0.0))
        return cos * sx, -sin * sy, sin * sx, cos * sy, float(tx), float(ty)
