"""Classes: of instances against the semantic mask, and of everything against the taxonomy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .finding import Finding
from .regions import find_regions
from .shot import Shot, is_reserved, labels_of

SEMANTIC, INSTANCE = "semantic_segmentation", "instance_segmentation"
LABELS = f"{SEMANTIC}_labels"
_SEMANTICS = f"{INSTANCE}_semantics_mapping"
TOLERATED = 0.01
"""The share of an instance's pixels that may have another class: renderers may smooth edges."""
_NAMING = (LABELS, _SEMANTICS, *(f"bounding_box_{kind}_labels" for kind in ("2d_tight", "2d_loose", "3d")))


def check_instance_classes(shot: Shot) -> Iterator[Finding]:
    """Yield the instances whose pixels have another class in the semantic mask."""
    classes, instances = shot.mask(SEMANTIC), shot.mask(INSTANCE)
    labels, semantics = shot.mapping(LABELS), shot.mapping(_SEMANTICS)
    if classes is None or instances is None or labels is None or semantics is None:
        return
    if not (classes.labelled and instances.labelled) or classes.codes.shape != instances.codes.shape:
        return
    taxonomy = shot.context.taxonomy
    both = find_regions(instances.codes.astype(np.uint64) << np.uint64(32) | classes.codes)
    wrong: dict[int, int] = {}
    for pair, region in both.items():
        instance, number = pair >> 32, pair & 0xFFFFFFFF
        comparable = instance in semantics and number in labels and not is_reserved(semantics[instance])
        if comparable and labels_of(semantics[instance], taxonomy) != labels_of(labels[number], taxonomy):
            wrong[instance] = wrong.get(instance, 0) + region.pixels
    for instance, pixels in wrong.items():
        whole = instances.regions[instance].pixels
        if pixels > TOLERATED * whole:
            said = f"says {semantics[instance]} of {instances.text(instance)}, but the semantic mask says otherwise"
            yield shot.finding("class-mask", _SEMANTICS, f"{said} in {pixels} of {whole} pixels")


def check_classes(shot: Shot) -> Iterator[Finding]:
    """Yield the labels that are no class of the taxonomy, and masks that give a class another id or colour."""
    taxonomy = shot.context.taxonomy
    for part in _NAMING if taxonomy is not None else ():
        for entry in (shot.mapping(part) or {}).values():
            yield from _check_label(shot, part, entry)
    mapping, mask = shot.mapping(LABELS), shot.mask(SEMANTIC)
    if taxonomy is None or mapping is None or mask is None:
        return
    for code, entry in mapping.items():
        found = None if is_reserved(entry) else taxonomy.nearest_class(_label(shot, entry) or "")
        if found is None:
            continue
        red, green, blue = found.colour
        wanted = red | green << 8 | blue << 16 | 255 << 24 if mask.colourised else found.id
        if code != wanted:
            said = f'has {mask.text(code)} for "{found.name}"; the taxonomy says {mask.text(wanted)}'
            yield shot.finding("taxonomy", LABELS, said)


def _check_label(shot: Shot, part: str, entry: object) -> Iterator[Finding]:
    taxonomy, label = shot.context.taxonomy, _label(shot, entry)
    if taxonomy is not None and label is not None and not is_reserved(entry) and taxonomy.nearest_class(label) is None:
        yield shot.finding("taxonomy", part, f'has the class "{label}", which the taxonomy does not list')


def _label(shot: Shot, entry: object) -> str | None:
    taxonomy = shot.context.taxonomy
    label = entry.get(taxonomy.taxonomy) if isinstance(entry, dict) and taxonomy is not None else None
    return label if isinstance(label, str) else None
