"""The world of CARLA's calls: actors, time, and what becomes of the stage."""

import json

import numpy as np
import pytest
from pxr import Gf, UsdGeom

import omni.kit.app
import omni.timeline
import omni.usd

from .conftest import new_stage

CAR, TRUCK, WALKER = "vehicle.tesla.model3", "vehicle.carlamotors.firetruck", "walker.pedestrian.0001"


def poses_equal(one, other):
    return np.allclose(one.get_matrix(), other.get_matrix(), atol=1e-6)


@pytest.mark.parametrize("up", ["Y", "Z"])
@pytest.mark.parametrize("unit", [1.0, 0.01])
def test_an_actor_is_where_it_was_put_whatever_the_stage(app, carla, up, unit):
    stage = new_stage(up, unit)
    world = carla.Client().get_world()
    pose = carla.Transform(carla.Location(12, -5, 0.5), carla.Rotation(pitch=3, yaw=40, roll=-2))
    car = world.spawn_actor(world.get_blueprint_library().find(CAR), pose)
    assert poses_equal(car.get_transform(), pose)
    centre = UsdGeom.BBoxCache(0, ["default", "render"]).ComputeWorldBound(car.prim).ComputeCentroid()
    at = pose.transform(car.bounding_box.location)
    expected = (at.x, -at.y, at.z) if up == "Z" else (at.x, at.z, at.y)
    assert np.allclose(np.array(centre) * unit, expected, atol=1e-3)
    assert stage.GetPrimAtPath(car.prim.GetPath())


def test_a_car_is_as_long_as_a_car(spawn):
    extent = spawn(CAR).bounding_box.extent
    assert 1.5 < extent.x < 3
    assert 0.7 < extent.y < 1.2
    assert extent.x > extent.y


def test_actors_have_ids_and_lists(world, spawn):
    car, walker = spawn(CAR), spawn(WALKER, y=10)
    actors = world.get_actors()
    assert len({actor.id for actor in actors}) == len(actors) == 3
    assert [actor.id for actor in actors.filter("vehicle.*")] == [car.id]
    assert actors.find(walker.id) is walker
    assert actors.find(999) is None
    assert world.get_actor(car.id) is car
    assert [actor.id for actor in world.get_actors([walker.id, 999])] == [walker.id]
    assert str(car) == f"Vehicle(id={car.id}, type={CAR})"


def test_another_actor_in_the_way(world, spawn, carla):
    spawn(CAR)
    near = carla.Transform(carla.Location(1, 0.5, 0))
    library = world.get_blueprint_library()
    assert world.try_spawn_actor(library.find(CAR), near) is None
    with pytest.raises(RuntimeError, match="Spawn failed because of collision at spawn position"):
        world.spawn_actor(library.find(CAR), near)
    beside = world.spawn_actor(library.find(CAR), carla.Transform(carla.Location(0, 4, 0)))
    assert beside.id == max(actor.id for actor in world.get_actors())
    assert len(world.get_actors().filter("vehicle.*")) == 2
    assert len(world.place.stage.GetPrimAtPath("/CarlaActors").GetChildren()) == 3


def test_a_destroyed_actor_is_off_the_stage(world, spawn):
    car = spawn(CAR)
    path = car.prim.GetPath()
    assert car.destroy()
    assert not car.destroy()
    assert not car.is_alive
    assert not world.place.stage.GetPrimAtPath(path)
    with pytest.raises(RuntimeError, match="is destroyed"):
        car.get_transform()
    assert spawn(CAR).id > car.id


def test_nothing_spawned_is_saved_or_left_behind(app, stage, world, spawn, camera):
    before = stage.GetRootLayer().ExportToString()
    spawn(CAR, 5)
    seen = camera()
    world.tick()
    assert stage.GetRootLayer().ExportToString() == before
    app.get_extension_manager().set_extension_enabled_immediate("simslate.carla", False)
    assert not stage.GetPrimAtPath("/CarlaActors")
    assert not seen.sensor.is_alive
    assert not [prim for prim in stage.TraverseAll() if prim.GetName().startswith("carla_sensor")]


def test_time_moves_by_ticks_alone(app, world, carla):
    timeline = omni.timeline.get_timeline_interface()
    begin = timeline.get_current_time()
    for _ in range(3):
        app.update()
    assert timeline.get_current_time() == begin
    settings = world.get_settings()
    settings.synchronous_mode, settings.fixed_delta_seconds = True, 0.1
    world.apply_settings(settings)
    assert [world.tick() for _ in range(3)] == [1, 2, 3]
    assert timeline.get_current_time() == pytest.approx(begin + 0.3)
    assert not timeline.is_playing()
    snapshot = world.get_snapshot()
    assert (snapshot.frame, snapshot.elapsed_seconds, snapshot.delta_seconds) == (3, pytest.approx(0.3), 0.1)


def test_a_tick_without_a_step_is_a_time_code(world):
    world.tick()
    assert world.get_snapshot().delta_seconds == 0.05


