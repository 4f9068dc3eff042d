"""Objects for prims: one prim (Single...), or all that match an expression."""

from isaacsim.core.prims._geometry import GeometryPrim, SingleGeometryPrim
from isaacsim.core.prims._rigid import RigidPrim, SingleRigidPrim
from isaacsim.core.prims._single_xform import SingleXFormPrim
from isaacsim.core.prims._xforms import XFormPrim
from kitless.absent import Missing, absent

Articulation = Missing("isaacsim.core.prims.Articulation")
ClothPrim = Missing("isaacsim.core.prims.ClothPrim")
DeformablePrim = Missing("isaacsim.core.prims.DeformablePrim")
ParticleSystem = Missing("isaacsim.core.prims.ParticleSystem")
SdfShapePrim = Missing("isaacsim.core.prims.SdfShapePrim")
SingleArticulation = Missing("isaacsim.core.prims.SingleArticulation")
SingleClothPrim = Missing("isaacsim.core.prims.SingleClothPrim")
SingleDeformablePrim = Missing("isaacsim.core.prims.SingleDeformablePrim")
SingleParticleSystem = Missing("isaacsim.core.prims.SingleParticleSystem")

__all__ = [
    "Articulation",
    "ClothPrim",
    "DeformablePrim",
    "GeometryPrim",
    "ParticleSystem",
    "RigidPrim",
    "SdfShapePrim",
    "SingleArticulation",
    "SingleClothPrim",
    "SingleDeformablePrim",
    "SingleGeometryPrim",
    "SingleParticleSystem",
    "SingleRigidPrim",
    "SingleXFormPrim",
    "XFormPrim",
]

__getattr__ = absent(__name__)
