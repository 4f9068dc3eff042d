"""CARLA's client calls over a USD stage: ``from simslate import carla`` in place of ``import carla``.

Worlds, actors and sensors as in CARLA 0.9.16, with its conventions: metres, degrees, left-handed, z up. There is no
server, no traffic manager, no physics of vehicles, and no maps other than stages.
"""

from . import command
from .actors import Actor, ActorList, Vehicle, Walker
from .blueprints import ActorAttribute, ActorAttributeType, ActorBlueprint, BlueprintLibrary
from .client import Client
from .color import CityObjectLabel, Color, ColorConverter
from .errors import CarlaError
from .extension import CarlaExtension
from .geometry import BoundingBox, Location, Rotation, Transform, Vector2D, Vector3D
from .image import Image, SensorData
from .map import Map
from .sensors import Sensor
from .settings import ActorSnapshot, Timestamp, WorldSettings, WorldSnapshot
from .world import AttachmentType, World

__all__ = [
    # the world
    "Client",
    "World",
    "WorldSettings",
    "WorldSnapshot",
    "ActorSnapshot",
    "Timestamp",
    "Map",
    "command",
    # what is in it
    "ActorBlueprint",
    "ActorAttribute",
    "ActorAttributeType",
    "BlueprintLibrary",
    "Actor",
    "ActorList",
    "AttachmentType",
    "Vehicle",
    "Walker",
    "Sensor",
    # what sensors give
    "SensorData",
    "Image",
    "Color",
    "ColorConverter",
    "CityObjectLabel",
    # where it is
    "Vector2D",
    "Vector3D",
    "Location",
    "Rotation",
    "Transform",
    "BoundingBox",
    # what can go wrong
    "CarlaError",
    # the extension itself, which Kit looks for here
    "CarlaExtension",
]
