"""Peers: other renderers on the same scene, as far as they are installed."""

from __future__ import annotations

import importlib.util
import math
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench import blender
from bench.rounds import Subject
from bench.scenes import APERTURE, FOCAL_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.scenes import Crowd, Shape

_NEAR, _FAR = 0.01, 10000.0
_VERTEX = """
#version 330
uniform mat4 camera;
in vec3 place;
in mat4 world;
in uint number;
flat out uint seen;
void main() {
    seen = number;
    gl_Position = camera * world * vec4(place, 1);
}
"""
_FRAGMENT = """
#version 330
flat in uint seen;
out uint id;
void main() { id = seen; }
"""


@contextmanager
def opened(names: Sequence[str], crowd: Crowd, size: tuple[int, int]) -> Iterator[tuple[list[Subject], list[str]]]:
    """Give a subject for each peer that is installed, and the names of those that are not."""
    subjects, absent = [], []
    with ExitStack() as stack:
        for name in names:
            module, make, limit = _PEERS[name]
            is_there = blender.is_installed() if module == "bpy" else importlib.util.find_spec(module) is not None
            if not is_there:
                absent.append(name)
            else:
                subjects.append(Subject(crowd.name, name, make(crowd, size, stack), limit=limit))
        yield subjects, absent


def _bullet(crowd: Crowd, size: tuple[int, int], stack: ExitStack) -> Callable[[], None]:
    import pybullet

    client = pybullet.connect(pybullet.DIRECT)
    stack.callback(pybullet.disconnect, client)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    looks = []
    for number, shape in enumerate([*crowd.shapes, crowd.ground]):
        path = folder / f"{number}.obj"
        _write_obj(shape, path)
        looks.append(pybullet.createVisualShape(pybullet.GEOM_MESH, fileName=str(path)))
    for which, place in zip([*crowd.which, len(crowd.shapes)], [*crowd.places, np.eye(4)], strict=True):
        pybullet.createMultiBody(0, -1, looks[which], place[3, :3].tolist(), _quaternion(place))
    view = pybullet.computeViewMatrix(crowd.eye.tolist(), crowd.target.tolist(), [0, 0, 1])
    tall = math.degrees(2 * math.atan(_half_height(size)))
    projection = pybullet.computeProjectionMatrixFOV(tall, size[0] / size[1], _NEAR, 10 * crowd.side)
    renderer = pybullet.ER_TINY_RENDERER
    return lambda: _drop(pybullet.getCameraImage(*size, view, projection, renderer=renderer))


def _open3d(crowd: Crowd, size: tuple[int, int], _stack: ExitStack) -> Callable[[], None]:
    import open3d

    scene = open3d.t.geometry.RaycastingScene(nthreads=2)
    for which, place in zip([*crowd.which, -1], [*crowd.places, np.eye(4)], strict=True):
        shape = crowd.ground if which < 0 else crowd.shapes[which]
        world = shape.points @ place[:3, :3] + place[3, :3]
        # It knows no instances.
        scene.add_triangles(
            open3d.core.Tensor(world.astype(np.float32)), open3d.core.Tensor(shape.triangles.astype(np.uint32))
        )
    rays = open3d.core.Tensor(_rays(crowd, size))
    return lambda: _drop(scene.cast_rays(rays, nthreads=2))


def _moderngl(crowd: Crowd, size: tuple[int, int], stack: ExitStack) -> Callable[[], None]:
    import moderngl

    context = moderngl.create_context(standalone=True, backend="egl")
    stack.callback(context.release)
    program = context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
    right = 2 * FOCAL_LENGTH / APERTURE
    projection = np.zeros((4, 4))
    projection[0, 0], projection[1, 1] = right, right * size[0] / size[1]
    far = 10 * crowd.side
    projection[2, 2:], projection[3, 2] = ((_NEAR + far) / (_NEAR - far), -1), 2 * _NEAR * far / (_NEAR - far)
    program["camera"].write((np.linalg.inv(crowd.placement) @ projection).astype("f4").tobytes())
    batches = []
    for number, shape in enumerate([*crowd.shapes, crowd.ground]):
        members = np.flatnonzero(crowd.which == number)
        is_ground = number == len(crowd.shapes)
        places = np.eye(4)[None] if is_ground else crowd.places[members]
        ids = np.array([len(crowd.which)]) if is_ground else members
        content = [
            (context.buffer(shape.points.tobytes()), "3f", "place"),
            (context.buffer(places.astype("f4").tobytes()), "16f/i", "world"),
            (context.buffer(ids.astype("u4").tobytes()), "1u/i", "number"),
        ]
        triangles = context.buffer(shape.triangles.tobytes())
        batches.append((context.vertex_array(program, content, triangles), len(ids)))
    target = context.framebuffer(context.texture(size, 1, dtype="u4"), context.depth_texture(size))
    target.use()
    context.enable(context.DEPTH_TEST)

    def work() -> None:
        target.clear()
        for batch, count in batches:
            batch.render(instances=count)
        target.read(components=1, dtype="u4")
        target.depth_attachment.read()

    return work


def _blender(crowd: Crowd, size: tuple[int, int], stack: ExitStack) -> Callable[[], None]:
    return stack.enter_context(blender.Blender(crowd, size)).render


def _write_obj(shape: Shape, path: Path) -> None:
    corners = [f"v {x} {y} {z}" for x, y, z in shape.points.tolist()]
    path.write_text("\n".join([*corners, *(f"f {a} {b} {c}" for a, b, c in (shape.triangles + 1).tolist()), ""]))


def _quaternion(place: Any) -> list[float]:
    from pxr import Gf

    turn = Gf.Matrix4d(place).ExtractRotationQuat()
    return [*turn.GetImaginary(), turn.GetReal()]


def _half_height(size: tuple[int, int]) -> float:
    """Return the tangent of half the angle that the picture is high."""
    return APERTURE / FOCAL_LENGTH / 2 * size[1] / size[0]


def _rays(crowd: Crowd, size: tuple[int, int]) -> np.ndarray:
    """Return float32 (H, W, 6): origins and directions through the pixels' centres."""
    width, height = size
    wide = APERTURE / FOCAL_LENGTH / 2
    x = (2 * (np.arange(width) + 0.5) / width - 1) * wide
    y = (1 - 2 * (np.arange(height) + 0.5) / height) * _half_height(size)
    local = np.stack([*np.meshgrid(x, y), np.full((height, width), -1.0)], axis=2)
    toward = local @ crowd.placement[:3, :3]
    return np.concatenate([np.broadcast_to(crowd.eye, toward.shape), toward], axis=2).astype(np.float32)


def _drop(_result: Any) -> None:
    """Forget a result."""


_PEERS: dict[str, tuple[str, Any, int]] = {
    "pybullet TinyRenderer, rgb + depth + ids": ("pybullet", _bullet, 5),
    "open3d ray casting, ids + distance + normals": ("open3d", _open3d, 5),
    "moderngl, ids + depth": ("moderngl", _moderngl, 5),
    "Blender Cycles, 1 sample": ("bpy", _blender, 3),
}
"""By name: the module, what makes its work, and in how many rounds it runs at most."""
NAMES = list(_PEERS)
