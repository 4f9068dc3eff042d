"""Where new prims go."""

from itertools import chain, islice

from pxr import Tf, Usd, UsdGeom

import omni.usd

ROOT = "/Replicator"
LOOKS = f"{ROOT}/Looks"


def open_stage() -> Usd.Stage:
    """The open stage; a new one where none is open, since Kit's apps begin with one and scripts count on it."""
    context = omni.usd.get_context()
    if context.get_stage() is None:
        context.new_stage()
    stage = context.get_stage()
    assert stage is not None
    return stage


def free_paths(stage: Usd.Stage, parent: str, name: str, count: int = 1) -> list[str]:
    """Paths below a parent that nothing has: ``_01``, ``_02``, … are appended to a taken name.

    Raises ``ValueError`` for a name that is none.
    """
    if not Tf.IsValidIdentifier(name):
        raise ValueError(f"'{name}' is no name for a prim; use '{Tf.MakeValidIdentifier(name)}'")
    above = stage.GetPrimAtPath(parent)
    taken = {prim.GetName() for prim in above.GetAllChildren()} if above else set()
    candidates = chain([name], (f"{name}_{number:02d}" for number in range(1, count + len(taken) + 1)))
    free = (each for each in candidates if each not in taken)
    return [f"{parent.rstrip('/')}/{each}" for each in islice(free, count)]


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
