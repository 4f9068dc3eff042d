"""A world from its stage to a picture."""

from __future__ import annotations

from typing import Any

from pxr import UsdGeom

import omni.kit.app
import omni.kit.test
import omni.usd
from simslate.carla import Client, Location, Transform


class TestWorld(omni.kit.test.AsyncTestCase):
    """Spawns a car on a bare stage and looks at it."""

    async def setUp(self) -> None:  # type: ignore[override]  # Kit awaits it
        """Open a stage with a road, in metres."""
        await omni.usd.get_context().new_stage_async()
        await omni.kit.app.get_app().next_update_async()
        stage: Any = omni.usd.get_context().get_stage()
        UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
        UsdGeom.SetStageMetersPerUnit(stage, 1.0)
        UsdGeom.Plane.Define(stage, "/Road").CreateWidthAttr(100)

    async def tearDown(self) -> None:  # type: ignore[override]  # Kit awaits it
        """Close the stage, and with it the world."""
        await omni.usd.get_context().close_stage_async()

    async def test_a_car_before_a_camera(self) -> None:
        """The picture of a tick has the tag of cars in it."""
        world = Client().get_world()
        library = world.get_blueprint_library()
        world.spawn_actor(library.find("vehicle.tesla.model3"), Transform(Location(8, 0, 0)))
        blueprint = library.find("sensor.camera.instance_segmentation")
        for name, value in (("image_size_x", "64"), ("image_size_y", "48")):
            blueprint.set_attribute(name, value)
        camera: Any = world.spawn_actor(blueprint, Transform(Location(0, 0, 1.5)))
        pictures: list[Any] = []
        camera.listen(pictures.append)
        await world.tick_async()
        (picture,) = pictures
        # BGRA: red is the tag, which of cars is 14.
        assert 14 in set(picture.raw_data[2::4])
