"""Worlds: time, callbacks, resets, scenes and tasks. Nothing falls."""

import numpy as np
import pytest
from pxr import UsdPhysics

import omni.isaac.core
import omni.timeline
from isaacsim.core.api import PhysicsContext, SimulationContext, World
from isaacsim.core.api.objects import DynamicCuboid
from isaacsim.core.api.tasks import BaseTask
from isaacsim.core.simulation_manager import IsaacEvents, SimulationManager


@pytest.fixture
def world(stage):
    return World(physics_dt=1 / 120, rendering_dt=1 / 60)


def test_there_is_one_world_until_it_is_cleared(world):
    assert World() is world
    assert World.instance() is world
    assert omni.isaac.core.World is World
    World.clear_instance()
    assert SimulationContext.instance() is None
    SimulationContext()
    with pytest.raises(RuntimeError, match="a SimulationContext already: clear_instance"):
        World()
    World.clear_instance()
    assert World() is not world


def test_a_step_is_an_update_of_two_physics_steps(world):
    seen = []
    world.add_physics_callback("watch", seen.append)
    world.reset()
    assert (world.is_playing(), world.current_time, seen) == (True, 0.0, [])
    world.step()
    world.step()
    assert seen == [1 / 120] * 4
    assert world.current_time_step_index == 4
    assert world.current_time == pytest.approx(2 / 60)
    assert omni.timeline.get_timeline_interface().get_current_time() == pytest.approx(2 / 60)


def test_a_step_without_a_picture_is_one_physics_step(world, app):
    world.reset()
    number = app.get_update_number()
    world.step(render=False)
    assert app.get_update_number() == number
    assert world.current_time == pytest.approx(1 / 120)
    assert omni.timeline.get_timeline_interface().get_current_time() == pytest.approx(1 / 120)


def test_rendering_does_not_move_time(world):
    world.reset()
    world.render()
    world.step(step_sim=False)
    assert (world.current_time, world.current_time_step_index) == (0.0, 0)


def test_stopping_sets_the_time_back(world):
    world.reset()
    world.step()
    world.stop()
    assert (world.is_stopped(), world.current_time, world.is_simulating()) == (True, 0.0, False)
    world.play()
    world.pause()
    assert (world.is_playing(), world.is_stopped()) == (False, False)


def test_a_cube_in_the_air_stays_there_until_a_reset_brings_it_home(world):
    cube = world.scene.add(DynamicCuboid("/World/Cube", name="cube", position=(0, 0, 5), size=0.5))
    world.reset()
    for _ in range(5):
        world.step()
    np.testing.assert_allclose(cube.get_world_pose()[0], (0, 0, 5))
    cube.set_world_pose((1, 1, 1))
    world.reset()
    np.testing.assert_allclose(cube.get_world_pose()[0], (0, 0, 5))


def test_a_scene_knows_its_objects(world, stage):
    scene = world.scene
    scene.add_default_ground_plane()
    cube = scene.add(DynamicCuboid("/World/Cube", name="cube", position=(1, 2, 3), size=2.0))
    assert scene.get_object("cube") is cube
    assert scene.get_object("ball") is None
    with pytest.raises(ValueError, match="an object 'cube' in the scene already"):
        scene.add(cube)
    with pytest.raises(RuntimeError, match="enable_bounding_boxes_computations"):
        scene.compute_object_AABB("cube")
    scene.enable_bounding_boxes_computations()
    np.testing.assert_allclose(scene.compute_object_AABB("cube"), [(0, 1, 2), (2, 3, 4)], atol=1e-6)
    scene.remove_object("cube")
    assert not scene.object_exists("cube")
    assert not stage.GetPrimAtPath("/World/Cube")
    with pytest.raises(ValueError, match="no object 'cube' in the scene; there are default_ground_plane"):
        scene.remove_object("cube")


class Lift(BaseTask):
    def set_up_scene(self, scene):
        super().set_up_scene(scene)
        self.cube = scene.add(DynamicCuboid("/World/Cube", name="cube"))
        self.steps = []

    def pre_step(self, time_step_index, simulation_time):
        self.steps.append(time_step_index)

    def get_observations(self):
        return {"cube": self.cube.get_world_pose()[0]}

    def is_done(self):
        return len(self.steps) == 2


def test_a_task_builds_observes_and_is_done(world):
    task = Lift("lift")
    world.add_task(task)
    world.reset()
    assert (world.is_tasks_scene_built(), world.is_done()) == (True, False)
    world.step()
    world.step()
    assert task.steps == [0, 2]
    assert world.is_done("lift")
    np.testing.assert_allclose(world.get_observations()["cube"], (0, 0, 0))
    with pytest.raises(ValueError, match="no task 'push'; there are lift"):
        world.get_task("push")


def test_callbacks_of_all_kinds_are_called_until_removed(world, app):
    seen = []
    world.add_render_callback("render", lambda _: seen.append("render"))
    world.add_timeline_callback("timeline", lambda event: seen.append(event.type))
    world.play()
    assert "render" in seen
    assert int(omni.timeline.TimelineEventType.PLAY) in seen
    world.remove_render_callback("render")
    world.clear_timeline_callbacks()
    seen.clear()
    world.stop()
    assert seen == []


def test_physics_is_authored(stage):
    context = PhysicsContext(physics_dt=1 / 240)
    scene = UsdPhysics.Scene.Get(stage, "/physicsScene")
    assert tuple(scene.GetGravityDirectionAttr().Get()) == (0, 0, -1)
    assert scene.GetGravityMagnitudeAttr().Get() == pytest.approx(9.81)
    assert stage.GetPrimAtPath("/physicsScene").GetAttribute("physxScene:timeStepsPerSecond").Get() == 240
    assert context.get_physics_dt() == pytest.approx(1 / 240)
    context.set_gravity(-1.62)
    assert context.get_gravity() == ([0, 0, -1], pytest.approx(1.62))
    context.enable_ccd(True)
    assert PhysicsContext().is_ccd_enabled()
    with pytest.raises(ValueError, match="solver 'XPBD' is none of TGS, PGS"):
        context.set_solver_type("XPBD")
    with pytest.raises(AttributeError, match="set_gpu_heap_capacity is not in kitless yet"):
        context.set_gpu_heap_capacity(1)


def test_what_needs_torch_says_so(stage):
    with pytest.raises(NotImplementedError, match="backend='torch'"):
        World(backend="torch")


def test_the_manager_counts_and_calls(stage, app):
    seen = []
    first = SimulationManager.register_callback(
        lambda dt, context: seen.append((dt, context)), IsaacEvents.PRE_PHYSICS_STEP
    )
    SimulationManager.register_callback(lambda _: seen.append("stopped"), IsaacEvents.TIMELINE_STOP)
    SimulationManager.set_physics_dt(1 / 60)
    omni.timeline.get_timeline_interface().play()
    app.update()
    app.update()
    assert seen == [(1 / 60, None)]
    assert SimulationManager.get_num_physics_steps() == 1
    assert SimulationManager.get_simulation_time() == pytest.approx(1 / 60)
    SimulationManager.step(steps=2)
    assert SimulationManager.get_num_physics_steps() == 3
    assert SimulationManager.deregister_callback(first)
    omni.timeline.get_timeline_interface().stop()
    app.update()
    assert seen[3:] == ["stopped"]
    assert SimulationManager.get_num_physics_steps() == 0
