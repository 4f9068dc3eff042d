"""The annotators a job can ask for by name, and what each gives."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class AnnotatorSpec:
    """What one annotator gives for one render product of H rows and W columns, origin top-left."""

    dtype: str
    """numpy's name of the element type; "structured" is one row per object, "" is no array at all."""

    channels: int
    """Length of the last axis of an (H, W, channels) array; 0 for an (H, W) array and for the rest."""

    unit: str

    needs_labels: bool
    """Whether an unlabelled stage leaves it empty."""

    help: str


_BOX = "One row per labelled object in view: semantic id, x and y extent, occlusion; "

ANNOTATORS = MappingProxyType(
    {
        "rgb": AnnotatorSpec("uint8", 4, "0-255", needs_labels=False, help="Colour and alpha."),
        "semantic_segmentation": AnnotatorSpec(
            "uint32", 0, "id", needs_labels=True, help="Class of each pixel; RGBA uint8 when colourised."
        ),
        "instance_segmentation": AnnotatorSpec(
            "uint32", 0, "id", needs_labels=True, help="Labelled object of each pixel; RGBA uint8 when colourised."
        ),
        "instance_id_segmentation": AnnotatorSpec(
            "uint32", 0, "id", needs_labels=False, help="Leaf prim of each pixel; RGBA uint8 when colourised."
        ),
        "bounding_box_2d_tight": AnnotatorSpec(
            "structured", 0, "pixel", needs_labels=True, help=_BOX + "the visible part only."
        ),
        "bounding_box_2d_loose": AnnotatorSpec(
            "structured", 0, "pixel", needs_labels=True, help=_BOX + "the whole object, hidden parts too."
        ),
        "distance_to_camera": AnnotatorSpec(
            "float32", 0, "stage unit", needs_labels=False, help="Distance from the camera's origin; inf where empty."
        ),
        "distance_to_image_plane": AnnotatorSpec(
            "float32", 0, "stage unit", needs_labels=False, help="Depth along the optical axis; inf where empty."
        ),
        "normals": AnnotatorSpec("float32", 4, "1", needs_labels=False, help="Unit normal in world space, then 1."),
        "camera_params": AnnotatorSpec("", 0, "", needs_labels=False, help="Lens, resolution and matrices."),
    }
)
