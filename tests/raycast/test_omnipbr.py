"""OmniPBR materials, as the documentation of the MDL file has their inputs."""

import numpy as np
import pytest
from pxr import Sdf, Usd, UsdGeom, UsdShade

from kitless.raycast import Camera, Scene, radiance, trace
from kitless.raycast.looks import read_material

TYPES = Sdf.ValueTypeNames


@pytest.fixture
def material():
    """Return what makes a material of an MDL file with some inputs, and reads it."""
    stage = Usd.Stage.CreateInMemory()

    def make(mdl="OmniPBR.mdl", part="OmniPBR", **inputs):
        made = UsdShade.Material.Define(stage, "/Look")
        shader = UsdShade.Shader.Define(stage, "/Look/Shader")
        shader.SetSourceAsset(Sdf.AssetPath(mdl), "mdl")
        shader.SetSourceAssetSubIdentifier(part, "mdl")
        made.CreateSurfaceOutput("mdl").ConnectToSource(shader.CreateOutput("out", TYPES.Token))
        for name, (kind, value) in inputs.items():
            shader.CreateInput(name, kind).Set(value)
        return read_material(made.GetPrim(), Usd.TimeCode.Default())

    return make


def test_its_defaults_are_grey_and_half_rough(material):
    found = material()
    assert found.diffuse == pytest.approx((0.2, 0.2, 0.2))
    assert (found.roughness, found.metallic) == (0.5, 0.0)


def test_a_texture_is_scaled_turned_and_moved(material):
    found = material(
        diffuse_texture=(TYPES.Asset, Sdf.AssetPath("nowhere.png")),
        texture_scale=(TYPES.Float2, (2, 3)),
        texture_rotate=(TYPES.Float, 90.0),
        texture_translate=(TYPES.Float2, (5, 7)),
    )
    a, b, c, d, e, f = found.maps["diffuse"].affine
    # (1, 0) becomes (2, 0), turned to (0, 2), moved; (0, 1) becomes (0, 3), turned to (-3, 0), moved.
    assert (a + e, c + f) == pytest.approx((5, 9))
    assert (b + e, d + f) == pytest.approx((2, 7))


def test_emission_is_a_radiance_as_that_of_a_dome_is():
    """A black surface that emits 450 is seen as a dome of 450 is: half of display white."""
    seen = []
    for emits in (True, False):
        stage = Usd.Stage.CreateInMemory()
        dome = stage.DefinePrim("/Dome", "DomeLight")
        dome.GetAttribute("inputs:intensity").Set(450.0)
        camera = UsdGeom.Camera.Define(stage, "/Camera")
        if emits:
            wall = UsdGeom.Plane.Define(stage, "/Wall")
            wall.CreateAxisAttr("Z")
            wall.CreateWidthAttr(100)
            wall.CreateLengthAttr(100)
            wall.AddTranslateOp().Set((0, 0, -5))
            made = UsdShade.Material.Define(stage, "/Look")
            shader = UsdShade.Shader.Define(stage, "/Look/Shader")
            shader.SetSourceAsset(Sdf.AssetPath("OmniPBR.mdl"), "mdl")
            made.CreateSurfaceOutput("mdl").ConnectToSource(shader.CreateOutput("out", TYPES.Token))
            for name, kind, value in (
                ("diffuse_color_constant", TYPES.Color3f, (0, 0, 0)),
                ("reflection_roughness_constant", TYPES.Float, 1.0),
                ("enable_emission", TYPES.Bool, True),
                ("emissive_color", TYPES.Color3f, (1, 1, 1)),
                ("emissive_intensity", TYPES.Float, 450.0),
            ):
                shader.CreateInput(name, kind).Set(value)
            UsdShade.MaterialBindingAPI.Apply(wall.GetPrim()).Bind(made)
        scene = Scene(stage)
        scene.update(Usd.TimeCode.Default())
        view = Camera.from_prim(camera.GetPrim(), (16, 12))
        seen.append(radiance(scene, view, trace(scene, view))[6, 8])
        scene.close()
    # What the surface reflects of the dome comes on top: 4 % at most.
    assert np.array(seen) == pytest.approx(0.5, rel=0.05)


def test_other_mdl_files_are_not_taken_for_it(material):
    assert material("Wood.mdl", "Wood") is None
