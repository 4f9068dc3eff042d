"""Lights of every kind against closed forms, in direct light and along paths; pictures of lights; what is reported."""

import numpy as np
import pytest
from pxr import Gf, Sdf, UsdGeom, UsdLux, UsdShade

from kitless.raycast import radiance
from kitless.raycast.hdr import read_float_picture
from kitless.raycast.paths import path_trace

ALBEDO = 0.5
MODES = pytest.mark.parametrize("bounces", [None, 1])


@pytest.fixture
def floor(stage, add, add_camera):
    """A wide, perfectly diffuse floor at z = 0, seen from 20 above: 1 unit is 2.5 pixels of 101."""
    add_camera((0, 0, 20))
    prim = add("Plane", "/Floor", width=200.0, length=200.0)
    material = UsdShade.Material.Define(stage, "/Diffuse")
    shader = UsdShade.Shader.Define(stage, "/Diffuse/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set((ALBEDO,) * 3)
    shader.CreateInput("useSpecularWorkflow", Sdf.ValueTypeNames.Int).Set(1)
    shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(1.0)
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(prim).Bind(material)


@pytest.fixture
def irradiance(look):
    """What the floor gets, of the picture: in the unit of lights."""

    def of(bounces, samples=16, size=101):
        seen = look((size, size))
        linear = radiance(seen.scene, seen.camera, seen.hits, samples=samples, bounces=bounces)
        # In direct light a tenth goes round corners, whichever way a surface looks: by half more than the cosine.
        return linear * 900 * np.pi / ALBEDO / (1.1 if bounces is None else 1.0)

    return of


def lamp(stage, kind, height, **inputs):
    light = getattr(UsdLux, kind).Define(stage, "/Lamp")
    light.AddTranslateOp().Set(Gf.Vec3d(0, 0, height))
    for name, value in inputs.items():
        light.GetPrim().GetAttribute(name).Set(value)
    return light


@MODES
@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        ("SphereLight", {"inputs:radius": 0.5}, np.pi * (0.5 / 10) ** 2),
        ("DiskLight", {"inputs:radius": 0.5}, np.pi * 0.5**2 / (0.5**2 + 10**2)),
        ("RectLight", {"inputs:width": 0.4, "inputs:height": 0.6}, 0.4 * 0.6 / 10**2),
        # A strip of 2 r seen from far away.
        ("CylinderLight", {"inputs:radius": 0.1, "inputs:length": 0.5}, 2 * 0.1 * 0.5 / 10**2),
        # Without extent, and normalised: the intensity of a small sphere.
        ("SphereLight", {"inputs:radius": 0.0, "inputs:normalize": True}, 0.25 / 10**2),
        ("SphereLight", {"inputs:radius": 0.5, "treatAsPoint": True}, np.pi * (0.5 / 10) ** 2),
        ("CylinderLight", {"inputs:radius": 0.1, "inputs:length": 0.5, "inputs:normalize": True}, 1 / np.pi / 10**2),
    ],
)
def test_what_a_light_sends_straight_down(stage, floor, irradiance, kind, inputs, expected, bounces):
    lamp(stage, kind, 10, **inputs, **{"inputs:intensity": 1e5})
    found = irradiance(bounces, samples=64 if bounces else 1)[49:52, 49:52].mean()
    assert found == pytest.approx(expected * 1e5, rel=0.02)


@MODES
def test_a_spot_is_a_cone(stage, floor, irradiance, bounces):
    light = lamp(stage, "SphereLight", 10, **{"inputs:radius": 0.1, "inputs:intensity": 1e6})
    shaping = UsdLux.ShapingAPI.Apply(light.GetPrim())
    shaping.CreateShapingConeAngleAttr(30.0)
    row = irradiance(bounces)[50, :, 0]
    # 10 tan 30 is 5.8 units: 14.6 pixels from the middle.
    assert row[50 + 13] > 0.3 * row[50]
    assert row[50 + 17] < 0.02 * row[50]


@MODES
def test_a_focus_dims_off_the_axis(stage, floor, irradiance, bounces):
    light = lamp(stage, "SphereLight", 10, **{"inputs:radius": 0.05, "inputs:intensity": 4e6})
    before = irradiance(bounces)[50, :, 0]
    shaping = UsdLux.ShapingAPI.Apply(light.GetPrim())
    shaping.CreateShapingFocusAttr(8.0)
    after = irradiance(bounces)[50, :, 0]
    x = (np.array([50, 70, 90]) - 50) / 101 * 40
    cosine = 10 / np.hypot(10, x)
    assert after[[50, 70, 90]] / before[[50, 70, 90]] == pytest.approx(cosine**8, rel=0.05)


@MODES
def test_a_rect_lights_picture_hangs_upright(stage, floor, irradiance, tmp_path, bounces):
    from PIL import Image

    # Seen from below, +X is on the left: what the schema says of a texture's first texel, at +X and +Y.
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[:4, :4], pixels[:4, 4:], pixels[4:, :4] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    Image.fromarray(pixels).save(tmp_path / "window.png")
    light = lamp(stage, "RectLight", 1, **{"inputs:width": 16.0, "inputs:height": 16.0, "inputs:intensity": 300.0})
    light.CreateTextureFileAttr(str(tmp_path / "window.png"))
    linear = irradiance(bounces)
    # Rows go down from +Y, columns right to +X.
    below = {"+x+y": linear[40, 60], "-x+y": linear[40, 40], "+x-y": linear[60, 60]}
    assert [int(np.argmax(below[corner])) for corner in below] == [0, 1, 2]


