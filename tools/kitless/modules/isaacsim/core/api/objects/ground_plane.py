"""The ground."""

from __future__ import annotations

from typing import Any

from pxr import Gf, Usd, UsdGeom, UsdPhysics

from isaacsim.core._current import current_stage
from isaacsim.core._materials import PhysicsMaterial, PreviewSurface, VisualMaterial
from isaacsim.core._poses import Pose
from isaacsim.core.api.objects._shape import free_path, new_physics_material
from isaacsim.core.prims import SingleGeometryPrim, SingleXFormPrim
from isaacsim.core.prims._single_xform import Numbers
from isaacsim.core.utils.types import XFormPrimState

__all__ = ["GroundPlane"]

_SIZE = 50.0
_GREY = (0.5, 0.5, 0.5)


class GroundPlane:
    """A square that is seen and an endless plane that collides, below one Xform.

    ``size``, the length of an edge, is 50 where nothing is said; ``z_position`` is along the stage's up axis.
    """

    def __init__(
        self,
        prim_path: str,
        name: str = "ground_plane",
        size: float | None = None,
        z_position: float | None = None,
        scale: Numbers = None,
        visible: bool | None = None,
        color: Numbers = None,
        physics_material: PhysicsMaterial | None = None,
        visual_material: VisualMaterial | None = None,
    ) -> None:
        is_new = not current_stage().GetPrimAtPath(prim_path)
        self._name = name
        self._xform = SingleXFormPrim(prim_path, name, scale=scale, visible=visible)
        if is_new:
            _build(prim_path, _SIZE if size is None else size)
        self._geometry = SingleGeometryPrim(f"{prim_path}/geom", f"{name}_geometry")
        self._collider = SingleGeometryPrim(f"{prim_path}/collisionPlane", f"{name}_collider", collision=is_new)
        if visual_material is None and (is_new or color is not None):
            look = free_path("/World/Looks/visual_material")
            visual_material = PreviewSurface(look, color=_GREY if color is None else color)
        if visual_material is not None:
            self._geometry.apply_visual_material(visual_material)
        if physics_material is not None or is_new:
            self.apply_physics_material(physics_material or new_physics_material())
        if z_position is not None:
            up = 1 if UsdGeom.GetStageUpAxis(current_stage()) == UsdGeom.Tokens.y else 2
            self.set_world_pose([z_position if axis == up else 0.0 for axis in range(3)])
        self._xform.set_default_state(*self.get_world_pose())

    @property
    def name(self) -> str:
        """The name in a Scene."""
        return self._name

    @property
    def prim_path(self) -> str:
        """The path."""
        return self._xform.prim_path

    @property
    def prim(self) -> Usd.Prim:
        """The prim."""
        return self._xform.prim

    @property
    def xform_prim(self) -> SingleXFormPrim:
        """The plane's place."""
        return self._xform

    @property
    def collision_geometry_prim(self) -> SingleGeometryPrim:
        """The plane that collides."""
        return self._collider

    def is_valid(self) -> bool:
        """Return whether the prim is on its stage."""
        return self._xform.is_valid()

    def initialize(self, physics_sim_view: Any = None) -> None:
        """Do nothing: there is no physics to connect with."""

    def apply_physics_material(self, physics_material: PhysicsMaterial, weaker_than_descendants: bool = False) -> None:
        """Bind a material for physics."""
        self._collider.apply_physics_material(physics_material, weaker_than_descendants)

    def get_applied_physics_material(self) -> PhysicsMaterial | None:
        """Return the material for physics that is bound to it."""
        return self._collider.get_applied_physics_material()

    def set_world_pose(self, position: Numbers = None, orientation: Numbers = None) -> None:
        """Move it in the world; None leaves that part."""
        self._xform.set_world_pose(position, orientation)

    def get_world_pose(self) -> Pose:
        """Return position (3,) and orientation (4,) in the world."""
        return self._xform.get_world_pose()

    def set_default_state(self, position: Numbers = None, orientation: Numbers = None) -> None:
        """Set the pose in the world that a reset brings back."""
        self._xform.set_default_state(position, orientation)

    def get_default_state(self) -> XFormPrimState:
        """Return the pose in the world that a reset brings back."""
        return self._xform.get_default_state()

    def post_reset(self) -> None:
        """Bring back the default state."""
        self._xform.post_reset()


def _build(path: str, size: float) -> None:
    stage = current_stage()
    is_y_up = UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.y
    half = size / 2
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    mesh = UsdGeom.Mesh.Define(stage, f"{path}/geom")
    # In a stage with Y up the square lies in x and z, and its corners go the other way round.
    mesh.CreatePointsAttr([Gf.Vec3f(a, 0.0, -b) if is_y_up else Gf.Vec3f(a, b, 0.0) for a, b in corners])
    mesh.CreateFaceVertexCountsAttr([4])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2, 3])
    mesh.CreateNormalsAttr([Gf.Vec3f(0, 1, 0) if is_y_up else Gf.Vec3f(0, 0, 1)] * 4)
    mesh.CreateExtentAttr(UsdGeom.Boundable.ComputeExtentFromPlugins(UsdGeom.Boundable(mesh), 0))
    plane = UsdGeom.Plane.Define(stage, f"{path}/collisionPlane")
    plane.CreateAxisAttr("Y" if is_y_up else "Z")
    # For collisions only: the square above is what is seen.
    plane.CreatePurposeAttr(UsdGeom.Tokens.guide)
    UsdPhysics.CollisionAPI.Apply(plane.GetPrim())
