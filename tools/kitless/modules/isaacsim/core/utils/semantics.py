"""Labels of prims, and what is wrong with those of a scene."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from pxr import Usd, UsdGeom

from isaacsim.core._current import current_stage, prim_at
from isaacsim.core.utils.stage import get_current_stage, get_current_stage_id
from kitless import prim_labels
from kitless.absent import absent

__all__ = [
    "add_labels",
    "add_update_semantics",
    "check_incorrect_labels",
    "check_incorrect_semantics",
    "check_missing_labels",
    "check_missing_semantics",
    "count_labels_in_scene",
    "count_semantics_in_scene",
    "get_current_stage",
    "get_current_stage_id",
    "get_labels",
    "get_semantics",
    "remove_all_semantics",
    "remove_labels",
    "upgrade_prim_semantics_to_labels",
]

_MISSING = "missing_labels"


def add_labels(prim: Usd.Prim, labels: list[str], instance_name: str = "class", overwrite: bool = True) -> None:
    """Set the labels of a taxonomy, or append those that are new without ``overwrite``.

    Raises ValueError for an invalid prim or a text in place of a list.
    """
    if overwrite:
        prim_labels.set_labels(prim, instance_name, labels)
    else:
        prim_labels.add_labels(prim, instance_name, labels)


def get_labels(prim: Usd.Prim) -> dict[str, list[str]]:
    """Return the prim's own labels by taxonomy."""
    return prim_labels.labels_of(prim)


def remove_labels(prim: Usd.Prim, instance_name: str | None = None, include_descendants: bool = False) -> None:
    """Remove a taxonomy, or all of them, from the prim and, if asked, from all below it."""
    for each in prim_labels.with_descendants(prim, include_descendants):
        for taxonomy in prim_labels.labels_of(each):
            if instance_name in (None, taxonomy):
                prim_labels.remove_taxonomy(each, taxonomy)


def check_missing_labels(prim_path: str | None = None) -> list[str]:
    """Return the paths of the meshes, below ``prim_path`` if given, that have no labels of their own."""
    return [str(mesh.GetPath()) for mesh in _meshes(prim_path) if not prim_labels.labels_of(mesh)]


def check_incorrect_labels(prim_path: str | None = None) -> list[list[str]]:
    """Return [path, label] of the meshes with a label that is no part of their path, the first such label of each.

    Case, ``_`` and ``-`` do not count.
    """
    return _incorrect(prim_path, _own_labels)


def count_labels_in_scene(prim_path: str | None = None) -> dict[str, int]:
    """Return how many meshes have each label, and as ``missing_labels`` how many have none."""
    return _count(prim_path, _own_labels)


def upgrade_prim_semantics_to_labels(prim: Usd.Prim, include_descendants: bool = False) -> int:
    """Replace the legacy schema by labels; return the number of prims that had it."""
    return sum(prim_labels.upgrade(each) for each in prim_labels.with_descendants(prim, include_descendants))


# --- the legacy schema


def add_update_semantics(prim: Usd.Prim, semantic_label: str, type_label: str = "class", suffix: str = "") -> None:
    """Set the label and type of the legacy instance ``Semantics<suffix>``."""
    prim_labels.set_legacy_pair(prim, f"Semantics{suffix}", type_label, semantic_label)


def get_semantics(prim: Usd.Prim) -> dict[str, tuple[str, str]]:
    """Return (type, label) of the prim's legacy instances by name."""
    return prim_labels.legacy_pairs(prim)


def remove_all_semantics(prim: Usd.Prim, recursive: bool = False) -> None:
    """Remove the legacy schema from the prim and, if asked, from all below it."""
    for each in prim_labels.with_descendants(prim, recursive):
        for instance in prim_labels.legacy_pairs(each):
            prim_labels.remove_legacy(each, instance)


def check_missing_semantics(prim_path: str | None = None) -> list[str]:
    """Return the paths of the meshes that have no legacy label."""
    return [str(mesh.GetPath()) for mesh in _meshes(prim_path) if not prim_labels.legacy_pairs(mesh)]


def check_incorrect_semantics(prim_path: str | None = None) -> list[list[str]]:
    """Return [path, label] of the meshes with a legacy label that is no part of their path."""
    return _incorrect(prim_path, _own_legacy_labels)


def count_semantics_in_scene(prim_path: str | None = None) -> dict[str, int]:
    """Return how many meshes have each legacy label, and as ``missing_labels`` how many have none."""
    return _count(prim_path, _own_legacy_labels)


def _meshes(prim_path: str | None) -> Iterable[Usd.Prim]:
    start = prim_at(prim_path) if prim_path else current_stage().GetPseudoRoot()
    return [prim for prim in Usd.PrimRange(start) if prim.IsA(UsdGeom.Mesh)]


def _own_labels(prim: Usd.Prim) -> list[str]:
    return [label for labels in prim_labels.labels_of(prim).values() for label in labels]


def _own_legacy_labels(prim: Usd.Prim) -> list[str]:
    return [label for _, label in prim_labels.legacy_pairs(prim).values()]


def _count(prim_path: str | None, own: Callable[[Usd.Prim], list[str]]) -> dict[str, int]:
    counts = Counter({_MISSING: 0})
    for mesh in _meshes(prim_path):
        counts.update(own(mesh) or [_MISSING])
    return dict(counts)


def _incorrect(prim_path: str | None, own: Callable[[Usd.Prim], list[str]]) -> list[list[str]]:
    found = []
    for mesh in _meshes(prim_path):
        path = str(mesh.GetPath())
        wrong = [label for label in own(mesh) if _plain(label) not in _plain(path)]
        found += [[path, label] for label in wrong[:1]]
    return found


def _plain(text: str) -> str:
    return text.lower().replace("_", "").replace("-", "")


__getattr__ = absent(__name__)
