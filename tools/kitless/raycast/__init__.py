"""Ray casting of USD stages on the CPU: stage and arrays in, arrays out. Knows no Kit name."""

from kitless.raycast.camera import Camera
from kitless.raycast.errors import CameraError, EmbreeError, GeometryError, RaycastError
from kitless.raycast.instances import Instance, Instances
from kitless.raycast.mesh import Mesh
from kitless.raycast.occlusion import Silhouettes, silhouettes, spans
from kitless.raycast.scene import Scene
from kitless.raycast.shade import blurred, displayed, radiance, shade
from kitless.raycast.trace import Hits, trace

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
