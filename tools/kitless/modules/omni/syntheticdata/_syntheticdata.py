"""The kinds of sensors."""

from __future__ import annotations

import enum

from kitless.absent import Missing, absent

__all__ = ["SensorType", "acquire_syntheticdata_interface"]

acquire_syntheticdata_interface = Missing("omni.syntheticdata._syntheticdata.acquire_syntheticdata_interface")


class SensorType(enum.Enum):
    """What a sensor measures."""

    Rgb = 0
    DistanceToImagePlane = 1
    DistanceToCamera = 2
    InstanceSegmentation = 3
    SemanticSegmentation = 4
    BoundingBox2DTight = 5
    BoundingBox2DLoose = 6
    BoundingBox3D = 7
    Occlusion = 8
    Normals = 9
    MotionVector = 10


__getattr__ = absent(__name__)
