"""Annotators: ground truth about what a render product sees."""

from collections.abc import Mapping, Sequence
from typing import Any

from .annotator import Annotator, AnnotatorError
from .augmentation import (
    Augmentation,
    AugmentationError,
    get_augmentation,
    register_augmentation,
    unregister_augmentation,
)
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


def augment(
    source_annotator: Annotator | str,
    augmentation: Any,
    data_out_shape: Any = None,
    name: str | None = None,
    device: str | None = None,
    **kwargs: Any,
) -> Annotator:
    """A new annotator: the source (or the one of that name) with an augmentation; see ``Annotator.augment``."""
    source = get(source_annotator) if isinstance(source_annotator, str) else source_annotator
    return source.augment(augmentation, data_out_shape, name, device, **kwargs)


def augment_compose(
    source_annotator: Annotator | str, augmentations: Sequence[Any], name: str | None = None
) -> Annotator:
    """A new annotator: the source (or the one of that name) with several augmentations, the first applied first."""
    source = get(source_annotator) if isinstance(source_annotator, str) else source_annotator
    return source.augment_compose(augmentations, name)


def register(name: str, annotator: Annotator | str) -> None:
    """Make an annotator, say an augmented one, known by a name; see ``AnnotatorRegistry.register``."""
    AnnotatorRegistry.register(name, annotator)


__all__ = [
    "Annotator",
    "AnnotatorError",
    "AnnotatorRegistry",
    "AnnotatorRegistryError",
    "Augmentation",
    "AugmentationError",
    "augment",
    "augment_compose",
    "get",
    "get_augmentation",
    "register",
    "register_augmentation",
    "unregister_augmentation",
]
