"""Where a prim stands: its transform as translate, pivot, rotate and scale."""

import math
from collections.abc import Sequence
from itertools import pairwise

from pxr import Gf, Usd, UsdGeom, UsdLux

Vector = Sequence[float]
TRANSLATE, PIVOT, SCALE = "xformOp:translate", "xformOp:translate:pivot", "xformOp:scale"
ORIENT, UNPIVOT = "xformOp:orient", f"!invert!{PIVOT}"
ORDERS = ("XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")
ROTATES = tuple(f"xformOp:rotate{order}" for order in ORDERS)
CAMERA_TURN = {"Z": (90.0, 0.0, 90.0), "Y": (0.0, 0.0, 0.0)}
"""The rotation (XYZ) of a camera below its Xform, by the stage's up axis."""


def place(
    prim: Usd.Prim,
    *,
    position: Vector | None = None,
    rotation: Vector | None = None,
    order: str = "XYZ",
    scale: Vector | None = None,
    pivot: Vector | None = None,
) -> None:
    """Set parts of a prim's transform, relative to its parent; what is None stays as it is.

    ``rotation`` is in degrees, about the axes in ``order``. A transform of another form than translate, rotate, scale
    is first brought into it. Raises ``ValueError`` for a prim that has no transform, and for an unknown order.
    """
    if order not in ORDERS:
        raise ValueError(f"Unknown rotation order '{order}'; there are {', '.join(ORDERS)}")
    xformable = transform_of(prim)
    if not is_plain(xformable):
        make_plain(xformable)
    names = [op.GetOpName() for op in xformable.GetOrderedXformOps()]
    given = {TRANSLATE: position, PIVOT: pivot, SCALE: scale}
    if rotation is not None:
        names = [name for name in names if name not in (*ROTATES, ORIENT)]
        given[f"xformOp:rotate{order}"] = rotation
    for name, value in given.items():
        if value is not None:
            operation(xformable, name).Set(Gf.Vec3d(*value))
            names += [name] if name not in names else []
    if PIVOT in names and UNPIVOT not in names:
        names.append(UNPIVOT)
    ordered = sorted(names, key=rank)
    if ordered != list(xformable.GetXformOpOrderAttr().Get() or []):
        resets = xformable.GetResetXformStack()
        xformable.GetXformOpOrderAttr().Set([*(["!resetXformStack!"] if resets else []), *ordered])


def transform_of(prim: Usd.Prim) -> UsdGeom.Xformable:
    """A prim as what has a transform. Raises ``ValueError`` where it has none."""
    if not prim.IsA(UsdGeom.Xformable):
        raise ValueError(f"{prim.GetPath()}: a prim of type '{prim.GetTypeName()}' has no transform")
    return UsdGeom.Xformable(prim)


def rank(name: str) -> int:
    """The place of an op in a plain transform; -1 for what has none there."""
    if name in ROTATES or name == ORIENT:
        return 2
    plain = {TRANSLATE: 0, PIVOT: 1, SCALE: 3, UNPIVOT: 4}
    return plain.get(name, -1)


def is_plain(xformable: UsdGeom.Xformable) -> bool:
    """Whether a transform is made of translate, pivot, one rotation and scale, in this order."""
    ranks = [rank(op.GetOpName()) for op in xformable.GetOrderedXformOps()]
    return -1 not in ranks and all(one < after for one, after in pairwise(ranks))


def make_plain(xformable: UsdGeom.Xformable) -> None:
    """Write a transform as translate, rotate and scale; shear is lost."""
    matrix = xformable.GetLocalTransformation()
    resets = xformable.GetResetXformStack()
    scale = Gf.Vec3d(*(matrix.GetRow3(axis).GetLength() for axis in range(3)))
    if matrix.GetDeterminant3() < 0:
        scale = -scale
    turn = Gf.Matrix3d(*(c / (scale[row] or 1.0) for row in range(3) for c in matrix.GetRow3(row)))
    names = [TRANSLATE, ROTATES[0], SCALE]
    for name, value in zip(names, (matrix.ExtractTranslation(), euler(turn), scale), strict=True):
        operation(xformable, name).Set(Gf.Vec3d(*value))
    xformable.GetXformOpOrderAttr().Set([*(["!resetXformStack!"] if resets else []), *names])


