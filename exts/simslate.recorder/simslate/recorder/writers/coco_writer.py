"""The writer of COCO."""

from __future__ import annotations

from typing import Any

from ..dataset.export import Filter
from ..dataset.export.assemble import AMODAL, INSTANCES, RGB, TIGHT, VISIBILITY
from ..dataset.export.coco import CocoEncoder
from ..dataset.export.coco_panoptic import PanopticEncoder
from ..errors import ConfigError
from .export_writer import ExportWriter, Taxonomy, chosen, read_classes


class SimslateCocoWriter(ExportWriter):
    """COCO: ``annotations/instances.json``, or ``panoptic.json`` and its pictures, and ``images/``.

    The JSON is written when the recording ends, early or not.
    """

    def __init__(
        self,
        output_dir: str | None = None,
        backend: Any = None,
        *,
        taxonomy: Taxonomy = None,
        min_visible_pixels: int = 0,
        min_visibility: float = 0.0,
        visibility: bool = True,
        panoptic: bool = False,
        polygons: bool = False,
        amodal: bool = False,
    ) -> None:
        """Take the parameters; ConfigError for wrong ones.

        ``taxonomy``: a file, its JSON, or COCO's categories; without one ids are by the names of the classes that are
        met, from 1 on. Objects of fewer than ``min_visible_pixels`` or less ``min_visibility`` are left out.
        ``visibility``: ask for the annotator of pixels alone and truncation, where the host has it.
        ``panoptic``: segments of whole pictures, not instances; ``polygons``: outlines, not run lengths.
        ``amodal``: also the mask of each instance as if nothing were before it; kitless alone can give it.
        """
        classes = read_classes(taxonomy)
        if panoptic and amodal:
            raise ConfigError("SimslateCocoWriter: amodal masks overlap, panoptic segments cannot; choose one of them")
        annotators = chosen(
            (RGB, INSTANCES, TIGHT, VISIBILITY, AMODAL), simslate_visibility=visibility, simslate_amodal=amodal
        )
        encoder = PanopticEncoder(classes) if panoptic else CocoEncoder(classes, outlines=polygons)
        kept = Filter(min_visible_pixels, min_visibility)
        self._begin(output_dir, backend, annotators, classes, encoder, kept)
