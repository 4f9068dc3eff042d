"""Opening, saving and asking about stages, in the manner of Isaac Sim 6."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pxr import Sdf, Usd, UsdGeom, UsdPhysics

import isaacsim.core.utils.stage as _stage
import omni.usd
from isaacsim.core import _edits
from isaacsim.core._current import current_stage, is_in_use, stage_id, use_stage
from isaacsim.core.experimental.utils.prim import get_prim_path, set_prim_variants
from isaacsim.core.utils.stage import is_stage_loading
from kitless.absent import absent

__all__ = [
    "add_reference_to_stage",
    "close_stage",
    "create_new_stage",
    "create_new_stage_async",
    "define_prim",
    "delete_prim",
    "generate_next_free_path",
    "generate_stage_representation",
    "get_current_stage",
    "get_stage_id",
    "get_stage_time_code",
    "get_stage_units",
    "get_stage_up_axis",
    "is_stage_loading",
    "is_stage_set",
    "move_prim",
    "open_stage",
    "open_stage_async",
    "save_stage",
    "set_stage_time_code",
    "set_stage_units",
    "set_stage_up_axis",
    "use_stage",
]


def is_stage_set() -> bool:
    """Return whether a ``use_stage`` block is open."""
    return is_in_use()


def get_current_stage(*, backend: str | None = None) -> Usd.Stage:
    """Return the stage in use.

    Raises RuntimeError when none is open, NotImplementedError for a backend other than ``usd``.
    """
    if backend not in (None, "usd"):
        name = "isaacsim.core.experimental.utils.stage.get_current_stage"
        raise NotImplementedError(f"{name}(backend={backend!r}) is not in kitless yet")
    return current_stage()


def get_stage_id(stage: Usd.Stage) -> int:
    """Return the stage's id in UsdUtils.StageCache."""
    return stage_id(stage)


def generate_stage_representation(mode: str = "tree") -> str | list[str] | dict[str, Any]:
    """Return the stage's prims as an indented text (``tree``), as paths (``list``) or as nested dicts (``dict``).

    Raises ValueError for another mode.
    """
    if mode not in ("tree", "list", "dict"):
        raise ValueError(f"mode {mode!r} is none of tree, list, dict")
    prims = list(current_stage().Traverse())
    if mode == "list":
        return [str(prim.GetPath()) for prim in prims]
    if mode == "tree":
        names = [(prim.GetPath().pathElementCount - 1, prim.GetName(), prim.GetTypeName()) for prim in prims]
        return "\n".join(
            f"{'  ' * depth}{name} ({kind})" if kind else f"{'  ' * depth}{name}" for depth, name, kind in names
        )
    return _nested(current_stage().GetPseudoRoot())


def create_new_stage(*, template: str | None = None) -> Usd.Stage:
    """Open a new stage and return it; ``template`` may be ``empty``: without any prim.

    Raises NotImplementedError for another template.
    """
    omni.usd.get_context().new_stage()
    return _templated(template)


async def create_new_stage_async(*, template: str | None = None) -> Usd.Stage:
    """Open a new stage, wait for an update and return it; raises as create_new_stage."""
    await omni.usd.get_context().new_stage_async()
    return _templated(template)


def open_stage(usd_path: str) -> tuple[bool, Usd.Stage | None]:
    """Open a file; return whether that worked, and the open stage. Raises as isaacsim.core.utils.stage.open_stage."""
    opened = _stage.open_stage(usd_path)
    return opened, omni.usd.get_context().get_stage()


async def open_stage_async(usd_path: str) -> tuple[bool, Usd.Stage | None]:
    """Open a file and wait for an update; return whether that worked, and the open stage. Raises as open_stage."""
    opened, _ = await _stage.open_stage_async(usd_path)
    return opened, omni.usd.get_context().get_stage()


def save_stage(usd_path: str) -> bool:
    """Write the root layer to a file; raises ValueError for what is no USD file by its name."""
    return _stage.save_stage(usd_path, save_and_reload_in_place=False)


def close_stage() -> bool:
    """Close the stage."""
    return _stage.close_stage()


def add_reference_to_stage(
    usd_path: str, path: str, *, prim_type: str = "Xform", variants: Sequence[tuple[str, str]] | None = None
) -> Usd.Prim:
    """Reference a file in the prim at ``path``, with its variants chosen, and return the prim.

    Raises FileNotFoundError for a file that is not there, ValueError for a variant that is not.
    """
    prim = _stage.add_reference_to_stage(usd_path, path, prim_type)
    if variants:
        set_prim_variants(prim, variants=variants)
    return prim


