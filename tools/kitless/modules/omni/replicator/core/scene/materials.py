"""OmniPBR materials, and binding."""

from typing import Any

from pxr import Sdf, Usd, UsdShade

from kitless.assets import resolve

from .naming import LOOKS, define_parent, free_paths

TYPES = {
    "diffuse_color_constant": Sdf.ValueTypeNames.Color3f,
    "diffuse_texture": Sdf.ValueTypeNames.Asset,
    "diffuse_tint": Sdf.ValueTypeNames.Color3f,
    "emissive_color": Sdf.ValueTypeNames.Color3f,
    "emissive_color_texture": Sdf.ValueTypeNames.Asset,
    "emissive_intensity": Sdf.ValueTypeNames.Float,
    "enable_emission": Sdf.ValueTypeNames.Bool,
    "metallic_constant": Sdf.ValueTypeNames.Float,
    "metallic_texture": Sdf.ValueTypeNames.Asset,
    "metallic_texture_influence": Sdf.ValueTypeNames.Float,
    "project_uvw": Sdf.ValueTypeNames.Bool,
    "reflection_roughness_constant": Sdf.ValueTypeNames.Float,
    "reflection_roughness_texture_influence": Sdf.ValueTypeNames.Float,
    "reflectionroughness_texture": Sdf.ValueTypeNames.Asset,
    "specular_level": Sdf.ValueTypeNames.Float,
    "texture_rotate": Sdf.ValueTypeNames.Float,
    "texture_scale": Sdf.ValueTypeNames.Float2,
}
"""The inputs of OmniPBR that are written here."""


def define_omnipbr(stage: Usd.Stage, name: str = "OmniPBR", mdl: str = "OmniPBR.mdl") -> Usd.Prim:
    """A material of an MDL file's main material, under Replicator's looks."""
    define_parent(stage, LOOKS.rpartition("/")[0])
    if not stage.GetPrimAtPath(LOOKS):
        stage.DefinePrim(LOOKS, "Scope")
    material = UsdShade.Material.Define(stage, free_paths(stage, LOOKS, name)[0])
    shader = UsdShade.Shader.Define(stage, material.GetPath().AppendChild("Shader"))
    shader.SetSourceAsset(Sdf.AssetPath(mdl), "mdl")
    shader.SetSourceAssetSubIdentifier(mdl.rpartition("/")[2].removesuffix(".mdl"), "mdl")
    output = shader.CreateOutput("out", Sdf.ValueTypeNames.Token)
    for slot in (material.CreateSurfaceOutput, material.CreateDisplacementOutput, material.CreateVolumeOutput):
        slot("mdl").ConnectToSource(output)
    return material.GetPrim()


def shader_of(material: Usd.Prim) -> UsdShade.Shader:
    """What shades a material's surface. Raises ``ValueError`` for what is no material."""
    found = UsdShade.Material(material).ComputeSurfaceSource("mdl")[0] if material.IsA(UsdShade.Material) else None
    if not found:
        raise ValueError(f"{material.GetPath()}: not a material with a surface")
    return found


def set_inputs(material: Usd.Prim, values: dict[str, Any]) -> None:
    """Set inputs of OmniPBR by their names."""
    shader = shader_of(material)
    for name, value in values.items():
        shader.CreateInput(name, TYPES[name]).Set(Sdf.AssetPath(resolve(value)) if name.endswith("_texture") else value)


def bind(prim: Usd.Prim, material: Usd.Prim) -> None:
    """Bind a material to a prim and all below it, whatever those are bound to."""
    if not material.IsA(UsdShade.Material):
        raise ValueError(f"{material.GetPath()}: not a material")
    api = UsdShade.MaterialBindingAPI.Apply(prim)
    api.Bind(UsdShade.Material(material), UsdShade.Tokens.strongerThanDescendants)
