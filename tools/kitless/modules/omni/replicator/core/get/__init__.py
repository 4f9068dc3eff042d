"""``rep.get``: prims that are on the stage already, as items.

A search is made when its prims are first wanted, and kept; with ``cache_prims=False`` it is made anew in each
evaluation.
"""

from .._registered import lookup as _lookup
from .._registered import registrar as _registrar
from ._search import (
    camera,
    curve,
    geomsubset,
    light,
    material,
    mesh,
    prim_at_path,
    prims,
    renderproduct,
    rendervar,
    scope,
    shader,
    shape,
    skelanimation,
    skeleton,
    xform,
)

register = _registrar(__name__)
__getattr__ = _lookup(__name__)

__all__ = [
    "camera",
    "curve",
    "geomsubset",
    "light",
    "material",
    "mesh",
    "prim_at_path",
    "prims",
    "register",
    "renderproduct",
    "rendervar",
    "scope",
    "shader",
    "shape",
    "skelanimation",
    "skeleton",
    "xform",
]
