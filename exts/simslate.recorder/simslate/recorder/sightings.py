"""Which classes reach the masks of a recording, and why others never do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pxr import Usd

from .labels import Surface, labelled_prims, own_labels, translucent
from .preflight import Preflight
from .view import View

_TELLING = (
    "semantic_segmentation",
    "instance_segmentation",
    "bounding_box_2d_tight",
    "bounding_box_2d_loose",
    "bounding_box_3d",
)
"""The annotators that tell which labels are in the picture; the first of them that a writer has is listened to."""
_RESERVED = {("class", "BACKGROUND"), ("class", "UNLABELLED")}


class Sightings:
    """Notes the labels in each frame, from what the writer's annotators have computed anyway."""

    def __init__(self, preflight: Preflight, views: Iterable[View], annotators: Sequence[Any]) -> None:
        """``annotators`` are those that the writer has attached."""
        self._preflight = preflight
        self._views = tuple(views)
        name = next((name for name in _TELLING if any(_name(each) == name for each in annotators)), None)
        self._annotators = [each for each in annotators if _name(each) == name] if name else []
        self.seen: set[tuple[str, str]] = set()
        """The (taxonomy, label) that have been in a picture."""
        self._expected = _by_label(preflight)
        self._missed = set(self._expected) if self._annotators else set()
        """Labels that have been neither in a picture nor, as far as bounds tell, in a view."""

    def go_on(self, seen: Iterable[str], times: Iterable[Usd.TimeCode]) -> None:
        """Take it that labels, as ``taxonomy:label``, have been seen in frames from before, taken at ``times``."""
        self.seen.update((taxonomy, label) for taxonomy, _, label in (each.partition(":") for each in seen))
        self._missed -= self.seen
        for time in times:
            self._look(time)

    def note(self, time: Usd.TimeCode) -> list[str]:
        """Take note of the frame that has just been captured, at ``time``; return what was seen for the first time."""
        before = set(self.seen)
        for annotator in self._annotators:
            data = annotator.get_data(use_legacy_structure=False)
            for labels in (data.get("idToSemantics") or data.get("idToLabels") or {}).values():
                self.seen.update((taxonomy, label) for taxonomy, text in labels.items() for label in text.split(","))
        self._missed -= self.seen
        self._look(time)
        return [":".join(key) for key in sorted(self.seen - before - _RESERVED)]

    @property
    def never_seen(self) -> dict[str, str]:
        """The labels of the stage that were in no picture, as ``taxonomy:label``, each with the reason."""
        if not self._annotators:
            return {}
        return {":".join(key): self._reason(key) for key in sorted(set(self._expected) - self.seen)}

    def to_json(self) -> dict[str, Any] | None:
        """Return the labels seen and those never seen; None if no annotator tells of labels."""
        if not self._annotators:
            return None
        return {"seen": [":".join(key) for key in sorted(self.seen - _RESERVED)], "never_seen": self.never_seen}

    def _look(self, time: Usd.TimeCode) -> None:
        """Take note of what is in a view, hidden or not."""
        self._missed = {key for key in self._missed if not self._is_in_view(self._expected[key], time)}

    def _is_in_view(self, surfaces: Sequence[Surface], time: Usd.TimeCode) -> bool:
        anchors = list(dict.fromkeys(surface.anchor for surface in surfaces))
        return any(view.may_see(anchors, time) for view in self._views)

    def _reason(self, key: tuple[str, str]) -> str:
        surfaces = self._expected[key]
        if not self._preflight.passes(*key):
            return f'filtered: the semantic filter "{self._preflight.predicate.text}" does not let it through'
        if not surfaces:
            return "not drawn: no prim that counts for it is; tools/simslate audit tells why"
        if key in self._missed:
            return "out of view: no camera had a prim of it in its picture"
        if self._are_translucent(surfaces):
            return "translucent: the material lets light through, and renderers may leave such prims out of masks"
        return "hidden: behind other prims, or smaller than a pixel"

    def _are_translucent(self, surfaces: Sequence[Surface]) -> bool:
        gprims = {surface.gprim for surface in surfaces}
        return len(list(translucent(self._preflight.stage, gprims))) == len(gprims)


def _name(annotator: Any) -> str:
    return str(annotator.template_name).removesuffix("_fast")


def _by_label(preflight: Preflight) -> Mapping[tuple[str, str], list[Surface]]:
    """Return, for all labels on the stage, what is drawn with them."""
    found: dict[tuple[str, str], list[Surface]] = {
        (taxonomy, label): []
        for prim in labelled_prims(preflight.stage)
        for taxonomy, labels in own_labels(prim).items()
        for label in labels
    }
    for surface in preflight.drawn:
        for taxonomy, labels in surface.labels(preflight.mode).items():
            for label in labels:
                found.setdefault((taxonomy, label), []).append(surface)
    return found
