"""The writers that the extension registers with Replicator, each in a file of its own."""

from .carla_instance_segmentation import CarlaInstanceSegmentation

WRITERS = (CarlaInstanceSegmentation,)

__all__ = ["CarlaInstanceSegmentation", "WRITERS"]
