"""What label rules will do to a stage: computed first, looked at, and then done as one edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pxr import Sdf, Usd

from .change import Change
from .edit import LabelEdit
from .target import find_target


@dataclass(frozen=True)
class Plan:
    """The changes that rules make to a stage. Made by ``Rules.plan``; a stage that has them all needs none."""

    changes: tuple[Change, ...] = ()
    """In stage order; prims whose labels are right already have none."""

    deinstanced: tuple[Sdf.Path, ...] = ()
    """Instances that become ordinary prims, because a prim in them gets a label of its own."""

    labelled: int = 0
    """How many prims the rules give labels to, whether or not they have them already."""

    warnings: tuple[str, ...] = ()
    """Rules that no prim got its labels from."""

    def edit(self, stage: Usd.Stage, *, layer: Sdf.Layer | str | None = None, schema: str | None = None) -> LabelEdit:
        """Return the edit that makes the changes in ``layer`` (see ``find_target``), to be applied."""
        return LabelEdit(find_target(stage, layer), self.changes, schema=schema, deinstanced=self.deinstanced)

    def diff(self) -> Iterator[str]:
        """Yield a line for each instance that is broken up and for each change: ``+`` new, ``~`` other, ``-`` gone."""
        yield from (f"* {path}  becomes an ordinary prim, no longer an instance" for path in self.deinstanced)
        yield from map(str, self.changes)

    def summary(self) -> str:
        """Return one line of figures."""
        kinds = Counter("new" if not c.before else "changed" if c.after else "removed" for c in self.changes)
        parts = [f"{kinds[kind]:,} {kind}" for kind in ("new", "changed", "removed") if kinds[kind]]
        return f"{self.labelled:,} prims labelled by rules: {', '.join(parts) or 'nothing to change'}"
