"""Stages from and to files: opening with messages that name the file, templates, and saving elsewhere."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from pxr import Ar, Sdf, Tf, Usd, UsdGeom, UsdUtils

from carb.settings import get_settings
from kitless.assets import AssetNotFoundError, local_path, resolve
from omni.usd._types import UsdContextInitialLoadSet

UP_AXIS_SETTING = "/persistent/app/stage/upAxis"
METERS_PER_UNIT_SETTING = "/persistent/app/stage/metersPerUnit"

_TIME_CODES_PER_SECOND = 60.0
_END_TIME_CODE = 100.0


class StageFileError(OSError):
    """A stage's file cannot be read or written; the text names the file and says why."""


def new_stage() -> Usd.Stage:
    """Make a stage as Kit does: Xform /World as default prim, Z up, metres, 60 time codes per second, 0 to 100.

    The settings /persistent/app/stage/upAxis ("Y" or "Z") and .../metersPerUnit change the two.
    """
    settings = get_settings()
    stage = Usd.Stage.CreateInMemory("World0.usd")
    up_axis = settings.get_as_string(UP_AXIS_SETTING).upper()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y if up_axis == "Y" else UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, settings.get_as_float(METERS_PER_UNIT_SETTING) or 1.0)
    stage.SetTimeCodesPerSecond(_TIME_CODES_PER_SECOND)
    stage.SetStartTimeCode(0.0)
    stage.SetEndTimeCode(_END_TIME_CODE)
    stage.SetDefaultPrim(stage.DefinePrim("/World", "Xform"))
    return stage


def open_stage(url: str, load_set: UsdContextInitialLoadSet, session: Sdf.Layer | None) -> Usd.Stage:
    """Open the file as it is on disk, whatever unsaved edits of it are still in memory; assets: see kitless.assets.

    Raises StageFileError.
    """
    try:
        path = resolve(url)
    except AssetNotFoundError as error:
        raise StageFileError(str(error)) from error
    if not Ar.GetResolver().Resolve(path):
        raise StageFileError(f"{path}: no such file{_nearest(path)}")
    load = Usd.Stage.LoadNone if load_set == UsdContextInitialLoadSet.LOAD_NONE else Usd.Stage.LoadAll
    try:
        layer = Sdf.Layer.FindOrOpen(path)
        stage = Usd.Stage.Open(layer, load) if session is None else Usd.Stage.Open(layer, session, load)
        reload_layers(stage)
    except Tf.ErrorException as error:
        raise StageFileError(f"{path}: {reason(error)}") from error
    return stage


def open_layer(url: str) -> Sdf.Layer:
    """Open a layer.

    Raises StageFileError.
    """
    try:
        layer = Sdf.Layer.FindOrOpen(local_path(url))
    except Tf.ErrorException as error:
        raise StageFileError(f"{url}: {reason(error)}") from error
    if layer is None:
        raise StageFileError(f"{url}: no such file{_nearest(local_path(url))}")
    return layer


def reload_layers(stage: Usd.Stage) -> None:
    """Drop unsaved edits of the stage's files; the session layer stays."""
    for layer in stage.GetUsedLayers():
        if layer.dirty and not layer.anonymous:
            layer.Reload()


def save_layer(layer: Sdf.Layer) -> None:
    """Write a layer to its file.

    Raises StageFileError.
    """
    try:
        saved = layer.Save()
    except Tf.ErrorException as error:
        raise StageFileError(f"{layer.identifier}: {reason(error)}") from error
    if not saved:
        raise StageFileError(f"{layer.identifier}: cannot be written")


def export(source: Sdf.Layer | Usd.Stage, url: str) -> str:
    """Write a layer, or a whole stage flattened, to ``url`` and return the file's path.

    Raises StageFileError.
    """
    path = str(Path(local_path(url)).absolute())
    try:
        written = source.Export(path)
    except Tf.ErrorException as error:
        raise StageFileError(f"{path}: {reason(error)}") from error
    if not written:
        raise StageFileError(f"{path}: cannot be written")
    return path


def save_root_as(root: Sdf.Layer, url: str) -> str:
    """Write the root layer to ``url``, its relative asset paths still pointing at the same files; return the path.

    Raises StageFileError.
    """
    path = export(root, url)
    copy = open_layer(path)
    if copy is not root:
        copy.Reload(force=True)
    if root.realPath and Path(root.realPath).parent != Path(path).parent:
        UsdUtils.ModifyAssetPaths(copy, lambda asset: _moved(asset, root, Path(path).parent))
        save_layer(copy)
    return path


def reason(error: Tf.ErrorException) -> str:
    """Return what USD says in an exception, without where in its source it says so."""
    said = [each.commentary for each in error.args if isinstance(each, Tf.Error)]
    return "; ".join(said).strip() or str(error)


def _moved(asset: str, root: Sdf.Layer, folder: Path) -> str:
    if not asset.startswith(("./", "../")):
        return asset
    target = Path(os.path.relpath(root.ComputeAbsolutePath(asset), folder)).as_posix()
    return target if target.startswith("../") else f"./{target}"


def _nearest(path: str) -> str:
    folder = Path(path).parent
    names = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    near = difflib.get_close_matches(Path(path).name, names, 1)
    return f" (nearest: {near[0]})" if near else ""
