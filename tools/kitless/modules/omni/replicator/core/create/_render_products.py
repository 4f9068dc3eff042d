"""``rep.create``: render products."""

from collections.abc import Sequence
from typing import Any

from pxr import Sdf, Tf, Usd, UsdGeom

import carb
import omni.usd
from kitless import app_cameras
from kitless.services import service

from ..graph import ReplicatorItem
from ..render_product import DEFAULT_NAME, HydraTexture, RenderProducts

SIDES = "_L", "_R"
"""How the cameras of a stereo pair, and their render products, end."""


def camera_list(camera: Any) -> list[Any]:
    """The cameras given: one, a list of them, or all of an item. Raises ``ValueError`` for an item without any."""
    if isinstance(camera, (list, tuple)):
        return [each for item in camera for each in camera_list(item)]
    if not isinstance(camera, ReplicatorItem):
        return [camera]
    prims = [each for prim in camera.node.prims() for each in (prim, *prim.GetChildren())]
    found = [prim for prim in prims if prim.IsA(UsdGeom.Camera)]
    if not found:
        raise ValueError(f"Invalid camera: {camera!r} has none")
    return found


def camera_path(camera: Any) -> str:
    """The path of a camera given as path or prim; the app's own is made where it is missing, as Kit always has it.

    Raises ``ValueError`` where no such prim is on the stage.
    """
    path = str(camera.GetPath()) if isinstance(camera, Usd.Prim) else str(camera)
    if not isinstance(camera, (str, Sdf.Path, Usd.Prim)):
        raise ValueError(f"Not a camera: {camera!r}; give a prim path or a prim")
    stage = omni.usd.get_context().get_stage()
    if stage is None or not Sdf.Path.IsValidPathString(path) or not app_cameras.ensure(stage, path):
        raise ValueError(f"Invalid camera: no prim at '{path}'")
    return path


def checked_resolution(resolution: Any) -> tuple[int, int]:
    """Width and height. Raises ``TypeError`` for what is no pair, ``ValueError`` for sizes below 1."""
    if not isinstance(resolution, (tuple, list)) or len(resolution) != 2:
        raise TypeError(f"Resolution must be (width, height), not {resolution!r}")
    width, height = (int(side) for side in resolution)
    if width < 1 or height < 1:
        raise ValueError(f"Resolution must be at least 1 x 1, not {width} x {height}")
    return width, height


def valid_name(name: str | None) -> str | None:
    """The name as a prim name; a warning says where it had to change."""
    if name is None or Tf.IsValidIdentifier(name):
        return name
    valid = Tf.MakeValidIdentifier(name)
    carb.log_warn(f"Render product name '{name}' is no prim name; using '{valid}'")
    return valid


def is_stereo(cameras: Sequence[Any]) -> bool:
    """Whether two cameras are a pair of ``stereo_camera``."""
    prims = [camera for camera in cameras if isinstance(camera, Usd.Prim)]
    siblings = len(cameras) == len(prims) == 2 and prims[0].GetParent() == prims[1].GetParent()
    return siblings and all(prim.GetName().endswith(side) for prim, side in zip(prims, SIDES, strict=True))


def render_product(
    camera: Any,
    resolution: tuple[int, int],
    force_new: bool = False,
    name: str | Sequence[str] | None = None,
    render_vars: Sequence[str] | None = None,
) -> HydraTexture | list[HydraTexture]:
    """A render product of a camera, or a list of them for a list of cameras, or for an item of several.

    Without ``force_new`` and ``name``, a live product with the same camera and resolution is used again. Taken names
    get ``_01``, ``_02``, … appended. Raises ``ValueError`` for a camera that is not on the stage and for a number of
    names that is not the number of cameras, ``TypeError`` for a malformed resolution.
    """
    if render_vars:
        raise NotImplementedError("omni.replicator.core.create.render_product(render_vars=…) is not in kitless yet")
    size = checked_resolution(resolution)
    cameras = camera_list(camera)
    names: list[Any] = list(name) if isinstance(name, (list, tuple)) else [name] * len(cameras)
    if len(names) != len(cameras):
        raise ValueError(f"{len(names)} names for {len(cameras)} cameras")
    paths = [camera_path(item) for item in cameras]
    products = service(RenderProducts)
    known = [
        None if force_new or given else products.like(path, size) for path, given in zip(paths, names, strict=True)
    ]
    if name is None and is_stereo(cameras):
        names = [f"{DEFAULT_NAME}{side}" for side in SIDES]
    made = [
        old or products.create(path, size, valid_name(given))
        for old, path, given in zip(known, paths, names, strict=True)
    ]
    return made if isinstance(camera, (list, tuple)) or len(made) > 1 else made[0]


def render_product_tiled(
    cameras: Any, tile_resolution: tuple[int, int], force_new: bool = False, name: str | None = None
) -> HydraTexture:
    """One render product of several cameras: their pictures in a grid, as many columns as rows or one more.

    For annotators that give pictures: colour, distances, normals and segmentation. Without ``force_new`` and ``name``,
    a live product with the same cameras and resolution is used again. Raises as ``render_product``.
    """
    tile = checked_resolution(tile_resolution)
    paths = [camera_path(item) for item in camera_list(cameras)]
    if not paths:
        raise ValueError("render_product_tiled needs at least one camera")
    products = service(RenderProducts)
    known = None if force_new or name else products.like_tiled(paths, tile)
    return known or products.create_tiled(paths, tile, valid_name(name))
