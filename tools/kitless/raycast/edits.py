"""Edits: what happened to a stage since it was last looked at, from USD's notices."""

from __future__ import annotations

from dataclasses import dataclass, field

from pxr import Sdf, Tf, Usd

from kitless.raycast.gprims import GEOMETRY_ATTRIBUTES
from kitless.raycast.parts import SUBSET_ATTRIBUTES
from kitless.raycast.point_instances import INSTANCER_ATTRIBUTES

_PROTOTYPES = "/__Prototype_"
_KEYS = frozenset(("timeSamples", "spline"))
_LABELS = ("SemanticsLabelsAPI", "SemanticsAPI")


@dataclass
class Edits:
    """Paths by what has to be read again. Labels, physics and user properties need nothing and are not noted."""

    recomposed: set[str] = field(default_factory=set)
    """Prims to scan anew, with everything below."""
    moved: set[str] = field(default_factory=set)
    """Prims whose transform changed, and that of everything below; point instancers whose instances did."""
    shown: set[str] = field(default_factory=set)
    """Prims whose visibility changed, and that of everything below."""
    reshaped: set[str] = field(default_factory=set)
    """Prims whose geometry or primvars changed."""
    keyed: set[str] = field(default_factory=set)
    """Prims of which some attribute got or lost time samples: they may vary with time now."""
    rebound: bool = False
    """Whether some material binding or inheritable primvar changed."""
    shaded: bool = False
    """Whether some input or output of a light or shader changed."""

    def note(self, path: Sdf.Path, *, resynced: bool) -> None:
        """Sort one changed path in."""
        prim = str(path.GetPrimPath())
        if path.IsPrimPath() or path.IsAbsoluteRootPath():
            if resynced:
                self.recomposed.add("/" if prim.startswith(_PROTOTYPES) else prim)
            else:
                # Of a prim's own fields only the ids that an instancer has switched off matter here.
                self.moved.add(prim)
            return
        name = str(path.name)
        if name.startswith("xformOp") or name in INSTANCER_ATTRIBUTES:
            self.moved.add(prim)
        elif name == "visibility":
            self.shown.add(prim)
        elif name in ("purpose", "prototypes"):
            self.recomposed.add("/" if prim.startswith(_PROTOTYPES) else prim)
        elif name in SUBSET_ATTRIBUTES:
            self.reshaped.add(str(path.GetPrimPath().GetParentPath()))
            self.rebound = True
        elif name.startswith("primvars:"):
            self.reshaped.add(prim)
            self.rebound = True
        elif name.startswith("material:binding"):
            self.rebound = True
        elif name.startswith(("inputs:", "outputs:", "info:")) or name == "treatAsPoint":
            self.shaded = True
        if name in GEOMETRY_ATTRIBUTES:
            self.reshaped.add(prim)


class StageWatch:
    """Collects the edits of one stage until close()."""

    def __init__(self, stage: Usd.Stage) -> None:
        self._edits = Edits(recomposed={"/"})
        self._schemas: dict[Sdf.Path, list[str]] = {}
        """The applied schemas but for labels of prims that got or lost one, as they were at the last time."""
        self._listener = Tf.Notice.Register(Usd.Notice.ObjectsChanged, self._on_changed, stage)

    def take(self) -> Edits:
        """Return the edits since the last call; at first: everything."""
        edits, self._edits = self._edits, Edits()
        return edits

    def expect_everything(self) -> None:
        """Make the next take() report the whole stage."""
        self._edits = Edits(recomposed={"/"})

    def close(self) -> None:
        """Stop listening."""
        if self._listener:
            self._listener.Revoke()
            self._listener = None

    def _on_changed(self, notice: Usd.Notice.ObjectsChanged, _stage: Usd.Stage) -> None:
        for path in notice.GetResyncedPaths():
            if not self._is_label(notice, path):
                self._edits.note(path, resynced=True)
        for path in notice.GetChangedInfoOnlyPaths():
            fields = notice.GetChangedFields(path)
            if path.IsPropertyPath() or "inactiveIds" in fields:
                self._edits.note(path, resynced=False)
            if not _KEYS.isdisjoint(fields):
                self._edits.keyed.add(str(path.GetPrimPath()))

    def _is_label(self, notice: Usd.Notice.ObjectsChanged, path: Sdf.Path) -> bool:
        """Return whether a prim has got or lost a schema of labels only: nothing is to be scanned for that.

        Which schemas it had before is known from the second time on.
        """
        if not path.IsPrimPath() or list(notice.GetChangedFields(path)) != ["apiSchemas"]:
            # It may have become another prim altogether, and what is below it too.
            self._schemas = {each: kept for each, kept in self._schemas.items() if not each.HasPrefix(path)}
            return False
        prim = notice.GetStage().GetPrimAtPath(path)
        others = [name for name in (prim.GetAppliedSchemas() if prim else ()) if not name.startswith(_LABELS)]
        before, self._schemas[path] = self._schemas.get(path), others
        return before == others


def is_prototype(path: str) -> bool:
    """Whether a path is below one of USD's implicit prototypes."""
    return path.startswith(_PROTOTYPES)
