"""Subjects: what kitless does for a frame, part by part, on one open stage."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from pxr import Usd

import omni.replicator.core as rep
import omni.timeline
import omni.usd
from bench.roofline import trace_bare
from bench.rounds import Subject
from bench.scenes import CAMERA
from kitless.raycast import Camera, Scene, shade, trace
from omni.replicator.core.annotators.registry import AnnotatorRegistry
from omni.replicator.core.frame import Frame, moment_now

if TYPE_CHECKING:
    from pathlib import Path

    from omni.kit.app import App

ROOFLINE = "bare Embree"
COMMON = (
    "rgb",
    "semantic_segmentation",
    "instance_segmentation",
    "bounding_box_2d_tight",
    "bounding_box_2d_loose",
    "distance_to_image_plane",
)
SWITCHES = (
    *COMMON,
    "distance_to_camera",
    "instance_id_segmentation",
    "bounding_box_3d",
    "occlusion",
    "normals",
    "motion_vectors",
    "camera_params",
    "pointcloud",
)
ANNOTATORS: dict[str, dict[str, Any]] = {
    "rgb": {},
    "HdrColor": {},
    "normals": {},
    "distance_to_camera": {},
    "distance_to_image_plane": {},
    "semantic_segmentation": {"colorize": True},
    "instance_segmentation_fast": {"colorize": True},
    "instance_id_segmentation_fast": {"colorize": True},
    "bounding_box_2d_tight_fast": {},
    "bounding_box_2d_loose_fast": {},
    "bounding_box_3d_fast": {},
    "motion_vectors": {},
    "occlusion": {},
    "pointcloud": {},
    "camera_params": {},
}
"""Each annotator that is timed, with its parameters."""
TIMES = 8
"""At how many time codes the stages' objects stand elsewhere."""
FRAMES = 4
"""How many frames a run to disk takes, so that writing can overlap with the next frame."""


class Caster:
    """The ray caster on a stage of its own, without Kit's part."""

    def __init__(self, name: str, path: Path, size: tuple[int, int]) -> None:
        self.name = name
        self.stage = Usd.Stage.Open(str(path))
        self.scene = Scene(self.stage)
        self.scene.update(Usd.TimeCode(0))
        self.camera = Camera.from_prim(self.stage.GetPrimAtPath(CAMERA), size)
        self._distances = np.empty(size[0] * size[1], np.float32)
        self._time = 0

    def subjects(self) -> list[Subject]:
        """The roofline first, then ours."""
        hits = trace(self.scene, self.camera)
        return [
            Subject(self.name, ROOFLINE, lambda: trace_bare(self.scene, self.camera, self._distances)),
            Subject(self.name, "ids + depth", lambda: trace(self.scene, self.camera)),
            Subject(self.name, "ids + depth + normals", self._trace_with_normals),
            Subject(self.name, "shading alone", lambda: shade(self.scene, self.camera, hits)),
            Subject(self.name, f"move {len(self.scene.instances) - 1:,} instances", self._move),
        ]

    def close(self) -> None:
        """Free the scene."""
        self.scene.close()

    def _trace_with_normals(self) -> None:
        assert trace(self.scene, self.camera).normal is not None

    def _move(self) -> None:
        self._time = 1 - self._time
        self.scene.update(Usd.TimeCode(self._time))


class Recorder:
    """Replicator on the stage that is open in the app."""

    def __init__(self, app: App, name: str, size: tuple[int, int], folder: Path) -> None:
        self._app, self.name, self._folder = app, name, folder
        self._product = rep.create.render_product(CAMERA, size, force_new=True)
        # Only asked directly: its annotators must not be computed along with what is written.
        self._product.hydra_texture.set_updates_enabled(False)
        self._stage = omni.usd.get_context().get_stage()
        self._taken = 0

    def subjects(self) -> list[Subject]:
        """Each annotator alone, then sets of them to disk."""
        alone = [self._annotator(name, parameters) for name, parameters in ANNOTATORS.items()]
        return [*alone, self._to_disk("common set to disk", COMMON), self._to_disk("all annotators to disk", SWITCHES)]

    def _annotator(self, name: str, parameters: dict[str, Any]) -> Subject:
        known = set(self._product.nodes)
        AnnotatorRegistry.get_annotator(name, init_params=parameters).attach(self._product)
        (added,) = set(self._product.nodes) - known
        return Subject(self.name, name, partial(self._evaluate, self._product.nodes[added]))

    def _evaluate(self, node: Any) -> None:
        # A frame of its own each time: what others have computed must not be had for nothing.
        prim = self._stage.GetPrimAtPath(CAMERA)
        before = Frame(prim, self._product.resolution, moment_now())
        node.evaluate(Frame(prim, self._product.resolution, moment_now(), before))

    def _to_disk(self, what: str, switches: tuple[str, ...]) -> Subject:
        out = self._folder / what.replace(" ", "_")
        return Subject(
            self.name,
            what,
            partial(self._record, out, switches),
            prepare=partial(shutil.rmtree, out, ignore_errors=True),
            per=FRAMES,
        )

    def _record(self, out: Path, switches: tuple[str, ...]) -> None:
        writer = rep.WriterRegistry.get("BasicWriter")
        writer.initialize(output_dir=str(out), **dict.fromkeys(switches, True))
        # A product that has no other annotators: nothing is computed but the writer's.
        product = rep.create.render_product(CAMERA, self._product.resolution, force_new=True)
        writer.attach([product])
        self._app.run(self._steps())
        writer.detach()
        product.destroy()

    async def _steps(self) -> None:
        timeline = omni.timeline.get_timeline_interface()
        for _ in range(FRAMES):
            # Everything moves: a frame like the one before would be had for less.
            self._taken += 1
            timeline.set_current_time((self._taken % TIMES) / timeline.get_time_codes_per_seconds())
            await rep.orchestrator.step_async(delta_time=0.0)
        await rep.orchestrator.wait_until_complete_async()
