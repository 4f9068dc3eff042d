"""Poses as the functional calls take them: one number or three, quaternions, points or prims to look at."""

from typing import Any

from pxr import Gf, Usd

from ..graph.values import as_vector
from ..scene import pose
from ..scene.pose import parent_of, turn_of, world_of
from ._prims import as_prim, is_number, is_sequence


def as_rotation(value: Any) -> pose.Rotation:
    """A rotation as three Euler angles in degrees, kept as they are, or as ``Gf.Rotation`` from a quaternion.

    Takes one or three numbers, four (w, x, y, z), ``Gf.Quat*`` or ``Gf.Rotation``.
    """
    if isinstance(value, Gf.Rotation):
        return value
    if isinstance(value, (Gf.Quatd, Gf.Quatf, Gf.Quath)):
        return Gf.Rotation(Gf.Quatd(value))
    if not is_number(value) and len(value) == 4:
        w, x, y, z = (float(number) for number in value)
        return Gf.Rotation(Gf.Quatd(w, x, y, z).GetNormalized())
    return as_vector(value, "rotation")


def relative_pose(prim: Usd.Prim, position: Any, rotation: Any, relative_to: Any) -> tuple[Gf.Vec3d, Gf.Rotation]:
    """A pose in the frame of another prim, as a pose in the frame of the prim's parent."""
    matrix = Gf.Matrix4d(1.0).SetRotate(pose.to_rotation(as_rotation(rotation)))
    matrix.SetTranslateOnly(Gf.Vec3d(*as_vector(position, "position")))
    matrix = matrix * world_of(as_prim(relative_to)) * parent_of(prim).GetInverse()
    return matrix.ExtractTranslation(), turn_of(matrix)


def target_of(look_at: Any) -> Gf.Vec3d:
    """The point in the world that is looked at: a point, a prim's origin, or the middle of several prims' origins."""
    if (is_sequence(look_at) and all(is_number(item) for item in look_at)) or isinstance(look_at, (Gf.Vec3d, Gf.Vec3f)):
        return Gf.Vec3d(*as_vector(look_at, "look_at"))
    prims = look_at if is_sequence(look_at) else [look_at]
    points = [world_of(as_prim(prim)).ExtractTranslation() for prim in prims]
    return sum(points, Gf.Vec3d(0)) / len(points)


def place(
    prim: Usd.Prim,
    *,
    position: Any = None,
    rotation: Any = None,
    scale: Any = None,
    pivot: Any = None,
    target: Any = None,
    up_axis: Any = None,
    relative_to: Any = None,
) -> None:
    """Set what is given. Raises ``ValueError`` for a rotation together with a target."""
    if rotation is not None and target is not None:
        raise ValueError(f"{prim.GetPath()}: give a rotation or something to look at, not both")
    if relative_to is not None:
        origin, unturned = (0.0 if value is None else value for value in (position, rotation))
        position, rotation = relative_pose(prim, origin, unturned, relative_to)
    pose.place(
        prim,
        position=None if position is None else as_vector(position, "position"),
        rotation=None if rotation is None else as_rotation(rotation),
        scale=None if scale is None else as_vector(scale, "scale"),
        pivot=None if pivot is None else as_vector(pivot, "pivot"),
    )
    if target is not None:
        up = None if up_axis is None else Gf.Vec3d(*as_vector(up_axis, "look_at_up_axis"))
        pose.look_at(prim, target_of(target), up)