def get_stage_units() -> tuple[float, float]:
    """Return metres per unit of length and kilograms per unit of mass."""
    stage = current_stage()
    return float(UsdGeom.GetStageMetersPerUnit(stage)), float(UsdPhysics.GetStageKilogramsPerUnit(stage))


def set_stage_units(*, meters_per_unit: float | None = None, kilograms_per_unit: float | None = None) -> None:
    """Set the units; None leaves one."""
    stage = current_stage()
    with Usd.EditContext(stage, stage.GetRootLayer()):
        if meters_per_unit is not None:
            UsdGeom.SetStageMetersPerUnit(stage, meters_per_unit)
        if kilograms_per_unit is not None:
            UsdPhysics.SetStageKilogramsPerUnit(stage, kilograms_per_unit)


def get_stage_up_axis() -> str:
    """Return the up axis, ``Y`` or ``Z``."""
    return _stage.get_stage_up_axis()


def set_stage_up_axis(up_axis: str) -> None:
    """Set the up axis; raises ValueError for another than Y or Z."""
    if up_axis.upper() not in ("Y", "Z"):
        raise ValueError(f"up axis {up_axis!r} is none of Y, Z")
    _stage.set_stage_up_axis(up_axis)


def get_stage_time_code() -> tuple[float, float, float]:
    """Return the first and the last time code, and time codes per second."""
    stage = current_stage()
    return stage.GetStartTimeCode(), stage.GetEndTimeCode(), stage.GetTimeCodesPerSecond()


def set_stage_time_code(
    *,
    start_time_code: float | None = None,
    end_time_code: float | None = None,
    time_codes_per_second: float | None = None,
) -> None:
    """Set first and last time code and their rate; None leaves one."""
    stage = current_stage()
    with Usd.EditContext(stage, stage.GetRootLayer()):
        if start_time_code is not None:
            stage.SetStartTimeCode(start_time_code)
        if end_time_code is not None:
            stage.SetEndTimeCode(end_time_code)
        if time_codes_per_second is not None:
            stage.SetTimeCodesPerSecond(time_codes_per_second)


def define_prim(path: str, type_name: str = "Xform") -> Usd.Prim:
    """Return the prim at ``path``, made with this type where it is missing.

    Raises ValueError for an invalid path, and where there is a prim of another type.
    """
    if not Sdf.Path.IsValidPathString(str(path))[0] or not Sdf.Path(str(path)).IsAbsolutePath():
        raise ValueError(f"{path!r} is no absolute prim path")
    prim = current_stage().GetPrimAtPath(str(path))
    if prim and prim.GetTypeName() not in ("", type_name):
        raise ValueError(f"there is a {prim.GetTypeName()} at {path} already, which cannot be made a {type_name}")
    return current_stage().DefinePrim(str(path), type_name)


def delete_prim(prim: str | Usd.Prim) -> bool:
    """Delete a prim with all below it; return whether it is gone. Raises ValueError where there is none."""
    path = get_prim_path(prim)
    _edits.delete(path)
    return not current_stage().GetPrimAtPath(path)


def move_prim(target: str | Usd.Prim, destination: str | Usd.Prim) -> tuple[bool, str]:
    """Move a prim to another path, below the prim that is there if there is one; return True and where it is.

    Raises ValueError where USD refuses.
    """
    source, path = get_prim_path(target), get_prim_path(destination)
    if current_stage().GetPrimAtPath(path):
        path = f"{path.rstrip('/')}/{source.rpartition('/')[2]}"
    _edits.move(source, path)
    return True, path


def generate_next_free_path(path: str | None = None, *, prepend_default_prim: bool = True) -> str:
    """Return ``path``, or the next one that has no prim: ``/A_01``, ``/A_02``, ...; without one, of ``/Prim``."""
    wanted = path or "/Prim"
    wanted = wanted if wanted.startswith("/") else f"/{wanted}"
    return omni.usd.get_stage_next_free_path(current_stage(), wanted, prepend_default_prim)


def _templated(template: str | None) -> Usd.Stage:
    if template not in (None, "empty"):
        name = "isaacsim.core.experimental.utils.stage.create_new_stage"
        raise NotImplementedError(f"{name}(template={template!r}) is not in kitless yet (there is: empty)")
    stage = current_stage()
    if template == "empty":
        for prim in stage.GetPseudoRoot().GetChildren():
            stage.RemovePrim(prim.GetPath())
    return stage


def _nested(prim: Usd.Prim) -> dict[str, Any]:
    return {child.GetName(): _nested(child) for child in prim.GetChildren()}


__getattr__ = absent(__name__)
