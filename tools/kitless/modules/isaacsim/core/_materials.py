"""Materials that are seen, and materials for physics: made, changed and bound."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from pxr import Gf, Sdf, Usd, UsdPhysics, UsdShade

from isaacsim.core._current import current_stage
from isaacsim.core._poses import Array, floats
from kitless.assets import resolve

_PREVIEW = "UsdPreviewSurface"
_PHYSICS = "physics"


class VisualMaterial:
    """A material with the shaders that make it."""

    def __init__(
        self,
        name: str,
        prim_path: str,
        prim: Usd.Prim,
        shaders_list: list[UsdShade.Shader],
        material: UsdShade.Material,
    ) -> None:
        self._name, self._path, self._prim = name, prim_path, prim
        self._shaders, self._material = shaders_list, material

    @property
    def name(self) -> str:
        """The name in a Scene."""
        return self._name

    @property
    def prim_path(self) -> str:
        """The material's path."""
        return self._path

    @property
    def prim(self) -> Usd.Prim:
        """The material's prim."""
        return self._prim

    @property
    def shaders_list(self) -> list[UsdShade.Shader]:
        """The shaders; the first one is what the material's own methods set."""
        return self._shaders

    @property
    def material(self) -> UsdShade.Material:
        """The material's schema."""
        return self._material


class PreviewSurface(VisualMaterial):
    """A UsdPreviewSurface, made where there is no material at the path."""

    def __init__(
        self,
        prim_path: str,
        name: str = "preview_surface",
        shader: UsdShade.Shader | None = None,
        color: ArrayLike | None = None,
        roughness: float | None = None,
        metallic: float | None = None,
    ) -> None:
        material = UsdShade.Material.Define(current_stage(), prim_path)
        shader = shader or preview_shader(material, "shader")
        super().__init__(name, prim_path, material.GetPrim(), [shader], material)
        if color is not None:
            self.set_color(color)
        if roughness is not None:
            self.set_roughness(roughness)
        if metallic is not None:
            self.set_metallic(metallic)

    def set_color(self, color: ArrayLike) -> None:
        """Set the diffuse colour (3,), linear, 0 to 1."""
        _set(self._shaders[0], "diffuseColor", Sdf.ValueTypeNames.Color3f, _color(color))

    def get_color(self) -> Array:
        """Return the diffuse colour (3,)."""
        return np.array(_get(self._shaders[0], "diffuseColor", (0.18, 0.18, 0.18)), dtype=np.float64)

    def set_roughness(self, roughness: float) -> None:
        """Set the roughness, 0 to 1."""
        _set(self._shaders[0], "roughness", Sdf.ValueTypeNames.Float, float(roughness))

    def get_roughness(self) -> float:
        """Return the roughness."""
        return float(_get(self._shaders[0], "roughness", 0.5))

    def set_metallic(self, metallic: float) -> None:
        """Set how metallic it is, 0 to 1."""
        _set(self._shaders[0], "metallic", Sdf.ValueTypeNames.Float, float(metallic))

    def get_metallic(self) -> float:
        """Return how metallic it is."""
        return float(_get(self._shaders[0], "metallic", 0.0))


