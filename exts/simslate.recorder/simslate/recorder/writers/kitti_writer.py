"""The writer of KITTI."""

from __future__ import annotations

from typing import Any

from ..dataset.export import Filter
from ..dataset.export.assemble import CAMERA, INSTANCES, RGB, SOLID, TIGHT, VISIBILITY
from ..dataset.export.kitti import KittiEncoder
from .export_writer import ExportWriter, Taxonomy, chosen, read_classes


class SimslateKittiWriter(ExportWriter):
    """KITTI's objects: ``training/`` with ``image_2/``, ``label_2/`` and ``calib/``."""

    def __init__(
        self,
        output_dir: str | None = None,
        backend: Any = None,
        *,
        taxonomy: Taxonomy = None,
        min_visible_pixels: int = 0,
        min_visibility: float = 0.0,
        visibility: bool = True,
    ) -> None:
        """Take the parameters; ConfigError for wrong ones.

        ``taxonomy``: a file, its JSON, or COCO's categories; without one ids are by the names of the classes that are
        met, from 1 on. Objects of fewer than ``min_visible_pixels`` or less ``min_visibility`` are left out.
        ``visibility``: ask for the annotator of pixels alone and truncation, where the host has it.
        """
        classes = read_classes(taxonomy)
        annotators = chosen((RGB, INSTANCES, TIGHT, SOLID, CAMERA, VISIBILITY), simslate_visibility=visibility)
        kept = Filter(min_visible_pixels, min_visibility)
        self._begin(output_dir, backend, annotators, classes, KittiEncoder(classes), kept)
