"""What a layer says at a path, to be put back exactly."""

from __future__ import annotations

from pxr import Sdf

_TEMPORARY = "kitless_restored"


class SpecSnapshot:
    """Copies the spec at ``path`` in ``layer``, with all below it; ``restore`` puts back that or its absence.

    Specs above it that did not exist either are removed again too, and a prim gets its old place among its siblings.
    """

    def __init__(self, layer: Sdf.Layer, path: Sdf.Path) -> None:
        self._layer = layer
        self._path = path
        self._copy: Sdf.Layer | None = None
        self._index = 0
        if layer.GetObjectAtPath(path):
            self._copy = Sdf.Layer.CreateAnonymous()
            Sdf.CreatePrimInLayer(self._copy, path.GetPrimPath())
            Sdf.CopySpec(layer, path, self._copy, path)
            self._index = _index(layer, path)
        else:
            self._path = _topmost_missing(layer, path)

    def restore(self) -> None:
        """Make the layer say at the path what it said when the snapshot was made."""
        if self._copy is None:
            _remove(self._layer, self._path)
            return
        if self._path.IsPropertyPath() or self._layer.GetPrimAtPath(self._path):
            Sdf.CreatePrimInLayer(self._layer, self._path.GetPrimPath())
            Sdf.CopySpec(self._copy, self._path, self._layer, self._path)
            return
        # A copied spec comes last among its siblings; only a move takes an index.
        beside = self._path.ReplaceName(_TEMPORARY)
        Sdf.CopySpec(self._copy, self._path, self._layer, beside)
        edit = Sdf.BatchNamespaceEdit()
        edit.Add(Sdf.NamespaceEdit(beside, self._path, self._index))
        self._layer.Apply(edit)


def _index(layer: Sdf.Layer, path: Sdf.Path) -> int:
    if not path.IsPrimPath():
        return 0
    parent = layer.GetPrimAtPath(path.GetParentPath())
    return list(parent.nameChildren.keys()).index(path.name)


def _topmost_missing(layer: Sdf.Layer, path: Sdf.Path) -> Sdf.Path:
    missing = [prefix for prefix in path.GetPrefixes() if not layer.GetObjectAtPath(prefix)]
    return missing[0]


def _remove(layer: Sdf.Layer, path: Sdf.Path) -> None:
    spec = layer.GetObjectAtPath(path)
    if spec and path.IsPropertyPath():
        spec.owner.RemoveProperty(spec)
    elif spec:
        edit = Sdf.BatchNamespaceEdit()
        edit.Add(path, Sdf.Path.emptyPath)
        layer.Apply(edit)
