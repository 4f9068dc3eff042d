"""The section that labels prims: by hand, by rules, and what an audit says of it."""

from __future__ import annotations

from functools import partial

import omni.ui as ui

from .control import Button, entry_buttons, selection_line
from .fields import LABEL_WIDTH, Fields
from .label_actions import LabelActions
from .labelling import Entry, entries
from .model import Snapshot

_FINDINGS = 20


def build_labels(fields: Fields, actions: LabelActions) -> None:
    """Make the section."""
    fields.text("labels.selection", selection_line)
    fields.rows({"labels.type": 44, "labels.data": 36})
    fields.rows({"labels.layer": 44, "labels.instances": 70})
    with ui.HStack(height=0, spacing=4):
        fields.button("labels.add", actions.add)
        fields.button("labels.undo", actions.undo, width=64)
        fields.button("labels.redo", actions.redo, width=64)
    fields.note("labels.add")
    fields.rebuilt(
        lambda part: _build_entries(part, actions), lambda snapshot: entries(snapshot.world.selected), height=0
    )
    ui.Line(height=8)
    fields.row("labels.rules", label_width=70)
    with ui.HStack(height=0, spacing=4):
        fields.button("rules.dry_run", actions.dry_run)
        fields.button("rules.apply", actions.apply_rules)
        fields.button("audit.run", actions.audit)
    fields.note("rules.dry_run")
    fields.note("audit.run")
    fields.rebuilt(lambda part: _build_findings(part, actions), lambda snapshot: snapshot.audited, height=0)


def _build_entries(fields: Fields, actions: LabelActions) -> None:
    with ui.VStack(height=0, spacing=2):
        for place, entry in enumerate(entries(fields.model.snapshot.world.selected)):
            with ui.HStack(height=0, spacing=4):
                _build_entry(fields, actions, place, entry)


def _build_entry(fields: Fields, actions: LabelActions, place: int, entry: Entry) -> None:
    name = f"labels.entry.{place}"
    told = f"{entry.label.taxonomy} on {len(entry.paths)} of {len(fields.model.snapshot.world.selected)}"
    tooltip = f"Type ({entry.label.schema}), and on how many of the selected prims: {', '.join(entry.paths)}"
    ui.Label(told, identifier=name, width=LABEL_WIDTH, tooltip=tooltip)
    text = ui.StringField(identifier=f"{name}.text", tooltip="The label; type another one to replace it.")
    text.model.set_value(entry.label.text)
    text.model.add_value_changed_fn(lambda model: fields.model.edit_label(entry.key, model.get_value_as_string()))
    _entry_button(fields, f"{name}.replace", entry, 0, partial(actions.replace, entry))
    _entry_button(fields, f"{name}.remove", entry, 1, partial(actions.remove, entry))


def _entry_button(fields: Fields, identifier: str, entry: Entry, which: int, clicked: partial[None]) -> None:
    def tell(snapshot: Snapshot) -> Button:
        return entry_buttons(snapshot, entry)[which]

    fields.live_button(identifier, tell, clicked, width=70)


def _build_findings(fields: Fields, actions: LabelActions) -> None:
    audited = fields.model.snapshot.audited
    place = 0
    with ui.VStack(height=0, spacing=2):
        for heading, findings in audited.groups if audited else ():
            ui.Label(heading, word_wrap=True, height=0)
            for finding in findings[:_FINDINGS]:
                ui.Button(
                    f"{finding.path}: {finding.text}",
                    identifier=f"audit.finding.{place}",
                    tooltip="Selects the prim.",
                    alignment=ui.Alignment.LEFT_CENTER,
                    height=0,
                    clicked_fn=partial(actions.select, finding.path),
                )
                place += 1
            if len(findings) > _FINDINGS:
                ui.Label(f"... and {len(findings) - _FINDINGS} more", height=0)
