"""KITTI's object format: a text file of 15 columns per picture, and one about the camera."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, pi

import numpy as np
from numpy.typing import NDArray

from .camera import Camera, Solid
from .encoder import Encoder
from .file import File, picture_file
from .shot import Instance, Shot

FOLDER = "training"
UNKNOWN = 3
"""KITTI's level of occlusion where it is not known."""
_LEVELS = ((0.9, 0), (0.5, 1), (0.0, 2))
"""Least visibility of each level: fully visible, partly and largely hidden."""


@dataclass(frozen=True)
class Pose:
    """The columns in space: metres and radians in the camera's axes, or KITTI's values for what is not known."""

    alpha: float = -10.0
    size: tuple[float, float, float] = (-1.0, -1.0, -1.0)
    """Height, width and length."""

    location: tuple[float, float, float] = (-1000.0, -1000.0, -1000.0)
    """Middle of the bottom."""

    rotation_y: float = -10.0


class KittiEncoder(Encoder):
    """``training/`` with ``image_2/``, ``label_2/`` and ``calib/``."""

    def add(self, shot: Shot) -> Iterator[File]:
        """Yield the picture, its labels and, if its camera is known and a pinhole, the calibration."""
        text = "".join(f"{_line(each, shot)}\n" for each in shot.instances)
        yield File(f"{FOLDER}/label_2/{shot.stem}.txt", text.encode("utf-8"))
        if shot.camera is not None and shot.camera.is_pinhole:
            yield File(f"{FOLDER}/calib/{shot.stem}.txt", _calibration(shot.camera).encode("ascii"))
        if shot.picture is not None:
            yield picture_file(f"{FOLDER}/image_2/{shot.stem}", shot.picture)

    def finish(self) -> Iterator[File]:
        """Yield nothing: each picture has its own files."""
        yield from ()


def _line(instance: Instance, shot: Shot) -> str:
    camera = shot.camera if shot.camera is not None and shot.camera.is_pinhole else None
    pose = Pose() if camera is None or instance.solid is None else pose_of(instance.solid, camera)
    box = instance.box
    truncated = _truncation(instance, camera, shot.size)
    numbers = [
        pose.alpha,
        *(float(each) for each in (box.x_min, box.y_min, box.x_max, box.y_max)),
        *pose.size,
        *pose.location,
        pose.rotation_y,
    ]
    columns = " ".join(f"{number:.2f}" for number in numbers)
    # Columns are parted by blanks.
    return f"{'_'.join(instance.name.split())} {truncated:.2f} {_occlusion(instance.visibility)} {columns}"


def _occlusion(visibility: float | None) -> int:
    if visibility is None:
        return UNKNOWN
    return next((level for least, level in _LEVELS if visibility >= least), UNKNOWN)


def _truncation(instance: Instance, camera: Camera | None, size: tuple[int, int]) -> float:
    """Return the share of the object beyond the frame, else that of its box in space; -1 where neither is known."""
    if instance.truncation is not None:
        return instance.truncation
    if camera is None or instance.solid is None:
        return -1.0
    transform = instance.solid.in_camera(camera)
    points = np.column_stack([instance.solid.corners(), np.ones(8)]) @ transform
    if (points[:, 2] <= 0).any():
        return -1.0
    pixels = camera.project(points[:, :3])
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    inside = np.clip(np.minimum(high, size) - np.maximum(low, 0), 0, None).prod()
    whole = (high - low).prod()
    return float(1 - inside / whole) if whole > 0 else -1.0


def pose_of(solid: Solid, camera: Camera) -> Pose:
    """Return where ``solid`` is. Its height is along whichever of its axes is the most upright in the picture; it looks
    along its x axis, or along y if x is the upright one.
    """
    transform = solid.in_camera(camera)
    scales = np.linalg.norm(transform[:3, :3], axis=1)
    axes = transform[:3, :3] / np.maximum(scales, 1e-12)[:, None]
    sizes = (solid.high - solid.low) * scales
    upright = int(np.abs(axes[:, 1]).argmax())
    forward = 1 if upright == 0 else 0
    side = 3 - upright - forward
    down = axes[upright] * (1 if axes[upright, 1] > 0 else -1)
    middle = np.append((solid.low + solid.high) / 2, 1.0) @ transform
    bottom = middle[:3] + down * sizes[upright] / 2
    heading = atan2(-axes[forward, 2], axes[forward, 0])
    return Pose(
        alpha=_wrapped(heading - atan2(bottom[0], bottom[2])),
        size=(float(sizes[upright]), float(sizes[side]), float(sizes[forward])),
        location=(float(bottom[0]), float(bottom[1]), float(bottom[2])),
        rotation_y=heading,
    )


def _wrapped(angle: float) -> float:
    return (angle + pi) % (2 * pi) - pi


def _calibration(camera: Camera) -> str:
    projection = np.column_stack([camera.matrix, np.zeros(3)])
    still = np.eye(3, 4)
    lines = {f"P{number}": projection for number in range(4)}
    return "".join(
        f"{name}: {_row(matrix)}\n"
        for name, matrix in {**lines, "R0_rect": np.eye(3), "Tr_velo_to_cam": still, "Tr_imu_to_velo": still}.items()
    )


def _row(matrix: NDArray[np.float64]) -> str:
    return " ".join(f"{value:.12e}" for value in matrix.ravel())
