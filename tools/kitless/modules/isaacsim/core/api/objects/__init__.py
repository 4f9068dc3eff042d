"""Shapes that are made with a place, a colour and schemas for physics."""

from isaacsim.core.api.objects.capsule import DynamicCapsule, FixedCapsule, VisualCapsule
from isaacsim.core.api.objects.cone import DynamicCone, FixedCone, VisualCone
from isaacsim.core.api.objects.cuboid import DynamicCuboid, FixedCuboid, VisualCuboid
from isaacsim.core.api.objects.cylinder import DynamicCylinder, FixedCylinder, VisualCylinder
from isaacsim.core.api.objects.ground_plane import GroundPlane
from isaacsim.core.api.objects.sphere import DynamicSphere, FixedSphere, VisualSphere
from kitless.absent import absent

__all__ = [
    "DynamicCapsule",
    "DynamicCone",
    "DynamicCuboid",
    "DynamicCylinder",
    "DynamicSphere",
    "FixedCapsule",
    "FixedCone",
    "FixedCuboid",
    "FixedCylinder",
    "FixedSphere",
    "GroundPlane",
    "VisualCapsule",
    "VisualCone",
    "VisualCuboid",
    "VisualCylinder",
    "VisualSphere",
]

__getattr__ = absent(__name__)
