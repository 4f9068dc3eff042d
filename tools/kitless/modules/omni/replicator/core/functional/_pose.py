"""Placing prims: translate, pivot, rotation and scale ops, and looking at something.

Matrices are USD's: p_parent = p_local @ M. A prim whose ops are others than these four, in this order, gets them
rewritten to the same place first (shear is lost): what scripts set has to have one meaning.
"""

from typing import Any

from pxr import Gf, Usd, UsdGeom

from ._prims import as_prim, is_number, is_sequence, triple

SLOTS = ("translate", "pivot", "rotation", "scale", "unpivot")
TRANSLATE, PIVOT, SCALE = "xformOp:translate", "xformOp:translate:pivot", "xformOp:scale"
AXES = {"X": Gf.Vec3d.XAxis(), "Y": Gf.Vec3d.YAxis(), "Z": Gf.Vec3d.ZAxis()}
EULER = {getattr(UsdGeom.XformOp, f"TypeRotate{order}"): order for order in ("XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")}
QUATERNIONS = {
    UsdGeom.XformOp.PrecisionDouble: Gf.Quatd,
    UsdGeom.XformOp.PrecisionFloat: Gf.Quatf,
    UsdGeom.XformOp.PrecisionHalf: Gf.Quath,
}


def euler_rotation(degrees: Any, order: str = "XYZ") -> Gf.Rotation:
    """The rotation of three angles in degrees, turned about the axes in this order."""
    angles = dict(zip("XYZ", degrees, strict=True))
    rotation = Gf.Rotation(Gf.Vec3d.XAxis(), 0.0)
    for axis in order:
        rotation = rotation * Gf.Rotation(AXES[axis], float(angles[axis]))
    return rotation


def euler_angles(rotation: Gf.Rotation, order: str = "XYZ") -> Gf.Vec3d:
    """The angles about x, y and z, in degrees, that make a rotation when turned in this order."""
    found = rotation.Decompose(*(AXES[axis] for axis in reversed(order)))
    angles = dict(zip(reversed(order), found, strict=True))
    return Gf.Vec3d(angles["X"], angles["Y"], angles["Z"])


def as_rotation(value: Any) -> Any:
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
    return triple(value, "rotation")


def to_rotation(value: Any) -> Gf.Rotation:
    """What ``as_rotation`` returns, as ``Gf.Rotation``."""
    return value if isinstance(value, Gf.Rotation) else euler_rotation(value)


class Ops:
    """The ops of one prim, in the four slots."""

    def __init__(self, prim: Usd.Prim) -> None:
        self._xformable = UsdGeom.Xformable(prim)
        if not self._xformable:
            raise ValueError(f"{prim.GetPath()} ({prim.GetTypeName() or 'untyped'}) cannot be placed: not xformable")
        self._ops = self._slots()
        if self._ops is None:
            self._rewrite()

    def set_position(self, position: Any) -> None:
        """Set the translation, parent's frame, stage units."""
        self._op("translate").Set(Gf.Vec3d(*triple(position, "position")))

    def set_scale(self, scale: Any) -> None:
        """Set the scale factors."""
        self._op("scale").Set(Gf.Vec3d(*triple(scale, "scale")))

    def set_pivot(self, pivot: Any) -> None:
        """Set the point, in the prim's own frame, that rotation and scale leave where it is."""
        self._op("pivot").Set(Gf.Vec3d(*triple(pivot, "pivot")))

    def set_rotation(self, rotation: Any) -> None:
        """Set the rotation, in whatever form its op has."""
        op = self._op("rotation")
        value = as_rotation(rotation)
        if op.GetOpType() == UsdGeom.XformOp.TypeOrient:
            op.Set(QUATERNIONS[op.GetPrecision()](to_rotation(value).GetQuat()))
            return
        order = EULER[op.GetOpType()]
        keep = order == "XYZ" and not isinstance(value, Gf.Rotation)
        op.Set(Gf.Vec3d(*value) if keep else euler_angles(to_rotation(value), order))

    def fill(self) -> None:
        """Author the translation, rotation and scale that are not there, so that scripts find their attributes."""
        assert self._ops is not None
        if "translate" not in self._ops:
            self.set_position(0.0)
        if "rotation" not in self._ops:
            self.set_rotation(0.0)
        if "scale" not in self._ops:
            self.set_scale(1.0)

    def _slots(self) -> dict[str, UsdGeom.XformOp] | None:
        found: dict[str, UsdGeom.XformOp] = {}
        for op in self._xformable.GetOrderedXformOps():
            slot = _slot(op)
            if slot is None or slot in found or any(SLOTS.index(slot) < SLOTS.index(other) for other in found):
                return None
            found[slot] = op
        return found if ("pivot" in found) == ("unpivot" in found) else None

    def _rewrite(self) -> None:
        where = Gf.Transform(self._xformable.GetLocalTransformation())
        self._xformable.ClearXformOpOrder()
        self._ops = {}
        self.set_position(where.GetTranslation())
        self.set_rotation(where.GetRotation())
        self.set_scale(where.GetScale())

    def _op(self, slot: str) -> UsdGeom.XformOp:
        assert self._ops is not None
        if slot not in self._ops:
            self._ops[slot] = self._make(slot)
            if slot == "pivot":
                self._ops["unpivot"] = UsdGeom.XformOp(self._ops["pivot"].GetAttr(), isInverseOp=True)
            ordered = [self._ops[each] for each in SLOTS if each in self._ops]
            self._xformable.SetXformOpOrder(ordered, self._xformable.GetResetXformStack())
        return self._ops[slot]

    def _make(self, slot: str) -> UsdGeom.XformOp:
        names = {"translate": TRANSLATE, "pivot": PIVOT, "scale": SCALE, "rotation": "xformOp:rotateXYZ"}
        existing = self._xformable.GetPrim().GetAttribute(names[slot])
        if existing:
            return UsdGeom.XformOp(existing)
        double = UsdGeom.XformOp.PrecisionDouble
        if slot == "rotation":
            return self._xformable.AddRotateXYZOp(double)
        if slot == "scale":
            return self._xformable.AddScaleOp(double)
        return self._xformable.AddTranslateOp(double, "pivot" if slot == "pivot" else "")