def test_what_moves_on_the_stage_moves_with_ticks(stage, world, camera):
    cube = UsdGeom.Cube.Define(stage, "/Cube")
    move = cube.AddTranslateOp()
    move.Set(Gf.Vec3d(0, 0, 1), 0)
    move.Set(Gf.Vec3d(100, 0, 1), 2)
    from simslate.recorder import set_labels

    set_labels(cube.GetPrim(), ["box"])
    seen = camera(x=-5, image_size_x=640, image_size_y=480, fov=20)
    for _ in range(2):
        world.tick()
    sizes = [sum(pixel.r == 21 for pixel in picture) for picture in seen.pictures]
    # At 50 and at 100 m from the origin, the camera being 5 m before it: sizes go with the square of the distance.
    assert sizes[0] > 2.5 * sizes[1] > 0


def test_settings_are_a_copy(world):
    world.get_settings().synchronous_mode = True
    assert not world.get_settings().synchronous_mode


def test_the_world_stays_the_same_until_another_stage_is_opened(app, carla, world, spawn):
    spawn(CAR)
    assert carla.Client().get_world() is world
    new_stage()
    other = carla.Client().get_world()
    assert other is not world
    assert len(other.get_actors()) == 1


def test_the_town_is_opened_where_there_is_nothing(app, carla):
    world = carla.Client().get_world()
    assert world.get_map().name.endswith("town.usda")
    assert len(world.get_map().get_spawn_points()) >= 100
    assert carla.Client().get_available_maps() == ["Town"]
    assert carla.Client().reload_world().get_map().name == world.get_map().name


def test_a_stage_that_is_not_there(app, carla):
    with pytest.raises(RuntimeError, match=r"nowhere\.usda: no stage that can be opened"):
        carla.Client().load_world("nowhere.usda")


def test_spawn_points_of_the_stage_and_of_a_file(stage, world, mark, tmp_path, carla):
    import carb.settings

    mark("/P", "carla:spawn_point", Gf.Matrix4d().SetRotate(Gf.Rotation((0, 0, 1), 90)).SetTranslateOnly((1, 2, 0.3)))
    path = tmp_path / "points.json"
    path.write_text(json.dumps([{"x": 4, "yaw": 30}, {"y": 1, "pitch": 2}]))
    carb.settings.get_settings().set("/exts/simslate.carla/spawnPoints", str(path))
    expected = [
        # 90 degrees to the left is -90 in CARLA, and its y is the other way.
        carla.Transform(carla.Location(1, -2, 0.3), carla.Rotation(yaw=-90)),
        carla.Transform(carla.Location(4, 0, 0), carla.Rotation(yaw=30)),
        carla.Transform(carla.Location(0, 1, 0), carla.Rotation(pitch=2)),
    ]
    points = world.get_map().get_spawn_points()
    assert len(points) == 3
    assert all(map(poses_equal, points, expected))
    path.write_text('[{"x": "far", "yow": 3}, 5]')
    with pytest.raises(carla.CarlaError) as raised:
        world.get_map().get_spawn_points()
    assert [line.removeprefix(f"{path}:1: ") for line in raised.value.problems] == [
        '$[0].x: "far" is not a number',
        '$[0].yow: is unknown; did you mean "yaw"?',
        "$[1]: 5 is not an object",
    ]


def test_a_stage_without_spawn_points_says_so(world, capsys):
    assert world.get_map().get_spawn_points() == []
    assert "carla:spawn_point" in capsys.readouterr().err


def test_batches(world, carla):
    library, at = world.get_blueprint_library(), carla.Transform(carla.Location(0, 0, 0))
    spawn, destroy = carla.command.SpawnActor, carla.command.DestroyActor
    client = carla.Client()
    good, blocked = client.apply_batch_sync([spawn(library.find(CAR), at), spawn(library.find(TRUCK), at)], True)
    assert not good.has_error()
    assert blocked.has_error()
    assert world.get_snapshot().frame == 1
    gone, unknown = client.apply_batch_sync([destroy(good.actor_id), destroy(good.actor_id)])
    assert not gone.has_error()
    assert unknown.error == f"no actor has the id {good.actor_id}"
    assert len(world.get_actors()) == 1


def test_ticks_call_observers(world):
    seen = []
    number = world.on_tick(seen.append)
    world.tick()
    world.remove_on_tick(number)
    world.tick()
    assert [snapshot.frame for snapshot in seen] == [1]


def test_a_coroutine_ticks_with_await(app, world, camera):
    seen = camera()

    async def frames():
        with pytest.raises(RuntimeError, match=r"await world\.tick_async\(\)"):
            world.tick()
        return [await world.tick_async(), await world.tick_async()]

    first, second = app.run(frames())
    assert second == first + 1
    assert [picture.frame for picture in seen.pictures] == [first, second]


def test_nothing_drives(spawn):
    with pytest.raises(RuntimeError, match="there is no traffic manager"):
        spawn(CAR).set_autopilot(True)
    assert not hasattr(spawn(CAR, y=9), "nothing_of_the_kind")


def test_without_the_extension_there_is_no_world(app, stage, carla):
    app.get_extension_manager().set_extension_enabled_immediate("simslate.carla", False)
    with pytest.raises(RuntimeError, match="not enabled"):
        carla.Client().get_world()
