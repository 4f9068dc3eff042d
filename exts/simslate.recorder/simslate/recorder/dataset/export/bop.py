"""BOP's format of poses: a folder for each render product, millimetres, OpenCV's camera axes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ConfigError
from .camera import Camera
from .class_list import ClassList
from .coco import category_entry
from .encoder import Encoder
from .file import File, json_bytes, json_pieces, picture_file
from .flat_png import flat_png, mask_png
from .shot import Instance, Shot
from .spool import Spool

FOLDER = "train"
NOT_KNOWN = -1
DEPTH_SCALE = 1.0
"""Millimetres of one step of a depth picture: 65.5 m at most."""


class BopEncoder(Encoder):
    """``train/000000/`` and so on, with ``rgb/``, ``depth/``, ``mask_visib/`` and the ``scene_*.json`` of each.

    ``mask/``, of objects as if alone, is there where amodal masks are known. ``obj_id`` is the class' id. Objects
    without a box in space or without a visible pixel are not told of.
    """

    def __init__(self, classes: ClassList) -> None:
        super().__init__(classes)
        self._scenes: dict[str, Spool] = {}

    def add(self, shot: Shot) -> Iterator[File]:
        """Take note of the poses, and yield the pictures. ConfigError for a camera that is no pinhole."""
        camera = shot.camera
        if camera is None or not camera.is_pinhole:
            model = "not known" if camera is None else camera.model
            raise ConfigError(f"frame {shot.frame}: BOP's cameras are pinholes; this one is {model}")
        if shot.product not in self._scenes:
            self._scenes[shot.product] = self.spool()
        scene = self._scenes[shot.product]
        folder, image = self._folder(shot.product), scene.count
        instances = [each for each in shot.instances if each.solid is not None]
        scene.add([_camera(camera), [_pose(each, camera) for each in instances], [_seen(e, shot) for e in instances]])
        for number, instance in enumerate(instances):
            name = f"{image:06d}_{number:06d}.png"
            assert instance.mask is not None
            yield File(f"{folder}/mask_visib/{name}", mask_png(instance.mask))
            if instance.alone_mask is not None:
                yield File(f"{folder}/mask/{name}", mask_png(instance.alone_mask))
        if shot.depth is not None:
            yield File(f"{folder}/depth/{image:06d}.png", _depth_png(shot.depth))
        if shot.picture is not None:
            yield picture_file(f"{folder}/rgb/{image:06d}", shot.picture)

    def finish(self) -> Iterator[File]:
        """Yield the JSON files of each scene, which render product each is of, and the classes."""
        ids = {each.name: each.id for each in self._classes.classes()}
        for product, scene in self._scenes.items():
            folder = self._folder(product)
            yield File(f"{folder}/scene_camera.json", _by_image(entry[0] for entry in scene))
            yield File(f"{folder}/scene_gt.json", _by_image(_numbered(entry[1], ids) for entry in scene))
            yield File(f"{folder}/scene_gt_info.json", _by_image(entry[2] for entry in scene))
        products = {self._folder(product).rpartition("/")[2]: product for product in self._scenes}
        classes = [category_entry(each) for each in self._classes.classes()]
        yield File("simslate.json", json_bytes({"render_products": products, "classes": classes}))

    def _folder(self, product: str) -> str:
        return f"{FOLDER}/{list(self._scenes).index(product):06d}"


def _by_image(entries: Iterable[Any]) -> Iterator[bytes]:
    return json_pieces((str(number), entry) for number, entry in enumerate(entries))


def _numbered(poses: list[dict[str, Any]], ids: dict[str, int]) -> list[dict[str, Any]]:
    return [{**each, "obj_id": ids[each["obj_id"]]} for each in poses]


def _camera(camera: Camera) -> dict[str, Any]:
    rotation, place = _rigid(camera.view)
    return {
        "cam_K": camera.matrix.ravel().tolist(),
        "depth_scale": DEPTH_SCALE,
        "cam_R_w2c": rotation.ravel().tolist(),
        "cam_t_w2c": (place * camera.metres * 1000).tolist(),
    }


def _pose(instance: Instance, camera: Camera) -> dict[str, Any]:
    assert instance.solid is not None
    rotation, place = _rigid(instance.solid.in_camera(camera))
    return {
        "cam_R_m2c": rotation.ravel().tolist(),
        "cam_t_m2c": (place * 1000).tolist(),
        "obj_id": instance.name,
        "prim_path": instance.path,
    }


def _rigid(transform: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rotation (3, 3), for column vectors, without scale and mirroring, and the place (3,)."""
    axes = transform[:3, :3] / np.maximum(np.linalg.norm(transform[:3, :3], axis=1), 1e-12)[:, None]
    if np.linalg.det(axes) < 0:
        axes[0] *= -1
    return axes.T, transform[3, :3]


def _seen(instance: Instance, shot: Shot) -> dict[str, Any]:
    assert instance.mask is not None
    return {
        "bbox_obj": [NOT_KNOWN] * 4 if instance.alone_box is None else instance.alone_box.xywh,
        "bbox_visib": instance.box.xywh,
        "px_count_all": NOT_KNOWN if instance.alone is None else instance.alone,
        "px_count_valid": NOT_KNOWN if shot.depth is None else _valid(instance, shot.depth),
        "px_count_visib": instance.mask.pixels,
        "visib_fract": float(NOT_KNOWN) if instance.visibility is None else instance.visibility,
    }


def _valid(instance: Instance, depth: NDArray[np.float32]) -> int:
    """Return how many visible pixels of ``instance`` have a depth."""
    assert instance.mask is not None
    box = instance.box
    part = depth[box.y_min : box.y_max + 1, box.x_min : box.x_max + 1]
    return int(np.count_nonzero(np.isfinite(part) & instance.mask.crop))


def _depth_png(depth: NDArray[np.float32]) -> Iterator[bytes]:
    """Yield the picture of ``depth`` in steps; 0 is what has none, or is farther than the last step."""
    steps = depth.astype(np.float64)
    steps *= 1000 / DEPTH_SCALE
    np.rint(steps, out=steps)
    # Neither is what is no number between them.
    steps[~((steps >= 0) & (steps <= np.iinfo(np.uint16).max))] = 0
    yield from flat_png(steps.astype(np.uint16))
