"""Scripts for CARLA in a process of their own, and the job that records the sensor."""

import json

import numpy as np
from PIL import Image

from .conftest import ROOT

# What users of CARLA do first, the import aside: vehicles around a camera, one tick, one picture.
SCRIPT = """
import queue
import random
from simslate import carla

client = carla.Client("127.0.0.1", 2000)
client.set_timeout(2.0)
world = client.get_world()
settings = world.get_settings()
settings.synchronous_mode = True
world.apply_settings(settings)

place = carla.Location(x=-46.0, y=152, z=18)
pose = carla.Transform(place, carla.Rotation(pitch=-21, yaw=-93.4, roll=0))
world.get_spectator().set_transform(pose)
sensor = world.get_blueprint_library().find("sensor.camera.instance_segmentation")
camera = world.try_spawn_actor(sensor, pose)

vehicles = world.get_blueprint_library().filter("*vehicle*")
for point in world.get_map().get_spawn_points():
    if (point.location.x - place.x) ** 2 + (point.location.y - place.y) ** 2 < 80 * 80:
        world.try_spawn_actor(random.choice(vehicles), point)
world.tick()

pictures = queue.Queue()
camera.listen(pictures.put)
world.tick()
image = pictures.get()
image.save_to_disk("instance_segmentation.png")
for actor in world.get_actors().filter("vehicle.*"):
    if actor.attributes["base_type"] in ("car", "van"):
        print(actor.id)
"""


def decode(path):
    """The picture as its users read it: tag and id."""
    rgba = np.asarray(Image.open(path))
    return rgba[..., 0], rgba[..., 1].astype(np.uint16) + 256 * rgba[..., 2].astype(np.uint16)


def test_the_script_of_a_user_of_carla(simslate, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace('"instance', f'"{tmp_path}/instance'))
    ran = simslate("exec", script)
    assert ran.returncode == 0, ran.stderr
    tags, ids = decode(tmp_path / "instance_segmentation.png")
    assert tags.shape == (600, 800)
    cars = set(map(int, ran.stdout.split()))
    told = {
        int(number): each for number, each in json.loads((tmp_path / "instance_segmentation.json").read_text()).items()
    }
    seen = set(ids[tags == 14].tolist())
    assert len(seen) >= 8
    assert seen <= cars
    assert {number for number, each in told.items() if each["tag"] == 14} == seen
    assert len({told[number]["path"] for number in seen}) == len(seen)
    for number in seen:
        assert set(tags[ids == number]) == {14}
        assert told[number]["pixel_count"] == (ids == number).sum()
    assert set(np.unique(ids).tolist()) - {0} == set(told)


def test_the_job_in_config(simslate, tmp_path):
    recorded = simslate("record", ROOT / "config/carla.json", "--output", tmp_path / "out")
    assert recorded.returncode == 0, recorded.stderr
    pictures = sorted((tmp_path / "out").glob("carla_instance_segmentation_0*.png"))
    assert len(pictures) == 10
    tables = [json.loads(path.with_suffix(".json").read_text()) for path in pictures]
    paths = [{number: each["path"] for number, each in table.items()} for table in tables]
    assert all(paths[0][number] == path for table in paths for number, path in table.items() if number in paths[0])
    boxes = [table[number]["bbox2d"] for table in (tables[0], tables[-1]) for number in table if number in tables[-1]]
    assert boxes[: len(boxes) // 2] != boxes[len(boxes) // 2 :]
    assert np.unique(decode(pictures[0])[0]).tolist()[-1] > 20
    assert 11 in decode(pictures[0])[0]


def test_the_readmes_example_runs(simslate, tmp_path):
    text = (ROOT / "exts/simslate.carla/docs/Overview.md").read_text()
    blocks = [block.split("```")[0] for block in text.split("```python\n")[1:]]
    script = tmp_path / "readme.py"
    script.write_text(
        "import os\nos.chdir(" + repr(str(tmp_path)) + ")\n" + "\n".join(blocks[1:]) + "\nassert (tags == 14).any()\n"
    )
    ran = simslate("exec", script)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "instance_segmentation.png").exists()
    assert (tmp_path / "instance_segmentation.json").exists()
