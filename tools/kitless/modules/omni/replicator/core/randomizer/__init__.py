"""``rep.randomizer``: random looks and places of prims, those of the ``with`` block or ``input_prims``.

In a trigger's block they change each time it fires, else once and at once. ``seed`` makes a stream of random numbers of
its own; without it (None or negative) the stream follows from the global seed.
"""

from .._registered import lookup as _lookup
from .._registered import registrar as _registrar
from ._instances import instantiate
from ._looks import color, materials, texture
from ._places import rotation, scatter_2d, scatter_3d

register = _registrar(__name__)
__getattr__ = _lookup(__name__)

__all__ = ["color", "instantiate", "materials", "register", "rotation", "scatter_2d", "scatter_3d", "texture"]
