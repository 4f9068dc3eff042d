"""Opening, saving and asking about stages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pxr import Sdf, Usd, UsdGeom

import omni.usd
from isaacsim.core._current import current_stage, find_stage, stage_id, use_stage
from kitless.absent import Missing, absent
from kitless.assets import resolve
from omni.kit.app import get_app

__all__ = [
    "AXES_TOKEN",
    "add_reference_to_stage",
    "clear_stage",
    "close_stage",
    "create_new_stage",
    "create_new_stage_async",
    "create_new_stage_in_memory",
    "get_current_stage",
    "get_current_stage_id",
    "get_metrics_assembler_interface",
    "get_next_free_path",
    "get_stage_units",
    "get_stage_up_axis",
    "is_stage_loading",
    "open_stage",
    "open_stage_async",
    "print_stage_prim_paths",
    "remove_deleted_references",
    "save_stage",
    "set_livesync_stage",
    "set_stage_units",
    "set_stage_up_axis",
    "traverse_stage",
    "update_stage",
    "update_stage_async",
    "use_stage",
]

AXES_TOKEN = {each: each.upper() for axis in "XYZ" for each in (axis, axis.lower())}
get_metrics_assembler_interface = Missing("isaacsim.core.utils.stage.get_metrics_assembler_interface")
remove_deleted_references = Missing("isaacsim.core.utils.stage.remove_deleted_references")
set_livesync_stage = Missing("isaacsim.core.utils.stage.set_livesync_stage")


def get_current_stage(fabric: bool = False) -> Usd.Stage:
    """Return the stage in use; None when none is open.

    Raises NotImplementedError for ``fabric``.
    """
    _no_fabric(fabric, "get_current_stage")
    stage: Usd.Stage = find_stage()
    return stage


def get_current_stage_id() -> int:
    """Return the id of the stage in use in UsdUtils.StageCache; raises RuntimeError when none is open."""
    return stage_id(current_stage())


def update_stage() -> None:
    """Do one update of the app."""
    get_app().update()


async def update_stage_async() -> None:
    """Wait for one update of the app."""
    await get_app().next_update_async()


def set_stage_up_axis(axis: str = "z") -> None:
    """Set the up axis.

    Raises ValueError for another axis than x, y or z, and RuntimeError when no stage is open.
    """
    if axis not in AXES_TOKEN:
        raise ValueError(f"up axis {axis!r} is none of x, y, z")
    with Usd.EditContext(current_stage(), current_stage().GetRootLayer()):
        if AXES_TOKEN[axis] == "X":
            # UsdGeom knows Y and Z only; the token itself may be anything.
            current_stage().SetMetadata("upAxis", "X")
        else:
            UsdGeom.SetStageUpAxis(current_stage(), AXES_TOKEN[axis])


def get_stage_up_axis() -> str:
    """Return the up axis, ``Y`` or ``Z``."""
    return str(UsdGeom.GetStageUpAxis(current_stage()))


def set_stage_units(stage_units_in_meters: float) -> None:
    """Set how many metres one unit of length is."""
    with Usd.EditContext(current_stage(), current_stage().GetRootLayer()):
        UsdGeom.SetStageMetersPerUnit(current_stage(), stage_units_in_meters)


def get_stage_units() -> float:
    """Return how many metres one unit of length is."""
    return float(UsdGeom.GetStageMetersPerUnit(current_stage()))


def clear_stage(predicate: Callable[[str], bool] | None = None) -> None:
    """Delete the prims whose path the predicate likes, by default all.

    Kept in any case: what is in the session layer or below a reference, the pseudo-root, and the cameras and render
    settings of the app (prims that are hidden in the stage window or must not be deleted).
    """
    from isaacsim.core.utils.prims import (
        delete_prim,
        is_prim_ancestral,
        is_prim_hidden_in_stage,
        is_prim_no_delete,
        is_prim_root_path,
    )

    def goes(path: str) -> bool:
        kept = is_prim_root_path(path) or is_prim_no_delete(path) or is_prim_hidden_in_stage(path)
        return not kept and not is_prim_ancestral(path) and (predicate is None or predicate(path))

    for path in [str(prim.GetPath()) for prim in current_stage().Traverse()]:
        if current_stage().GetPrimAtPath(path) and goes(path):
            delete_prim(path)


def print_stage_prim_paths(fabric: bool = False) -> None:
    """Write the paths of all prims to stdout."""
    for prim in traverse_stage(fabric):
        print(prim.GetPath())  # noqa: T201  what the function is for


def traverse_stage(fabric: bool = False) -> Usd.PrimRange:
    """Return the prims of the stage in use, parents first."""
    _no_fabric(fabric, "traverse_stage")
    return current_stage().Traverse()


def add_reference_to_stage(usd_path: str, prim_path: str, prim_type: str = "Xform") -> Usd.Prim:
    """Reference a file in the prim at ``prim_path``, made where it is missing, and return the prim.

    Raises FileNotFoundError for a file that is not there; for an asset of a server see kitless.assets.
    """
    stage = current_stage()
    path = resolve(str(usd_path))
    if Sdf.Layer.FindOrOpen(path) is None:
        raise FileNotFoundError(f"{usd_path}: no such USD file")
    prim = stage.GetPrimAtPath(prim_path) or stage.DefinePrim(prim_path, prim_type)
    prim.GetReferences().AddReference(path)
    return prim


def create_new_stage() -> bool:
    """Open a new stage."""
    return omni.usd.get_context().new_stage()


async def create_new_stage_async() -> None:
    """Open a new stage and wait for an update."""
    await omni.usd.get_context().new_stage_async()
    await get_app().next_update_async()


def create_new_stage_in_memory() -> Usd.Stage:
    """Return a new stage that is not opened: ``with use_stage(stage):`` works on it. Z up, metres."""
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    return stage


def open_stage(usd_path: str) -> bool:
    """Open a file; return whether that worked, the log says why it did not.

    Raises ValueError for what is no USD file by its name, AssetNotFoundError for a missing asset of a server.
    """
    return omni.usd.get_context().open_stage(resolve(_usd_file(usd_path)))


async def open_stage_async(usd_path: str) -> tuple[bool, str]:
    """Open a file; return whether that worked and, if not, why. Raises as open_stage."""
    return await omni.usd.get_context().open_stage_async(resolve(_usd_file(usd_path)))


def save_stage(usd_path: str, save_and_reload_in_place: bool = True) -> bool:
    """Write the root layer to a file, and open that one with ``save_and_reload_in_place``.

    Raises ValueError for what is no USD file by its name.
    """
    path = _usd_file(usd_path)
    if save_and_reload_in_place:
        return omni.usd.get_context().save_as_stage(path)
    return bool(current_stage().GetRootLayer().Export(path))


def close_stage(callback_fn: Callable[..., Any] | None = None) -> bool:
    """Close the stage; ``callback_fn`` is called with (succeeded, message)."""
    return omni.usd.get_context().close_stage(callback_fn)


def is_stage_loading() -> bool:
    """Return whether files are still being loaded, which opening has always finished here."""
    return omni.usd.get_context().get_stage_loading_status()[2] > 0


def get_next_free_path(path: str, parent: str | None = None) -> str:
    """Return ``path``, below ``parent`` if given, or the next one that has no prim: ``/A_01``, ``/A_02``, ..."""
    wanted = Sdf.Path(path)
    if parent:
        wanted = Sdf.Path(parent).AppendPath(wanted.MakeRelativePath(Sdf.Path.absoluteRootPath))
    elif not wanted.IsAbsolutePath():
        wanted = Sdf.Path.absoluteRootPath.AppendPath(wanted)
    return omni.usd.get_stage_next_free_path(current_stage(), wanted, False)


def _usd_file(path: str) -> str:
    text = str(path)
    if not Usd.Stage.IsSupportedFile(text):
        raise ValueError(f"{text} is no USD file: .usd, .usda, .usdc or .usdz")
    return text


def _no_fabric(fabric: bool, name: str) -> None:
    if fabric:
        raise NotImplementedError(f"isaacsim.core.utils.stage.{name}(fabric=True) is not in kitless yet")


__getattr__ = absent(__name__)
