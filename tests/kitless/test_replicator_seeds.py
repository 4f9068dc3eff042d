"""What a whole script writes, in processes of its own: the seed decides all of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # three processes that compile their kernels
TOOLS = Path(__file__).parents[2] / "tools"
# In the manner of the tutorials: everything at the top level, and run() as the last word.
SCRIPT = """
import sys
import omni.replicator.core as rep

seed, folder = int(sys.argv[1]), sys.argv[2]
rep.set_global_seed(seed)
with rep.new_layer():
    camera = rep.create.camera(position=(6, 6, 5), look_at=(0, 0, 0), clipping_range=(0.1, 1000))
    product = rep.create.render_product(camera, (64, 48))
    floor = rep.create.plane(scale=6)
    rep.create.light(light_type="dome", intensity=300)

    def lamps(count):
        made = rep.create.light(
            light_type="sphere",
            intensity=rep.distribution.normal(30000, 5000),
            position=rep.distribution.uniform((-3, -3, 3), (3, 3, 5)),
            scale=0.3,
            count=count,
        )
        return made.node

    rep.randomizer.register(lamps)
    shapes = rep.create.group(
        [rep.create.cube(semantics=[("class", "cube")]), rep.create.torus(semantics=[("class", "torus")], count=2)]
    )
    with rep.trigger.on_frame(max_execs=3):
        rep.randomizer.lamps(2)
        with shapes:
            rep.randomizer.rotation()
            rep.modify.pose(scale=rep.distribution.uniform(0.5, 1.5))
            rep.randomizer.scatter_2d(floor, check_for_collisions=True)
            rep.randomizer.color(rep.distribution.choice([(1, 0, 0), (0, 1, 0), (0, 0, 1)]))
    writer = rep.WriterRegistry.get("BasicWriter")
    writer.initialize(output_dir=folder, rgb=True, semantic_segmentation=True, bounding_box_3d=True)
    writer.attach([product])
    rep.orchestrator.run()
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """The files of two runs with one seed, and of one with another: (number of the run, name) -> bytes."""
    root = tmp_path_factory.mktemp("seeds")
    (root / "script.py").write_text(SCRIPT)
    environment = {
        **os.environ,
        "PYTHONPATH": str(TOOLS),
        "KITLESS_DATA": str(root / "data"),
        "PYTHONHASHSEED": "random",
    }
    found = []
    for number, seed in enumerate((1, 1, 2)):
        command = [sys.executable, "-m", "kitless", str(root / "script.py"), str(seed), str(root / str(number))]
        done = subprocess.run(command, env=environment, cwd=root, text=True, capture_output=True, timeout=300)
        assert (done.returncode, done.stderr) == (0, "")
        found.append({path.name: path.read_bytes() for path in (root / str(number)).iterdir()})
    return found


def test_the_script_writes_a_frame_for_each_execution(recorded):
    names = [f"rgb_{number:04d}.png" for number in range(3)]
    assert sorted(name for name in recorded[0] if name.startswith("rgb")) == names
    assert len({recorded[0][name] for name in names}) == 3


def test_the_same_seed_gives_the_same_files(recorded):
    assert recorded[0] == recorded[1]


def test_another_seed_gives_others(recorded):
    assert recorded[0].keys() == recorded[2].keys()
    differing = [name for name in recorded[0] if recorded[0][name] != recorded[2][name]]
    assert {
        name for name in recorded[0] if name.startswith(("rgb", "bounding_box_3d_0", "semantic_segmentation_0"))
    } <= {*differing}
