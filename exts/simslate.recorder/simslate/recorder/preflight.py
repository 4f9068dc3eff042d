"""What each annotator will be able to give for each render product, told before the first frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pxr import Usd, UsdGeom, UsdSkel

from .annotators import find_annotator
from .labels import Surface, every_prim, labelled_prims, own_labels, surfaces
from .predicate import Predicate
from .view import View

STATES = ("ok", "empty", "impossible")
"""``empty``: what it needs is on the stage, but not in view of this render product at any time that will be recorded.
``impossible``: what it needs is not on the stage."""


@dataclass(frozen=True)
class Outlook:
    """What to expect of one annotator for one render product."""

    annotator: str
    product: str
    state: str
    reason: str = ""

    def __str__(self) -> str:
        """Return it as a line of text."""
        return f"{self.annotator} of {self.product}: {self.state}" + (f": {self.reason}" if self.reason else "")

    def to_json(self) -> dict[str, str]:
        """Return it as a JSON object."""
        return {"annotator": self.annotator, "product": self.product, "state": self.state, "reason": self.reason}


class Preflight:
    """A look at a stage as it is now: what is drawn on it, and which labels annotators will tell."""

    def __init__(self, stage: Usd.Stage, predicate: Predicate, *, mode: str) -> None:
        """``predicate`` is the semantic filter in force, ``mode`` how nested labels are resolved."""
        self.stage = stage
        self.predicate = predicate
        self.mode = mode
        self.drawn = tuple(surfaces(stage))
        self._passing: dict[tuple[str, str], bool] = {}

    def passes(self, taxonomy: str, label: str) -> bool:
        """Return whether the filter lets a label through."""
        key = taxonomy, label
        if key not in self._passing:
            self._passing[key] = self.predicate.may_pass(taxonomy, label)
        return self._passing[key]

    @property
    def has_subsets(self) -> bool:
        """Whether face subsets have labels of their own."""
        return any(surface.prim.IsA(UsdGeom.Subset) for surface in self.drawn)

    @cached_property
    def labelled(self) -> tuple[Surface, ...]:
        """What is drawn and has a label that the filter lets through."""
        return tuple(surface for surface in self.drawn if self._is_labelled(surface))

    def table(
        self,
        annotators: Iterable[str],
        views: Mapping[str, View],
        times: Sequence[Usd.TimeCode],
        parameters: Mapping[str, Any],
    ) -> tuple[Outlook, ...]:
        """Return a row for each of ``annotators`` and of ``views``, which are the render products by name.

        ``times`` are looked at, or nothing is said about what is in view if there are none; ``parameters`` are the
        writer's.
        """
        found = []
        for product, view in views.items():
            for annotator in annotators:
                state, reason = self._outlook(_needs(annotator, parameters), view, times)
                found.append(Outlook(annotator.removesuffix("_fast"), product, state, reason))
        return tuple(found)

    def _outlook(self, needs: str, view: View, times: Sequence[Usd.TimeCode]) -> tuple[str, str]:
        if not needs:
            return "ok", ""
        missing = {
            "labels": self._labels_missing,
            "surfaces": self._surfaces_missing,
            "skeletons": self._skeletons_missing,
        }
        reason = missing[needs]()
        if reason:
            return "impossible", reason
        if needs == "skeletons" or not times or any(view.may_see(self._anchors(needs), time) for time in times):
            return "ok", ""
        what = "nothing that is labelled" if needs == "labels" else "nothing"
        return "empty", f"{what} is in view at {_shown(times)}"

    def _anchors(self, needs: str) -> list[Usd.Prim]:
        return list(dict.fromkeys(s.anchor for s in (self.labelled if needs == "labels" else self.drawn)))

    def _labels_missing(self) -> str:
        if self.labelled:
            return ""
        prims = list(labelled_prims(self.stage))
        if not prims:
            return 'no prim has a label; name label rules in "labels"'
        first = prims[0]
        kinds = sorted({f"{t}:{label}" for prim in prims for t, labels in own_labels(prim).items() for label in labels})
        if any(surface.labels(self.mode) for surface in self.drawn):
            return (
                f'the semantic filter "{self.predicate.text}" lets none of the labels through: {", ".join(kinds[:5])}'
            )
        return f"nothing that has a label is drawn, such as {first.GetPath()}; tools/simslate audit tells why"

    def _surfaces_missing(self) -> str:
        return "" if self.drawn else "nothing on the stage can be drawn"

    def _skeletons_missing(self) -> str:
        found = any(prim.IsA(UsdSkel.Skeleton) for prim in every_prim(self.stage))
        return "" if found else "there is no skeleton on the stage"

    def _is_labelled(self, surface: Surface) -> bool:
        return any(self.passes(t, label) for t, labels in surface.labels(self.mode).items() for label in labels)


def _needs(annotator: str, parameters: Mapping[str, Any]) -> str:
    spec = find_annotator(annotator)
    if spec is None:
        return ""
    if spec.needs == "labels" and parameters.get(f"{annotator}_include_unlabelled") is True:
        return "surfaces"
    return spec.needs


def _shown(times: Sequence[Usd.TimeCode]) -> str:
    codes = [time.GetValue() for time in times if not time.IsDefault()]
    if not codes:
        return "any time"
    return f"time code {codes[0]:g}" if len(codes) == 1 else f"time codes {codes[0]:g} to {codes[-1]:g}"
