"""Where new prims go."""

from pxr import Sdf, Tf, Usd, UsdGeom

import omni.usd

ROOT = "/Replicator"
LOOKS = f"{ROOT}/Looks"


def open_stage() -> Usd.Stage:
    """The open stage. Raises ``RuntimeError`` where there is none."""
    stage = omni.usd.get_context().get_stage()
    if stage is None:
        raise RuntimeError("No stage is open")
    return stage


def free_path(stage: Usd.Stage, parent: str, name: str) -> str:
    """A path below a parent that nothing has: ``_01``, ``_02``, … are appended to a taken name.

    Raises ``ValueError`` for a name that is none.
    """
    if not Tf.IsValidIdentifier(name):
        raise ValueError(f"'{name}' is no name for a prim; use '{Tf.MakeValidIdentifier(name)}'")
    return str(omni.usd.get_stage_next_free_path(stage, f"{parent.rstrip('/')}/{name}", False))


def define_parent(stage: Usd.Stage, path: str) -> None:
    """Make a prim for others to stand under, if there is none."""
    if path != "/" and not stage.GetPrimAtPath(path):
        UsdGeom.Xform.Define(stage, path)


def parent_path(stage: Usd.Stage, parent: Usd.Prim | None) -> str:
    """The path of the prim to put new ones under: the one given, else Replicator's own."""
    if parent is not None:
        return str(parent.GetPath())
    define_parent(stage, ROOT)
    return ROOT


def remove(stage: Usd.Stage, path: str) -> None:
    """Remove a prim from the layer being edited."""
    layer = stage.GetEditTarget().GetLayer()
    if layer.GetPrimAtPath(path):
        edit = Sdf.BatchNamespaceEdit()
        edit.Add(path, Sdf.Path.emptyPath)
        layer.Apply(edit)
