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

    needs: str
    """What has to be on the stage, and in view, for it to give anything: "labels" (something drawn that is labelled),
    "surfaces" (something drawn), "skeletons", or "" for nothing."""

    help: str


_BOX = "One row per labelled object in view: semantic id, x and y extent, occlusion; "
_MASK = "RGBA uint8 when colourised."

ANNOTATORS = MappingProxyType(
    {
        "rgb": AnnotatorSpec("uint8", 4, "0-255", "surfaces", "Colour and alpha."),
        "semantic_segmentation": AnnotatorSpec("uint32", 0, "id", "labels", f"Class of each pixel; {_MASK}"),
        "instance_segmentation": AnnotatorSpec("uint32", 0, "id", "labels", f"Labelled object of each pixel; {_MASK}"),
        "instance_id_segmentation": AnnotatorSpec("uint32", 0, "id", "surfaces", f"Leaf prim of each pixel; {_MASK}"),
        "bounding_box_2d_tight": AnnotatorSpec("structured", 0, "pixel", "labels", _BOX + "the visible part only."),
        "bounding_box_2d_loose": AnnotatorSpec(
            "structured", 0, "pixel", "labels", _BOX + "the whole object, hidden parts too."
        ),
        "bounding_box_3d": AnnotatorSpec(
            "structured", 0, "stage unit", "labels", "One row per labelled object in view: its box in local space."
        ),
        "occlusion": AnnotatorSpec("structured", 0, "0-1", "surfaces", "One row per prim in view: how much is hidden."),
        "distance_to_camera": AnnotatorSpec(
            "float32", 0, "metre", "surfaces", "Distance from the camera's origin; inf where empty."
        ),
        "distance_to_image_plane": AnnotatorSpec(
            "float32", 0, "metre", "surfaces", "Depth along the optical axis; inf where empty."
        ),
        "normals": AnnotatorSpec("float32", 4, "1", "surfaces", "Unit normal in world space, then 1."),
        "motion_vectors": AnnotatorSpec("float32", 4, "pixel", "surfaces", "Where each pixel was in the frame before."),
        "pointcloud": AnnotatorSpec("float32", 3, "stage unit", "labels", "Points in world space, with their labels."),
        "camera_params": AnnotatorSpec("", 0, "", "", "Lens, resolution and matrices."),
        "skeleton_data": AnnotatorSpec("", 0, "", "skeletons", "Joints in the world and in the picture."),
    }
)
"""By the name that BasicWriter's switches have; ``_fast`` at the end of an annotator's name makes no difference."""


def find_annotator(name: str) -> AnnotatorSpec | None:
    """Return the annotator that a writer calls ``name``, or None if it is none of Replicator's usual ones."""
    return ANNOTATORS.get(name.removesuffix("_fast"))
