"""Objects for prims in the manner of Isaac Sim 6."""

from isaacsim.core.experimental.prims._xform_prim import Prim, XformPrim
from kitless.absent import Missing, absent

Articulation = Missing("isaacsim.core.experimental.prims.Articulation")
DeformablePrim = Missing("isaacsim.core.experimental.prims.DeformablePrim")
GeomPrim = Missing("isaacsim.core.experimental.prims.GeomPrim")
RigidPrim = Missing("isaacsim.core.experimental.prims.RigidPrim")

__all__ = ["Articulation", "DeformablePrim", "GeomPrim", "Prim", "RigidPrim", "XformPrim"]

__getattr__ = absent(__name__)
