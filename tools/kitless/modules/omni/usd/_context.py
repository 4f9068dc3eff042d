"""The context: which stage is open, what is selected, and the events about both."""

# Parameters are Kit's, the ones without a meaning here too.

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from pxr import Sdf, Usd, UsdUtils

import carb
from carb.eventdispatcher import get_eventdispatcher
from carb.events import IEventStream
from kitless.absent import Partial
from omni.kit.app import GLOBAL_EVENT_UPDATE, get_app
from omni.kit.undo import clear_stack
from omni.timeline import Timeline, get_timeline_interface
from omni.usd import _files
from omni.usd._selection import Selection
from omni.usd._types import StageEventType, StageState, UsdContextInitialLoadSet

Result: TypeAlias = tuple[bool, str]
SaveResult: TypeAlias = tuple[bool, str, list[str]]
OnResult: TypeAlias = Callable[[bool, str], Any]
OnSaved: TypeAlias = Callable[[bool, str, list[str]], Any]

_LOAD_ALL = UsdContextInitialLoadSet.LOAD_ALL
_DEFAULT_END_CODE = 100.0


class UsdContext(Partial):
    """The place where a stage is opened, edited, saved and closed.

    The plain methods return whether they succeeded and log an error otherwise; ``..._async`` ones return
    ``(True, "")`` or ``(False, message)`` (saving: with a list of the saved layers) one update later, when
    ASSETS_LOADED has been sent; ``..._with_callback`` ones pass the same to a function. A stage that cannot be opened
    leaves the one that is open.
    """

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._stage: Usd.Stage | None = None
        self._state = StageState.CLOSED
        self._as_made: str | None = None
        self._pending_edit = False
        self._stream = IEventStream(f"omni.usd{name}")
        self._selection = Selection(self.get_stage, lambda: self._send(StageEventType.SELECTION_CHANGED))
        self._loaded_observer: Any = None

    # --- what is open

    def get_name(self) -> str:
        """Return the context's name, empty for the default one."""
        return self._name

    def get_stage(self) -> Usd.Stage | None:
        """Return the open stage, None when there is none."""
        return self._stage

    def get_stage_id(self) -> int:
        """Return the stage's id in UsdUtils.StageCache, -1 when there is none."""
        return UsdUtils.StageCache.Get().GetId(self._stage).ToLongInt() if self._stage is not None else -1

    def get_stage_url(self) -> str:
        """Return the stage's file, the root layer's name for a new stage, empty when none is open."""
        if self._stage is None:
            return ""
        root = self._stage.GetRootLayer()
        return root.realPath or root.identifier

    def get_stage_state(self) -> StageState:
        """Return what the stage is doing."""
        return self._state

    def get_stage_loading_status(self) -> tuple[str, int, int]:
        """Return (message, files loaded, files to load): always ("", 0, 0), since opening loads everything."""
        return ("", 0, 0)

    def can_open_stage(self) -> bool:
        """Return whether a stage may be opened now, that is none is being opened or closed."""
        return self._state in (StageState.CLOSED, StageState.OPENED)

    def is_new_stage(self) -> bool:
        """Return whether the open stage has no file."""
        return self._stage is not None and self._stage.GetRootLayer().anonymous

    def is_writable(self) -> bool:
        """Return whether the open stage can be saved to its file."""
        return self._stage is not None and not self.is_new_stage() and self._stage.GetRootLayer().permissionToSave

    def has_pending_edit(self) -> bool:
        """Return whether there is something to save, the session layer left out."""
        if self._stage is None or self._pending_edit:
            return self._pending_edit
        root = self._stage.GetRootLayer()
        if root.anonymous and root.ExportToString() != self._as_made:
            return True
        return any(layer.dirty for layer in self._stage.GetUsedLayers() if not layer.anonymous)

    def set_pending_edit(self, arg0: bool, /) -> None:
        """Set or take back the mark that there is something to save."""
        self._pending_edit = bool(arg0)

    def get_selection(self) -> Selection:
        """Return the selection."""
        return self._selection

    def get_timeline(self) -> Timeline:
        """Return the timeline that follows the stage's times."""
        return get_timeline_interface()

    # --- opening and closing

    def new_stage(self, load_set: UsdContextInitialLoadSet = _LOAD_ALL) -> bool:
        """Open a new stage; see the module's docstring for what is in it."""
        return self._open(_files.new_stage)[0]

    async def new_stage_async(self, load_set: UsdContextInitialLoadSet = _LOAD_ALL) -> Result:
        """Open a new stage."""
        return await _after_update(self._open(_files.new_stage))

    def new_stage_with_callback(
        self, fn: OnResult | None = None, load_set: UsdContextInitialLoadSet = _LOAD_ALL
    ) -> bool:
        """Open a new stage."""
        return _report(self._open(_files.new_stage), fn)

    def open_stage(
        self, url: str, on_finish_fn: OnResult | None = None, load_set: UsdContextInitialLoadSet = _LOAD_ALL
    ) -> bool:
        """Open a file."""
        return _report(self._open(lambda: _files.open_stage(url, load_set, None)), on_finish_fn)

    async def open_stage_async(
        self, url: str, load_set: UsdContextInitialLoadSet = _LOAD_ALL, session_layer_url: str | None = None
    ) -> Result:
        """Open a file, with the session layer of another one if given."""
        return await _after_update(self._open(lambda: _files.open_stage(url, load_set, _session(session_layer_url))))

    def open_stage_with_callback(
        self, url: str, on_finish_fn: OnResult | None, load_set: UsdContextInitialLoadSet = _LOAD_ALL
    ) -> bool:
        """Open a file."""
        return self.open_stage(url, on_finish_fn, load_set)

    def reopen_stage(
        self, on_finish_fn: OnResult | None = None, load_set: UsdContextInitialLoadSet = _LOAD_ALL
    ) -> bool:
        """Open the stage's file again as it is on disk; False for a stage without one."""
        return _report(self._reopen(load_set), on_finish_fn)

    async def reopen_stage_async(self, load_set: UsdContextInitialLoadSet = _LOAD_ALL) -> Result:
        """Open the stage's file again as it is on disk."""
        return await _after_update(self._reopen(load_set))

    async def attach_stage_async(self, stage: Usd.Stage) -> Result:
        """Make a stage that somebody else has opened the open one."""
        return await _after_update(self._open(lambda: stage))

    def attach_stage_with_callback(self, stage_id: int, on_finish_fn: OnResult | None = None) -> bool:
        """Make the stage with this id in UsdUtils.StageCache the open one."""
        stage = UsdUtils.StageCache.Get().Find(Usd.StageCache.Id.FromLongInt(stage_id))
        found = self._open(lambda: stage) if stage else (False, f"stage id {stage_id} is not in UsdUtils.StageCache")
        return _report(found, on_finish_fn)

    def close_stage(self, on_finish_fn: OnResult | None = None) -> bool:
        """Close the stage, unsaved edits are lost; True also when none is open."""
        return _report(self._close(), on_finish_fn)

    async def close_stage_async(self) -> Result:
        """Close the stage, unsaved edits are lost."""
        return await _after_update(self._close())

    def close_stage_with_callback(self, on_finish_fn: OnResult | None) -> bool:
        """Close the stage, unsaved edits are lost."""
        return self.close_stage(on_finish_fn)

    def _reopen(self, load_set: UsdContextInitialLoadSet) -> Result:
        if self._stage is None or self.is_new_stage():
            return False, "there is no file to open again"
        url = self.get_stage_url()
        return self._open(lambda: _files.open_stage(url, load_set, None))

    def _open(self, make: Callable[[], Usd.Stage]) -> Result:
        if not self.can_open_stage():
            return False, f"a stage is {self._state.name.lower()} just now"
        try:
            stage = make()
        except _files.StageFileError as error:
            self._send(StageEventType.OPENING)
            self._send(StageEventType.OPEN_FAILED, error=str(error))
            return False, str(error)
        self._close()
        self._state = StageState.OPENING
        self._send(StageEventType.OPENING)
        self._stage = stage
        self._as_made = stage.GetRootLayer().ExportToString() if stage.GetRootLayer().anonymous else None
        UsdUtils.StageCache.Get().Insert(stage)
        self._state = StageState.OPENED
        self._reset_timeline(stage)
        self._send(StageEventType.OPENED)
        self._loaded_observer = get_eventdispatcher().observe_event(
            event_name=GLOBAL_EVENT_UPDATE, on_event=lambda _: self._announce_loaded(), observer_name=__name__
        )
        return True, ""

    def _announce_loaded(self) -> None:
        self._loaded_observer = None
        self._send(StageEventType.ASSETS_LOADED)

    def _close(self) -> Result:
        if self._stage is None:
            return True, ""
        self._state = StageState.CLOSING
        self._send(StageEventType.CLOSING)
        self._loaded_observer = None
        self._selection.clear_selected_prim_paths()
        UsdUtils.StageCache.Get().Erase(self._stage)
        self._stage, self._pending_edit = None, False
        if not self._name:
            get_timeline_interface().stop()
            get_timeline_interface().commit()
            # Undoing would edit a stage that nobody sees any more.
            clear_stack()
        self._state = StageState.CLOSED
        self._send(StageEventType.CLOSED)
        return True, ""

    def _reset_timeline(self, stage: Usd.Stage) -> None:
        if self._name:
            return
        codes = (0.0, _DEFAULT_END_CODE)
        if stage.HasAuthoredTimeCodeRange():
            codes = (stage.GetStartTimeCode(), stage.GetEndTimeCode())
        timeline, rate = get_timeline_interface(), stage.GetTimeCodesPerSecond()
        timeline.stop()
        timeline.set_time_codes_per_second(rate)
        timeline.set_start_time(codes[0] / rate)
        timeline.set_end_time(codes[1] / rate)
        timeline.set_current_time(codes[0] / rate)
        timeline.commit()

    # --- saving

    def save_stage(self, on_finish_fn: OnSaved | None = None) -> bool:
        """Save the layers that have changed, the session layer left out; False for a stage without a file."""
        return _report(self._save(), on_finish_fn)

    async def save_stage_async(self) -> SaveResult:
        """Save the layers that have changed."""
        return await _after_update(self._save())

    def save_stage_with_callback(self, on_finish_fn: OnSaved | None) -> bool:
        """Save the layers that have changed."""
        return self.save_stage(on_finish_fn)

    def save_as_stage(self, url: str, on_finish_fn: OnSaved | None = None) -> bool:
        """Save the root layer as another file and open that one, with the same session layer."""
        return _report(self._save_as(url), on_finish_fn)

    async def save_as_stage_async(self, url: str) -> SaveResult:
        """Save the root layer as another file and open that one, with the same session layer."""
        return await _after_update(self._save_as(url))

    def save_layers(
        self, new_root_layer_path: str, layer_identifiers: Sequence[str], on_finish_fn: OnSaved | None = None
    ) -> bool:
        """Save these layers, and then, with a path, the root layer as another file."""
        return _report(self._save(layer_identifiers, new_root_layer_path), on_finish_fn)

    async def save_layers_async(self, new_root_layer_path: str, layer_identifiers: Sequence[str]) -> SaveResult:
        """Save these layers, and then, with a path, the root layer as another file."""
        return await _after_update(self._save(layer_identifiers, new_root_layer_path))

    def export_as_stage(self, url: str, on_finish_fn: OnResult | None = None) -> bool:
        """Write the whole stage to a file, flattened; the open stage stays."""
        return _report(self._export(url), on_finish_fn)

    async def export_as_stage_async(self, url: str) -> Result:
        """Write the whole stage to a file, flattened; the open stage stays."""
        return await _after_update(self._export(url))

    def _save(self, identifiers: Sequence[str] | None = None, new_root: str = "") -> SaveResult:
        if self._stage is None or (identifiers is None and self.is_new_stage()):
            return False, "there is no file to save to", []
        if identifiers is None:
            layers = [layer for layer in self._stage.GetUsedLayers() if layer.dirty and not layer.anonymous]
        else:
            layers = [layer for layer in map(Sdf.Layer.Find, identifiers) if layer]
        saved = self._saving(layers)
        return self._save_as(new_root) if new_root and saved[0] else saved

    def _saving(self, layers: Iterable[Sdf.Layer]) -> SaveResult:
        self._send(StageEventType.SAVING)
        saved = []
        try:
            for layer in layers:
                _files.save_layer(layer)
                saved.append(layer.identifier)
        except _files.StageFileError as error:
            self._send(StageEventType.SAVE_FAILED, error=str(error))
            return False, str(error), saved
        self._pending_edit = False
        self._send(StageEventType.SAVED)
        return True, "", saved

    def _save_as(self, url: str) -> SaveResult:
        if self._stage is None:
            return False, "no stage is open", []
        root, session = self._stage.GetRootLayer(), self._stage.GetSessionLayer()
        try:
            path = _files.save_root_as(root, url)
        except _files.StageFileError as error:
            self._send(StageEventType.SAVE_FAILED, error=str(error))
            return False, str(error), []
        opened, message = self._open(lambda: _files.open_stage(path, _LOAD_ALL, session))
        self._send(StageEventType.SAVED if opened else StageEventType.SAVE_FAILED)
        return opened, message, [path]

    def _export(self, url: str) -> Result:
        if self._stage is None:
            return False, "no stage is open"
        try:
            _files.export(self._stage, url)
        except _files.StageFileError as error:
            return False, str(error)
        return True, ""

    # --- events

    def get_stage_event_stream(self) -> IEventStream:
        """Return the stream of StageEventType events."""
        return self._stream

    def stage_event_name(self, event: StageEventType) -> str:
        """Return the name under which the event dispatcher sends events of that type for this context."""
        return f"omni.usd:{self._name}:{StageEventType(event).name.lower()}"

    async def next_stage_event_async(self) -> tuple[int, dict[str, Any]]:
        """Wait for the next stage event and return its type and payload."""
        event = await self._stream.next_event()
        return event.type, event.payload

    def _send(self, event: StageEventType, **payload: Any) -> None:
        get_eventdispatcher().dispatch_event(self.stage_event_name(event), payload)
        self._stream.dispatch(event, 0, payload)


async def _after_update(result: Any) -> Any:
    await get_app().next_update_async()
    return result


def _session(url: str | None) -> Sdf.Layer | None:
    return None if url is None else _files.open_layer(url)


def _report(result: Result | SaveResult, fn: Callable[..., Any] | None) -> bool:
    if not result[0]:
        carb.log_error(result[1])
    if fn is not None:
        fn(*result)
    return result[0]
