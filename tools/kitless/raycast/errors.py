"""The ray caster's named errors.

RaycastError
    EmbreeError     the ray tracing library is missing, of another version, or refuses
    GeometryError   a prim's geometry cannot be read
    CameraError     a prim that is no usable camera
"""


class RaycastError(Exception):
    """Base of everything the ray caster raises on purpose."""


class EmbreeError(RaycastError):
    """The Embree library is missing, of an untested version, or reports a failure."""


class GeometryError(RaycastError):
    """A prim's geometry contradicts itself; the message names the prim and the value."""


class CameraError(RaycastError):
    """A prim is no camera, or its lens or the resolution is impossible."""
