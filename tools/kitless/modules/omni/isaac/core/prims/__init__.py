"""isaacsim.core.prims by the names of Isaac Sim 4.2: XFormPrim is one prim, XFormPrimView all that match."""

from isaacsim.core.prims import GeometryPrim as GeometryPrimView
from isaacsim.core.prims import RigidPrim as RigidPrimView
from isaacsim.core.prims import SingleGeometryPrim as GeometryPrim
from isaacsim.core.prims import SingleRigidPrim as RigidPrim
from isaacsim.core.prims import SingleXFormPrim as XFormPrim
from isaacsim.core.prims import XFormPrim as XFormPrimView
from kitless.absent import absent

__all__ = ["GeometryPrim", "GeometryPrimView", "RigidPrim", "RigidPrimView", "XFormPrim", "XFormPrimView"]

__getattr__ = absent(__name__)
