"""Widgets bound to the model: they show its values both ways, and hold nothing themselves.

Each has its path in the draft, or its button's name, as identifier; the message of its problem is a label beside it
with ``.problem`` at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import omni.ui as ui

from .control import AUTOMATIC, Button, button, choices, field_off, field_spec
from .forms import typed_number
from .model import RecorderModel, Snapshot

LABEL_WIDTH = 130
GAP = 6
# Colours of omni.ui are 0xAABBGGRR.
PROBLEM = MappingProxyType({"color": 0xFF5A5AFF})
NOTE = MappingProxyType({"color": 0xFFA0A0A0})

_FIELDS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "text": ui.StringField,
        "json": ui.StringField,
        # Not Kit's number fields: those make 0 of what is no number, and nobody is told.
        "whole": ui.StringField,
        "number": ui.StringField,
        "flag": ui.CheckBox,
    }
)
_READ: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "text": lambda model: model.get_value_as_string(),
        "json": lambda model: model.get_value_as_string(),
        "whole": lambda model: typed_number(model.get_value_as_string(), int),
        "number": lambda model: typed_number(model.get_value_as_string(), float),
        "flag": lambda model: model.get_value_as_bool(),
    }
)


class Fields:
    """Makes bound widgets in the container under way; ``clear`` unbinds them, when they go."""

    def __init__(self, model: RecorderModel) -> None:
        self.model = model
        self._cancels: list[Callable[[], None]] = []
        self._parts: list[Fields] = []

    def clear(self) -> None:
        """Unbind all."""
        for cancel in self._cancels:
            cancel()
        for part in self._parts:
            part.clear()
        self._cancels, self._parts = [], []

    def watch(self, show: Callable[[Snapshot], None]) -> None:
        """Call ``show`` now and with each new snapshot."""
        self._cancels.append(self.model.subscribe(show))
        show(self.model.snapshot)

    def watch_steady(self, show: Callable[[Snapshot], None]) -> None:
        """Call ``show`` now and with each snapshot that differs in more than in how far a recording is, or a picture.

        Those come with each frame, and there are a hundred fields.
        """
        shown: list[tuple[Any, ...]] = []

        def show_if_other(snapshot: Snapshot) -> None:
            now = snapshot.steady
            if not shown or any(a is not b for a, b in zip(shown[0], now, strict=True)):
                shown[:] = [now]
                show(snapshot)

        self.watch(show_if_other)

    # --- fields

    def row(self, path: str, *, label_width: int = LABEL_WIDTH) -> None:
        """Make a field with its name before it and its problem below."""
        with ui.VStack(height=0, spacing=2):
            self._named(path, label_width)
            self.problem(path, indent=label_width)

    def rows(self, label_widths: Mapping[str, int]) -> None:
        """Make fields side by side, path to the width of its name, and their problems below over the whole width."""
        with ui.VStack(height=0, spacing=2):
            with ui.HStack(height=0, spacing=2 * GAP):
                for path, width in label_widths.items():
                    self._named(path, width)
            for path in label_widths:
                self.problem(path)

    def _named(self, path: str, label_width: int) -> None:
        spec = field_spec(self.model.snapshot, path)
        with ui.HStack(height=0, spacing=GAP):
            ui.Label(spec.label, width=label_width, tooltip=spec.tooltip)
            self.field(path)

    def switch(self, path: str) -> None:
        """Make a check box with its name behind it and its problem below."""
        spec = field_spec(self.model.snapshot, path)
        with ui.VStack(height=0, spacing=2):
            with ui.HStack(height=0, spacing=GAP):
                self.field(path, width=16)
                # Where two stand side by side there may not be room for all of a name.
                ui.Label(spec.label, tooltip=f"{spec.label}: {spec.tooltip}")
            self.problem(path)

    def field(self, path: str, **size: Any) -> None:
        """Make the field alone."""
        spec = field_spec(self.model.snapshot, path)
        if spec.kind == "choice":
            self._choice(path, spec.tooltip, size)
            return
        read = _READ[spec.kind]
        widget = _FIELDS[spec.kind](identifier=path, tooltip=spec.tooltip, **size)
        widget.model.add_value_changed_fn(lambda model: self.model.update(path, read(model)))

        def show(snapshot: Snapshot) -> None:
            value = snapshot.value(path)
            if value is not None and read(widget.model) != value:
                widget.model.set_value(value if spec.kind == "flag" else str(value))
            _switch(widget, field_off(snapshot, path), spec.tooltip)

        self.watch_steady(show)

    def _choice(self, path: str, tooltip: str, size: Mapping[str, Any]) -> None:
        """Make a combo box; a new one when there is something else to choose from."""

        def build(part: Fields) -> None:
            known = choices(self.model.snapshot, path)
            value = self.model.snapshot.value(path)
            index = known.index(value) if value in known else 0
            texts = [each or AUTOMATIC for each in known]
            widget = ui.ComboBox(index, *texts, identifier=path, tooltip=tooltip)
            chosen = widget.model.get_item_value_model()

            def choose(*_: Any) -> None:
                place = chosen.get_value_as_int()
                if 0 <= place < len(known):
                    self.model.update(path, known[place])

            def show(snapshot: Snapshot) -> None:
                value = snapshot.value(path)
                if value in known and chosen.get_value_as_int() != known.index(value):
                    chosen.set_value(known.index(value))
                _switch(widget, field_off(snapshot, path), tooltip)

            part.watch_steady(show)
            widget.model.add_item_changed_fn(choose)

        self.rebuilt(build, lambda snapshot: choices(snapshot, path), **{"height": 0, **size})

    def problem(self, path: str, *, indent: int = 0) -> None:
        """Make the label that tells what is wrong with a field, ``indent`` pixels to the right as the field is."""
        with ui.HStack(height=0, spacing=GAP) as row:
            if indent:
                ui.Spacer(width=indent)
            widget = ui.Label("", identifier=f"{path}.problem", word_wrap=True, height=0, style=dict(PROBLEM))

        def show(snapshot: Snapshot) -> None:
            widget.text = snapshot.problems.get(path, "")
            row.visible = widget.visible = bool(widget.text)

        self.watch_steady(show)

    # --- texts

    def text(self, identifier: str, tell: Callable[[Snapshot], str], **options: Any) -> None:
        """Make a label of what ``tell`` says; without a text it takes no room."""
        widget = ui.Label("", identifier=identifier, word_wrap=True, height=0, **_plain(options))

        def show(snapshot: Snapshot) -> None:
            widget.text = tell(snapshot)
            widget.visible = bool(widget.text)

        self.watch(show)

    def note(self, where: str) -> None:
        """Make the label of what came of a button."""
        widget = ui.Label("", identifier=f"{where}.note", word_wrap=True, height=0)

        def show(snapshot: Snapshot) -> None:
            said = snapshot.notes.get(where, "")
            widget.text = said.removeprefix("!")
            widget.style = dict(PROBLEM if said.startswith("!") else NOTE)
            widget.visible = bool(said)

        self.watch_steady(show)

    # --- buttons

    def button(self, identifier: str, clicked: Callable[[], Any], **size: Any) -> None:
        """Make a button of BUTTONS."""
        self.live_button(identifier, lambda snapshot: button(snapshot, identifier), clicked, **size)

    def live_button(
        self, identifier: str, tell: Callable[[Snapshot], Button], clicked: Callable[[], Any], **size: Any
    ) -> None:
        """Make a button that is what ``tell`` says."""
        widget = ui.Button("", identifier=identifier, clicked_fn=clicked, **{"height": 0, **_plain(size)})

        def show(snapshot: Snapshot) -> None:
            now = tell(snapshot)
            widget.text, widget.enabled, widget.tooltip = now.text, now.enabled, now.tooltip

        self.watch_steady(show)

    # --- what comes and goes

    def rebuilt(self, build: Callable[[Fields], None], key: Callable[[Snapshot], Any], **size: Any) -> None:
        """Make a frame whose content ``build`` makes with fields of its own, anew when ``key`` gives something else."""
        part = Fields(self.model)
        self._parts.append(part)
        built: list[Any] = []

        def make() -> None:
            part.clear()
            build(part)

        frame = ui.Frame(build_fn=make, **size)

        def show(snapshot: Snapshot) -> None:
            now = key(snapshot)
            if built and built[0] != now:
                frame.rebuild()
            built[:] = [now]

        self.watch(show)


def _switch(widget: Any, off: str, tooltip: str) -> None:
    widget.enabled = not off
    widget.tooltip = f"{tooltip} Not now: {off}." if off else tooltip


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``options`` with dicts for all mappings, as omni.ui wants styles."""
    return {name: _plain(value) if isinstance(value, Mapping) else value for name, value in options.items()}
