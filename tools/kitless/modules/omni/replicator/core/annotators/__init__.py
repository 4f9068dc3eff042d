"""Annotators: ground truth about what a render product sees."""

from collections.abc import Mapping
from typing import Any

from .._missing import Missing
from .annotator import Annotator, AnnotatorError
from .node import AnnotatorRegistryError
from .registry import AnnotatorRegistry


def get(
    name: str,
    init_params: Mapping[str, Any] | None = None,
    render_product_idxs: Any = None,
    device: str | None = None,
    do_array_copy: bool = True,
) -> Annotator:
    """A new annotator by name; see ``AnnotatorRegistry.get_annotator``."""
    return AnnotatorRegistry.get_annotator(name, init_params, render_product_idxs, device, do_array_copy)


Augmentation = Missing("omni.replicator.core.annotators.Augmentation")
augment = Missing("omni.replicator.core.annotators.augment")
augment_compose = Missing("omni.replicator.core.annotators.augment_compose")
get_augmentation = Missing("omni.replicator.core.annotators.get_augmentation")
register = Missing("omni.replicator.core.annotators.register")
register_augmentation = Missing("omni.replicator.core.annotators.register_augmentation")
unregister_augmentation = Missing("omni.replicator.core.annotators.unregister_augmentation")

__all__ = ["Annotator", "AnnotatorError", "AnnotatorRegistry", "AnnotatorRegistryError", "get"]