class OmniPBR(VisualMaterial):
    """An OmniPBR material, made where there is none at the path."""

    def __init__(
        self,
        prim_path: str,
        name: str = "omni_pbr",
        shader: UsdShade.Shader | None = None,
        texture_path: str | None = None,
        texture_scale: ArrayLike | None = None,
        texture_translate: ArrayLike | None = None,
        color: ArrayLike | None = None,
    ) -> None:
        material = UsdShade.Material.Define(current_stage(), prim_path)
        shader = shader or _mdl_shader(material, "Shader", "OmniPBR")
        super().__init__(name, prim_path, material.GetPrim(), [shader], material)
        if color is not None:
            self.set_color(color)
        if texture_path is not None:
            self.set_texture(texture_path)
        if texture_scale is not None:
            self.set_texture_scale(*floats(texture_scale, 2, "a texture's scale"))
        if texture_translate is not None:
            self.set_texture_translate(*floats(texture_translate, 2, "a texture's place"))

    def set_color(self, color: ArrayLike) -> None:
        """Set the diffuse colour (3,), linear, 0 to 1."""
        _set(self._shaders[0], "diffuse_color_constant", Sdf.ValueTypeNames.Color3f, _color(color))

    def get_color(self) -> Array:
        """Return the diffuse colour (3,)."""
        return np.array(_get(self._shaders[0], "diffuse_color_constant", (0.2, 0.2, 0.2)), dtype=np.float64)

    def set_texture(self, path: str) -> None:
        """Set the diffuse texture; raises AssetNotFoundError for a missing one of a server."""
        _set(self._shaders[0], "diffuse_texture", Sdf.ValueTypeNames.Asset, Sdf.AssetPath(resolve(path)))

    def get_texture(self) -> str:
        """Return the diffuse texture's file, empty when there is none."""
        asset = _get(self._shaders[0], "diffuse_texture", None)
        return asset.path if asset else ""

    def set_texture_scale(self, x: float, y: float) -> None:
        """Set how often the texture repeats along u and v."""
        _set(self._shaders[0], "texture_scale", Sdf.ValueTypeNames.Float2, Gf.Vec2f(x, y))

    def get_texture_scale(self) -> Array:
        """Return how often the texture repeats, (2,)."""
        return np.array(_get(self._shaders[0], "texture_scale", (1.0, 1.0)), dtype=np.float64)

    def set_texture_translate(self, x: float, y: float) -> None:
        """Move the texture along u and v."""
        _set(self._shaders[0], "texture_translate", Sdf.ValueTypeNames.Float2, Gf.Vec2f(x, y))

    def get_texture_translate(self) -> Array:
        """Return how far the texture is moved, (2,)."""
        return np.array(_get(self._shaders[0], "texture_translate", (0.0, 0.0)), dtype=np.float64)

    def set_reflection_roughness(self, amount: float) -> None:
        """Set the roughness, 0 to 1."""
        _set(self._shaders[0], "reflection_roughness_constant", Sdf.ValueTypeNames.Float, float(amount))

    def get_reflection_roughness(self) -> float:
        """Return the roughness."""
        return float(_get(self._shaders[0], "reflection_roughness_constant", 0.5))

    def set_metallic_constant(self, amount: float) -> None:
        """Set how metallic it is, 0 to 1."""
        _set(self._shaders[0], "metallic_constant", Sdf.ValueTypeNames.Float, float(amount))

    def get_metallic_constant(self) -> float:
        """Return how metallic it is."""
        return float(_get(self._shaders[0], "metallic_constant", 0.0))

    def set_project_uvw(self, flag: bool) -> None:
        """Project the texture along the world's axes; kitless draws it by the mesh's own coordinates in any case."""
        _set(self._shaders[0], "project_uvw", Sdf.ValueTypeNames.Bool, bool(flag))


class PhysicsMaterial:
    """Friction and restitution, on a material made where there is none at the path."""

    def __init__(
        self,
        prim_path: str,
        name: str = "physics_material",
        static_friction: float | None = None,
        dynamic_friction: float | None = None,
        restitution: float | None = None,
    ) -> None:
        self._name, self._path = name, prim_path
        self._material = UsdShade.Material.Define(current_stage(), prim_path)
        self._schema = UsdPhysics.MaterialAPI.Apply(self._material.GetPrim())
        if static_friction is not None:
            self.set_static_friction(static_friction)
        if dynamic_friction is not None:
            self.set_dynamic_friction(dynamic_friction)
        if restitution is not None:
            self.set_restitution(restitution)

    @property
    def name(self) -> str:
        """The name in a Scene."""
        return self._name

    @property
    def prim_path(self) -> str:
        """The material's path."""
        return self._path

    @property
    def prim(self) -> Usd.Prim:
        """The material's prim."""
        return self._material.GetPrim()

    @property
    def material(self) -> UsdShade.Material:
        """The material's schema."""
        return self._material

    def set_static_friction(self, friction: float) -> None:
        """Set the friction at rest."""
        self._schema.CreateStaticFrictionAttr().Set(float(friction))

    def get_static_friction(self) -> float:
        """Return the friction at rest."""
        return float(self._schema.GetStaticFrictionAttr().Get())

    def set_dynamic_friction(self, friction: float) -> None:
        """Set the friction in motion."""
        self._schema.CreateDynamicFrictionAttr().Set(float(friction))

    def get_dynamic_friction(self) -> float:
        """Return the friction in motion."""
        return float(self._schema.GetDynamicFrictionAttr().Get())

    def set_restitution(self, restitution: float) -> None:
        """Set the restitution, 0 to 1."""
        self._schema.CreateRestitutionAttr().Set(float(restitution))

    def get_restitution(self) -> float:
        """Return the restitution."""
        return float(self._schema.GetRestitutionAttr().Get())


