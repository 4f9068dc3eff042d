"""``rep.create``: materials."""

from typing import Any

from ..graph import Made, ReplicatorItem, assign_new
from ..scene.materials import define_look, set_inputs
from ..scene.naming import open_stage
from ._wrapped import checked_count, label


def material_omnipbr(
    diffuse: Any = None,
    diffuse_texture: Any = None,
    roughness: Any = None,
    roughness_texture: Any = None,
    metallic: Any = None,
    metallic_texture: Any = None,
    specular: Any = None,
    emissive_color: Any = None,
    emissive_texture: Any = None,
    emissive_intensity: Any = 0.0,
    project_uvw: bool = False,
    semantics: Any = None,
    count: int = 1,
) -> ReplicatorItem:
    """``count`` materials ``/Replicator/Looks/OmniPBR[_NN]``; all parameters but the last three may be distributions.

    Colours are linear; roughness, metallic and specular from 0 to 1. A texture replaces its constant.
    """
    stage = open_stage()
    node = Made([str(define_look(stage).GetPath()) for _ in range(checked_count(count))], "OmniPBR")
    label(node, semantics)
    values = {
        "diffuse_color_constant": diffuse,
        "diffuse_texture": diffuse_texture,
        "reflection_roughness_constant": roughness,
        "reflectionroughness_texture": roughness_texture,
        "reflection_roughness_texture_influence": None if roughness_texture is None else 1.0,
        "metallic_constant": metallic,
        "metallic_texture": metallic_texture,
        "metallic_texture_influence": None if metallic_texture is None else 1.0,
        "specular_level": specular,
        "emissive_color": emissive_color,
        "emissive_color_texture": emissive_texture,
        "project_uvw": project_uvw or None,
    }
    if emissive_color is not None or emissive_texture is not None:
        values |= {"emissive_intensity": emissive_intensity, "enable_emission": True}
    assign_new(node, set_inputs, values)
    return ReplicatorItem(node)
