"""Prims that match paths, placed together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pxr import Usd, UsdGeom

from isaacsim.core import _poses
from isaacsim.core._current import current_stage, prim_at
from isaacsim.core._host_array import HostArray, host_array, rows_of
from isaacsim.core._materials import VisualMaterial, bind, bound_visual_material
from isaacsim.core._search import is_articulation_link, matching_paths
from isaacsim.core.experimental.utils.prim import ensure_api
from kitless.absent import Partial

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/")


class Prim(Partial):
    """Prims by path; with ``resolve_paths`` each part of a path is a regular expression for a whole name.

    Raises ValueError where there is no prim.
    """

    def __init__(self, paths: str | list[str], *, resolve_paths: bool = True) -> None:
        given = [paths] if isinstance(paths, str) else [str(path) for path in paths]
        found = self.resolve_paths(given)[0] if resolve_paths else given
        if not found:
            raise ValueError(f"no prim matches {' or '.join(given)}")
        self._paths = found
        self._prims = [prim_at(path) for path in found]

    def __len__(self) -> int:
        return len(self._prims)

    @property
    def paths(self) -> list[str]:
        """The prims' paths."""
        return self._paths

    @property
    def prims(self) -> list[Usd.Prim]:
        """The prims."""
        return self._prims

    @property
    def valid(self) -> bool:
        """Whether the prims are on their stage."""
        return all(bool(prim) for prim in self._prims)

    @staticmethod
    def ensure_api(prims: list[Usd.Prim], api: type, *args: Any, **kwargs: Any) -> list[Any]:
        """Apply a schema where it is not, and return it for each prim."""
        return [ensure_api(prim, api, *args, **kwargs) for prim in prims]

    @staticmethod
    def resolve_paths(paths: str | list[str], raise_on_mixed_paths: bool = True) -> tuple[list[str], list[str]]:
        """Return the paths of prims that match, and the plain paths at which there is none yet.

        Raises ValueError when there are both and may not be.
        """
        given = [paths] if isinstance(paths, str) else list(paths)
        found = [path for each in given for path in matching_paths(each)]
        missing = [each for each in given if set(each) <= _PLAIN and not current_stage().GetPrimAtPath(each)]
        if raise_on_mixed_paths and found and missing:
            raise ValueError(f"there are prims at {', '.join(found)} and none at {', '.join(missing)}")
        return found, missing

    def _chosen(self, indices: Any) -> list[Usd.Prim]:
        if indices is None:
            return self._prims
        plain = indices.numpy() if hasattr(indices, "numpy") else indices
        return [self._prims[int(index)] for index in np.asarray(plain).reshape(-1)]


