"""Shapes with colours, and the schemas of physics that they author."""

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Usd, UsdGeom, UsdPhysics, UsdShade

import omni.isaac.core.objects as oldest
import omni.isaac.core.prims as oldest_prims
from isaacsim.core.api import objects
from isaacsim.core.api.materials import OmniPBR, PhysicsMaterial, PreviewSurface
from isaacsim.core.experimental.prims import XformPrim
from isaacsim.core.prims import RigidPrim, SingleRigidPrim, SingleXFormPrim, XFormPrim
from kitless.raycast import Camera, Scene, radiance, trace

SHAPES = {
    "Cuboid": (UsdGeom.Cube, {"size": 0.5}, (0.25, 0.25, 0.25)),
    "Sphere": (UsdGeom.Sphere, {"radius": 0.5}, (0.5, 0.5, 0.5)),
    "Cylinder": (UsdGeom.Cylinder, {"radius": 0.5, "height": 3.0}, (0.5, 0.5, 1.5)),
    "Cone": (UsdGeom.Cone, {"radius": 0.5, "height": 3.0}, (0.5, 0.5, 1.5)),
    "Capsule": (UsdGeom.Capsule, {"radius": 0.5, "height": 3.0}, (0.5, 0.5, 2.0)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_have_their_measures_and_schemas(stage, shape):
    schema, measures, half = SHAPES[shape]
    for kind, collides, moves in (("Visual", False, False), ("Fixed", True, False), ("Dynamic", True, True)):
        made = getattr(objects, kind + shape)(f"/World/{kind}", position=(1, 2, 3), **measures)
        assert made.prim.IsA(schema)
        assert {name: getattr(made, f"get_{name}")() for name in measures} == measures
        np.testing.assert_allclose(made.prim.GetAttribute("extent").Get()[1], half)
        assert made.prim.HasAPI(UsdPhysics.CollisionAPI) == collides
        assert made.prim.HasAPI(UsdPhysics.RigidBodyAPI) == moves
        np.testing.assert_allclose(made.get_world_pose()[0], (1, 2, 3))


def test_old_names_are_the_same_classes():
    assert oldest.DynamicCuboid is objects.DynamicCuboid
    assert oldest_prims.XFormPrim is SingleXFormPrim


def test_a_colour_is_a_bound_preview_surface(stage):
    cube = objects.VisualCuboid("/World/A", color=np.array([1.0, 0.0, 0.0]))
    material = UsdShade.MaterialBindingAPI(cube.prim).ComputeBoundMaterial()[0]
    shader = material.ComputeSurfaceSource()[0]
    assert shader.GetIdAttr().Get() == "UsdPreviewSurface"
    assert shader.GetInput("diffuseColor").Get() == Gf.Vec3f(1, 0, 0)
    cube.get_applied_visual_material().set_color((0, 1, 0))
    assert shader.GetInput("diffuseColor").Get() == Gf.Vec3f(0, 1, 0)
    assert objects.VisualCuboid("/World/B").get_applied_visual_material().prim_path != str(material.GetPath())


def test_a_prim_that_is_there_is_taken_as_it_is(stage):
    UsdGeom.Cube.Define(stage, "/World/A").CreateSizeAttr(7.0)
    assert objects.FixedCuboid("/World/A").get_size() == 7.0
    assert not stage.GetPrimAtPath("/World/Looks")
    with pytest.raises(ValueError, match="a Cube at /World/A already, not a Sphere"):
        objects.VisualSphere("/World/A")


def test_a_rigid_body_is_authored_and_the_user_told_once(stage, capsys):
    body = objects.DynamicCuboid("/World/A", mass=2.0, linear_velocity=(1, 0, 0), angular_velocity=(0, 0, np.pi))
    SingleRigidPrim("/World/B", density=3.0)
    assert capsys.readouterr().err.count("kitless has no physics") == 1
    assert body.prim.GetAttribute("physics:mass").Get() == 2.0
    assert body.prim.GetAttribute("physics:velocity").Get() == Gf.Vec3f(1, 0, 0)
    assert Gf.IsClose(body.prim.GetAttribute("physics:angularVelocity").Get(), Gf.Vec3f(0, 0, 180), 1e-4)
    np.testing.assert_allclose(body.get_angular_velocity(), (0, 0, np.pi), rtol=1e-6)
    body.set_default_state(linear_velocity=(0, 0, 5))
    body.set_linear_velocity((9, 9, 9))
    body.post_reset()
    np.testing.assert_allclose(body.get_linear_velocity(), (0, 0, 5))
    np.testing.assert_allclose(body.get_angular_velocity(), (0, 0, np.pi), rtol=1e-6)
    view = RigidPrim("/World/[AB]", masses=[4.0, 5.0])
    np.testing.assert_allclose(view.get_masses(), (4.0, 5.0))
    np.testing.assert_allclose(view.get_densities(), (0.0, 3.0))


def test_materials_for_physics(stage):
    material = PhysicsMaterial("/World/Rubber", static_friction=0.9, dynamic_friction=0.8, restitution=0.1)
    cube = objects.FixedCuboid("/World/A", physics_material=material)
    found = cube.get_applied_physics_material()
    assert found.prim_path == "/World/Rubber"
    values = (found.get_static_friction(), found.get_dynamic_friction(), found.get_restitution())
    np.testing.assert_allclose(values, (0.9, 0.8, 0.1), rtol=1e-6)
    cube.set_collision_approximation("convexHull")
    assert cube.get_collision_approximation() == "convexHull"
    cube.set_collision_enabled(False)
    assert not cube.get_collision_enabled()


def test_an_omnipbr_has_its_mdl_and_is_drawn(stage, camera, tmp_path):
    material = OmniPBR("/World/Look", color=(0.8, 0.0, 0.0))
    shader = UsdShade.Shader.Get(stage, "/World/Look/Shader")
    assert shader.GetSourceAssetSubIdentifier("mdl") == "OmniPBR"
    assert Gf.IsClose(shader.GetInput("diffuse_color_constant").Get(), Gf.Vec3f(0.8, 0.0, 0.0), 1e-6)
    cube = objects.VisualCuboid("/World/A", position=(0, 5, 0), size=4.0, visual_material=material)
    assert isinstance(cube.get_applied_visual_material(), OmniPBR)
    eye = camera()
    red, green, blue = colour_ahead(stage, eye)
    assert red > 4 * max(green, blue)
    Image.new("RGB", (2, 2), (0, 0, 255)).save(tmp_path / "blue.png")
    material.set_texture(str(tmp_path / "blue.png"))
    assert material.get_texture() == str(tmp_path / "blue.png")
    red, green, blue = colour_ahead(stage, eye)
    assert blue > 4 * max(red, green)


def colour_ahead(stage, prim):
    """What the camera has in the middle of its picture, linear."""
    scene = Scene(stage)
    scene.update(Usd.TimeCode.Default())
    view = Camera.from_prim(prim, (9, 9))
    found = radiance(scene, view, trace(scene, view))[4, 4, :3]
    scene.close()
    return found


def test_one_material_is_bound_to_all_that_match(stage):
    for name in ("A", "B"):
        stage.DefinePrim(f"/World/{name}", "Cube")
    material = PreviewSurface("/World/Look", color=(1, 0, 0))
    for prims in (XFormPrim("/World/[AB]"), XformPrim("/World/[AB]")):
        prims.apply_visual_materials(material)
        assert [each.prim_path for each in prims.get_applied_visual_materials()] == ["/World/Look"] * 2
        assert prims.get_applied_visual_materials(indices=[1])[0].get_color().tolist() == [1, 0, 0]


def test_a_preview_surface_is_set_and_read(stage):
    material = PreviewSurface("/World/Look", roughness=0.25, metallic=1.0)
    assert (material.get_roughness(), material.get_metallic()) == (0.25, 1.0)
    np.testing.assert_allclose(material.get_color(), (0.18, 0.18, 0.18), rtol=1e-6)


@pytest.mark.parametrize(("axis", "normal"), [("Z", (0, 0, 1)), ("Y", (0, 1, 0))])
def test_the_ground_lies_across_the_up_axis(stage, axis, normal):
    UsdGeom.SetStageUpAxis(stage, axis)
    plane = objects.GroundPlane("/World/Ground", size=10.0, z_position=-2.0)
    mesh = UsdGeom.Mesh(stage.GetPrimAtPath("/World/Ground/geom"))
    first, second, third, _ = mesh.GetPointsAttr().Get()
    assert Gf.IsClose(Gf.Cross(second - first, third - second).GetNormalized(), Gf.Vec3f(*normal), 1e-6)
    assert (second - first).GetLength() == 10.0
    np.testing.assert_allclose(plane.get_world_pose()[0], np.array(normal) * -2.0)
    assert UsdGeom.Imageable(stage.GetPrimAtPath("/World/Ground/collisionPlane")).ComputePurpose() == "guide"
    assert plane.collision_geometry_prim.get_collision_enabled()