def bind(prim: Usd.Prim, material: VisualMaterial, weaker: bool) -> None:
    """Bind a material, over those of what is below unless ``weaker``."""
    UsdShade.MaterialBindingAPI.Apply(prim).Bind(material.material, _strength(weaker))


def bind_physics(prim: Usd.Prim, material: PhysicsMaterial, weaker: bool) -> None:
    """Bind a material for physics."""
    UsdShade.MaterialBindingAPI.Apply(prim).Bind(material.material, _strength(weaker), _PHYSICS)


def bound_visual_material(prim: Usd.Prim) -> VisualMaterial | None:
    """Return the material that is bound to the prim itself; None when there is none or it is of no known kind."""
    material = UsdShade.MaterialBindingAPI(prim).GetDirectBinding().GetMaterial()
    if not material:
        return None
    path = str(material.GetPath())
    for child in material.GetPrim().GetChildren():
        shader = UsdShade.Shader(child)
        if shader and shader.GetSourceAssetSubIdentifier("mdl") == "OmniPBR":
            return OmniPBR(path, shader=shader)
    surface = material.ComputeSurfaceSource()[0]
    is_preview = surface and surface.GetIdAttr().Get() == _PREVIEW
    return PreviewSurface(path, shader=surface) if is_preview else None


def bound_physics_material(prim: Usd.Prim) -> PhysicsMaterial | None:
    """Return the material for physics that is bound to the prim itself, None when there is none."""
    material = UsdShade.MaterialBindingAPI(prim).GetDirectBinding(_PHYSICS).GetMaterial()
    return PhysicsMaterial(str(material.GetPath())) if material else None


def preview_shader(material: UsdShade.Material, name: str) -> UsdShade.Shader:
    """Return the material's preview surface of that name, made where it is missing."""
    shader = UsdShade.Shader.Define(current_stage(), material.GetPath().AppendChild(name))
    shader.CreateIdAttr(_PREVIEW)
    material.CreateSurfaceOutput().ConnectToSource(shader.CreateOutput("surface", Sdf.ValueTypeNames.Token))
    return shader


def _mdl_shader(material: UsdShade.Material, name: str, kind: str) -> UsdShade.Shader:
    shader = UsdShade.Shader.Define(current_stage(), material.GetPath().AppendChild(name))
    shader.SetSourceAsset(Sdf.AssetPath(f"{kind}.mdl"), "mdl")
    shader.SetSourceAssetSubIdentifier(kind, "mdl")
    material.CreateSurfaceOutput("mdl").ConnectToSource(shader.CreateOutput("out", Sdf.ValueTypeNames.Token))
    return shader


def _strength(weaker: bool) -> str:
    tokens = UsdShade.Tokens
    return str(tokens.weakerThanDescendants if weaker else tokens.strongerThanDescendants)


def _color(color: ArrayLike) -> Gf.Vec3f:
    return Gf.Vec3f(*floats(color, 3, "a colour"))


def _set(shader: UsdShade.Shader, name: str, kind: Any, value: Any) -> None:
    shader.CreateInput(name, kind).Set(value)


def _get(shader: UsdShade.Shader, name: str, default: Any) -> Any:
    value = shader.GetInput(name).Get() if shader.GetInput(name) else None
    return default if value is None else value
