"""Looks at the app when something happened in it, once per update, and lets the model see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pxr import Sdf, Tf, Usd, UsdGeom

import omni.kit.undo
import omni.replicator.core as rep
import omni.timeline
import omni.usd
from simslate.recorder.compat import on_stage_event, on_update, viewport_camera
from simslate.recorder.labels import every_prim, labels_by_schema
from simslate.recorder.requirements import parameter_names

from .forms import Form, form_of
from .model import RecorderModel
from .world import LABELS, LEGACY, Label, Selected, World

_OURS = Sdf.Path("/Render")
"""Where render products are: they come and go without a change of what is seen."""


class StageWatch:
    """Follows stage, selection, undo and time until closed.

    Nothing is looked at while a recording runs: what happened meanwhile is, after it.
    """

    def __init__(self, model: RecorderModel, changed: Callable[[], None]) -> None:
        """``changed`` is called when the stage may look different."""
        self._model = model
        self._changed = changed
        self._forms: dict[type, Form] = {}
        self._cameras: tuple[str, ...] | None = None
        self._is_due = True
        self._time = -1.0
        self._listener: Any = None
        self._undone = lambda *_: self._note()
        omni.kit.undo.subscribe_on_change(self._undone)
        kinds = omni.usd.StageEventType
        self._cancels = [
            on_stage_event(kinds.OPENED, self._reopened),
            on_stage_event(kinds.CLOSED, self._reopened),
            on_stage_event(kinds.SELECTION_CHANGED, self._note),
            on_update(self._update),
        ]
        self._reopened()

    def close(self) -> None:
        """Look no more."""
        omni.kit.undo.unsubscribe_on_change(self._undone)
        for cancel in self._cancels:
            cancel()
        self._cancels = []
        self._listen_to(None)

    def look(self) -> None:
        """Look now."""
        self._is_due = False
        self._model.see(self._world())

    def _note(self) -> None:
        self._is_due = True

    def _reopened(self) -> None:
        self._listen_to(omni.usd.get_context().get_stage())
        self._cameras = None
        self._note()
        self._changed()

    def _listen_to(self, stage: Usd.Stage | None) -> None:
        if self._listener is not None:
            self._listener.Revoke()
        is_none = stage is None
        self._listener = None if is_none else Tf.Notice.Register(Usd.Notice.ObjectsChanged, self._edited, stage)

    def _edited(self, notice: Usd.Notice.ObjectsChanged, _: Any) -> None:
        if any(not path.HasPrefix(_OURS) for path in notice.GetResyncedPaths()):
            self._cameras = None
        elif all(path.HasPrefix(_OURS) for path in notice.GetChangedInfoOnlyPaths()):
            return
        self._note()
        self._changed()

    def _update(self) -> None:
        if not self._model.snapshot.is_idle:
            return
        time = omni.timeline.get_timeline_interface().get_current_time()
        if time != self._time:
            self._time = time
            self._changed()
        if self._is_due:
            self.look()

    def _world(self) -> World:
        context = omni.usd.get_context()
        stage: Any = context.get_stage()
        paths = context.get_selection().get_selected_prim_paths() if stage else []
        prims = [stage.GetPrimAtPath(path) for path in paths]
        return World(
            stage=context.get_stage_url() if stage else None,
            cameras=self._find_cameras(stage),
            selected=tuple(Selected(str(prim.GetPath()), _labels(prim)) for prim in prims if prim),
            viewport_camera=viewport_camera(),
            writers={name: self._form(cls) for name, cls in rep.WriterRegistry.get_writers().items()},
            can_undo=omni.kit.undo.can_undo(),
            can_redo=omni.kit.undo.can_redo(),
        )

    def _find_cameras(self, stage: Usd.Stage | None) -> tuple[str, ...]:
        if stage is None:
            return ()
        if self._cameras is None:
            self._cameras = tuple(str(prim.GetPath()) for prim in every_prim(stage) if prim.IsA(UsdGeom.Camera))
        return self._cameras

    def _form(self, writer: type) -> Form:
        if writer not in self._forms:
            self._forms[writer] = form_of(parameter_names(writer))
        return self._forms[writer]


def _labels(prim: Usd.Prim) -> tuple[Label, ...]:
    old, new = labels_by_schema(prim)
    both = ((LEGACY, old), (LABELS, new))
    return tuple(Label(kind, text, schema) for schema, found in both for kind, texts in found.items() for text in texts)
