"""Cameras of CARLA's kind: what they hand out, when, and what is in the pictures."""

import json
import queue

import numpy as np
import pytest
from PIL import Image
from pxr import UsdGeom

CAR, WALKER = "vehicle.tesla.model3", "walker.pedestrian.0001"


def bgra(picture):
    return np.frombuffer(picture.raw_data, np.uint8).reshape(picture.height, picture.width, 4)


def tags_and_ids(picture):
    blue, green, red, alpha = np.moveaxis(bgra(picture), 2, 0)
    assert (alpha == 255).all()
    return red, green.astype(np.uint16) | (blue.astype(np.uint16) << 8)


def test_the_id_of_a_pixel_is_the_actors(world, spawn, camera):
    cars = [spawn(CAR, x=3, y=y) for y in (-3, 3)]
    seen = camera(pitch=-10)
    world.tick()
    tags, ids = tags_and_ids(seen.pictures[0])
    assert set(ids[tags == 14]) == {car.id for car in cars}
    assert set(tags[np.isin(ids, [car.id for car in cars])]) == {14}
    assert set(np.unique(tags)) == {0, 1, 14}


def test_a_picture_says_when_and_where(world, camera, carla):
    seen = camera(x=-10, y=1, z=2, yaw=5, fov=70)
    frames = [world.tick(), world.tick()]
    assert [picture.frame for picture in seen.pictures] == frames
    picture = seen.pictures[1]
    assert picture.timestamp == pytest.approx(0.1)
    assert (picture.width, picture.height, picture.fov) == (160, 120, 70)
    expected = carla.Transform(carla.Location(-10, 1, 2), carla.Rotation(yaw=5))
    assert np.allclose(picture.transform.get_matrix(), expected.get_matrix(), atol=1e-6)


def test_a_queue_is_full_when_tick_returns(world, spawn):
    pictures = queue.Queue()
    spawn("sensor.camera.rgb", image_size_x=32, image_size_y=24).listen(pictures.put)
    frame = world.tick()
    assert pictures.get_nowait().frame == frame


def test_listening_begins_and_ends(world, camera):
    seen = camera()
    assert seen.sensor.is_listening
    assert seen.sensor.is_listening()
    world.tick()
    seen.sensor.stop()
    assert not seen.sensor.is_listening()
    world.tick()
    assert len(seen.pictures) == 1
    other = []
    seen.sensor.listen(other.append)
    seen.sensor.listen(seen.pictures.append)
    world.tick()
    assert (len(seen.pictures), other) == (2, [])


def test_a_destroyed_sensor_sees_no_more(world, camera):
    seen = camera()
    seen.sensor.destroy()
    world.tick()
    assert seen.pictures == []
    with pytest.raises(RuntimeError, match="is destroyed"):
        seen.sensor.listen(print)


def test_sensor_tick(world, camera):
    each, third = camera(), camera(sensor_tick=0.15)
    frames = [world.tick() for _ in range(7)]
    assert [picture.frame for picture in each.pictures] == frames
    assert [picture.frame for picture in third.pictures] == frames[::3]


def test_only_what_is_due_is_drawn(world, camera, monkeypatch):
    from omni.replicator.core import frame

    traced = []
    trace = frame.trace
    monkeypatch.setattr(frame, "trace", lambda *args: traced.append(1) or trace(*args))
    camera(x=-10)
    idle = camera(x=-12)
    idle.sensor.stop()
    world.tick()
    assert len(traced) == 1


def test_what_a_callback_raises_comes_out_of_tick(world, camera):
    def fail(_):
        raise ZeroDivisionError("mine")

    camera().sensor.listen(fail)
    with pytest.raises(ZeroDivisionError, match="mine"):
        world.tick()


def test_a_sensor_goes_along_with_what_it_is_attached_to(world, spawn, carla):
    car = spawn(CAR, x=5, y=3, yaw=90)
    sensor = spawn("sensor.camera.rgb", 1, 0, 2, on=car, image_size_x=32, image_size_y=24)
    assert sensor.parent is car
    pictures = []
    sensor.listen(pictures.append)
    world.tick()
    car.set_location(carla.Location(5, 13, 0))
    world.tick()
    places = [picture.transform.location for picture in pictures]
    assert [(round(p.x, 5), round(p.y, 5), round(p.z, 5)) for p in places] == [(5, 4, 2), (5, 14, 2)]


