"""The writer of YOLO."""

from __future__ import annotations

from typing import Any

from ..dataset.export import Filter
from ..dataset.export.assemble import INSTANCES, RGB, TIGHT, VISIBILITY
from ..dataset.export.yolo import YoloEncoder
from .export_writer import ExportWriter, Taxonomy, chosen, read_classes


class SimslateYoloWriter(ExportWriter):
    """YOLO: ``images/``, ``labels/`` and ``data.yaml``; labels are written when the recording ends, early or not."""

    def __init__(
        self,
        output_dir: str | None = None,
        backend: Any = None,
        *,
        taxonomy: Taxonomy = None,
        min_visible_pixels: int = 0,
        min_visibility: float = 0.0,
        visibility: bool = True,
        segmentation: bool = False,
    ) -> None:
        """Take the parameters; ConfigError for wrong ones.

        ``taxonomy``: a file, its JSON, or COCO's categories; without one ids are by the names of the classes that are
        met, from 1 on. Objects of fewer than ``min_visible_pixels`` or less ``min_visibility`` are left out.
        ``visibility``: ask for the annotator of pixels alone and truncation, where the host has it.
        ``segmentation``: polygons, not boxes.
        """
        classes = read_classes(taxonomy)
        annotators = chosen((RGB, INSTANCES, TIGHT, VISIBILITY), simslate_visibility=visibility)
        kept = Filter(min_visible_pixels, min_visibility)
        self._begin(output_dir, backend, annotators, classes, YoloEncoder(classes, outlines=segmentation), kept)
