"""A running app with a small stage, a writer that only takes notes, and jobs for both."""

import gc
import json
import threading
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pxr import Sdf, UsdGeom, UsdRender

import carb.settings
import omni.replicator.core as rep
import omni.timeline
import omni.usd
from carb._subscribers import Registration
from omni.kit.app import App
from omni.syntheticdata import SyntheticData
from simslate.recorder import Job, Recorder, follow_timeline, own_labels

EXTENSIONS = Path(__file__).parents[3] / "exts"


@pytest.fixture
def app(tmp_path):
    with App(data_dir=tmp_path / "user") as app:
        yield app


@pytest.fixture
def extended_app(tmp_path):
    """An app with the extension enabled."""
    with App(data_dir=tmp_path / "user", ext_folders=[EXTENSIONS], enable=["simslate.recorder"]) as app:
        yield app


def open_stage():
    """Open a stage of 24 time codes per second from 1 to 12, with a camera and a box, and set the timeline to it."""
    omni.usd.get_context().new_stage()
    stage: Any = omni.usd.get_context().get_stage()
    stage.SetTimeCodesPerSecond(24)
    UsdGeom.Camera.Define(stage, "/World/Camera")
    UsdGeom.Cube.Define(stage, "/World/Box")
    timeline = omni.timeline.get_timeline_interface()
    timeline.set_time_codes_per_second(24)
    timeline.set_start_time(1 / 24)
    timeline.set_end_time(12 / 24)
    timeline.set_current_time(1 / 24)
    timeline.commit()
    return stage


@pytest.fixture
def stage(app):
    return open_stage()


@pytest.fixture
def reopen(stage):
    """Return a function that closes the stage and opens another one like it."""
    return open_stage


@pytest.fixture
def timeline(stage):
    return omni.timeline.get_timeline_interface()


@pytest.fixture
def notes(stage):
    """What the writer Notes saw: times (time codes), and functions to call in its ``write``."""
    notes = SimpleNamespace(times=[], on_write=[], instances=[], final=0)

    class Notes(rep.Writer):
        version = "1.0.0"

        def __init__(self, backend=None, refuse=False):
            if refuse:
                raise ValueError("refuse is not what I am for")
            self.backend = backend
            self.annotators = []
            notes.instances.append(self)

        def write(self, data):
            notes.times.append(round(omni.timeline.get_timeline_interface().get_current_time() * 24, 6))
            for call in notes.on_write:
                call()

        def on_final_frame(self):
            notes.final += 1

    rep.WriterRegistry.register(Notes)
    return notes


@pytest.fixture
def make_job(tmp_path, notes):
    """Return a function that makes a job for the stage and the writer above, with changes to its JSON."""

    def make(**changes):
        data = {
            "version": 1,
            "render_products": [{"camera": "/World/Camera", "resolution": [16, 9]}],
            "writer": {"name": "Notes"},
            "output": {"kind": "disk", "directory": "out", "folder": "set"},
            "frames": 4,
        }
        return Job.from_json({**data, **changes}, tmp_path / "job.json")

    return make


@pytest.fixture
def recorder(app):
    return Recorder(followers=[follow_timeline])


@pytest.fixture
def seen(recorder):
    """The statuses announced, as (state, frame)."""
    seen = []
    recorder.subscribe(lambda status: seen.append((status.state.value, status.frame)))
    return seen


def subscriptions():
    """Who listens to events of the app, by name."""
    return sorted(each.name for each in gc.get_objects() if isinstance(each, Registration))


def open_files():
    """What the process has open, without what comes and goes by itself."""
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            links.append(str(descriptor.readlink()))
    return sorted(link for link in links if link.startswith("/") and not link.startswith(("/dev", "/proc")))


@pytest.fixture
def world(stage):
    """Return a function that tells all that a recording may change and has to give back."""

    def tell():
        stage: Any = omni.usd.get_context().get_stage()
        timeline = omni.timeline.get_timeline_interface()
        # Its first use gives settings their defaults.
        rep.orchestrator.get_status()
        prims = [prim for prim in stage.Traverse() if not prim.GetPath().HasPrefix("/Render")]
        return {
            "capture on play": carb.settings.get_settings().get("/omni/replicator/captureOnPlay"),
            "filter": SyntheticData.Get().get_instance_mapping_semantic_filter(),
            "session": list(stage.GetSessionLayer().subLayerPaths),
            "render products": [
                (prim.GetName(), *prim.GetAttribute("resolution").Get())
                for prim in stage.Traverse()
                if prim.IsA(UsdRender.Product)
            ],
            "labels": [own_labels(prim) for prim in prims],
            "root": stage.GetRootLayer().ExportToString(),
            "timeline": (timeline.is_playing(), timeline.is_stopped(), timeline.get_current_time()),
            "auto update": timeline.is_auto_updating(),
            "writers": rep.WriterRegistry.get_writer_render_products(),
        }

    return tell


@pytest.fixture
def process():
    """Return a function that tells what of the process a recording may take and has to give back.

    What the host makes at its first use, such as threads and defaults of settings, stays.
    """

    def tell():
        gc.collect()
        return {
            "settings": json.dumps(carb.settings.get_settings().get("/"), default=str, sort_keys=True),
            "threads": sorted(thread.name for thread in threading.enumerate()),
            "files": open_files(),
            "subscriptions": subscriptions(),
            "layers": len(Sdf.Layer.GetLoadedLayers()),
        }

    return tell
