"""Rigid bodies, one or many: their schemas. Nothing moves: see isaacsim.core._dynamics."""

from __future__ import annotations

import numpy as np
from pxr import Gf, Usd, UsdPhysics

from isaacsim.core._dynamics import warn_of_dynamics
from isaacsim.core._poses import Array, floats
from isaacsim.core.prims._single_xform import Numbers, SingleXFormPrim
from isaacsim.core.prims._xforms import Indices, Rows, XFormPrim
from isaacsim.core.utils.types import DynamicState


class Body:
    """The schemas of one rigid body, applied where they are missing.

    Velocities are (3,) per second; USD has angular ones in degrees, Isaac Sim in radians.
    """

    def __init__(self, prim: Usd.Prim) -> None:
        self.schema = UsdPhysics.RigidBodyAPI.Apply(prim)
        self.mass = UsdPhysics.MassAPI.Apply(prim)

    def set_velocity(self, velocity: Numbers) -> None:
        """Author the linear velocity."""
        self.schema.CreateVelocityAttr().Set(Gf.Vec3f(*floats(velocity, 3, "a velocity")))

    def velocity(self) -> Array:
        """Return the linear velocity."""
        return np.array(self.schema.GetVelocityAttr().Get() or (0, 0, 0), dtype=np.float64)

    def set_spin(self, velocity: Numbers) -> None:
        """Author the angular velocity."""
        degrees = np.degrees(floats(velocity, 3, "a velocity"))
        self.schema.CreateAngularVelocityAttr().Set(Gf.Vec3f(*degrees.tolist()))

    def spin(self) -> Array:
        """Return the angular velocity."""
        return np.radians(np.array(self.schema.GetAngularVelocityAttr().Get() or (0, 0, 0), dtype=np.float64))


class SingleRigidPrim(SingleXFormPrim):
    """A prim with the schemas of a rigid body: mass, density and velocities are authored."""

    def __init__(
        self,
        prim_path: str,
        name: str = "rigid_prim",
        position: Numbers = None,
        translation: Numbers = None,
        orientation: Numbers = None,
        scale: Numbers = None,
        visible: bool | None = None,
        mass: float | None = None,
        density: float | None = None,
        linear_velocity: Numbers = None,
        angular_velocity: Numbers = None,
    ) -> None:
        SingleXFormPrim.__init__(self, prim_path, name, position, translation, orientation, scale, visible)
        self._make_rigid(mass, density, linear_velocity, angular_velocity)

    def _make_rigid(
        self, mass: float | None, density: float | None, linear_velocity: Numbers, angular_velocity: Numbers
    ) -> None:
        warn_of_dynamics(f"rigid body {self.prim_path}")
        self._body = Body(self._prim)
        if mass is not None:
            self.set_mass(mass)
        if density is not None:
            self.set_density(density)
        if linear_velocity is not None:
            self.set_linear_velocity(linear_velocity)
        if angular_velocity is not None:
            self.set_angular_velocity(angular_velocity)
        self._default_velocities: tuple[Numbers, Numbers] = (self.get_linear_velocity(), self.get_angular_velocity())

    def set_default_state(
        self,
        position: Numbers = None,
        orientation: Numbers = None,
        linear_velocity: Numbers = None,
        angular_velocity: Numbers = None,
    ) -> None:
        """Set the pose in the world and the velocities that a reset brings back; None leaves that part."""
        super().set_default_state(position, orientation)
        linear, angular = self._default_velocities
        self._default_velocities = (
            linear if linear_velocity is None else linear_velocity,
            angular if angular_velocity is None else angular_velocity,
        )

    def post_reset(self) -> None:
        """Bring back the default state."""
        super().post_reset()
        self.set_linear_velocity(self._default_velocities[0])
        self.set_angular_velocity(self._default_velocities[1])

    def set_mass(self, mass: float) -> None:
        """Set the mass in the stage's unit."""
        self._body.mass.CreateMassAttr().Set(float(mass))

    def get_mass(self) -> float:
        """Return the mass, 0 where nothing is said."""
        return float(self._body.mass.GetMassAttr().Get() or 0.0)

    def set_density(self, density: float) -> None:
        """Set the density, which counts where there is no mass."""
        self._body.mass.CreateDensityAttr().Set(float(density))

    def get_density(self) -> float:
        """Return the density, 0 where nothing is said."""
        return float(self._body.mass.GetDensityAttr().Get() or 0.0)

    def set_linear_velocity(self, velocity: Numbers) -> None:
        """Author the linear velocity (3,)."""
        self._body.set_velocity(velocity)

    def get_linear_velocity(self) -> Array:
        """Return the linear velocity (3,) that is authored."""
        return self._body.velocity()

    def set_angular_velocity(self, velocity: Numbers) -> None:
        """Author the angular velocity (3,) in radians per second."""
        self._body.set_spin(velocity)

    def get_angular_velocity(self) -> Array:
        """Return the angular velocity (3,) that is authored, in radians per second."""
        return self._body.spin()

    def enable_rigid_body_physics(self) -> None:
        """Switch the rigid body on."""
        self._body.schema.CreateRigidBodyEnabledAttr().Set(True)

    def disable_rigid_body_physics(self) -> None:
        """Switch the rigid body off."""
        self._body.schema.CreateRigidBodyEnabledAttr().Set(False)

    def get_current_dynamic_state(self) -> DynamicState:
        """Return pose and velocities."""
        return DynamicState(*self.get_world_pose(), self.get_linear_velocity(), self.get_angular_velocity())


