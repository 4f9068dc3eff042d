"""Poses of labelled prims as Isaac Sim's PoseWriter writes them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from pxr import Gf

from kitless.raycast.camera import Camera

from ._view import Array, corners, moved

DEFAULT_ORDER = ("Center", "LDB", "LDF", "LUB", "LUF", "RDB", "RDF", "RUB", "RUF")
"""Left and right, down and up, back and front: the smaller and the larger x, y and z in the prim's own frame."""
DOPE_ORDER = ("LUF", "RUF", "RDF", "LDF", "LUB", "RUB", "RDB", "LDB", "Center")
DECIMALS = 5
"""Of the camera's matrices."""


def camera_data(params: Mapping[str, Any]) -> dict[str, Any]:
    """The camera of a frame: apertures and focal length in USD's unit, pixels, matrices for row vectors."""
    width, height = (int(side) for side in params["renderProductResolution"])
    aperture, offset = params["cameraAperture"].tolist(), params["cameraApertureOffset"].tolist()
    focal = params["cameraFocalLength"] / (aperture[0] / width)
    return {
        "aperture": aperture,
        "aperture_offset": offset,
        "focal_length": params["cameraFocalLength"],
        "resolution": [width, height],
        "meters_per_scene_unit": params["metersPerSceneUnit"],
        "intrinsics": {"fx": focal, "fy": focal, "cx": width / 2 + offset[0], "cy": height / 2 + offset[1]},
        "camera_view_matrix": _rounded(params["cameraViewTransform"]),
        "camera_projection_matrix": _rounded(params["cameraProjection"]),
    }


def _rounded(matrix: Any) -> list[list[float]]:
    rows: list[list[float]] = np.round(np.asarray(matrix, np.float64).reshape(4, 4), DECIMALS).tolist()
    return rows


def quaternion(rotation: Array) -> list[float]:
    """w, x, y, z of a (3, 3) matrix for row vectors, its scale left out."""
    matrix = Gf.Matrix4d(Gf.Matrix3d(*map(float, rotation.ravel())), Gf.Vec3d(0)).RemoveScaleShear()
    found = matrix.ExtractRotationQuat()
    return [found.GetReal(), *found.GetImaginary()]


def pose(row: Any, label: str, path: str, visibility: float, camera: Camera) -> dict[str, Any]:
    """One object, from its row of ``bounding_box_3d_fast``.

    Rotation matrices keep the scale. The pose in the camera's frame is view @ local-to-world, in this order, as in
    Isaac Sim's files; keypoints are transformed one after the other and lie where they are.
    """
    to_world = np.asarray(row["transform"], np.float64)
    local = corners(row)
    keypoints = moved(np.vstack([local.mean(axis=0), local]), to_world)
    in_camera = camera.view @ to_world
    pixels, travels = camera.project(keypoints)
    return {
        "label": label,
        "prim_path": path,
        "visibility": visibility,
        "local_to_world_transform": to_world.tolist(),
        "location_world_frame": to_world[3, :3].tolist(),
        "rotation_matrix_world_frame": to_world[:3, :3].tolist(),
        "quat_wxyz_world_frame": quaternion(to_world[:3, :3]),
        "location_camera_frame": in_camera[3, :3].tolist(),
        "rotation_matrix_camera_frame": in_camera[:3, :3].tolist(),
        "quat_wxyz_camera_frame": quaternion(in_camera[:3, :3]),
        "size": (np.ptp(local, axis=0) * np.linalg.norm(to_world[:3, :3], axis=1)).tolist(),
        "cuboid_keypoints_world_frame": keypoints.tolist(),
        "cuboid_keypoints_camera_frame": moved(keypoints, camera.view).tolist(),
        "cuboid_keypoints_projected": _pixels(pixels),
        "truncation_ratio": truncation(pixels, travels, camera.resolution),
    }


def _pixels(pixels: Array) -> list[list[int]]:
    # What is behind the camera may be anywhere, and must be a number in JSON all the same.
    whole: list[list[int]] = np.rint(np.nan_to_num(pixels, nan=0.0, posinf=1e9, neginf=-1e9)).astype(int).tolist()
    return whole


def truncation(pixels: Array, travels: Array, resolution: tuple[int, int]) -> float:
    """How much of the rectangle about the keypoints is out of the picture, 0…1; of those in front of the camera."""
    seen = pixels[travels > 0]
    if not len(seen):
        return 1.0
    low, high = seen.min(axis=0), seen.max(axis=0)
    inside = np.clip(np.minimum(high, resolution) - np.maximum(low, 0.0), 0.0, None)
    area = float(np.prod(high - low))
    return round(1.0 - float(np.prod(inside)) / area, 3) if area > 0 else 0.0


def _ordered(points: list[Any], order: tuple[str, ...]) -> list[Any]:
    return [points[DEFAULT_ORDER.index(name)] for name in order]


def plain(found: dict[str, Any]) -> dict[str, Any]:
    """All that is known."""
    return found


def dope(found: dict[str, Any]) -> dict[str, Any]:
    """What DOPE is trained on."""
    w, x, y, z = found["quat_wxyz_camera_frame"]
    return {
        "class": found["label"],
        "visibility": found["visibility"],
        "location": found["location_camera_frame"],
        "quaternion_xyzw": [x, y, z, w],
        "projected_cuboid": _ordered(found["cuboid_keypoints_projected"], DOPE_ORDER),
    }


def centerpose(found: dict[str, Any]) -> dict[str, Any]:
    """What CenterPose is trained on."""
    w, x, y, z = found["quat_wxyz_camera_frame"]
    return {
        "label": found["label"],
        "visibility": found["visibility"],
        "location": found["location_camera_frame"],
        "quaternion_xyzw": [x, y, z, w],
        "scale": found["size"],
        "keypoints_3d": found["cuboid_keypoints_camera_frame"],
        "projected_cuboid": found["cuboid_keypoints_projected"],
    }


FORMATS = {None: (DEFAULT_ORDER, plain), "dope": (DOPE_ORDER, dope), "centerpose": (DEFAULT_ORDER, centerpose)}
"""Each format's order of keypoints, and how it tells of an object."""
