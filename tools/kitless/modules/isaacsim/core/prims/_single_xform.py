"""One prim that has a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from pxr import Usd, UsdGeom

from isaacsim.core import _poses
from isaacsim.core._current import current_stage
from isaacsim.core._materials import VisualMaterial, bind, bound_visual_material
from isaacsim.core._poses import Array, Pose
from isaacsim.core._search import is_articulation_link
from isaacsim.core.utils.prims import set_prim_visibility
from isaacsim.core.utils.types import XFormPrimState
from kitless.absent import Partial

Numbers: TypeAlias = Sequence[float] | Array | None


class SingleXFormPrim(Partial):
    """A prim with a place, made as an Xform where there is none at the path.

    ``position`` is in the world, ``translation`` in the parent's frame, ``orientation`` (w, x, y, z) in the frame of
    the one that is given, without both in the world. The prim's transform ops become translate, orient and scale.
    Raises ValueError for both position and translation, and for a prim without a place.
    """

    def __init__(
        self,
        prim_path: str,
        name: str = "xform_prim",
        position: Numbers = None,
        translation: Numbers = None,
        orientation: Numbers = None,
        scale: Numbers = None,
        visible: bool | None = None,
    ) -> None:
        if position is not None and translation is not None:
            raise ValueError(f"{prim_path}: position (world) or translation (parent's frame), not both")
        self._name = name
        self._prim = current_stage().GetPrimAtPath(prim_path) or current_stage().DefinePrim(prim_path, "Xform")
        _poses.standardize_ops(self._prim)
        if translation is not None:
            self.set_local_pose(translation, orientation)
        elif position is not None or orientation is not None:
            self.set_world_pose(position, orientation)
        if scale is not None:
            self.set_local_scale(scale)
        if visible is not None:
            self.set_visibility(visible)
        self._default_state = XFormPrimState(*self.get_world_pose())

    @property
    def prim_path(self) -> str:
        """The prim's path."""
        return str(self._prim.GetPath())

    @property
    def name(self) -> str:
        """The name in a Scene."""
        return self._name

    @property
    def prim(self) -> Usd.Prim:
        """The prim."""
        return self._prim

    @property
    def non_root_articulation_link(self) -> bool:
        """Whether it is a rigid body below the root of an articulation."""
        return is_articulation_link(self._prim)

    def is_valid(self) -> bool:
        """Return whether the prim is on its stage."""
        return bool(self._prim)

    def initialize(self, physics_sim_view: Any = None) -> None:
        """Do nothing: there is no physics to connect with."""

    # --- where it is

    def get_world_pose(self) -> Pose:
        """Return position (3,) and orientation (4,) in the world."""
        return _poses.world_pose(self._prim)

    def set_world_pose(self, position: Numbers = None, orientation: Numbers = None) -> None:
        """Move it in the world; None leaves that part. Raises ValueError for a wrong number of numbers."""
        _poses.set_world_pose(self._prim, position, orientation)

    def get_local_pose(self) -> Pose:
        """Return translation (3,) and orientation (4,) in the parent's frame."""
        return _poses.local_pose(self._prim)

    def set_local_pose(self, translation: Numbers = None, orientation: Numbers = None) -> None:
        """Move it in the parent's frame; None leaves that part. Raises ValueError for a wrong number of numbers."""
        _poses.set_local_pose(self._prim, translation, orientation)

    def get_local_scale(self) -> Array:
        """Return the scale (3,) in the parent's frame."""
        return _poses.local_scale(self._prim)

    def set_local_scale(self, scale: Numbers) -> None:
        """Scale it in the parent's frame."""
        _poses.set_local_scale(self._prim, [] if scale is None else scale)

    def get_world_scale(self) -> Array:
        """Return the scale (3,) in the world."""
        return _poses.world_scale(self._prim)

    def set_default_state(self, position: Numbers = None, orientation: Numbers = None) -> None:
        """Set the pose in the world that a reset brings back; None leaves that part."""
        if position is not None:
            self._default_state.position = position
        if orientation is not None:
            self._default_state.orientation = orientation

    def get_default_state(self) -> XFormPrimState:
        """Return the pose in the world that a reset brings back: the first one unless set."""
        return self._default_state

    def post_reset(self) -> None:
        """Bring back the default state."""
        self.set_world_pose(self._default_state.position, self._default_state.orientation)

    # --- what it looks like

    def set_visibility(self, visible: bool) -> None:
        """Show or hide it with all below it."""
        set_prim_visibility(self._prim, visible)

    def get_visibility(self) -> bool:
        """Return whether it is shown, the prims above it included."""
        return UsdGeom.Imageable(self._prim).ComputeVisibility() != UsdGeom.Tokens.invisible

    def apply_visual_material(self, visual_material: VisualMaterial, weaker_than_descendants: bool = False) -> None:
        """Bind a material, over those of what is below unless ``weaker_than_descendants``."""
        bind(self._prim, visual_material, weaker_than_descendants)

    def get_applied_visual_material(self) -> VisualMaterial | None:
        """Return the material that is bound to it, None when there is none or it is of no known kind."""
        return bound_visual_material(self._prim)

    def is_visual_material_applied(self) -> bool:
        """Return whether a material is bound to it."""
        return self.get_applied_visual_material() is not None
