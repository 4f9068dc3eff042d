"""``rep.create``: prims, placed and labelled, and render products.

Everything is made at once and returned as a ``ReplicatorItem``. Parameters that are distributions are drawn at once
too, or, inside a trigger, each time it fires.
"""

from .._registered import lookup as _lookup
from .._registered import registrar as _registrar
from ._assets import from_dir, from_usd, group
from ._cameras import camera, stereo_camera
from ._lights import light
from ._materials import material_omnipbr
from ._render_products import render_product, render_product_tiled
from ._shapes import cone, cube, cylinder, disk, plane, sphere, torus, xform

register = _registrar(__name__)
__getattr__ = _lookup(__name__)

__all__ = [
    "camera",
    "cone",
    "cube",
    "cylinder",
    "disk",
    "from_dir",
    "from_usd",
    "group",
    "light",
    "material_omnipbr",
    "plane",
    "register",
    "render_product",
    "render_product_tiled",
    "sphere",
    "stereo_camera",
    "torus",
    "xform",
]
