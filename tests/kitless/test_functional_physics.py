"""rep.functional.physics, rep.settings and rep.utils: what they author, and the events they send."""

import numpy as np
import pytest
from pxr import Gf, UsdGeom, UsdPhysics

import carb.events
import carb.settings
import omni.replicator.core as rep

create, physics = rep.functional.create, rep.functional.physics


def test_a_rigid_body_with_a_collider(stage):
    cube = create.cube()
    physics.apply_rigid_body(cube, with_collider=True, kinematicEnabled=True, disableGravity=True, mass=2)
    schemas = {"PhysicsRigidBodyAPI", "PhysxRigidBodyAPI", "PhysicsMassAPI", "PhysicsCollisionAPI"}
    assert schemas <= set(cube.GetPrimTypeInfo().GetAppliedAPISchemas())
    assert UsdPhysics.RigidBodyAPI(cube).GetKinematicEnabledAttr().Get() is True
    assert UsdPhysics.MassAPI(cube).GetMassAttr().Get() == 2
    assert cube.GetAttribute("physxRigidBody:disableGravity").Get() is True
    assert UsdPhysics.MeshCollisionAPI(cube).GetApproximationAttr().Get() == "convexHull"


def test_velocities_and_damping_have_their_types(stage):
    cube = create.cube()
    physics.apply_rigid_body([cube], velocity=(1, 2, 3), linearDamping=1)
    assert UsdPhysics.RigidBodyAPI(cube).GetVelocityAttr().Get() == Gf.Vec3f(1, 2, 3)
    assert str(cube.GetAttribute("physxRigidBody:linearDamping").GetTypeName()) == "float"
    assert not cube.HasAPI(UsdPhysics.CollisionAPI)


def test_bodies_below_a_body_end(stage):
    asset = create.xform()
    part = create.cube(parent=asset)
    physics.apply_rigid_body(part)
    physics.apply_rigid_body(asset)
    assert asset.HasAPI(UsdPhysics.RigidBodyAPI)
    assert not part.HasAPI(UsdPhysics.RigidBodyAPI)
    with pytest.raises(ValueError, match=r"/Scope \(Scope\) cannot be a rigid body"):
        physics.apply_rigid_body(create.scope())


def test_colliders_are_the_shapes_below(stage):
    asset = create.xform()
    mesh, ball = create.cube(parent=asset), create.sphere(parent=asset, as_mesh=False)
    physics.apply_collider(asset)
    assert UsdPhysics.MeshCollisionAPI(mesh).GetApproximationAttr().Get() == "none"
    assert ball.HasAPI(UsdPhysics.CollisionAPI)
    assert not ball.HasAPI(UsdPhysics.MeshCollisionAPI)
    assert not asset.HasAPI(UsdPhysics.CollisionAPI)
    physics.apply_collider(mesh, approximation="boundingCube", contactOffset=0.1)
    assert UsdPhysics.MeshCollisionAPI(mesh).GetApproximationAttr().Get() == "boundingCube"
    assert mesh.GetAttribute("physxCollision:contactOffset").Get() == pytest.approx(0.1)
    with pytest.raises(ValueError, match="Unknown approximation 'ball'; there are none, convexHull"):
        physics.apply_collider(mesh, approximation="ball")


def test_a_physics_scene_and_its_attributes(stage):
    scene = physics.create_physics_scene("/Physics", gravityMagnitude=3, timeStepsPerSecond=120, enableCCD=True)
    assert scene.IsA(UsdPhysics.Scene)
    assert UsdPhysics.Scene(scene).GetGravityMagnitudeAttr().Get() == 3
    assert scene.GetAttribute("physxScene:timeStepsPerSecond").Get() == 120
    assert scene.GetAttribute("physxScene:enableCCD").Get() is True
    assert physics.create_physics_scene("/Physics", broadphaseType="MBP") == scene
    assert scene.GetAttribute("physxScene:broadphaseType").Get() == "MBP"
    assert UsdPhysics.Scene(scene).GetGravityMagnitudeAttr().Get() == 3
    assert "PhysxSceneAPI" in scene.GetPrimTypeInfo().GetAppliedAPISchemas()


