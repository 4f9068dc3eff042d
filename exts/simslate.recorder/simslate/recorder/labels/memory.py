"""What a layer said of some prims before an edit, to be put back to the byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pxr import Sdf


@dataclass(slots=True)
class _Note:
    """What one prim had of what was touched: metadata, and properties; None for what was not there."""

    fields: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, bool] = field(default_factory=dict)
    """Whether each touched property was there; a copy of it is kept aside."""
    order: list[str] | None = None
    """The order of all properties, if one of them was there."""


class LayerMemory:
    """Notes what is about to be edited in ``layer``, and takes the edit back; edits by others meanwhile stay.

    Labels are put on many prims at once, so each costs a few calls of Sdf and no more.
    """

    def __init__(self, layer: Sdf.Layer) -> None:
        self.layer = layer
        self._notes: dict[Sdf.Path, _Note] = {}
        self._made: set[Sdf.Path] = set()
        self._specs: set[Sdf.Path] = set()
        """The paths of all prims that were made here, and of all properties that were touched."""
        self._properties = Sdf.Layer.CreateAnonymous()

    def prim(self, path: Sdf.Path) -> Sdf.PrimSpec:
        """Return the spec at ``path`` to be edited, made as an over if it was not there."""
        spec = self.layer.GetPrimAtPath(path)
        if path not in self._notes:
            self._notes[path] = _Note()
        return spec or self._make(path)

    def metadata(self, spec: Sdf.PrimSpec, name: str) -> Any:
        """Return the metadata ``name`` of a prim from ``prim()``, which is about to be changed; None for none."""
        path = spec.path
        fields = self._notes[path].fields
        if (path in self._made and name not in fields) or not spec.HasInfo(name):
            fields.setdefault(name, None)
            return None
        fields.setdefault(name, spec.GetInfo(name))
        # A second copy: the caller may change a list operation in place.
        return spec.GetInfo(name)

    def property(self, spec: Sdf.PrimSpec, name: str) -> Sdf.PropertySpec | None:
        """Return a property of a prim from ``prim()`` that is about to be made, changed or removed; None for none."""
        owner = spec.path
        path, note = owner.AppendProperty(name), self._notes[owner]
        is_new = owner in self._made and name not in note.properties
        found = None if is_new else self.layer.GetPropertyAtPath(path)
        if name not in note.properties:
            note.properties[name] = bool(found)
            self._specs.add(path)
            if found:
                note.order = note.order or list(spec.properties.keys())
                Sdf.CreatePrimInLayer(self._properties, owner)
                Sdf.CopySpec(self.layer, path, self._properties, path)
        return found

    def restore(self) -> None:
        """Make the layer say what it said; prims that are gone stay away. Afterwards all is as if never noted."""
        with Sdf.ChangeBlock():
            tops = [path for path in self._made if path.GetParentPath() not in self._made]
            foreign = {path for path in tops if not self._is_ours(path)}
            _remove_prims(self.layer, [path for path in tops if path not in foreign])
            for path, note in self._notes.items():
                spec = self.layer.GetPrimAtPath(path)
                if spec:
                    self._restore(spec, note)
        self._notes.clear()
        self._made.clear()
        self._specs.clear()
        self._properties.Clear()

    def _make(self, path: Sdf.Path) -> Sdf.PrimSpec:
        above = path
        while above not in self._made and not self.layer.GetPrimAtPath(above):
            self._made.add(above)
            self._specs.add(above)
            above = above.GetParentPath()
        return Sdf.CreatePrimInLayer(self.layer, path)

    def _is_ours(self, path: Sdf.Path) -> bool:
        """Return whether the made prim at ``path`` and all below it hold nothing but what was noted here."""
        found: list[Sdf.Path] = []
        self.layer.Traverse(path, found.append)
        return self._specs.issuperset(found)

    def _restore(self, spec: Sdf.PrimSpec, note: _Note) -> None:
        for name, value in note.fields.items():
            if value is None:
                spec.ClearInfo(name)
            else:
                spec.SetInfo(name, value)
        for name, was_there in note.properties.items():
            path = spec.path.AppendProperty(name)
            if was_there:
                Sdf.CopySpec(self._properties, path, self.layer, path)
            elif found := self.layer.GetPropertyAtPath(path):
                spec.RemoveProperty(found)
        if note.order is not None:
            self._reorder(spec, note.order)

    def _reorder(self, spec: Sdf.PrimSpec, order: list[str]) -> None:
        """Bring properties that came back last to their old places: Sdf can only append one."""
        now = list(spec.properties.keys())
        wanted = [name for name in order if name in now] + [name for name in now if name not in order]
        first = next((i for i, (old, new) in enumerate(zip(now, wanted, strict=True)) if old != new), len(now))
        for name in wanted[first:]:
            path = spec.path.AppendProperty(name)
            aside = Sdf.Layer.CreateAnonymous()
            Sdf.CreatePrimInLayer(aside, spec.path)
            Sdf.CopySpec(self.layer, path, aside, path)
            spec.RemoveProperty(spec.properties[name])
            Sdf.CopySpec(aside, path, self.layer, path)


def _remove_prims(layer: Sdf.Layer, paths: Iterable[Sdf.Path]) -> None:
    """Remove prims. To remove one child of many costs as much as there are children, so those that stay step aside."""
    by_parent: dict[Sdf.Path, set[str]] = {}
    for path in paths:
        if layer.GetPrimAtPath(path):
            by_parent.setdefault(path.GetParentPath(), set()).add(path.name)
    for parent, names in by_parent.items():
        children = (layer.GetPrimAtPath(parent) or layer.pseudoRoot).nameChildren
        aside = Sdf.Layer.CreateAnonymous()
        staying = [parent.AppendChild(name) for name in children.keys() if name not in names]  # noqa: SIM118  Sdf's proxy
        for path in staying:
            Sdf.CreatePrimInLayer(aside, parent.AppendChild(path.name))
            Sdf.CopySpec(layer, path, aside, path)
        children.clear()
        for path in staying:
            Sdf.CopySpec(aside, path, layer, path)
