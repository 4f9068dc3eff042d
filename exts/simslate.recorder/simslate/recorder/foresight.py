"""What render products are expected to show at a time, told by the stage: for judging frames that look blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from pxr import Usd

from .frame_checks import Expected
from .labels import translucent
from .preflight import Preflight
from .view import View

_LOOKS = 256
"""At most this many prims are looked at per frame, spread over the stage. What is missed makes nothing suspect."""

T = TypeVar("T")


class Foresight:
    """Knows what is drawn on a stage, as ``preflight`` found it, and the ``views`` of render products by name."""

    def __init__(self, preflight: Preflight, views: Mapping[str, View]) -> None:
        self._preflight = preflight
        self._views = views

    def expected(self, product: str, time: Usd.TimeCode) -> Expected:
        """Return what is known of the view of ``product`` at ``time``; nothing of a product of another name."""
        view = self._views.get(product)
        if view is None:
            return Expected()
        labelled = [prim for prim in self._labelled if prim.IsValid()]
        return Expected(
            surfaces=view.must_see([prim for prim in self._opaque if prim.IsValid()], time),
            labels=bool(labelled) and view.may_see(labelled, time),
        )

    @cached_property
    def _labelled(self) -> Sequence[Usd.Prim]:
        return _some(list(dict.fromkeys(surface.anchor for surface in self._preflight.labelled)))

    @cached_property
    def _opaque(self) -> Sequence[Usd.Prim]:
        """What is drawn where it stands on the stage and, as far as materials tell, lets no light through."""
        placed = [surface for surface in self._preflight.drawn if not surface.instancers]
        prims = [each for surface in placed for each in {surface.prim, surface.gprim}]
        clear = {prim for prim, _ in translucent(self._preflight.stage, prims)}
        return _some(list(dict.fromkeys(s.gprim for s in placed if not {s.prim, s.gprim} & clear)))


def _some(things: Sequence[T]) -> Sequence[T]:
    return things[:: max(1, len(things) // _LOOKS)]