def test_stage_settings(stage):
    rep.settings.set_stage_up_axis("y")
    rep.settings.set_stage_meters_per_unit(0.01)
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 0.01
    with pytest.raises(ValueError, match="not 'X'"):
        rep.settings.set_stage_up_axis("X")
    with pytest.raises(ValueError, match="above 0, not 0"):
        rep.settings.set_stage_meters_per_unit(0)


def test_render_settings(app):
    values = carb.settings.get_settings()
    rep.settings.set_render_pathtraced(samples_per_pixel=32)
    names = ("/rtx/rendermode", "/rtx/pathtracing/spp", "/rtx/pathtracing/totalSpp")
    assert [values.get(name) for name in names] == ["PathTracing", 32, 32]
    rep.settings.set_render_rtx_realtime(antialiasing="DLSS")
    assert [values.get("/rtx/rendermode"), values.get("/rtx/post/aa/op")] == ["RaytracedLighting", 3]
    rep.settings.carb_settings("/rtx/anything", [1, 2])
    assert list(values.get("/rtx/anything")) == [1, 2]
    with pytest.raises(ValueError, match="'MSAA'"):
        rep.settings.set_render_rtx_realtime("MSAA")
    with pytest.raises(ValueError, match="not 0"):
        rep.settings.set_render_pathtraced(0)


def test_scenes_joints_and_groups_of_collisions_are_found(stage):
    scene = physics.create_physics_scene("/Physics")
    hinge = UsdPhysics.RevoluteJoint.Define(stage, "/Hinge").GetPrim()
    group = UsdPhysics.CollisionGroup.Define(stage, "/Group").GetPrim()
    create.cube()
    assert rep.functional.get.physics() == [scene, hinge, group]


def test_the_physics_step_is_that_of_all_scenes(stage):
    rep.settings.set_physx_timestep(1 / 240)
    scene = stage.GetPrimAtPath("/PhysicsScene")
    assert scene.GetAttribute("physxScene:timeStepsPerSecond").Get() == 240
    rep.settings.set_physx_timestep(1 / 60)
    assert scene.GetAttribute("physxScene:timeStepsPerSecond").Get() == 60
    with pytest.raises(ValueError, match="above 0 seconds"):
        rep.settings.set_physx_timestep(0)


def test_an_event_for_graphs_comes_with_the_next_update(app):
    heard = []
    bus = app.get_message_bus_event_stream()
    kind = carb.events.type_from_string("omni.graph.action.shake")
    held = bus.create_subscription_to_pop_by_type(kind, lambda event: heard.append(event.type))
    rep.utils.send_og_event(event_name="shake")
    assert heard == []
    app.update()
    assert heard == [kind]
    del held


def test_boxes_along_the_axes(stage):
    parent = create.xform(position=(1, 0, 0), rotation=(0, 0, 45))
    cube = create.cube(parent=parent)
    create.cube(parent=parent, position=(0, 0, 2))
    cache = UsdGeom.BBoxCache(0, ["default"])
    half = 0.5**0.5
    around = [1 - half, -half, -0.5, 1 + half, half]
    assert np.allclose(rep.utils.compute_aabb(cache, "/Xform"), [*around, 2.5], atol=1e-6)
    assert np.allclose(rep.utils.compute_aabb(cache, cube, include_children=False), [*around, 0.5], atol=1e-6)
    with pytest.raises(ValueError, match="/Xform has no extent"):
        rep.utils.compute_aabb(cache, parent, include_children=False)


def test_the_older_paths_lead_to_the_same(app):
    from omni.replicator.core.scripts import backends, functional, utils
    from omni.replicator.core.scripts.writers_default.basicwriter import BasicWriter

    assert BasicWriter is rep.BasicWriter
    assert backends.BackendDispatch is rep.BackendDispatch
    assert functional.create is rep.functional.create
    assert utils.send_og_event is rep.utils.send_og_event