class RigidPrim(XFormPrim):
    """All prims that match, with the schemas of rigid bodies; masses, densities (n,) and velocities (n, 3) authored."""

    def __init__(
        self,
        prim_paths_expr: str | list[str],
        name: str = "rigid_prim_view",
        positions: Rows = None,
        translations: Rows = None,
        orientations: Rows = None,
        scales: Rows = None,
        visibilities: Rows = None,
        reset_xform_properties: bool = True,
        masses: Rows = None,
        densities: Rows = None,
        linear_velocities: Rows = None,
        angular_velocities: Rows = None,
    ) -> None:
        super().__init__(
            prim_paths_expr, name, positions, translations, orientations, scales, visibilities, reset_xform_properties
        )
        warn_of_dynamics(f"rigid bodies {prim_paths_expr}")
        self._bodies = [Body(prim) for prim in self.prims]
        if masses is not None:
            self.set_masses(masses)
        if densities is not None:
            self.set_densities(densities)
        if linear_velocities is not None:
            self.set_linear_velocities(linear_velocities)
        if angular_velocities is not None:
            self.set_angular_velocities(angular_velocities)

    def _chosen_bodies(self, indices: Indices) -> list[Body]:
        return self._bodies if indices is None else [self._bodies[int(index)] for index in indices]

    def set_masses(self, masses: Rows, indices: Indices = None) -> None:
        """Set the masses (n,)."""
        for body, mass in zip(self._chosen_bodies(indices), () if masses is None else masses, strict=True):
            body.mass.CreateMassAttr().Set(float(mass))

    def get_masses(self, indices: Indices = None) -> Array:
        """Return the masses (n,), 0 where nothing is said."""
        return np.array([body.mass.GetMassAttr().Get() or 0.0 for body in self._chosen_bodies(indices)])

    def set_densities(self, densities: Rows, indices: Indices = None) -> None:
        """Set the densities (n,)."""
        for body, density in zip(self._chosen_bodies(indices), () if densities is None else densities, strict=True):
            body.mass.CreateDensityAttr().Set(float(density))

    def get_densities(self, indices: Indices = None) -> Array:
        """Return the densities (n,), 0 where nothing is said."""
        return np.array([body.mass.GetDensityAttr().Get() or 0.0 for body in self._chosen_bodies(indices)])

    def set_linear_velocities(self, velocities: Rows, indices: Indices = None) -> None:
        """Author the linear velocities (n, 3)."""
        for body, row in zip(self._chosen_bodies(indices), () if velocities is None else velocities, strict=True):
            body.set_velocity(row)

    def get_linear_velocities(self, indices: Indices = None, clone: bool = True) -> Array:
        """Return the linear velocities (n, 3) that are authored."""
        return np.array([body.velocity() for body in self._chosen_bodies(indices)])

    def set_angular_velocities(self, velocities: Rows, indices: Indices = None) -> None:
        """Author the angular velocities (n, 3) in radians per second."""
        for body, row in zip(self._chosen_bodies(indices), () if velocities is None else velocities, strict=True):
            body.set_spin(row)

    def get_angular_velocities(self, indices: Indices = None, clone: bool = True) -> Array:
        """Return the angular velocities (n, 3) that are authored, in radians per second."""
        return np.array([body.spin() for body in self._chosen_bodies(indices)])

    def set_velocities(self, velocities: Rows, indices: Indices = None) -> None:
        """Author linear and angular velocities (n, 6)."""
        rows = np.asarray(velocities, dtype=np.float64)
        self.set_linear_velocities(rows[:, :3], indices)
        self.set_angular_velocities(rows[:, 3:], indices)

    def get_velocities(self, indices: Indices = None, clone: bool = True) -> Array:
        """Return linear and angular velocities (n, 6) that are authored."""
        return np.hstack([self.get_linear_velocities(indices), self.get_angular_velocities(indices)])
