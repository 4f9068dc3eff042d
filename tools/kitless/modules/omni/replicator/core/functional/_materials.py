"""``rep.functional.create.material``: MDL materials, known by their file, with inputs of the right type."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from pxr import Sdf, Usd, UsdShade

from kitless.assets import resolve

from ._new_prim import bind, free_path
from ._prims import as_prims, current_stage, is_number

SHADER = "Shader"
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


def material(
    mdl: str | None = None, bind_prims: Any = None, name: str | None = None, parent: Any = None, **kwargs: Any
) -> Usd.Prim:
    """A material of an MDL file, named after it, and bound to ``bind_prims``.

    Further keywords are the MDL material's inputs (``diffuse_color_constant=(1, 0, 0)``). Without ``mdl`` it is an
    OmniPBR. Raises ``ValueError`` for an input of OmniPBR whose type nothing tells.
    """
    file = str(mdl or "OmniPBR.mdl")
    kind = PurePosixPath(file).stem
    stage = current_stage()
    made = UsdShade.Material.Define(stage, free_path(name or kind, parent))
    shader = UsdShade.Shader.Define(stage, made.GetPath().AppendChild(SHADER))
    shader.SetSourceAsset(Sdf.AssetPath(file), "mdl")
    shader.SetSourceAssetSubIdentifier(kind, "mdl")
    output = shader.CreateOutput("out", Sdf.ValueTypeNames.Token)
    for connected in (made.CreateSurfaceOutput, made.CreateDisplacementOutput, made.CreateVolumeOutput):
        connected("mdl").ConnectToSource(output)
    for key, value in kwargs.items():
        set_input(shader, key, value)
    for prim in [] if bind_prims is None else as_prims(bind_prims):
        bind(prim, made)
    return made.GetPrim()


def shaders_of(prim: Usd.Prim) -> list[UsdShade.Shader]:
    """The shaders of a material, or the one that a prim is."""
    if prim.IsA(UsdShade.Shader):
        return [UsdShade.Shader(prim)]
    if not prim.IsA(UsdShade.Material):
        return []
    return [UsdShade.Shader(below) for below in Usd.PrimRange(prim) if below.IsA(UsdShade.Shader)]


def find_input(prim: Usd.Prim, name: str) -> UsdShade.Input | None:
    """The input that a material (or shader) has by this name, made if OmniPBR has it; None where nothing has."""
    name = name.removeprefix("inputs:")
    shaders = shaders_of(prim)
    for shader in shaders:
        if shader.GetInput(name):
            return shader.GetInput(name)
    for shader in shaders:
        if name in OMNI_PBR and shader.GetSourceAssetSubIdentifier("mdl") == "OmniPBR":
            return shader.CreateInput(name, OMNI_PBR[name])
    return None


def set_input(shader: UsdShade.Shader, name: str, value: Any) -> None:
    """Author an input, in its type."""
    kind = OMNI_PBR.get(name) or type_of(name, value)
    shader.CreateInput(name, kind).Set(as_value(kind, value))


def type_of(name: str, value: Any) -> Sdf.ValueTypeName:
    """The type of an input that is known by its value only. Raises ``ValueError`` for what none fits."""
    if isinstance(value, bool):
        return BOOL
    if is_number(value):
        return Sdf.ValueTypeNames.Int if isinstance(value, int) else FLOAT
    if isinstance(value, (str, Sdf.AssetPath)):
        return ASSET
    kinds = {2: PAIR, 3: COLOR, 4: Sdf.ValueTypeNames.Float4}
    if hasattr(value, "__len__") and len(value) in kinds:
        return kinds[len(value)]
    raise ValueError(f"Input '{name}': no type of USD is known for {value!r}")


def as_value(kind: Sdf.ValueTypeName, value: Any) -> Any:
    """A Python or numpy value as USD takes it for a type."""
    if kind == ASSET and not isinstance(value, Sdf.AssetPath):
        return Sdf.AssetPath(resolve(value))
    default = kind.defaultValue
    if hasattr(default, "dimension"):
        numbers = [value] * default.dimension if is_number(value) else value
        return type(default)(*(type(default[0])(number) for number in numbers))
    return value.item() if hasattr(value, "item") else value
