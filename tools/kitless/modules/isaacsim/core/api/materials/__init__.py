"""Materials that are seen, and materials for physics."""

from isaacsim.core._materials import OmniPBR, PhysicsMaterial, PreviewSurface, VisualMaterial
from kitless.absent import Missing, absent

DeformableMaterial = Missing("isaacsim.core.api.materials.DeformableMaterial")
DeformableMaterialView = Missing("isaacsim.core.api.materials.DeformableMaterialView")
OmniGlass = Missing("isaacsim.core.api.materials.OmniGlass")
ParticleMaterial = Missing("isaacsim.core.api.materials.ParticleMaterial")
ParticleMaterialView = Missing("isaacsim.core.api.materials.ParticleMaterialView")

__all__ = [
    "DeformableMaterial",
    "DeformableMaterialView",
    "OmniGlass",
    "OmniPBR",
    "ParticleMaterial",
    "ParticleMaterialView",
    "PhysicsMaterial",
    "PreviewSurface",
    "VisualMaterial",
]

__getattr__ = absent(__name__)
