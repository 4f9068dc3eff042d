"""``rep.create``: cameras."""

from functools import partial
from typing import Any

from pxr import Gf, Usd, UsdGeom

import carb

from ..graph import ReplicatorItem, assign_new
from ..scene import pose
from ..scene.lens import define_camera, lens_values, set_lens
from ._wrapped import place_new, wrapped

POSE = ("position", "rotation", "look_at", "look_at_up_axis")


def camera(
    position: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    focal_length: Any = 24.0,
    focus_distance: Any = 400.0,
    f_stop: Any = 0.0,
    horizontal_aperture: Any = 20.955,
    horizontal_aperture_offset: Any = 0.0,
    vertical_aperture_offset: Any = 0.0,
    clipping_range: Any = (1.0, 1000000.0),
    projection_type: str = "pinhole",
    fisheye_nominal_width: Any = 1936.0,
    fisheye_nominal_height: Any = 1216.0,
    fisheye_optical_centre_x: Any = 970.94244,
    fisheye_optical_centre_y: Any = 600.37482,
    openCV_focal_x: Any = 731.78788,
    openCV_focal_y: Any = 731.78789,
    fisheye_max_fov: Any = 200.0,
    fisheye_polynomial_a: Any = 0.0,
    fisheye_polynomial_b: Any = 0.00245,
    fisheye_polynomial_c: Any = 0.0,
    fisheye_polynomial_d: Any = 0.0,
    fisheye_polynomial_e: Any = 0.0,
    fisheye_polynomial_f: Any = 0.0,
    fisheye_p0: Any = -0.00037,
    fisheye_p1: Any = -0.00074,
    fisheye_s0: Any = -0.00058,
    fisheye_s1: Any = -0.00022,
    fisheye_s2: Any = 0.00019,
    fisheye_s3: Any = -0.0002,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
    tick_rate: float | None = None,
) -> ReplicatorItem:
    """``count`` cameras, each below an Xform that is placed.

    Pose as of ``cube``; unrotated, a camera of a Z-up stage looks along -X, of a Y-up stage along -Z. Focal length and
    apertures in tenths of stage units, distances in stage units, angles in degrees. All but ``projection_type`` may be
    distributions. Raises ``ValueError`` for an unknown ``projection_type`` and for contradictions.
    """
    options = dict(locals())
    if tick_rate is not None:
        carb.log_warn(f"rep.create.camera: tick_rate={tick_rate} has no effect here, cameras follow the frames")
    node = wrapped("Camera", define_turned, count, name, parent)
    assign_new(node, partial(write_lens, names=("",)), lens_values(options))
    place_new(node, {key: options[key] for key in POSE})
    return ReplicatorItem(node)


def stereo_camera(
    stereo_baseline: Any,
    position: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    focal_length: Any = 24.0,
    focus_distance: Any = 400.0,
    f_stop: Any = 0.0,
    horizontal_aperture: Any = 20.955,
    horizontal_aperture_offset: Any = 0.0,
    vertical_aperture_offset: Any = 0.0,
    clipping_range: Any = (1.0, 1000000.0),
    projection_type: str = "pinhole",
    fisheye_nominal_width: Any = 1936.0,
    fisheye_nominal_height: Any = 1216.0,
    fisheye_optical_centre_x: Any = 970.94244,
    fisheye_optical_centre_y: Any = 600.37482,
    openCV_focal_x: Any = 731.78788,
    openCV_focal_y: Any = 731.78789,
    fisheye_max_fov: Any = 200.0,
    fisheye_polynomial_a: Any = 0.0,
    fisheye_polynomial_b: Any = 0.00245,
    fisheye_polynomial_c: Any = 0.0,
    fisheye_polynomial_d: Any = 0.0,
    fisheye_polynomial_e: Any = 0.0,
    fisheye_polynomial_f: Any = 0.0,
    fisheye_p0: Any = -0.00037,
    fisheye_p1: Any = -0.00074,
    fisheye_s0: Any = -0.00058,
    fisheye_s1: Any = -0.00022,
    fisheye_s2: Any = 0.00019,
    fisheye_s3: Any = -0.0002,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """Pairs of parallel cameras, ``stereo_baseline`` stage units apart, left one first. The rest as of ``camera``."""
    options = dict(locals())
    node = wrapped("StereoCamera", define_pair, count, name, parent)
    assign_new(node, write_baseline, {"stereo_baseline": stereo_baseline})
    assign_new(node, partial(write_lens, names=("_L", "_R")), lens_values(options))
    place_new(node, {key: options[key] for key in POSE})
    return ReplicatorItem(node)


def define_turned(stage: Usd.Stage, path: str) -> Usd.Prim:
    """A camera, turned as the stage's up axis asks for."""
    prim = define_camera(stage, path)
    turn = pose.CAMERA_TURN[UsdGeom.GetStageUpAxis(stage)]
    if any(turn):
        pose.place(prim, rotation=turn)
    return prim


def define_pair(stage: Usd.Stage, path: str) -> Usd.Prim:
    """Two cameras at one place."""
    define_turned(stage, f"{path}_L")
    return define_turned(stage, f"{path}_R")


def write_baseline(prim: Usd.Prim, values: dict[str, Any]) -> None:
    """Move the two cameras below a prim apart, along their x axis."""
    right = pose.euler_rotation(pose.CAMERA_TURN[UsdGeom.GetStageUpAxis(prim.GetStage())]).TransformDir(
        Gf.Vec3d.XAxis()
    )
    for camera_prim in prim.GetChildren():
        side = -0.5 if camera_prim.GetName().endswith("_L") else 0.5
        pose.place(camera_prim, position=right * side * float(values["stereo_baseline"]))


def write_lens(prim: Usd.Prim, values: dict[str, Any], names: tuple[str, ...]) -> None:
    """Set the lenses of the cameras below a prim whose names end as said."""
    for child in prim.GetChildren():
        if child.IsA(UsdGeom.Camera) and child.GetName().endswith(names):
            set_lens(child, values)
