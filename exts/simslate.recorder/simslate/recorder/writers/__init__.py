"""The writers that the extension registers with Replicator, each in a file of its own."""

from .carla_instance_segmentation import CarlaInstanceSegmentation
from .template_writer import TemplateWriter

WRITERS = (CarlaInstanceSegmentation, TemplateWriter)

__all__ = ["CarlaInstanceSegmentation", "TemplateWriter", "WRITERS"]
