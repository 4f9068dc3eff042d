"""The writer of masks with a taxonomy's ids and colours."""

from __future__ import annotations

from typing import Any

from ..dataset.export import Filter
from ..dataset.export.assemble import CLASSES
from ..dataset.export.class_masks import ClassMaskEncoder
from .export_writer import ExportWriter, Taxonomy, read_classes


class TaxonomyMaskWriter(ExportWriter):
    """Masks of classes: ``masks/`` of ids, ``colours/``, and ``classes.json``. The same in every run and every view."""

    def __init__(self, output_dir: str | None = None, backend: Any = None, *, taxonomy: Taxonomy = None) -> None:
        """Take the parameters; ConfigError for wrong ones.

        ``taxonomy``: a file, its JSON, or COCO's categories. There is no default: it gives the ids and colours.
        """
        classes = read_classes(taxonomy)
        self._begin(output_dir, backend, [CLASSES], classes, ClassMaskEncoder(classes), Filter())