def _slot(op: UsdGeom.XformOp) -> str | None:
    """The slot an op belongs in; None for what has none."""
    if op.GetName() == f"!invert!{PIVOT}":
        return "unpivot"
    if op.IsInverseOp():
        return None
    if op.GetOpType() in EULER or op.GetOpType() == UsdGeom.XformOp.TypeOrient:
        return "rotation" if op.GetAttr().GetName().count(":") == 1 else None
    return {TRANSLATE: "translate", PIVOT: "pivot", SCALE: "scale"}.get(op.GetName())


def world_of(prim: Usd.Prim) -> Gf.Matrix4d:
    """The prim's frame in the world."""
    return UsdGeom.XformCache().GetLocalToWorldTransform(prim)


def parent_of(prim: Usd.Prim) -> Gf.Matrix4d:
    """The frame in the world that the prim's own is relative to."""
    if UsdGeom.Xformable(prim).GetResetXformStack():
        return Gf.Matrix4d(1.0)
    return UsdGeom.XformCache().GetParentToWorldTransform(prim)


def relative_pose(prim: Usd.Prim, position: Any, rotation: Any, relative_to: Any) -> tuple[Gf.Vec3d, Gf.Rotation]:
    """A pose in the frame of another prim, as a pose in the frame of the prim's parent."""
    matrix = Gf.Matrix4d(1.0).SetRotate(to_rotation(as_rotation(rotation)))
    matrix.SetTranslateOnly(Gf.Vec3d(*triple(position, "position")))
    matrix = matrix * world_of(as_prim(relative_to)) * parent_of(prim).GetInverse()
    return matrix.ExtractTranslation(), matrix.RemoveScaleShear().ExtractRotation()


def up_vector(stage: Usd.Stage, axis: Any = None) -> Gf.Vec3d:
    """The direction given, or the stage's up axis."""
    if axis is None:
        return AXES[UsdGeom.GetStageUpAxis(stage)]
    return Gf.Vec3d(*triple(axis, "look_at_up_axis")).GetNormalized()


def facing(direction: Gf.Vec3d, up: Gf.Vec3d) -> Gf.Rotation:
    """The rotation that turns -Z to a direction and +Y as near to up as it can.

    Straight along up, +Y turns against +X (looking down) or along it (looking up), as Isaac Sim's cameras do.
    """
    back = -direction.GetNormalized()
    side = Gf.Cross(up, back)
    if side.GetLength() < 1e-6:
        spare = Gf.Vec3d.XAxis() if abs(up[0]) < 0.9 else Gf.Vec3d.YAxis()
        side = Gf.Cross(-spare if Gf.Dot(up, back) > 0 else spare, back)
    right = side.GetNormalized()
    above = Gf.Cross(back, right)
    return Gf.Matrix4d(Gf.Matrix3d(*right, *above, *back), Gf.Vec3d(0)).ExtractRotation()


def target_of(look_at: Any) -> Gf.Vec3d:
    """The point in the world that is looked at: a point, a prim's origin, or the middle of several prims' origins."""
    if (is_sequence(look_at) and all(is_number(item) for item in look_at)) or isinstance(look_at, (Gf.Vec3d, Gf.Vec3f)):
        return Gf.Vec3d(*triple(look_at, "look_at"))
    prims = look_at if is_sequence(look_at) else [look_at]
    points = [world_of(as_prim(prim)).ExtractTranslation() for prim in prims]
    return sum(points, Gf.Vec3d(0)) / len(points)


def look_at(prim: Usd.Prim, target: Any, up_axis: Any = None) -> None:
    """Turn a prim's -Z to a target. Raises ``ValueError`` where the target is where the prim is."""
    direction = target_of(target) - world_of(prim).ExtractTranslation()
    if direction.GetLength() == 0.0:
        raise ValueError(f"{prim.GetPath()} cannot look at the point where it is: {tuple(target_of(target))}")
    world = facing(direction, up_vector(prim.GetStage(), up_axis))
    parent = parent_of(prim).RemoveScaleShear().ExtractRotation()
    Ops(prim).set_rotation(world * parent.GetInverse())


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
    ops = Ops(prim)
    if position is not None:
        ops.set_position(position)
    if pivot is not None:
        ops.set_pivot(pivot)
    if scale is not None:
        ops.set_scale(scale)
    if target is not None:
        look_at(prim, target, up_axis)
    elif rotation is not None:
        ops.set_rotation(rotation)
