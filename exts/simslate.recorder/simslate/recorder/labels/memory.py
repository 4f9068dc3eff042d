"""What a layer said of some prims before an edit, to be put back to the byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pxr import Sdf

FIELDS = ("apiSchemas", "instanceable")
"""The metadata of a prim that an edit of labels may change."""


@dataclass
class _Note:
    """One prim: what it had of FIELDS, its properties in order, and which of them were touched."""

    fields: dict[str, Any]
    order: list[str]
    touched: list[str] = field(default_factory=list)


class LayerMemory:
    """Notes what is about to be edited in ``layer``, and takes the edit back; edits by others meanwhile stay."""

    def __init__(self, layer: Sdf.Layer) -> None:
        self.layer = layer
        self._notes: dict[Sdf.Path, _Note] = {}
        self._made: set[Sdf.Path] = set()
        self._properties = Sdf.Layer.CreateAnonymous()

    def prim(self, path: Sdf.Path) -> Sdf.PrimSpec:
        """Return the spec at ``path`` to be edited, made as an over if it was not there."""
        spec = self.layer.GetPrimAtPath(path)
        if path in self._notes:
            return spec
        if not spec:
            return self._make(path)
        fields = {name: spec.GetInfo(name) for name in FIELDS if spec.HasInfo(name)}
        self._notes[path] = _Note(fields, list(spec.properties.keys()))
        return spec

    def touch(self, spec: Sdf.PrimSpec, name: str) -> None:
        """Note that the property ``name`` of a prim from ``prim()`` is about to be made, changed or removed."""
        note = self._notes[spec.path]
        if name in note.touched:
            return
        note.touched.append(name)
        if name in note.order:
            path = spec.path.AppendProperty(name)
            Sdf.CreatePrimInLayer(self._properties, spec.path)
            Sdf.CopySpec(self.layer, path, self._properties, path)

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
        self._properties.Clear()

    def _make(self, path: Sdf.Path) -> Sdf.PrimSpec:
        above = path
        while above not in self._made and not self.layer.GetPrimAtPath(above):
            self._made.add(above)
            above = above.GetParentPath()
        self._notes[path] = _Note({}, [])
        return Sdf.CreatePrimInLayer(self.layer, path)

    def _is_ours(self, path: Sdf.Path) -> bool:
        """Return whether the made prim at ``path`` and all below it hold nothing but what was noted here."""
        spec = self.layer.GetPrimAtPath(path)
        if not spec:
            return True
        note = self._notes.get(path)
        if path not in self._made or not set(spec.properties.keys()) <= set(note.touched if note else ()):
            return False
        return all(self._is_ours(child.path) for child in spec.nameChildren.values())

    def _restore(self, spec: Sdf.PrimSpec, note: _Note) -> None:
        for name in FIELDS:
            if name in note.fields:
                spec.SetInfo(name, note.fields[name])
            elif spec.HasInfo(name):
                spec.ClearInfo(name)
        for name in note.touched:
            path = spec.path.AppendProperty(name)
            if name in note.order:
                Sdf.CopySpec(self._properties, path, self.layer, path)
            elif self.layer.GetPropertyAtPath(path):
                spec.RemoveProperty(self.layer.GetPropertyAtPath(path))
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
