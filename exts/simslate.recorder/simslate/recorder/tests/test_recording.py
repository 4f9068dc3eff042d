"""A recording from its job to its files."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from pxr import Gf, UsdGeom

import omni.kit.app
import omni.kit.test
import omni.usd
from simslate.recorder import ConfigError, Job, get_recorder, set_labels


class TestRecording(omni.kit.test.AsyncTestCase):
    """Records a labelled box."""

    async def setUp(self) -> None:  # type: ignore[override]  # Kit awaits it
        """Open a stage with a box before a camera."""
        self._temporary = tempfile.TemporaryDirectory()
        self._folder = Path(self._temporary.name)
        await omni.usd.get_context().new_stage_async()
        await omni.kit.app.get_app().next_update_async()
        stage: Any = omni.usd.get_context().get_stage()
        UsdGeom.Camera.Define(stage, "/World/Camera").AddTranslateOp().Set(Gf.Vec3d(0, 0, 10))
        set_labels(UsdGeom.Cube.Define(stage, "/World/Box").GetPrim(), ["box"])

    async def tearDown(self) -> None:  # type: ignore[override]  # Kit awaits it
        """Close the stage."""
        await omni.usd.get_context().close_stage_async()
        self._temporary.cleanup()

    def _job(self, **parameters: Any) -> Job:
        data = {
            "version": 1,
            "render_products": [{"camera": "/World/Camera", "resolution": [64, 48]}],
            "writer": {"name": "BasicWriter", "parameters": parameters},
            "output": {"kind": "disk", "directory": str(self._folder), "folder": "set"},
            "frames": 2,
        }
        return Job.from_json(data, self._folder / "job.json")

    async def test_a_labelled_box_is_recorded(self) -> None:
        """All files are there, and the box has its label."""
        recorded = await get_recorder().record(self._job(rgb=True, semantic_segmentation=True))
        assert recorded.complete
        assert len(list(self._folder.glob("set/**/rgb_*.png"))) == 2
        (first,) = self._folder.glob("set/**/semantic_segmentation_labels_0000.json")
        assert {"class": "box"} in json.loads(first.read_text()).values()

    async def test_a_job_that_is_wrong_leaves_nothing(self) -> None:
        """A parameter that the writer does not know is refused before the first frame."""
        refused = False
        try:
            await get_recorder().record(self._job(no_such_parameter=True))
        except ConfigError:
            refused = True
        assert refused
        assert not (self._folder / "set").exists()
