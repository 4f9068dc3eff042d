"""Placing prims: translate, pivot, rotation and scale ops, and looking at something.

Matrices are USD's: p_parent = p_local @ M. A prim whose ops are others than these four, in this order, gets them
rewritten to the same place first (shear is lost): what scripts set has to have one meaning.
"""

from collections.abc import Sequence
from typing import TypeAlias

from pxr import Gf, Usd, UsdGeom, UsdLux

SLOTS = ("translate", "pivot", "rotation", "scale", "unpivot")
TRANSLATE, PIVOT, SCALE = "xformOp:translate", "xformOp:translate:pivot", "xformOp:scale"
AXES = {"X": Gf.Vec3d.XAxis(), "Y": Gf.Vec3d.YAxis(), "Z": Gf.Vec3d.ZAxis()}
ORDERS = ("XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")
EULER = {getattr(UsdGeom.XformOp, f"TypeRotate{order}"): order for order in ORDERS}
QUATERNIONS = {
    UsdGeom.XformOp.PrecisionDouble: Gf.Quatd,
    UsdGeom.XformOp.PrecisionFloat: Gf.Quatf,
    UsdGeom.XformOp.PrecisionHalf: Gf.Quath,
}
CAMERA_TURN = {"Z": (90.0, 0.0, 90.0), "Y": (0.0, 0.0, 0.0)}
"""The rotation (XYZ) of a camera below its Xform, by the stage's up axis."""
Vector: TypeAlias = Sequence[float] | Gf.Vec3d
Rotation: TypeAlias = Vector | Gf.Rotation
"""Three Euler angles in degrees, or a rotation."""


def euler_rotation(degrees: Vector, order: str = "XYZ") -> Gf.Rotation:
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


def to_rotation(value: Rotation, order: str = "XYZ") -> Gf.Rotation:
    """A rotation, from one or from three angles in degrees."""
    return value if isinstance(value, Gf.Rotation) else euler_rotation(value, order)


def turn_of(matrix: Gf.Matrix4d) -> Gf.Rotation:
    """The rotation of a matrix that may scale."""
    return matrix.RemoveScaleShear().ExtractRotation()


def place(
    prim: Usd.Prim,
    *,
    position: Vector | None = None,
    rotation: Rotation | None = None,
    order: str = "XYZ",
    scale: Vector | None = None,
    pivot: Vector | None = None,
) -> None:
    """Set what is given, relative to the prim's parent; the rest stays.

    Raises ``ValueError`` for a prim that has no transform, and for an unknown order.
    """
    if order not in ORDERS:
        raise ValueError(f"Unknown rotation order '{order}'; there are {', '.join(ORDERS)}")
    ops = Ops(prim)
    if position is not None:
        ops.set_position(position)
    if pivot is not None:
        ops.set_pivot(pivot)
    if rotation is not None:
        ops.set_rotation(rotation, order)
    if scale is not None:
        ops.set_scale(scale)


class Ops:
    """The ops of one prim, in the four slots."""

    def __init__(self, prim: Usd.Prim) -> None:
        self._xformable = UsdGeom.Xformable(prim)
        if not self._xformable:
            raise ValueError(f"{prim.GetPath()} ({prim.GetTypeName() or 'untyped'}) cannot be placed: not xformable")
        self._ops = self._slots()
        if self._ops is None:
            self._rewrite()

    def set_position(self, position: Vector) -> None:
        """Set the translation, parent's frame, stage units."""
        self._op("translate").Set(Gf.Vec3d(*position))

    def set_scale(self, scale: Vector) -> None:
        """Set the scale factors."""
        self._op("scale").Set(Gf.Vec3d(*scale))

    def set_pivot(self, pivot: Vector) -> None:
        """Set the point, in the prim's own frame, that rotation and scale leave where it is."""
        self._op("pivot").Set(Gf.Vec3d(*pivot))

    def set_rotation(self, rotation: Rotation, order: str = "XYZ") -> None:
        """Set the rotation, in whatever form its op has; angles in degrees are turned about the axes in an order."""
        op = self._op("rotation", order)
        if op.GetOpType() == UsdGeom.XformOp.TypeOrient:
            op.Set(QUATERNIONS[op.GetPrecision()](to_rotation(rotation, order).GetQuat()))
            return
        own = EULER[op.GetOpType()]
        keep = own == order and not isinstance(rotation, Gf.Rotation)
        op.Set(Gf.Vec3d(*rotation) if keep else euler_angles(to_rotation(rotation, order), own))

    def fill(self) -> None:
        """Author the translation, rotation and scale that are not there, so that scripts find their attributes."""
        assert self._ops is not None
        if "translate" not in self._ops:
            self.set_position((0.0, 0.0, 0.0))
        if "rotation" not in self._ops:
            self.set_rotation((0.0, 0.0, 0.0))
        if "scale" not in self._ops:
            self.set_scale((1.0, 1.0, 1.0))

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

    def _op(self, slot: str, order: str = "XYZ") -> UsdGeom.XformOp:
        assert self._ops is not None
        if slot not in self._ops:
            self._ops[slot] = self._make(slot, order)
            if slot == "pivot":
                self._ops["unpivot"] = UsdGeom.XformOp(self._ops["pivot"].GetAttr(), isInverseOp=True)
            ordered = [self._ops[each] for each in SLOTS if each in self._ops]
            self._xformable.SetXformOpOrder(ordered, self._xformable.GetResetXformStack())
        return self._ops[slot]

    def _make(self, slot: str, order: str) -> UsdGeom.XformOp:
        names = {"translate": TRANSLATE, "pivot": PIVOT, "scale": SCALE, "rotation": f"xformOp:rotate{order}"}
        existing = self._xformable.GetPrim().GetAttribute(names[slot])
        if existing:
            return UsdGeom.XformOp(existing)
        double = UsdGeom.XformOp.PrecisionDouble
        if slot == "rotation":
            return getattr(self._xformable, f"AddRotate{order}Op")(double)
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


def place_in_world(prim: Usd.Prim, point: Gf.Vec3d) -> None:
    """Put a prim's origin at a point of the world."""
    Ops(prim).set_position(parent_of(prim).GetInverse().Transform(point))


def look_at(prim: Usd.Prim, target: Gf.Vec3d, up: Gf.Vec3d | None = None) -> None:
    """Turn a prim to a point of the world: its -Z, or that of the first camera or light below it.

    ``up`` is the stage's up axis by default. Raises ``ValueError`` where the target is where the prim is.
    """
    direction = target - world_of(prim).ExtractTranslation()
    if direction.GetLength() == 0.0:
        raise ValueError(f"{prim.GetPath()} cannot look at the point where it is: {tuple(target)}")
    vertical = AXES[UsdGeom.GetStageUpAxis(prim.GetStage())] if up is None else up.GetNormalized()
    world = facing(direction, vertical)
    Ops(prim).set_rotation(_eye_turn(prim).GetInverse() * world * turn_of(parent_of(prim)).GetInverse())


def _eye_turn(prim: Usd.Prim) -> Gf.Rotation:
    """The rotation from what looks to the prim that is turned."""
    eye = None if _is_eye(prim) else next(filter(_is_eye, prim.GetChildren()), None)
    if eye is None:
        return euler_rotation((0.0, 0.0, 0.0))
    return turn_of(UsdGeom.Xformable(eye).GetLocalTransformation())


def _is_eye(prim: Usd.Prim) -> bool:
    return bool(prim.IsA(UsdGeom.Camera) or prim.HasAPI(UsdLux.LightAPI))


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
