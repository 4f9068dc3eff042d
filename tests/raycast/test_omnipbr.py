"""OmniPBR materials, as the documentation of the MDL file has their inputs."""

import numpy as np
import pytest
from PIL import Image
from pxr import Sdf, Usd, UsdGeom, UsdShade

from kitless.raycast import Camera, Scene, radiance, trace
from kitless.raycast.looks import read_material

from .pictures import HALF, flat

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


@pytest.fixture
def omnipbr(stage):
    """Binds an OmniPBR material; inputs as (type name, value)."""

    def bind(prim, **inputs):
        material = UsdShade.Material.Define(stage, "/Material")
        shader = UsdShade.Shader.Define(stage, "/Material/Shader")
        shader.SetSourceAsset("OmniPBR.mdl", "mdl")
        shader.SetSourceAssetSubIdentifier("OmniPBR", "mdl")
        for name, (kind, value) in inputs.items():
            shader.CreateInput(name, getattr(Sdf.ValueTypeNames, kind)).Set(value)
        material.CreateSurfaceOutput("mdl").ConnectToSource(shader.ConnectableAPI(), "out")
        UsdShade.MaterialBindingAPI.Apply(prim).Bind(material)
        return material.GetPrim()

    return bind


def test_omnipbr_numbers(stage, sheet, omnipbr, look, add_camera):
    add_camera((0, 0, 2))
    prim = omnipbr(
        sheet(),
        diffuse_color_constant=("Color3f", (0.5, 0.4, 0.2)),
        diffuse_tint=("Color3f", (1.0, 0.5, 0.5)),
        metallic_constant=("Float", 0.7),
        reflection_roughness_constant=("Float", 0.3),
        enable_emission=("Bool", True),
        emissive_color=("Color3f", (0.0, 1.0, 0.5)),
        emissive_intensity=("Float", 100.0),
        opacity_constant=("Float", 0.2),
    )
    found = read_material(prim, look().scene.time)
    assert found.diffuse == pytest.approx((0.5, 0.2, 0.1))
    assert found.emissive == pytest.approx((0.0, 100.0, 50.0))
    assert found.is_luminance
    # Without enable_opacity the constant counts for nothing.
    assert (found.metallic, found.roughness, found.opacity) == pytest.approx((0.7, 0.3, 1.0))


def test_omnipbr_textures_are_drawn(sky, add_camera, sheet, omnipbr, tmp_path, lit):
    add_camera((0, 0, 2))
    Image.fromarray(np.concatenate([flat(255, 0, 0), flat(0, 0, 255)], axis=1)).save(tmp_path / "paint.png")
    Image.fromarray(np.concatenate([flat(255, 255, 255), flat(0, 0, 0)])).save(tmp_path / "hole.png")
    omnipbr(
        sheet(),
        diffuse_texture=("Asset", str(tmp_path / "paint.png")),
        diffuse_tint=("Color3f", (0.5, 0.5, 0.25)),
        texture_scale=("Float2", (2.0, 1.0)),
        enable_opacity=("Bool", True),
        opacity_texture=("Asset", str(tmp_path / "hole.png")),
        opacity_threshold=("Float", 0.5),
    )
    linear = lit()
    gloss = 0.04 * HALF
    # Twice as dense: red, blue, red, blue; the lower half is cut out and shows the sky.
    across = [12, 17, 22, 27]
    expected = [[0.5 * HALF, 0, 0], [0, 0, 0.25 * HALF]] * 2
    assert linear[14, across] == pytest.approx(np.array(expected) + gloss, abs=0.02)
    assert linear[26, across] == pytest.approx(HALF, abs=0.01)


def test_an_orm_texture_counts_by_its_influence(stage, sheet, omnipbr, look, add_camera, tmp_path):
    add_camera((0, 0, 2))
    Image.fromarray(flat(255, 102, 204)).save(tmp_path / "orm.png")
    prim = omnipbr(
        sheet(),
        enable_ORM_texture=("Bool", True),
        ORM_texture=("Asset", str(tmp_path / "orm.png")),
        reflection_roughness_texture_influence=("Float", 0.25),
        reflection_roughness_constant=("Float", 0.8),
        metallic_texture_influence=("Float", 1.0),
    )
    maps = read_material(prim, look().scene.time).maps
    rough, metal = maps["roughness"], maps["metallic"]
    assert (rough.channel, metal.channel) == (1, 2)
    assert 0.4 * rough.scale[0] + rough.bias[0] == pytest.approx(0.25 * 0.4 + 0.75 * 0.8)
    assert 0.8 * metal.scale[0] + metal.bias[0] == pytest.approx(0.8)
