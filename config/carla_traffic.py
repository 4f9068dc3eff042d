"""Traffic for carla.json: vehicles at the town's spawn points near the camera, each driving ahead at its own speed."""

import random

from pxr import Gf, UsdGeom

from simslate import carla

NEAR_M = 80
FRAMES_PER_SECOND = 20

chance = random.Random(7)  # noqa: S311  the same traffic each time
world = carla.Client().get_world()
camera = carla.Transform(carla.Location(x=-46, y=152, z=18), carla.Rotation(pitch=-21, yaw=-93.4))
world.get_spectator().set_transform(camera)

vehicles = world.get_blueprint_library().filter("vehicle.*")
near = [point for point in world.get_map().get_spawn_points() if point.location.distance_2d(camera.location) < NEAR_M]
actors = [world.try_spawn_actor(chance.choice(vehicles), point) for point in near]

with world.place.editing():
    for actor in filter(None, actors):
        (place,) = UsdGeom.Xformable(actor.prim).GetOrderedXformOps()
        start, speed = Gf.Matrix4d(place.Get()), chance.uniform(2, 8)
        for code in range(0, 200, 10):
            ahead = Gf.Matrix4d().SetTranslate(Gf.Vec3d(speed * code / FRAMES_PER_SECOND, 0, 0))
            place.Set(ahead * start, code)