class XformPrim(Prim):
    """Prims with a place. Arrays are (n, ...) in the order of ``paths``; ``indices`` choose some, one row does for all.

    Positions are in the world, translations in the parents' frames, orientations w, x, y, z in the frame of the ones
    that are given, without both in the world. What is returned has ``numpy()``, as warp's arrays have. Raises
    ValueError for both positions and translations.
    """

    def __init__(
        self,
        paths: str | list[str],
        *,
        resolve_paths: bool = True,
        positions: Any = None,
        translations: Any = None,
        orientations: Any = None,
        scales: Any = None,
        reset_xform_op_properties: bool = False,
    ) -> None:
        if positions is not None and translations is not None:
            raise ValueError("positions (world) or translations (parents' frames), not both")
        super().__init__(paths, resolve_paths=resolve_paths)
        self._default_state: tuple[HostArray | None, HostArray | None] = (None, None)
        if reset_xform_op_properties:
            self.reset_xform_op_properties()
        if translations is not None:
            self.set_local_poses(translations, orientations)
        elif positions is not None or orientations is not None:
            self.set_world_poses(positions, orientations)
        if scales is not None:
            self.set_local_scales(scales)

    @property
    def is_non_root_articulation_link(self) -> bool:
        """Whether all are rigid bodies below the root of an articulation."""
        return all(is_articulation_link(prim) for prim in self._prims)

    def reset_xform_op_properties(self) -> None:
        """Replace the transform ops by translate, orient and scale that place the prims alike."""
        for prim in self._prims:
            _poses.standardize_ops(prim)

    # --- where they are

    def get_world_poses(self, *, indices: Any = None) -> tuple[HostArray, HostArray]:
        """Return positions (n, 3) and orientations (n, 4) in the world."""
        return _columns([_poses.world_pose(prim) for prim in self._chosen(indices)])

    def set_world_poses(self, positions: Any = None, orientations: Any = None, *, indices: Any = None) -> None:
        """Move them in the world; None leaves that part. Raises ValueError for a shape that does not fit."""
        prims = self._chosen(indices)
        for prim, place, turn in zip(prims, *_pose_rows(positions, orientations, len(prims)), strict=True):
            _poses.set_world_pose(prim, place, turn)

    def get_local_poses(self, *, indices: Any = None) -> tuple[HostArray, HostArray]:
        """Return translations (n, 3) and orientations (n, 4) in the parents' frames."""
        return _columns([_poses.local_pose(prim) for prim in self._chosen(indices)])

    def set_local_poses(self, translations: Any = None, orientations: Any = None, *, indices: Any = None) -> None:
        """Move them in the parents' frames; None leaves that part. Raises ValueError for a shape that does not fit."""
        prims = self._chosen(indices)
        for prim, place, turn in zip(prims, *_pose_rows(translations, orientations, len(prims)), strict=True):
            _poses.set_local_pose(prim, place, turn)

    def get_local_scales(self, *, indices: Any = None) -> HostArray:
        """Return the scales (n, 3) in the parents' frames."""
        return host_array([_poses.local_scale(prim) for prim in self._chosen(indices)])

    def set_local_scales(self, scales: Any, *, indices: Any = None) -> None:
        """Scale them in the parents' frames. Raises ValueError for a shape that does not fit."""
        prims = self._chosen(indices)
        for prim, scale in zip(prims, rows_of(scales, len(prims), 3, "scales"), strict=True):
            _poses.set_local_scale(prim, scale)

    def set_default_state(self, positions: Any = None, orientations: Any = None, *, indices: Any = None) -> None:
        """Set the poses in the world that a reset brings back; None leaves that part."""
        now, rows = self.get_world_poses(), slice(None) if indices is None else np.asarray(indices, dtype=int)
        state = [self._default_state[0], self._default_state[1]]
        for part, (given, width, what) in enumerate(((positions, 3, "positions"), (orientations, 4, "orientations"))):
            if given is not None:
                whole = now[part].copy() if state[part] is None else state[part]
                assert whole is not None
                whole[rows] = rows_of(given, len(self._chosen(indices)), width, what)
                state[part] = whole
        self._default_state = (state[0], state[1])

    def get_default_state(self, *, indices: Any = None) -> tuple[HostArray | None, HostArray | None]:
        """Return the poses in the world that a reset brings back; None for the part that is not set."""
        rows = slice(None) if indices is None else np.asarray(indices, dtype=int)
        first, second = (None if part is None else part[rows].view(HostArray) for part in self._default_state)
        return first, second

    def reset_to_default_state(self, *, warn_on_non_default_state: bool = False) -> None:
        """Bring back the default state, where one is set."""
        if any(part is not None for part in self._default_state):
            self.set_world_poses(*self._default_state)

    # --- what they look like

    def get_visibilities(self, *, indices: Any = None) -> HostArray:
        """Return whether they are shown, (n, 1), the prims above included."""
        shown = [UsdGeom.Imageable(prim).ComputeVisibility() for prim in self._chosen(indices)]
        return host_array([[each != UsdGeom.Tokens.invisible] for each in shown], bool)

    def set_visibilities(self, visibilities: Any, *, indices: Any = None) -> None:
        """Show or hide them, (n, 1)."""
        prims = self._chosen(indices)
        for prim, (visible,) in zip(prims, rows_of(visibilities, len(prims), 1, "visibilities"), strict=True):
            imageable = UsdGeom.Imageable(prim)
            imageable.MakeVisible() if visible else imageable.MakeInvisible()

    def apply_visual_materials(
        self,
        materials: VisualMaterial | Sequence[VisualMaterial],
        *,
        weaker_than_descendants: Any = None,
        indices: Any = None,
    ) -> None:
        """Bind materials, one for all or one for each, over those of what is below unless (n, 1) says weaker."""
        prims = self._chosen(indices)
        listed = list(materials) if isinstance(materials, (list, tuple)) else [materials] * len(prims)
        weaker = rows_of(weaker_than_descendants or False, len(prims), 1, "weaker_than_descendants")
        for prim, material, (is_weaker,) in zip(prims, listed, weaker, strict=True):
            bind(prim, material, bool(is_weaker))  # type: ignore[arg-type]  # a list of them, or one

    def get_applied_visual_materials(self, *, indices: Any = None) -> list[VisualMaterial | None]:
        """Return the materials that are bound to them, None where there is none or it is of no known kind."""
        return [bound_visual_material(prim) for prim in self._chosen(indices)]


def _columns(poses: list[tuple[Any, Any]]) -> tuple[HostArray, HostArray]:
    return host_array([place for place, _ in poses]), host_array([turn for _, turn in poses])


def _pose_rows(places: Any, turns: Any, count: int) -> tuple[Any, Any]:
    nothing = [None] * count
    rows = nothing if places is None else rows_of(places, count, 3, "positions")
    return rows, nothing if turns is None else rows_of(turns, count, 4, "orientations")
