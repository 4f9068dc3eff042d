"""``rep.modify``: changes to prims, those of the ``with`` block or ``input_prims``.

In a trigger's block a change is made each time it fires, else once and at once. Values may be distributions. What is
modified is returned as an item.
"""

from .._registered import lookup as _lookup
from .._registered import registrar as _registrar
from ._attributes import attribute, material, semantics, variant, visibility
from ._poses import pose, pose_camera_relative

register = _registrar(__name__)
__getattr__ = _lookup(__name__)

__all__ = [
    "attribute",
    "material",
    "pose",
    "pose_camera_relative",
    "register",
    "semantics",
    "variant",
    "visibility",
]
