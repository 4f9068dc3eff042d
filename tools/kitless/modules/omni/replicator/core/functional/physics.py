"""``rep.functional.physics``: UsdPhysics and PhysX attributes authored. Nothing moves: kitless has no simulation.

UsdPhysics is imported where it is used: its import is slow, and few scripts need it.
"""

from collections.abc import Mapping
from typing import Any

from pxr import Sdf, Usd, UsdGeom

from ..scene.materials import type_of
from ._prims import as_prims, current_stage

NAMES = Sdf.ValueTypeNames
APPROXIMATIONS = (
    "none",
    "convexHull",
    "convexDecomposition",
    "meshSimplification",
    "boundingCube",
    "boundingSphere",
    "sdf",
    "sphereFill",
)
RIGID_BODY: Mapping[str, Sdf.ValueTypeName] = {
    "rigidBodyEnabled": NAMES.Bool,
    "kinematicEnabled": NAMES.Bool,
    "startsAsleep": NAMES.Bool,
    "velocity": NAMES.Vector3f,
    "angularVelocity": NAMES.Vector3f,
}
"""UsdPhysics' attributes of a rigid body; other keywords are PhysX's."""
MASS: Mapping[str, Sdf.ValueTypeName] = {
    "mass": NAMES.Float,
    "density": NAMES.Float,
    "centerOfMass": NAMES.Point3f,
    "diagonalInertia": NAMES.Float3,
    "principalAxes": NAMES.Quatf,
}
SCENE: Mapping[str, Sdf.ValueTypeName] = {"gravityDirection": NAMES.Vector3f, "gravityMagnitude": NAMES.Float}


def create_physics_scene(path: str = "/PhysicsScene", **kwargs: Any) -> Usd.Prim:
    """A physics scene at a path, the one there used again; keywords are its attributes.

    ``gravityMagnitude`` (stage units per second squared) and ``gravityDirection`` are UsdPhysics', all others PhysX's
    (``timeStepsPerSecond``, ``enableCCD``, ``enableGPUDynamics``, ``broadphaseType`` …).
    """
    from pxr import UsdPhysics

    prim = UsdPhysics.Scene.Define(current_stage(), path).GetPrim()
    if any(key not in SCENE for key in kwargs):
        prim.AddAppliedSchema("PhysxSceneAPI")
    for key, value in kwargs.items():
        space, kind = ("physics", SCENE[key]) if key in SCENE else ("physxScene", physx_type(key, value))
        author(prim, f"{space}:{key}", kind, value)
    return prim


def apply_rigid_body(prims: Any, with_collider: bool = False, approximation: str | None = None, **kwargs: Any) -> None:
    """Make prims rigid bodies, with colliders on the shapes below them if asked; keywords are attributes.

    Bodies below them end being bodies: UsdPhysics allows no nesting. Raises ``ValueError`` for an unknown
    approximation, or a prim that cannot be placed.
    """
    from pxr import UsdPhysics

    for prim in as_prims(prims):
        if not UsdGeom.Xformable(prim):
            raise ValueError(f"{prim.GetPath()} ({prim.GetTypeName() or 'untyped'}) cannot be a rigid body")
        for below in [each for each in Usd.PrimRange(prim) if each != prim and each.HasAPI(UsdPhysics.RigidBodyAPI)]:
            below.RemoveAPI(UsdPhysics.RigidBodyAPI)
        UsdPhysics.RigidBodyAPI.Apply(prim)
        _author_body(prim, kwargs)
    if with_collider:
        apply_collider(prims, approximation)


def _author_body(prim: Usd.Prim, given: Mapping[str, Any]) -> None:
    from pxr import UsdPhysics

    if any(key in MASS for key in given):
        UsdPhysics.MassAPI.Apply(prim)
    if any(key not in MASS and key not in RIGID_BODY for key in given):
        prim.AddAppliedSchema("PhysxRigidBodyAPI")
    for key, value in given.items():
        kind = RIGID_BODY.get(key) or MASS.get(key)
        space = "physics" if kind else "physxRigidBody"
        author(prim, f"{space}:{key}", kind or physx_type(key, value), value)


def apply_collider(prims: Any, approximation: str | None = None, **kwargs: Any) -> None:
    """Make every shape at and below prims a collider; meshes get the approximation.

    Without one, meshes that move (below a rigid body) get "convexHull", the others "none": themselves. Keywords are
    PhysX's attributes (``contactOffset`` …). Raises ``ValueError`` for an unknown approximation.
    """
    from pxr import UsdPhysics

    if approximation is not None and approximation not in APPROXIMATIONS:
        raise ValueError(f"Unknown approximation '{approximation}'; there are {', '.join(APPROXIMATIONS)}")
    for prim in as_prims(prims):
        for shape in [below for below in Usd.PrimRange(prim) if below.IsA(UsdGeom.Gprim)]:
            UsdPhysics.CollisionAPI.Apply(shape)
            if kwargs:
                shape.AddAppliedSchema("PhysxCollisionAPI")
            for key, value in kwargs.items():
                author(shape, f"physxCollision:{key}", physx_type(key, value), value)
            if shape.IsA(UsdGeom.Mesh):
                chosen = approximation or ("convexHull" if _moves(shape) else "none")
                UsdPhysics.MeshCollisionAPI.Apply(shape).CreateApproximationAttr(chosen)


def _moves(prim: Usd.Prim) -> bool:
    from pxr import UsdPhysics

    while prim:
        if prim.HasAPI(UsdPhysics.RigidBodyAPI):
            return True
        prim = prim.GetParent()
    return False


def physx_type(key: str, value: Any) -> Sdf.ValueTypeName:
    """The type of an attribute of PhysX's, by its value; texts are tokens, as in its schemas."""
    if isinstance(value, str):
        return NAMES.Token
    # A PhysX schema has integers for what is counted only.
    counted = key.endswith(("Count", "Capacity", "PerSecond"))
    return NAMES.UInt if counted else NAMES.Float if type(value) is int else type_of(key, value)


def author(prim: Usd.Prim, name: str, kind: Sdf.ValueTypeName, value: Any) -> None:
    """Author an attribute, whether or not its schema is known here."""
    if hasattr(kind.defaultValue, "dimension"):
        value = type(kind.defaultValue)(*map(float, value))
    attribute = prim.GetAttribute(name) or prim.CreateAttribute(name, kind, False)
    attribute.Set(value)
