"""The contexts by name."""

from __future__ import annotations

from omni.timeline import get_timeline_interface
from omni.usd._context import UsdContext


class UsdContexts:
    """The process's contexts; the one without a name is always there."""

    def __init__(self) -> None:
        # Services are closed newest first, and a stage that closes stops the timeline: it has to be the older one.
        get_timeline_interface()
        self._contexts = {"": UsdContext()}

    def get(self, name: str) -> UsdContext | None:
        """Return the context of that name, None when there is none."""
        return self._contexts.get(name)

    def create(self, name: str) -> UsdContext:
        """Return the context of that name, made if there is none."""
        return self._contexts.setdefault(name, UsdContext(name))

    def destroy(self, name: str) -> bool:
        """Close and forget a context; return whether it was there. The one without a name only closes its stage."""
        context = self._contexts.get(name)
        if context is None:
            return False
        context.close_stage()
        if name:
            del self._contexts[name]
        return True

    def find_stage(self, stage_id: int) -> UsdContext | None:
        """Return the context whose open stage has this id."""
        return next((each for each in self._contexts.values() if each.get_stage_id() == stage_id), None)

    def close(self) -> None:
        """Close all stages."""
        for context in self._contexts.values():
            context.close_stage()
