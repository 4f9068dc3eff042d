"""MDL materials, OmniPBR's inputs by their names and types, and binding."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from pxr import Sdf, Usd, UsdShade

from kitless.assets import resolve

from .naming import LOOKS, define_parent, free_paths

COLOR, FLOAT, BOOL = Sdf.ValueTypeNames.Color3f, Sdf.ValueTypeNames.Float, Sdf.ValueTypeNames.Bool
PAIR, ASSET = Sdf.ValueTypeNames.Float2, Sdf.ValueTypeNames.Asset
OMNI_PBR: Mapping[str, Sdf.ValueTypeName] = {
    "diffuse_color_constant": COLOR,
    "diffuse_texture": ASSET,
    "diffuse_tint": COLOR,
    "albedo_add": FLOAT,
    "albedo_brightness": FLOAT,
    "albedo_desaturation": FLOAT,
    "reflection_roughness_constant": FLOAT,
    "reflection_roughness_texture_influence": FLOAT,
    "reflectionroughness_texture": ASSET,
    "metallic_constant": FLOAT,
    "metallic_texture": ASSET,
    "metallic_texture_influence": FLOAT,
    "specular_level": FLOAT,
    "enable_emission": BOOL,
    "emissive_color": COLOR,
    "emissive_color_texture": ASSET,
    "emissive_intensity": FLOAT,
    "enable_opacity": BOOL,
    "opacity_constant": FLOAT,
    "opacity_texture": ASSET,
    "normalmap_texture": ASSET,
    "bump_factor": FLOAT,
    "project_uvw": BOOL,
    "world_or_object": BOOL,
    "texture_translate": PAIR,
    "texture_rotate": FLOAT,
    "texture_scale": PAIR,
}
"""The inputs of OmniPBR that are known, and their types; those of other materials go by the value."""
INTEGERS = (Sdf.ValueTypeNames.Int, Sdf.ValueTypeNames.Int64)


def define_mdl(stage: Usd.Stage, path: str, mdl: str) -> Usd.Prim:
    """A material of an MDL file's main material."""
    material = UsdShade.Material.Define(stage, path)
    shader = UsdShade.Shader.Define(stage, material.GetPath().AppendChild("Shader"))
    shader.SetSourceAsset(Sdf.AssetPath(mdl), "mdl")
    shader.SetSourceAssetSubIdentifier(PurePosixPath(mdl).stem, "mdl")
    output = shader.CreateOutput("out", Sdf.ValueTypeNames.Token)
    for slot in (material.CreateSurfaceOutput, material.CreateDisplacementOutput, material.CreateVolumeOutput):
        slot("mdl").ConnectToSource(output)
    return material.GetPrim()


def define_look(stage: Usd.Stage, mdl: str = "OmniPBR.mdl") -> Usd.Prim:
    """A material of an MDL file under Replicator's looks, named after the file."""
    define_parent(stage, LOOKS.rpartition("/")[0])
    if not stage.GetPrimAtPath(LOOKS):
        stage.DefinePrim(LOOKS, "Scope")
    return define_mdl(stage, free_paths(stage, LOOKS, PurePosixPath(mdl).stem)[0], mdl)


def shader_of(material: Usd.Prim) -> UsdShade.Shader:
    """What shades a material's surface. Raises ``ValueError`` for what is no material."""
    found = UsdShade.Material(material).ComputeSurfaceSource("mdl")[0] if material.IsA(UsdShade.Material) else None
    if not found:
        raise ValueError(f"{material.GetPath()}: not a material with a surface")
    return found


def set_inputs(material: Usd.Prim, values: Mapping[str, Any]) -> None:
    """Author inputs of a material, each in its type. Raises ``ValueError`` for one whose type nothing tells."""
    shader = shader_of(material)
    for name, value in values.items():
        kind = OMNI_PBR.get(name) or type_of(name, value)
        shader.CreateInput(name, kind).Set(as_value(kind, value))


def _shaders_of(prim: Usd.Prim) -> list[UsdShade.Shader]:
    """The shaders of a material, or the one that a prim is."""
    if prim.IsA(UsdShade.Shader):
        return [UsdShade.Shader(prim)]
    if not prim.IsA(UsdShade.Material):
        return []
    return [UsdShade.Shader(below) for below in Usd.PrimRange(prim) if below.IsA(UsdShade.Shader)]


def find_input(prim: Usd.Prim, name: str) -> UsdShade.Input | None:
    """The input that a material (or shader) has by this name, made if OmniPBR has it; None where nothing has."""
    name = name.removeprefix("inputs:")
    shaders = _shaders_of(prim)
    for shader in shaders:
        if shader.GetInput(name):
            return shader.GetInput(name)
    for shader in shaders:
        if name in OMNI_PBR and shader.GetSourceAssetSubIdentifier("mdl") == "OmniPBR":
            return shader.CreateInput(name, OMNI_PBR[name])
    return None


def type_of(name: str, value: Any) -> Sdf.ValueTypeName:
    """The type of an input that is known by its value only. Raises ``ValueError`` for what none fits."""
    if isinstance(value, (bool, np.bool_)):
        return BOOL
    if isinstance(value, (int, float, np.number)):
        return Sdf.ValueTypeNames.Int if isinstance(value, (int, np.integer)) else FLOAT
    if isinstance(value, (str, Sdf.AssetPath)):
        return ASSET
    kinds = {2: PAIR, 3: COLOR, 4: Sdf.ValueTypeNames.Float4}
    if hasattr(value, "__len__") and len(value) in kinds:
        return kinds[len(value)]
    raise ValueError(f"Input '{name}': no type of USD is known for {value!r}")


def as_value(kind: Sdf.ValueTypeName, value: Any) -> Any:
    """A Python or numpy value as USD takes it for a type; one number is all of a vector's, integers are rounded.

    Raises AssetNotFoundError for an asset of a server that is not in the user's folder.
    """
    if kind == ASSET:
        return value if isinstance(value, Sdf.AssetPath) else Sdf.AssetPath(resolve(value))
    default = kind.defaultValue
    if hasattr(default, "dimension") and not isinstance(value, type(default)):
        parts = np.broadcast_to(value, np.shape(default)).tolist()
        is_matrix = isinstance(default.dimension, tuple)
        return type(default)(*(parts if is_matrix else map(type(default[0]), parts)))
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list) and len(value) == 1 and not kind.isArray:
        value = value[0]
    return round(value) if kind in INTEGERS and isinstance(value, float) else value


def bind(prim: Usd.Prim, material: Usd.Prim) -> None:
    """Bind a material to a prim and what is below it.

    It is stronger than what descendants have bound, so that whole assets change their look. Raises ``ValueError``
    for what is no material.
    """
    if not material.IsA(UsdShade.Material):
        raise ValueError(f"Not a material: {material.GetPath()} is a {material.GetTypeName() or 'prim without type'}")
    api = UsdShade.MaterialBindingAPI.Apply(prim)
    api.Bind(UsdShade.Material(material), UsdShade.Tokens.strongerThanDescendants)