@MODES
def test_a_lamp_behind_an_edge_is_half_seen(stage, add, floor, irradiance, bounces):
    lamp(stage, "RectLight", 10, **{"inputs:width": 2.0, "inputs:height": 2.0, "inputs:intensity": 1e5})
    x = 10 * 40 / 101
    whole = irradiance(bounces, samples=64)[50, 60, 0]
    # The line from there to the lamp's middle grazes the lid's edge, half way up.
    add("Cube", "/Lid", size=1.0, at=(x / 2 - 8, 0, 5), scale=(16, 40, 0.01))
    half = irradiance(bounces, samples=64)[50, 60, 0]
    u = (np.arange(400) + 0.5) / 200 - 1
    sent = 1 / ((x - u) ** 2 + 100 + u[:, None] ** 2) ** 2
    seen = sent[:, u > 0].sum() / sent.sum()
    cosine = 10 / np.hypot(10, x)
    around = 0.1 * (0.5 + 0.5 / cosine) if bounces is None else 0.0
    assert half / whole == pytest.approx((seen + around) / (1 + around), abs=0.03)


@MODES
def test_a_shadow_ends_where_geometry_says(stage, add, floor, irradiance, bounces):
    sun = UsdLux.DistantLight.Define(stage, "/Sun")
    sun.CreateIntensityAttr(900.0)
    sun.CreateAngleAttr(0.0)
    sun.AddRotateYOp().Set(45.0)
    # It shines towards -X and down; a wall of height 6 at x = 0 shades 6 units. The camera looks over its top.
    add("Cube", "/Wall", size=1.0, at=(0.05, 0, 3), scale=(0.1, 60, 6))
    row = irradiance(bounces)[50, :, 0]
    edge = 50.5 - 6 * 101 / 40
    light, dark = row[: int(edge) - 2].min(), row[int(edge) + 3 : 45].max()
    assert light > 4 * dark
    crossing = np.flatnonzero(row[:45] < (light + dark) / 2)[0]
    assert crossing == pytest.approx(edge, abs=1)


def test_a_domes_picture_lights_by_its_solid_angles(stage, floor, look, tmp_path):
    openexr = pytest.importorskip("OpenEXR")
    # A sun of 1000 over a dim sky, 40 degrees off the zenith; Z is up here, so the picture's +Y axis is turned there.
    rows, columns = 64, 128
    sky = np.full((rows, columns, 3), 0.5, np.float32)
    sky[12:16, 60:70] = (1000, 900, 500)
    openexr.File({"compression": openexr.ZIP_COMPRESSION}, {"RGB": sky}).write(str(tmp_path / "sky.exr"))
    dome = UsdLux.DomeLight.Define(stage, "/Sky")
    dome.CreateIntensityAttr(100.0)
    dome.CreateTextureFileAttr(str(tmp_path / "sky.exr"))
    dome.AddRotateXOp().Set(90.0)
    seen = look((24, 24))
    found = path_trace(seen.scene, seen.camera, samples=64, bounces=1).mean(axis=(0, 1)) * 900 * np.pi / ALBEDO
    edges = np.pi * np.arange(rows + 1) / rows
    # The integral of the cosine over each row's band, above the horizon.
    band = np.diff(np.sin(np.minimum(edges, np.pi / 2)) ** 2) / 2 * 2 * np.pi / columns
    expected = 100 * (sky * band[:, None, None]).sum(axis=(0, 1))
    assert found == pytest.approx(expected, rel=0.02)


def test_what_cannot_be_drawn_of_lights_is_reported(stage, floor, look, caplog):
    UsdLux.PortalLight.Define(stage, "/Portal")
    light = lamp(stage, "SphereLight", 10)
    light.CreateSpecularAttr(0.5)
    UsdLux.LightAPI(light.GetPrim()).GetLightLinkCollectionAPI().CreateExcludesRel().AddTarget("/Floor")
    seen = look((8, 8))
    assert [str(path) for path in seen.scene.unsupported["PortalLight"]] == ["/Portal"]
    assert "inputs:specular" in caplog.text
    assert "lightLink" in caplog.text


def test_a_cameras_exposure_counts(stage, floor, irradiance):
    UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(100.0)
    camera = UsdGeom.Camera(stage.GetPrimAtPath("/Camera"))
    before = irradiance(1, size=8)[4, 4, 0]
    camera.CreateExposureAttr(2.0)
    assert irradiance(1, size=8)[4, 4, 0] == pytest.approx(4 * before, rel=1e-5)


HEADER = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n"


def test_hdr_pixels():
    # 128 2^(129 - 136) = 1; an exponent of 0 is black whatever stands before it.
    data = HEADER + b"-Y 1 +X 2\n" + bytes([128, 64, 32, 129, 9, 9, 9, 0])
    assert read_float_picture(data).tolist() == [[[1.0, 0.5, 0.25], [0.0, 0.0, 0.0]]]


def test_hdr_rows_are_run_length_encoded():
    # Eight pixels: a run of 8 for red, 3 + 5 for green, eight single values for blue, a run of 8 exponents.
    row = bytes([2, 2, 0, 8, 136, 128, 131, 64, 133, 32, 8, 0, 16, 32, 48, 64, 80, 96, 112, 136, 130])
    found = read_float_picture(HEADER + b"-Y 1 +X 8\n" + row)[0]
    assert found[:, 0].tolist() == [2.0] * 8
    assert found[:, 1].tolist() == [1.0] * 3 + [0.5] * 5
    assert found[:, 2].tolist() == [k / 4 for k in range(8)]


@pytest.mark.parametrize(
    "data", [HEADER, HEADER + b"-Y 2 +X 2\n\0\0", HEADER + b"-Y 1 +X 8\n" + bytes([2, 2, 0, 8, 200, 1])]
)
def test_broken_hdr_files_are_refused(data):
    with pytest.raises(ValueError, match=r"\.hdr picture"):
        read_float_picture(data)
