"""The writer of BOP."""

from __future__ import annotations

from typing import Any

from ..dataset.export import Filter
from ..dataset.export.assemble import AMODAL, CAMERA, DEPTH, INSTANCES, LOOSE, RGB, SOLID, TIGHT, VISIBILITY
from ..dataset.export.bop import BopEncoder
from .export_writer import ExportWriter, Taxonomy, chosen, read_classes


class SimslateBopWriter(ExportWriter):
    """BOP's poses with visibility: ``train/000000/`` for the first render product, and so on.

    The JSON files are written when the recording ends, early or not.
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
        depth: bool = True,
        amodal: bool = False,
    ) -> None:
        """Take the parameters; ConfigError for wrong ones.

        ``taxonomy``: a file, its JSON, or COCO's categories; without one ids are by the names of the classes that are
        met, from 1 on. Objects of fewer than ``min_visible_pixels`` or less ``min_visibility`` are left out.
        ``visibility``: ask for the annotator of pixels alone and truncation, where the host has it.
        ``depth``: pictures of depth, too. ``amodal``: ``mask/`` beside ``mask_visib/``, the masks of objects as if
        nothing were before them; kitless alone can give them.
        """
        classes = read_classes(taxonomy)
        annotators = chosen(
            (RGB, INSTANCES, TIGHT, LOOSE, SOLID, CAMERA, DEPTH, VISIBILITY, AMODAL),
            simslate_visibility=visibility,
            simslate_amodal=amodal,
            distance_to_image_plane=depth,
        )
        kept = Filter(min_visible_pixels, min_visibility)
        self._begin(output_dir, backend, annotators, classes, BopEncoder(classes), kept)
