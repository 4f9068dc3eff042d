"""Killed at any moment, a recording that is resumed is the one that was never interrupted, to the byte."""

import json
import random

import pytest

FEW = 24
MASK = ("instance_segmentation", "distance_to_camera")
CAMERAS = [
    {"camera": "/World/Camera", "resolution": [32, 24]},
    {"camera": "/World/Side", "resolution": [16, 12], "name": "side"},
]

WANDER = """
import random

import carb.eventdispatcher
import omni.kit.app
import omni.usd
from pxr import Gf, UsdGeom

chance, place = random.Random(5), [0.0, 0.0, -10.0]
box = UsdGeom.Xformable(omni.usd.get_context().get_stage().GetPrimAtPath("/World/Hidden"))
move = box.GetOrderedXformOps()[0]


def wander(_):
    place[:2] = (value + chance.uniform(-0.2, 0.2) for value in place[:2])
    move.Set(Gf.Vec3d(*place))


# Where it lives on when the script has run.
omni.kit.app.wandering = carb.eventdispatcher.get_eventdispatcher().observe_event(
    event_name=omni.kit.app.GLOBAL_EVENT_UPDATE, on_event=wander, observer_name="wander"
)
"""

SUMS = """
import numpy as np

import omni.replicator.core as rep


class Sums(rep.Writer):
    version = "1.0.0"

    def __init__(self, backend):
        self.backend = backend
        self.annotators = ["distance_to_camera"]
        self.sum, self.number = 0.0, 0

    def write(self, data):
        distance = data["distance_to_camera"]
        self.sum += float(distance[np.isfinite(distance)].sum())
        self.backend.schedule(rep.functional.write_json, path=f"sum_{self.number}.json", data=self.sum)
        self.number += 1

    def on_final_frame(self):
        self.backend.schedule(rep.functional.write_json, path="total.json", data=self.sum)


rep.WriterRegistry.register(Sums)
"""

TAXONOMY = {"version": 1, "unlisted": "add-and-lock", "classes": {"box0": {"id": 5}}}

JOBS = {
    "a script that keeps something from frame to frame": {"script": "wander.py", "annotators": MASK},
    "the same with warm-up": {"script": "wander.py", "annotators": MASK, "warmup_frames": 3, "control_timeline": False},
    "a writer that keeps something": {"script": "sums.py", "writer": {"name": "Sums"}},
    "CARLA's pictures": {"writer": {"name": "CarlaInstanceSegmentation"}},
    "two render products and motion": {"annotators": (*MASK, "motion_vectors", "rgb"), "render_products": CAMERAS},
    "a taxonomy that is added to": {"annotators": ("semantic_segmentation",), "taxonomy": "taxonomy.json"},
}
"""What a job has, beside the stage."""


def moments(count, seed):
    """Frames and seconds after them, spread over a recording: its first moments and its last ones are among them."""
    chance = random.Random(seed)
    frames = [round(200 * index / (count - 1)) for index in range(count)]
    return [(min(199, max(-1, frame - chance.randrange(3))), chance.uniform(0, 0.06)) for frame in frames]


def kill_and_resume(shared, name, frames, seconds):
    killed = shared.interrupt(shared.folder / "whole.json", name, frames=frames, seconds=seconds)
    if killed.returncode != -9:
        # It was faster. There is nothing left to do, and that, too, has to be so.
        assert killed.returncode == 0
    resumed = shared.run("resume", shared.out(name))
    assert resumed.returncode == 0, resumed.stderr
    shared.assert_same(name, "whole")


@pytest.mark.parametrize("moment", moments(2, seed=1), ids=str)
def test_killed_and_resumed(shared, moment):
    name = f"killed_{moment[0]}"
    kill_and_resume(shared, name, *moment)
    checked = shared.run("validate", shared.out(name))
    assert checked.returncode == 0, checked.stdout


@pytest.mark.slow
@pytest.mark.parametrize("moment", moments(20, seed=2), ids=str)
def test_killed_at_random_moments(shared, moment):
    kill_and_resume(shared, f"random_{moment[0]}", *moment)


@pytest.mark.slow
def test_killed_again_and_again(shared):
    shared.interrupt(shared.folder / "whole.json", "often", frames=20)
    for frames in (60, 61, 140, 199):
        resuming = shared.start("resume", shared.out("often"))
        shared.wait(resuming, "often", frames)
        resuming.kill()
        resuming.communicate()
    assert shared.run("resume", shared.out("often")).returncode == 0
    shared.assert_same("often", "whole")


QUICK = ("a script that keeps something from frame to frame", "a taxonomy that is added to")


@pytest.mark.parametrize(
    "what", [what if what in QUICK else pytest.param(what, marks=pytest.mark.slow) for what in JOBS]
)
def test_whatever_a_job_has(project, what):
    for name, text in {"wander.py": WANDER, "sums.py": SUMS, "taxonomy.json": json.dumps(TAXONOMY)}.items():
        (project.folder / name).write_text(text)
    job = project.job("whole", frames=FEW, **JOBS[what])
    killed = project.interrupt(job, "killed", frames=FEW // 2)
    assert killed.returncode == -9
    whole = project.run("record", job)
    assert whole.returncode == 0, whole.stderr
    resumed = project.run("resume", project.out("killed"))
    assert (resumed.returncode, warnings(resumed)) == (0, warnings(whole)), resumed.stderr
    project.assert_same("killed", "whole")


def warnings(run):
    """What is said of the data set: the same when it is resumed."""
    return [line for line in run.stderr.splitlines() if line.startswith("warning")]
