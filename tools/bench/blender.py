"""Blender's Cycles in a process of its own: it brings a USD and a TBB along that are not to meet ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from bench.scenes import Crowd

PLACE = Path(sys.prefix) / "blender"
"""Where tools/bench/run installs it: with an older numpy than kitless needs."""


def is_installed() -> bool:
    """Return whether it is there."""
    return (PLACE / "bpy").is_dir()


class Blender:
    """A child process that renders when asked, and does nothing else."""

    def __init__(self, crowd: Crowd, size: tuple[int, int]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "scene.npz"
        shapes = {f"points{i}": shape.points for i, shape in enumerate([*crowd.shapes, crowd.ground])}
        shapes |= {f"triangles{i}": shape.triangles for i, shape in enumerate([*crowd.shapes, crowd.ground])}
        placed = np.concatenate([crowd.places, np.eye(4)[None]]), [*crowd.which, len(crowd.shapes)]
        np.savez(path, places=placed[0], which=placed[1], camera=crowd.placement, size=size, **shapes)
        command = [sys.executable, __file__, str(path)]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(PLACE)},
        )
        self._wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.communicate()
        self._folder.cleanup()

    def render(self) -> None:
        """Render one frame. Raises RuntimeError if the process has ended."""
        assert self._child.stdin is not None
        self._child.stdin.write("render\n")
        self._child.stdin.flush()
        self._wait()

    def _wait(self) -> None:
        assert self._child.stdout is not None
        # Blender prints what it does, too.
        while json.dumps("ready") not in (line := self._child.stdout.readline()):
            if not line:
                raise RuntimeError(f"Blender's process ended with {self._child.wait()}")


def build(path: str) -> Any:
    """Make the scene in Blender; each shape is one mesh, however often it stands there."""
    import bpy
    from mathutils import Matrix

    with np.load(path) as data:
        arrays = dict(data)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    meshes = []
    for number in range(int(arrays["which"].max()) + 1):
        mesh = bpy.data.meshes.new(f"shape{number}")
        mesh.from_pydata(arrays[f"points{number}"].tolist(), [], arrays[f"triangles{number}"].tolist())
        meshes.append(mesh)
    for which, place in zip(arrays["which"].tolist(), arrays["places"], strict=True):
        body = bpy.data.objects.new("object", meshes[which])
        body.matrix_world = Matrix(place.T.tolist())
        scene.collection.objects.link(body)
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.data.lens, camera.data.sensor_width, camera.data.clip_end = 24.0, 36.0, 10000.0
    camera.matrix_world = Matrix(arrays["camera"].T.tolist())
    sun = bpy.data.objects.new("sun", bpy.data.lights.new("sun", "SUN"))
    for each in (camera, sun):
        scene.collection.objects.link(each)
    scene.camera, scene.render.engine = camera, "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.device = 1, False, "CPU"
    scene.render.threads_mode, scene.render.threads = "FIXED", 2
    scene.render.resolution_x, scene.render.resolution_y = arrays["size"].tolist()
    scene.render.resolution_percentage = 100
    # What stays the same from frame to frame is kept, as it is here.
    scene.render.use_persistent_data = True
    return bpy


def main() -> None:
    """Build, then render once per line of input."""
    bpy = build(sys.argv[1])
    print(json.dumps("ready"), flush=True)
    for _ in sys.stdin:
        bpy.ops.render.render()
        print(json.dumps("ready"), flush=True)


if __name__ == "__main__":
    main()
