"""The window's model: one immutable state, replaced by commands, told whole to whoever subscribed.

It decides all that the window shows; what draws it only reads. No Kit, no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from simslate.recorder import State, Status

from .checking import find_problems
from .draft import DEFAULT, PRODUCT, Draft, keys_in, parameter_texts
from .forms import Form, Parameter, completed, shown, stored, switches
from .labelling import Audited
from .pictures import Picture
from .tree import replaced, value_at, without
from .world import World

_PARAMETER = "writer.parameter."


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """All that the window shows, at one moment."""

    draft: Draft = field(default_factory=lambda: DEFAULT)
    world: World = field(default_factory=World)
    status: Status = field(default_factory=Status)

    seconds: float = 0.0
    """Since the recording that runs, or ran last, was started."""

    folder: str = ""
    """The data set of the recording that runs, or ran last."""

    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What came of a button: identifier to text. A text that begins with ``!`` tells of a failure."""

    edits: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Key of a label entry to the text that it is to become."""

    audited: Audited | None = None
    picture: Picture | None = None

    problems: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Path of a field to what is wrong with it: follows from draft and world."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being recorded."""
        return self.status.state is State.IDLE

    @property
    def steady(self) -> tuple[Any, ...]:
        """All but how far a recording is and what the sensor sees; each is the same object until it changes."""
        state = self.status.state, self.status.error, self.folder
        return (*state, self.draft, self.world, self.notes, self.edits, self.audited, self.problems)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The form of the chosen writer."""
        form = self.world.writers.get(self.draft["writer"]["name"], Form(takes_any=True))
        return completed(form, parameter_texts(self.draft))

    def parameter(self, name: str) -> Parameter:
        """Return the chosen writer's parameter of that name."""
        unknown = Parameter(name=name, kind="json")
        return next((each for each in self.parameters if each.name == name), unknown)

    def value(self, path: str) -> Any:
        """Return what the field at ``path`` shows; None if there is no such field any more."""
        found = value_at(self.draft, keys_in(self.draft, path))
        if path.startswith(_PARAMETER):
            return shown(self.parameter(path[len(_PARAMETER) :]), found)
        return "" if found is None and path == "writer.file" else found


Observer = Callable[[Snapshot], None]


class RecorderModel:
    """Holds the snapshot. Every command replaces it once and notifies once, or not at all where nothing changes."""

    def __init__(self, draft: Draft = DEFAULT) -> None:
        self._observers: list[Observer] = []
        first = Snapshot(draft=draft)
        self._snapshot = replace(first, problems=find_problems(draft, first.world))
        self._began: float | None = None

    @property
    def snapshot(self) -> Snapshot:
        """What is now."""
        return self._snapshot

    def subscribe(self, observer: Observer) -> Callable[[], None]:
        """Call ``observer`` with each new snapshot; return the function that ends this."""
        self._observers.append(observer)

        def cancel() -> None:
            if observer in self._observers:
                self._observers.remove(observer)

        return cancel

    # --- the draft

    def update(self, path: str, value: Any) -> None:
        """Put ``value`` into the field at ``path``; a field that is not there any more is left out."""
        draft = self._snapshot.draft
        keys = keys_in(draft, path)
        if path.startswith(_PARAMETER):
            self._set_parameters({path[len(_PARAMETER) :]: value})
        elif path == "writer.file" or value_at(draft, keys) is not None:
            self.set_draft(replaced(draft, keys, value))

    def set_draft(self, draft: Draft) -> None:
        """Replace all of the draft."""
        self._replace(draft=draft)

    def add_products(self) -> None:
        """Add a render product for each selected camera, else for the viewport's, else for the stage's first one."""
        world, draft = self._snapshot.world, self._snapshot.draft
        cameras = world.selected_cameras or (world.first_camera,)
        added = [{**PRODUCT, "camera": camera} for camera in cameras]
        self.set_draft({**draft, "products": [*draft["products"], *added]})

    def remove_product(self, place: int) -> None:
        """Take the render product at ``place`` away."""
        if place < len(self._snapshot.draft["products"]):
            self.set_draft(without(self._snapshot.draft, ("products", place)))

    def select_all(self) -> None:
        """Switch all annotators of the writer on."""
        self._set_parameters({switch.name: True for switch in switches(self._snapshot.parameters)})

    def toggle_all(self) -> None:
        """Turn the switch of every annotator over."""
        names = [switch.name for switch in switches(self._snapshot.parameters)]
        self._set_parameters({name: not self._snapshot.value(f"{_PARAMETER}{name}") for name in names})

    def _set_parameters(self, values: Mapping[str, Any]) -> None:
        draft = self._snapshot.draft
        for name, value in values.items():
            keys = keys_in(draft, f"{_PARAMETER}{name}")
            # What the field shows already is not set, so that a default stays one.
            if self._snapshot.value(f"{_PARAMETER}{name}") == value:
                continue
            text = stored(self._snapshot.parameter(name), value)
            draft = without(draft, keys) if text is None else replaced(draft, keys, text)
        self.set_draft(draft)

    # --- what happens around it

    def see(self, world: World) -> None:
        """Take note of what the app is like now."""
        self._replace(world=world)

    def hear(self, status: Status, now: float, folder: str = "") -> None:
        """Take note of the recorder's status at ``now`` (seconds of a clock), and of its folder."""
        if status.state is State.STARTING and self._snapshot.is_idle:
            self._began = now
        seconds = self._snapshot.seconds if status.state is State.IDLE or self._began is None else now - self._began
        # The same text each time, as one object: see Snapshot.steady.
        folder = self._snapshot.folder if folder == self._snapshot.folder else folder
        self._replace(status=status, seconds=seconds, folder=folder)

    def edit_label(self, key: str, text: str) -> None:
        """Note what the label entry of that key is to become."""
        self._replace(edits={**self._snapshot.edits, key: text})

    def forget_edits(self) -> None:
        """Drop what was noted so."""
        self._replace(edits={})

    def note(self, where: str, text: str) -> None:
        """Show ``text`` beside the button ``where``; "" shows nothing."""
        notes = {key: said for key, said in self._snapshot.notes.items() if key != where}
        self._replace(notes={**notes, where: text} if text else notes)

    def show_audit(self, audited: Audited | None) -> None:
        """Show what an audit found."""
        self._replace(audited=audited)

    def show_picture(self, picture: Picture | None) -> None:
        """Show what a sensor sees."""
        self._replace(picture=picture)

    def _replace(self, **changes: Any) -> None:
        before = self._snapshot
        after = replace(before, **changes)
        if after == before:
            return
        if after.draft != before.draft or after.world != before.world:
            after = replace(after, problems=find_problems(after.draft, after.world))
        self._snapshot = after
        for observer in list(self._observers):
            # An observer may have changed it again: the others hear of the newest only.
            observer(self._snapshot)
