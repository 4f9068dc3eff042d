"""``rep.create``: render products; the scene-building functions are not there yet."""

from collections.abc import Sequence
from typing import Any

from pxr import Sdf, Tf, Usd

import carb
import omni.usd
from kitless.services import service

from ._missing import Missing
from .render_product import HydraTexture, RenderProducts


def camera_path(camera: Any) -> str:
    """The path of a camera given as path or prim. Raises ``ValueError`` where no such prim is on the stage."""
    path = str(camera.GetPath()) if isinstance(camera, Usd.Prim) else str(camera)
    if not isinstance(camera, (str, Sdf.Path, Usd.Prim)):
        raise ValueError(f"Not a camera: {camera!r}; give a prim path or a prim")
    stage = omni.usd.get_context().get_stage()
    if stage is None or not Sdf.Path.IsValidPathString(path) or not stage.GetPrimAtPath(path):
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


def render_product(
    camera: Any,
    resolution: tuple[int, int],
    force_new: bool = False,
    name: str | Sequence[str] | None = None,
    render_vars: Sequence[str] | None = None,
) -> HydraTexture | list[HydraTexture]:
    """A render product of a camera, or a list of them for a list of cameras.

    Without ``force_new`` and ``name``, a live product with the same camera and resolution is used again. Taken names
    get ``_01``, ``_02``, … appended. Raises ``ValueError`` for a camera that is not on the stage and for a number of
    names that is not the number of cameras, ``TypeError`` for a malformed resolution.
    """
    if render_vars:
        raise NotImplementedError("omni.replicator.core.create.render_product(render_vars=…) is not in kitless yet")
    size = checked_resolution(resolution)
    cameras = list(camera) if isinstance(camera, (list, tuple)) else [camera]
    names = list(name) if isinstance(name, (list, tuple)) else [name] * len(cameras)
    if len(names) != len(cameras):
        raise ValueError(f"{len(names)} names for {len(cameras)} cameras")
    paths = [camera_path(item) for item in cameras]
    made = [_product(path, size, force_new, item) for path, item in zip(paths, names, strict=True)]
    return made if isinstance(camera, (list, tuple)) else made[0]


def _product(camera: str, size: tuple[int, int], force_new: bool, name: Any) -> HydraTexture:
    products = service(RenderProducts)
    known = None if force_new or name else products.like(camera, size)
    return known or products.create(camera, size, valid_name(name))


def __getattr__(name: str) -> Missing:
    if name.startswith("_"):
        raise AttributeError(name)
    return Missing(f"{__name__}.{name}")
