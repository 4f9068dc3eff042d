"""States of prims, as objects with attributes."""

from __future__ import annotations

from typing import Any

from kitless.absent import Missing, absent

__all__ = ["DynamicState", "DynamicsViewState", "XFormPrimState", "XFormPrimViewState"]


class XFormPrimState:
    """Position (3,) and orientation (4,) w, x, y, z of a prim in the world."""

    def __init__(self, position: Any, orientation: Any) -> None:
        self.position = position
        self.orientation = orientation


class DynamicState:
    """Pose and velocities (3,) of a rigid body in the world; radians per second."""

    def __init__(self, position: Any, orientation: Any, linear_velocity: Any, angular_velocity: Any) -> None:
        self.position = position
        self.orientation = orientation
        self.linear_velocity = linear_velocity
        self.angular_velocity = angular_velocity


class XFormPrimViewState:
    """Positions (n, 3) and orientations (n, 4) of prims in the world."""

    def __init__(self, positions: Any, orientations: Any) -> None:
        self.positions = positions
        self.orientations = orientations


class DynamicsViewState:
    """Poses and velocities (n, 3) of rigid bodies in the world."""

    def __init__(self, positions: Any, orientations: Any, linear_velocities: Any, angular_velocities: Any) -> None:
        self.positions = positions
        self.orientations = orientations
        self.linear_velocities = linear_velocities
        self.angular_velocities = angular_velocities


ArticulationAction = Missing("isaacsim.core.utils.types.ArticulationAction")

__getattr__ = absent(__name__)
