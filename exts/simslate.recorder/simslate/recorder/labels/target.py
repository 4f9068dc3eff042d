"""Where labels are authored: the layer, and the prims that can hold an opinion there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pxr import Sdf, Usd

from ..errors import ConfigError, StageError
from ..problems import nearest

INSTANCE_POLICIES = ("error", "root", "deinstance")
"""What to do with a label for a prim inside an instance, which cannot hold an opinion of its own: raise an error, label
the instance's root instead, or make an ordinary prim of that one instance."""


@dataclass(frozen=True)
class Target:
    """A layer of a stage that labels go to."""

    stage: Usd.Stage
    edit: Usd.EditTarget

    @property
    def layer(self) -> Sdf.Layer:
        """The layer."""
        return self.edit.GetLayer()

    @property
    def stronger(self) -> tuple[Sdf.Layer, ...] | None:
        """The layers whose opinions hide those of this one; None for an edit target inside an asset or a variant."""
        stack = self.stage.GetLayerStack()
        if self.layer not in stack or not self.edit.GetMapFunction().isIdentity:
            return None
        return tuple(stack[: stack.index(self.layer)])

    def spec_path(self, path: Sdf.Path) -> Sdf.Path:
        """Return where the layer speaks of the prim at ``path``. Raises StageError for an edit target that cannot."""
        mapped = self.edit.MapToSpecPath(path)
        if mapped.isEmpty:
            raise StageError(f"{path}: the edit target {self.layer.identifier} cannot speak of this prim")
        return mapped


def find_target(stage: Usd.Stage, layer: Sdf.Layer | str | None = None) -> Target:
    """Return the target for ``layer``: None is the stage's edit target; "session", "root", or a layer by its name.

    A name is the identifier, the path or the file name of a layer of the stage's local layer stack.
    Raises StageError for a layer that is not there, is named like another one, is muted or may not be changed.
    """
    edit = stage.GetEditTarget() if layer is None else stage.GetEditTargetForLocalLayer(_find_layer(stage, layer))
    found = edit.GetLayer()
    if stage.IsLayerMuted(found.identifier):
        raise StageError(f"{found.identifier}: is muted, so that labels in it would have no effect")
    if not found.permissionToEdit:
        raise StageError(f"{found.identifier}: may not be edited; choose another layer for the labels")
    return Target(stage, edit)


def _find_layer(stage: Usd.Stage, layer: Sdf.Layer | str) -> Sdf.Layer:
    if layer in ("session", "root"):
        return stage.GetSessionLayer() if layer == "session" else stage.GetRootLayer()
    layers = stage.GetLayerStack()
    if isinstance(layer, Sdf.Layer):
        found = [layer] if layer in layers else []
    else:
        found = [each for each in layers if layer in _names(each)]
    if len(found) == 1:
        return found[0]
    name = layer if isinstance(layer, str) else layer.identifier
    if found:
        raise StageError(f"{name}: {len(found)} layers have this name; give the whole identifier")
    known = ("session", "root", *(Path(each.identifier).name for each in layers))
    raise StageError(f"{name}: is not a layer of the stage; {nearest(name, known)}")


def _names(layer: Sdf.Layer) -> tuple[str, ...]:
    return layer.identifier, layer.realPath, layer.GetDisplayName()


def authored_at(prim: Usd.Prim, instances: str = "error") -> tuple[Usd.Prim, tuple[Sdf.Path, ...]]:
    """Return the prim whose labels to author for ``prim``, and the instances to be made ordinary prims for that.

    ``instances`` is one of INSTANCE_POLICIES. Raises StageError for a prim that cannot be labelled so, and ConfigError
    for another policy.
    """
    if instances not in INSTANCE_POLICIES:
        raise ConfigError(f'instances: "{instances}" is unknown; {nearest(instances, INSTANCE_POLICIES)}')
    if prim.IsInPrototype():
        raise StageError(f"{prim.GetPath()} is in a prototype that USD made; label an instance of it instead")
    if not prim.IsInstanceProxy():
        return prim, ()
    roots = _instance_roots(prim)
    if instances == "error":
        raise StageError(proxy_complaint(prim))
    return (roots[0], ()) if instances == "root" else (prim, tuple(root.GetPath() for root in roots))


def proxy_complaint(prim: Usd.Prim) -> str:
    """Return what to say of a label for ``prim``, which lies inside an instance and so cannot have its own."""
    root = _instance_roots(prim)[0].GetPath()
    return (
        f"{prim.GetPath()} lies inside an instance and cannot have a label of its own; label {root} instead "
        f'(instances: "root") or make an ordinary prim of {root} (instances: "deinstance")'
    )


def _instance_roots(prim: Usd.Prim) -> list[Usd.Prim]:
    """Return the instances that ``prim`` lies in, the outermost, which is no instance proxy, first."""
    roots = []
    above = prim
    while above.IsInstanceProxy():
        above = above.GetParent()
        if above.IsInstance():
            roots.append(above)
    return roots[::-1]
