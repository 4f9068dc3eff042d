"""The writers that the extension registers with Replicator, each in a file of its own."""

from .bop_writer import SimslateBopWriter
from .carla_instance_segmentation import CarlaInstanceSegmentation
from .coco_writer import SimslateCocoWriter
from .kitti_writer import SimslateKittiWriter
from .taxonomy_mask_writer import TaxonomyMaskWriter
from .template_writer import TemplateWriter
from .yolo_writer import SimslateYoloWriter

WRITERS = (
    CarlaInstanceSegmentation,
    SimslateBopWriter,
    SimslateCocoWriter,
    SimslateKittiWriter,
    SimslateYoloWriter,
    TaxonomyMaskWriter,
    TemplateWriter,
)

__all__ = [
    "CarlaInstanceSegmentation",
    "SimslateBopWriter",
    "SimslateCocoWriter",
    "SimslateKittiWriter",
    "SimslateYoloWriter",
    "TaxonomyMaskWriter",
    "TemplateWriter",
    "WRITERS",
]
