"""What the window knows of the app around it: the stage, its cameras, what is selected, and the writers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .forms import Form

LABELS, LEGACY = "labels", "legacy"
"""The schemas that labels can be in, as the label commands call them."""


@dataclass(frozen=True, order=True)
class Label:
    """One label that a prim has itself."""

    taxonomy: str
    text: str
    schema: str = LABELS


@dataclass(frozen=True)
class Selected:
    """A selected prim."""

    path: str
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, kw_only=True)
class World:
    """All of it at one moment."""

    stage: str | None = None
    """Path or address of the stage that is open; None without one."""

    cameras: tuple[str, ...] = ()
    selected: tuple[Selected, ...] = ()

    viewport_camera: str = ""
    """The camera that the active viewport looks through, "" if that cannot be told."""

    writers: Mapping[str, Form] = field(default_factory=dict)

    can_undo: bool = False
    can_redo: bool = False

    @property
    def first_camera(self) -> str:
        """The camera to begin with: the viewport's, else the stage's first one, else ""."""
        if self.viewport_camera in self.cameras:
            return self.viewport_camera
        return self.cameras[0] if self.cameras else ""

    @property
    def selected_cameras(self) -> tuple[str, ...]:
        """The cameras among the selected prims."""
        return tuple(prim.path for prim in self.selected if prim.path in self.cameras)
