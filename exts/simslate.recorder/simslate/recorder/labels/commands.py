"""Undoable label commands for ``omni.kit.commands``: the window's buttons and scripts run the same ones.

All take ``paths`` (None: the selected prims), ``layer`` (None: the edit target; "session", "root" or a layer's name),
``schema`` ("labels" or "legacy"; None: what the release's annotators read), ``instances`` ("error", "root" or
"deinstance": what to do with prims inside instances) and ``usd_context_name``. Each is one step of undo, changes all
prims or none, and returns its changes as ``Change`` objects.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pxr import Sdf, Usd

import omni.kit.commands
import omni.usd

from ..errors import ConfigError, SimslateError, StageError, StateError
from ..extension import get_recorder
from ..state import State
from .change import Change, added, removed, replaced
from .edit import LabelEdit
from .read import labels_by_schema, own_labels
from .rules import Rules
from .target import authored_at, find_target


@dataclass(frozen=True, kw_only=True)
class Where:
    """The keyword arguments that all commands share: see the module."""

    paths: Sequence[str | Sdf.Path] | None = None
    layer: Sdf.Layer | str | None = None
    schema: str | None = None
    instances: str = "error"
    usd_context_name: str = ""

    def edit(self, changes: Callable[[Usd.Prim], Sequence[Change]], prims: Iterable[Usd.Prim]) -> LabelEdit:
        """Return the edit that makes ``changes`` of each of ``prims``.

        Raises StageError, naming all prims that cannot be changed so, and ConfigError for what cannot be a label.
        """
        found: dict[tuple[Sdf.Path, str], Change] = {}
        deinstanced: list[Sdf.Path] = []
        refused: list[str] = []
        for prim in prims:
            try:
                holder, broken = authored_at(prim, self.instances)
            except StageError as error:
                refused += error.problems
                continue
            found.update({(change.path, change.taxonomy): change for change in changes(holder)})
            deinstanced += broken
        if refused:
            raise StageError(*refused)
        target = find_target(open_stage(self.usd_context_name), self.layer)
        return LabelEdit(target, found.values(), schema=self.schema, deinstanced=deinstanced)

    def prims(self) -> list[Usd.Prim]:
        """Return the prims that are meant. Raises StageError for paths without a prim and for an empty selection."""
        stage = open_stage(self.usd_context_name)
        if not self.paths:
            raise StageError("no prim is selected, so there is nothing to label")
        missing = [str(path) for path in self.paths if not stage.GetPrimAtPath(path)]
        if missing:
            raise StageError(*(f"{path}: there is no such prim" for path in missing))
        return [stage.GetPrimAtPath(path) for path in dict.fromkeys(map(str, self.paths))]

    def settled(self) -> Where:
        """Return the same with the prims that are selected now: redo is for these, whatever is selected then."""
        if self.paths is not None:
            return self
        selection = omni.usd.get_context(self.usd_context_name).get_selection()
        return replace(self, paths=selection.get_selected_prim_paths())


def open_stage(usd_context_name: str) -> Usd.Stage:
    """Return the open stage to be labelled. StageError without one, StateError while it is being recorded."""
    check_idle()
    stage = omni.usd.get_context(usd_context_name).get_stage()
    if stage is None:
        raise StageError("no stage is open")
    return stage


def check_idle() -> None:
    """Raise StateError while a recording runs."""
    state = get_recorder().status.state
    if state is not State.IDLE:
        raise StateError(f"labels cannot be changed while the recorder is {state.value}: frames would disagree")


class _LabelsCommand(omni.kit.commands.Command):
    """What is the same for all: an edit, done and taken back."""

    def __init__(self, **where: Any) -> None:
        self.error: SimslateError | None = None
        """Why it could not be done; ``execute`` itself only logs that."""
        self._where = Where(**where).settled()
        self._edit: LabelEdit | None = None

    @abstractmethod
    def _prepare(self) -> LabelEdit:
        """Return the edit to apply."""

    def _edit_each(self, changes: Callable[[Usd.Prim], Sequence[Change]]) -> LabelEdit:
        return self._where.edit(changes, self._where.prims())

    def do(self) -> tuple[Change, ...]:
        """Author the labels; return what was changed."""
        if self._edit is None:
            self._edit = self._applied()
        return self._edit.changes

    def _applied(self) -> LabelEdit:
        try:
            edit = self._prepare()
            edit.apply()
        except SimslateError as error:
            self.error = error
            raise
        return edit

    def undo(self) -> None:
        """Make the layer say what it said before. StateError, with nothing done, while a recording runs."""
        check_idle()
        if self._edit is not None:
            self._edit.revert()
            self._edit = None


class SimslateAddLabelsCommand(_LabelsCommand):
    """Add ``labels`` (a text or several) of ``taxonomy`` to prims; what a prim has already stays as it is."""

    def __init__(self, labels: str | Sequence[str], taxonomy: str = "class", **where: Any) -> None:
        super().__init__(**where)
        self._labels, self._taxonomy = _listed(labels), taxonomy

    def _prepare(self) -> LabelEdit:
        return self._edit_each(lambda prim: [added(prim, self._taxonomy, self._labels)])


class SimslateReplaceLabelsCommand(_LabelsCommand):
    """Make ``labels`` (a text or several) the only ones of ``taxonomy`` that prims have themselves."""

    def __init__(self, labels: str | Sequence[str], taxonomy: str = "class", **where: Any) -> None:
        super().__init__(**where)
        self._labels, self._taxonomy = _listed(labels), taxonomy

    def _prepare(self) -> LabelEdit:
        return self._edit_each(lambda prim: [replaced(prim, self._taxonomy, self._labels)])


class SimslateRemoveLabelsCommand(_LabelsCommand):
    """Remove ``labels`` (a text or several) of ``taxonomy`` from prims, or with None all of that taxonomy."""

    def __init__(self, taxonomy: str = "class", labels: str | Sequence[str] | None = None, **where: Any) -> None:
        super().__init__(**where)
        self._labels, self._taxonomy = None if labels is None else _listed(labels), taxonomy

    def _prepare(self) -> LabelEdit:
        return self._edit_each(lambda prim: [removed(prim, self._taxonomy, self._labels)])


class SimslateClearLabelsCommand(_LabelsCommand):
    """Remove all labels that prims have themselves, of all taxonomies and both schemas."""

    def _prepare(self) -> LabelEdit:
        return self._edit_each(lambda prim: [removed(prim, taxonomy) for taxonomy in own_labels(prim)])


class SimslateUpgradeLabelsCommand(_LabelsCommand):
    """Turn labels of the old schema into labels of the new one, on prims and on all below them ("/": the whole stage).

    A label that is inside an instance cannot be turned there: that is an error, or with ``instances`` "deinstance" the
    instance becomes an ordinary prim.
    """

    def _prepare(self) -> LabelEdit:
        if self._where.instances == "root":
            raise ConfigError('instances: "root" would move labels to other prims; upgrade with "deinstance"')
        everything = Usd.TraverseInstanceProxies(Usd.PrimDefaultPredicate)
        prims = (each for prim in self._where.prims() for each in Usd.PrimRange(prim, everything))
        new = replace(self._where, schema=self._where.schema or "labels")
        return new.edit(_upgraded, filter(_upgraded, prims))


class SimslateApplyLabelRulesCommand(_LabelsCommand):
    """Label the open stage by ``rules``, a file's path or ``Rules``. A second time there is nothing to change."""

    def __init__(
        self,
        rules: Rules | Path | str,
        layer: Sdf.Layer | str | None = None,
        schema: str | None = None,
        usd_context_name: str = "",
    ) -> None:
        super().__init__(layer=layer, schema=schema, usd_context_name=usd_context_name)
        self._rules = rules

    def _prepare(self) -> LabelEdit:
        rules = self._rules if isinstance(self._rules, Rules) else Rules.load(Path(self._rules))
        stage = open_stage(self._where.usd_context_name)
        return rules.plan(stage).edit(stage, layer=self._where.layer, schema=self._where.schema)


def _upgraded(prim: Usd.Prim) -> list[Change]:
    old, _ = labels_by_schema(prim)
    return [added(prim, taxonomy, ()) for taxonomy in old]


def _listed(labels: str | Sequence[str]) -> list[str]:
    return [labels] if isinstance(labels, str) else list(labels)
