"""All prims that match an expression, placed together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

from isaacsim.core import _poses
from isaacsim.core._current import prim_at
from isaacsim.core._materials import VisualMaterial, bind, bound_visual_material
from isaacsim.core._poses import Array
from isaacsim.core._search import matching_paths
from isaacsim.core.utils.prims import set_prim_visibility
from isaacsim.core.utils.types import XFormPrimViewState
from kitless.absent import Partial

Rows: TypeAlias = Sequence[Any] | NDArray[Any] | None
Indices: TypeAlias = Sequence[int] | NDArray[np.integer] | None


class XFormPrim(Partial):
    """The prims whose path matches an expression (or one of several), each part of it one for a whole name.

    Rows are in the order of ``prim_paths``; ``indices`` choose some of them. Positions (n, 3) are in the world,
    translations (n, 3) in the parents' frames, orientations (n, 4) w, x, y, z. With ``reset_xform_properties`` the
    transform ops become translate, orient and scale. Raises ValueError where nothing matches.
    """

    def __init__(
        self,
        prim_paths_expr: str | list[str],
        name: str = "xform_prim_view",
        positions: Rows = None,
        translations: Rows = None,
        orientations: Rows = None,
        scales: Rows = None,
        visibilities: Rows = None,
        reset_xform_properties: bool = True,
        usd: bool = True,
    ) -> None:
        if positions is not None and translations is not None:
            raise ValueError("positions (world) or translations (parents' frames), not both")
        expressions = [prim_paths_expr] if isinstance(prim_paths_expr, str) else list(prim_paths_expr)
        self._paths = [path for each in expressions for path in matching_paths(each)]
        if not self._paths:
            raise ValueError(f"no prim matches {' or '.join(expressions)}")
        self._name = name
        self._prims = [prim_at(path) for path in self._paths]
        if reset_xform_properties:
            for prim in self._prims:
                _poses.standardize_ops(prim)
        if translations is not None:
            self.set_local_poses(translations, orientations)
        elif positions is not None or orientations is not None:
            self.set_world_poses(positions, orientations)
        if scales is not None:
            self.set_local_scales(scales)
        if visibilities is not None:
            self.set_visibilities(visibilities)
        self._default_state = XFormPrimViewState(*self.get_world_poses())

    @property
    def name(self) -> str:
        """The name in a Scene."""
        return self._name

    @property
    def count(self) -> int:
        """How many prims they are."""
        return len(self._prims)

    @property
    def prims(self) -> list[Usd.Prim]:
        """The prims."""
        return self._prims

    @property
    def prim_paths(self) -> list[str]:
        """The prims' paths."""
        return self._paths

    def chosen(self, indices: Indices) -> list[Usd.Prim]:
        """Return the prims of these rows, all without ``indices``. Not in Isaac Sim."""
        return self._prims if indices is None else [self._prims[int(index)] for index in indices]

    def is_valid(self, indices: Indices = None) -> bool:
        """Return whether the prims are on their stage."""
        return all(bool(prim) for prim in self.chosen(indices))

    def initialize(self, physics_sim_view: Any = None) -> None:
        """Do nothing: there is no physics to connect with."""

    # --- where they are

    def get_world_poses(self, indices: Indices = None, usd: bool = True) -> tuple[Array, Array]:
        """Return positions (n, 3) and orientations (n, 4) in the world."""
        return _columns([_poses.world_pose(prim) for prim in self.chosen(indices)])

    def set_world_poses(
        self, positions: Rows = None, orientations: Rows = None, indices: Indices = None, usd: bool = True
    ) -> None:
        """Move them in the world; None leaves that part. Raises ValueError for another number of rows."""
        prims = self.chosen(indices)
        for prim, position, orientation in zip(prims, _rows(positions, prims), _rows(orientations, prims), strict=True):
            _poses.set_world_pose(prim, position, orientation)

    def get_local_poses(self, indices: Indices = None) -> tuple[Array, Array]:
        """Return translations (n, 3) and orientations (n, 4) in the parents' frames."""
        return _columns([_poses.local_pose(prim) for prim in self.chosen(indices)])

    def set_local_poses(self, translations: Rows = None, orientations: Rows = None, indices: Indices = None) -> None:
        """Move them in the parents' frames; None leaves that part. Raises ValueError for another number of rows."""
        prims = self.chosen(indices)
        for prim, place, orientation in zip(prims, _rows(translations, prims), _rows(orientations, prims), strict=True):
            _poses.set_local_pose(prim, place, orientation)

    def get_local_scales(self, indices: Indices = None) -> Array:
        """Return the scales (n, 3) in the parents' frames."""
        return np.array([_poses.local_scale(prim) for prim in self.chosen(indices)])

    def set_local_scales(self, scales: Rows, indices: Indices = None) -> None:
        """Scale them in the parents' frames. Raises ValueError for another number of rows."""
        prims = self.chosen(indices)
        for prim, scale in zip(prims, _rows(scales, prims), strict=True):
            _poses.set_local_scale(prim, scale)

    def get_world_scales(self, indices: Indices = None) -> Array:
        """Return the scales (n, 3) in the world."""
        return np.array([_poses.world_scale(prim) for prim in self.chosen(indices)])

    def set_default_state(self, positions: Rows = None, orientations: Rows = None, indices: Indices = None) -> None:
        """Set the poses in the world that a reset brings back; None leaves that part."""
        rows = slice(None) if indices is None else np.asarray(indices, dtype=int)
        if positions is not None:
            self._default_state.positions[rows] = positions
        if orientations is not None:
            self._default_state.orientations[rows] = orientations

    def get_default_state(self) -> XFormPrimViewState:
        """Return the poses in the world that a reset brings back: the first ones unless set."""
        return self._default_state

    def post_reset(self) -> None:
        """Bring back the default state."""
        self.set_world_poses(self._default_state.positions, self._default_state.orientations)

    # --- what they look like

    def set_visibilities(self, visibilities: Rows, indices: Indices = None) -> None:
        """Show or hide them, (n,). Raises ValueError for another number of rows."""
        prims = self.chosen(indices)
        for prim, visible in zip(prims, _rows(visibilities, prims), strict=True):
            set_prim_visibility(prim, bool(visible))

    def get_visibilities(self, indices: Indices = None) -> NDArray[np.bool_]:
        """Return whether they are shown, (n,), the prims above included."""
        shown = [UsdGeom.Imageable(prim).ComputeVisibility() for prim in self.chosen(indices)]
        return np.array([each != UsdGeom.Tokens.invisible for each in shown], dtype=bool)

    def apply_visual_materials(
        self,
        visual_materials: VisualMaterial | list[VisualMaterial],
        weaker_than_descendants: bool | list[bool] | None = None,
        indices: Indices = None,
    ) -> None:
        """Bind materials, one for all or one for each, over those of what is below unless they are weaker."""
        prims = self.chosen(indices)
        materials = visual_materials if isinstance(visual_materials, list) else [visual_materials] * len(prims)
        weaker = weaker_than_descendants
        each = weaker if isinstance(weaker, list) else [bool(weaker)] * len(prims)
        for prim, material, is_weaker in zip(prims, materials, each, strict=True):
            bind(prim, material, is_weaker)

    def get_applied_visual_materials(self, indices: Indices = None) -> list[VisualMaterial | None]:
        """Return the materials that are bound to them, None where there is none or it is of no known kind."""
        return [bound_visual_material(prim) for prim in self.chosen(indices)]


def _columns(poses: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    return np.array([position for position, _ in poses]), np.array([orientation for _, orientation in poses])


def _rows(values: Rows, prims: list[Usd.Prim]) -> list[Any]:
    if values is None:
        return [None] * len(prims)
    rows = list(values)
    if len(rows) != len(prims):
        raise ValueError(f"{len(rows)} rows for {len(prims)} prims")
    return rows