def test_kinds_of_pictures_of_one_view(world, spawn, camera):
    spawn(CAR, x=0)
    seen = {kind: camera(kind) for kind in ("instance_segmentation", "semantic_segmentation", "rgb", "depth")}
    world.tick()
    pictures = {kind: each.pictures[0] for kind, each in seen.items()}
    tags, _ = tags_and_ids(pictures["instance_segmentation"])
    semantic = bgra(pictures["semantic_segmentation"])
    assert np.array_equal(semantic[..., 2], tags)
    assert not semantic[..., :2].any()
    assert bgra(pictures["rgb"])[tags == 14].std() > 5
    from simslate.carla.color import depth_metres

    metres = depth_metres(bgra(pictures["depth"]))
    assert (metres[tags == 0] > 999).all()
    # The rear of a car less than 5 m long is some 8 m from the camera, measured along its view.
    assert 7 < metres[tags == 14].min() < 9


def test_depth_is_that_of_a_plane_at_a_known_distance(stage, world, camera):
    wall = UsdGeom.Cube.Define(stage, "/Wall")
    wall.CreateSizeAttr(50)
    wall.AddTranslateOp().Set((45, 0, 0))
    seen = camera("depth", x=0, y=0, z=1)
    world.tick()
    from simslate.carla.color import depth_metres

    # Along the view, so it is the same in the corners; 24 bits resolve 0.06 mm.
    above_the_road = depth_metres(bgra(seen.pictures[0]))[:60]
    assert np.abs(above_the_road - 20).max() < 1e-3


def test_points_are_where_the_intrinsics_say(stage, world, camera, carla):
    from simslate.carla.poses import projected
    from simslate.recorder import set_labels

    ball = UsdGeom.Sphere.Define(stage, "/Ball")
    ball.CreateRadiusAttr(0.2)
    ball.AddTranslateOp().Set((6, -1.5, 2.2))
    set_labels(ball.GetPrim(), ["box"])
    seen = camera(x=-1, y=0.4, z=1, yaw=4, pitch=6, fov=60, image_size_x=320, image_size_y=200)
    world.tick()
    picture = seen.pictures[0]
    tags, _ = tags_and_ids(picture)
    rows, columns = np.nonzero(tags == 21)
    pixels, _ = projected([[6, 1.5, 2.2]], picture.transform, picture.width, picture.height, picture.fov)
    assert np.abs(pixels[0] - [columns.mean() + 0.5, rows.mean() + 0.5]).max() < 0.5


def test_a_saved_picture_has_its_objects_beside_it(world, spawn, camera, tmp_path):
    car = spawn(CAR, x=3)
    spawn(WALKER, x=0, y=3)
    seen = camera()
    world.tick()
    path = seen.pictures[0].save_to_disk(str(tmp_path / "ids"))
    assert path == str(tmp_path / "ids.png")
    rgba = np.asarray(Image.open(path))
    ids = rgba[..., 1].astype(np.uint16) + 256 * rgba[..., 2].astype(np.uint16)
    told = json.loads((tmp_path / "ids.json").read_text())
    assert set(np.unique(ids)) - {0} == set(map(int, told))
    assert told[str(car.id)]["path"] == str(car.prim.GetPath())
    assert told[str(car.id)]["pixel_count"] == (ids == car.id).sum()


def test_jpeg_of_ids_is_refused(world, camera, tmp_path, carla):
    seen, rgb = camera(), camera("rgb")
    world.tick()
    with pytest.raises(carla.CarlaError, match="JPEG would destroy"):
        seen.pictures[0].save_to_disk(str(tmp_path / "ids.jpg"))
    assert not list(tmp_path.glob("*.jpg"))
    assert rgb.pictures[0].save_to_disk(str(tmp_path / "rgb.jpg")).endswith("rgb.jpg")


def test_an_unknown_sensor(world, carla):
    class Lidar:
        id = "sensor.lidar.ray_cast"

    with pytest.raises(
        carla.CarlaError, match=r"sensor\.lidar\.ray_cast: no such sensor here; there are sensor\.camera"
    ):
        world.spawn_actor(Lidar, carla.Transform())


def test_without_rendering_no_picture_comes(world, camera):
    seen = camera()
    settings = world.get_settings()
    settings.no_rendering_mode = True
    world.apply_settings(settings)
    world.tick()
    assert seen.pictures == []


def test_lenses_do_not_distort_and_say_so(world, spawn, capsys):
    spawn("sensor.camera.rgb", lens_k=-2.0)
    assert "lens_k: lenses do not distort here" in capsys.readouterr().err