def operation(xformable: UsdGeom.Xformable, name: str) -> UsdGeom.XformOp:
    """An op of three numbers by its name; made in double precision, or as it is there."""
    attribute = xformable.GetPrim().GetAttribute(name)
    if attribute:
        return UsdGeom.XformOp(attribute)
    kind, _, suffix = name.removeprefix("xformOp:").partition(":")
    add = getattr(xformable, f"Add{kind[0].upper()}{kind[1:]}Op")
    return add(UsdGeom.XformOp.PrecisionDouble, suffix)


def euler(turn: Gf.Matrix3d) -> tuple[float, float, float]:
    """Degrees about x, then y, then z, of a rotation (row vectors)."""
    sine = max(-1.0, min(1.0, -turn[0][2]))
    y = math.asin(sine)
    if abs(sine) > 1 - 1e-12:
        x, z = math.atan2(-turn[2][1], turn[1][1]), 0.0
    else:
        x, z = math.atan2(turn[1][2], turn[2][2]), math.atan2(turn[0][1], turn[0][0])
    return math.degrees(x), math.degrees(y), math.degrees(z)


def turned(angles: Vector) -> Gf.Matrix3d:
    """The rotation (row vectors) by degrees about x, then y, then z."""
    axes = (Gf.Vec3d.XAxis(), Gf.Vec3d.YAxis(), Gf.Vec3d.ZAxis())
    result = Gf.Matrix3d(1)
    for axis, angle in zip(axes, angles, strict=True):
        result *= Gf.Matrix3d(Gf.Rotation(axis, angle))
    return result


def world_position(prim: Usd.Prim) -> Gf.Vec3d:
    """Where a prim's origin is."""
    matrix = UsdGeom.Imageable(prim).ComputeLocalToWorldTransform(Usd.TimeCode.Default())
    return matrix.ExtractTranslation()


def parent_matrix(prim: Usd.Prim) -> Gf.Matrix4d:
    """From a prim's parent to the world."""
    return UsdGeom.Imageable(prim).ComputeParentToWorldTransform(Usd.TimeCode.Default())


def place_in_world(prim: Usd.Prim, point: Vector) -> None:
    """Put a prim's origin at a point of the world."""
    place(prim, position=parent_matrix(prim).GetInverse().Transform(Gf.Vec3d(*point)))


def look_at(prim: Usd.Prim, target: Vector, up: Vector | None = None) -> None:
    """Turn a prim towards a point of the world.

    What looks is a camera or a light, along its -Z: the prim itself or the first one below it. Anything else is turned
    as if it held a camera. ``up`` is the stage's up axis by default.
    """
    stage_up = UsdGeom.GetStageUpAxis(prim.GetStage())
    vertical = Gf.Vec3d(*(up or ((0, 0, 1) if stage_up == "Z" else (0, 1, 0))))
    eye = world_position(prim)
    to_world = facing(Gf.Vec3d(*target) - eye, vertical)
    if to_world is None:
        return
    parent = parent_matrix(prim).RemoveScaleShear().ExtractRotationMatrix()
    place(prim, rotation=euler(eye_turn(prim).GetInverse() * to_world * parent.GetInverse()))


def facing(direction: Gf.Vec3d, up: Gf.Vec3d) -> Gf.Matrix3d | None:
    """The axes of a camera that looks in a direction; None where there is no direction."""
    if direction.GetLength() < 1e-12:
        return None
    forward = direction.GetNormalized()
    right = Gf.Cross(forward, up)
    if right.GetLength() < 1e-9:
        # Straight up or down: any other vertical will do.
        right = Gf.Cross(forward, Gf.Vec3d(0, 1, 0) if abs(forward[1]) < 0.9 else Gf.Vec3d(1, 0, 0))
    right.Normalize()
    above = Gf.Cross(right, forward)
    return Gf.Matrix3d(*right, *above, *-forward)


def eye_turn(prim: Usd.Prim) -> Gf.Matrix3d:
    """The rotation from what looks to the prim that is turned."""
    if is_eye(prim):
        return Gf.Matrix3d(1)
    eye = next((child for child in prim.GetChildren() if is_eye(child)), None)
    if eye is None:
        return turned(CAMERA_TURN[UsdGeom.GetStageUpAxis(prim.GetStage())])
    return UsdGeom.Xformable(eye).GetLocalTransformation().RemoveScaleShear().ExtractRotationMatrix()


def is_eye(prim: Usd.Prim) -> bool:
    """Whether a prim looks or shines along its -Z."""
    return prim.IsA(UsdGeom.Camera) or prim.HasAPI(UsdLux.LightAPI)
