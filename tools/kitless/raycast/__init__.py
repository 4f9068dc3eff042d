"""Ray casting of USD stages on the CPU: stage and arrays in, arrays out. Knows no Kit name."""

import gc

_collects = gc.isenabled()
# numba's import makes a great many objects, all of which stay: the collector would go through them again and again.
gc.disable()
try:
    from kitless.raycast.camera import Camera
    from kitless.raycast.errors import CameraError, EmbreeError, GeometryError, RaycastError
    from kitless.raycast.instances import Instance, Instances
    from kitless.raycast.mesh import Mesh
    from kitless.raycast.occlusion import Silhouettes, silhouettes, spans
    from kitless.raycast.scene import Scene
    from kitless.raycast.shade import blurred, displayed, radiance, shade
    from kitless.raycast.trace import Hits, trace

    # To the oldest generation at once: young ones are gone through often.
    gc.freeze()
    gc.unfreeze()
finally:
    if _collects:
        gc.enable()

__all__ = [
    "Scene",
    "Instance",
    "Instances",
    "Mesh",
    "Camera",
    "Hits",
    "trace",
    "radiance",
    "shade",
    "blurred",
    "displayed",
    "Silhouettes",
    "silhouettes",
    "spans",
    "RaycastError",
    "EmbreeError",
    "GeometryError",
    "CameraError",
]
