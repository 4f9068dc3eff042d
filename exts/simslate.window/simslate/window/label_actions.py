"""What the labels section's buttons do: commands, which can be undone, and looks at the stage."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import omni.kit.commands
import omni.kit.undo
import omni.usd
from simslate.recorder import Rules, SimslateError
from simslate.recorder.labels import CODES, audit, report_lines
from simslate.recorder.taxonomy import Taxonomy

from .draft import EDIT_TARGET
from .labelling import Audited, Entry, Finding, replacements
from .model import RecorderModel

_LINES = 200


class LabelActions:
    """Acts on the open stage by what the model says, and notes in the model what came of it."""

    def __init__(self, model: RecorderModel) -> None:
        self._model = model

    def add(self) -> None:
        """Add the label of the fields to all selected prims."""
        labels = self._model.snapshot.draft["labels"]
        paths = [prim.path for prim in self._model.snapshot.world.selected]
        given = {"labels": labels["data"], "taxonomy": labels["type"], "paths": paths, **self._where()}
        self._execute("labels.add", "SimslateAddLabels", given)

    def replace(self, entry: Entry) -> None:
        """Make the text that was typed of the label of ``entry``: one step of undo, whatever else the prims have."""
        snapshot = self._model.snapshot
        text = snapshot.edits.get(entry.key, entry.label.text)
        with omni.kit.undo.group():
            for each in replacements(snapshot.world.selected, entry, text):
                given = {"labels": list(each.labels), "taxonomy": entry.label.taxonomy, "paths": list(each.paths)}
                self._execute("labels.add", "SimslateReplaceLabels", {**given, **self._where()})
        self._model.forget_edits()

    def remove(self, entry: Entry) -> None:
        """Take the label of ``entry`` off the selected prims that have it."""
        given = {"labels": entry.label.text, "taxonomy": entry.label.taxonomy, "paths": list(entry.paths)}
        self._execute("labels.add", "SimslateRemoveLabels", {**given, **self._where()})

    def undo(self) -> None:
        """Take the last command back."""
        done = omni.kit.undo.undo()
        self._model.note("labels.add", "" if done else "!the last command could not be taken back; see the log")

    def redo(self) -> None:
        """Do the command again that was taken back last."""
        done = omni.kit.undo.redo()
        self._model.note("labels.add", "" if done else "!the command could not be done again; see the log")

    def dry_run(self) -> None:
        """Tell what the rules would change."""
        self._report("rules.dry_run", self._dry_run_text)

    def apply_rules(self) -> None:
        """Label the stage by the rules."""
        given = {"rules": str(self._rules_path()), "layer": self._layer()}
        self._execute("rules.dry_run", "SimslateApplyLabelRules", given)

    def audit(self) -> None:
        """Look for what is mislabelled."""
        self._report("audit.run", self._audit_text)

    def select(self, path: str) -> None:
        """Select the prim at ``path``."""
        omni.usd.get_context().get_selection().set_selected_prim_paths([path], True)

    def _execute(self, where: str, name: str, given: dict[str, Any]) -> None:
        """Do a command as ``omni.kit.commands.execute`` does, and tell why it could not be done: that only logs it."""
        command: Any = omni.kit.commands.create(name, **given)
        done, changes = (False, None) if command is None else omni.kit.undo.execute(command, name, given)
        if done:
            count = len({change.path for change in changes or () if change.before != change.after})
            self._model.note(where, f"{count} prim{'' if count == 1 else 's'} changed")
        else:
            self._model.note(where, f"!{getattr(command, 'error', None) or f'{name} failed; see the log'}")

    def _report(self, where: str, tell: Callable[[], str]) -> None:
        try:
            self._model.note(where, tell())
        except SimslateError as error:
            self._model.note(where, f"!{error}")

    def _dry_run_text(self) -> str:
        plan = Rules.load(self._rules_path()).plan(omni.usd.get_context().get_stage())
        lines = [*islice(plan.diff(), _LINES + 1)]
        cut = ["..."] if len(lines) > _LINES else []
        return "\n".join((plan.summary(), *plan.warnings, *lines[:_LINES], *cut))

    def _audit_text(self) -> str:
        job = self._model.snapshot.draft["job"]
        taxonomy = Taxonomy.load(Path(job["taxonomy"]).expanduser()) if job["taxonomy"] else None
        found = audit(omni.usd.get_context().get_stage(), taxonomy=taxonomy, mode=job["resolve"])
        summary = [*report_lines(found, 0)][-1]
        findings = (Finding(each.code, each.severity, each.path, each.text) for each in found.findings)
        meanings = tuple((code, CODES[code][1]) for code in found.counts)
        ordered = sorted(findings, key=lambda finding: [*CODES].index(finding.code))
        self._model.show_audit(Audited(tuple(ordered), meanings, summary))
        return summary

    def _rules_path(self) -> Path:
        return Path(self._model.snapshot.draft["labels"]["rules"]).expanduser()

    def _layer(self) -> str | None:
        chosen: str = self._model.snapshot.draft["labels"]["layer"]
        return None if chosen == EDIT_TARGET else chosen

    def _where(self) -> dict[str, Any]:
        return {"layer": self._layer(), "instances": self._model.snapshot.draft["labels"]["instances"]}
