"""shade(): colours, lights, textures and edges, where a closed form or an independent decoder says what is right."""

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Sdf, UsdGeom, UsdLux, UsdShade

from kitless.raycast import shade

RED, GREEN, BLUE, YELLOW = (200, 20, 20), (20, 200, 20), (20, 20, 200), (200, 200, 20)


@pytest.fixture
def picture(look):
    """What shade() gives."""

    def of(resolution=(101, 101), path="/Camera", **options):
        seen = look(resolution, path=path)
        return shade(seen.scene, seen.camera, seen.hits, **options)

    return of


@pytest.fixture
def quadrants(tmp_path):
    """A picture: red and green above, blue and yellow below."""
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32, :32], pixels[:32, 32:], pixels[32:, :32], pixels[32:, 32:] = RED, GREEN, BLUE, YELLOW
    path = tmp_path / "quadrants.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def textured(stage, add):
    """A square, 2 wide, with a UsdUVTexture on it."""

    def define(path, st=((0, 0), (1, 0), (1, 1), (0, 1)), **inputs):
        points = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]
        mesh = add("Mesh", "/Sheet", points=points, faceVertexCounts=[4], faceVertexIndices=[0, 1, 2, 3])
        UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("map1", Sdf.ValueTypeNames.TexCoord2fArray, "vertex").Set(st)
        surface = bind(stage, mesh)
        texture = UsdShade.Shader.Define(stage, "/Material/Picture")
        texture.CreateIdAttr("UsdUVTexture")
        texture.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(str(path))
        for name, value in inputs.items():
            texture.CreateInput(name, Sdf.ValueTypeNames.Token).Set(value)
        reader = UsdShade.Shader.Define(stage, "/Material/Reader")
        reader.CreateIdAttr("UsdPrimvarReader_float2")
        reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("map1")
        texture.CreateInput("st", Sdf.ValueTypeNames.Float2).ConnectToSource(reader.ConnectableAPI(), "result")
        surface.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).ConnectToSource(texture.ConnectableAPI(), "rgb")
        return mesh

    return define


def bind(stage, prim, path="/Material", **values):
    """Bind a UsdPreviewSurface with some constant colours and numbers; return its shader."""
    material = UsdShade.Material.Define(stage, path)
    surface = UsdShade.Shader.Define(stage, f"{path}/Surface")
    surface.CreateIdAttr("UsdPreviewSurface")
    surface.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(1.0)
    for name, value in values.items():
        kind = Sdf.ValueTypeNames.Color3f if isinstance(value, tuple) else Sdf.ValueTypeNames.Float
        surface.CreateInput(name, kind).Set(value)
    material.CreateSurfaceOutput().ConnectToSource(surface.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(prim).Bind(material)
    return surface


def hue(pixel):
    """Which of the channels stand out: (1, 0, 0) is red, (1, 1, 0) yellow."""
    rgb = np.asarray(pixel[:3], float)
    return tuple((rgb > rgb.max() / 2).astype(int))


def test_the_picture_is_opaque_rgba(add_camera, picture):
    add_camera()
    rgba = picture((12, 8))
    assert (rgba.shape, rgba.dtype) == ((8, 12, 4), np.uint8)
    assert (rgba[..., 3] == 255).all()


def test_without_lights_everything_is_lit_and_shaped(add_camera, add, picture):
    add_camera((0, 0, 6))
    add("Sphere", "/Ball", radius=2.0)
    grey = picture()[..., 1].astype(int)
    assert grey[50, 50] > 80
    assert len(np.unique(grey[30:70, 30:70])) > 20


@pytest.mark.parametrize("color", [(1, 0, 0), (0, 1, 0), (1, 1, 0)])
def test_display_color(add_camera, add, picture, color):
    add_camera((0, 0, 5))
    UsdGeom.Gprim(add("Cube", "/Box", size=2.0)).CreateDisplayColorAttr([Gf.Vec3f(*color)])
    assert hue(picture()[50, 50]) == color


def test_display_color_is_inherited_and_overridden(stage, add_camera, add, picture):
    add_camera((0, 0, 6))
    UsdGeom.PrimvarsAPI(UsdGeom.Xform.Define(stage, "/World")).CreatePrimvar(
        "displayColor", Sdf.ValueTypeNames.Color3fArray
    ).Set([(1, 0, 0)])
    add("Cube", "/World/A", size=1.0, at=(-1, 0, 0))
    UsdGeom.Gprim(add("Cube", "/World/B", size=1.0, at=(1, 0, 0))).CreateDisplayColorAttr([(0, 0, 1)])
    rgba = picture()
    assert [hue(rgba[50, 41]), hue(rgba[50, 59])] == [(1, 0, 0), (0, 0, 1)]


@pytest.mark.parametrize(
    ("interpolation", "values"),
    [("uniform", "rb"), ("vertex", "rrbb"), ("faceVarying", "rrrbbb")],
)
def test_display_color_varies_over_a_mesh(add_camera, add, picture, interpolation, values):
    add_camera((0, 0, 2))
    points = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]
    mesh = add("Mesh", "/M", points=points, faceVertexCounts=[3, 3], faceVertexIndices=[0, 1, 2, 0, 2, 3])
    primvar = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray, interpolation)
    primvar.Set([{"r": Gf.Vec3f(1, 0, 0), "b": Gf.Vec3f(0, 0, 1)}[v] for v in values])
    rgba = picture()
    assert [hue(rgba[74, 60]), hue(rgba[27, 40])] == [(1, 0, 0), (0, 0, 1)]


def test_a_dome_lights_by_its_intensity_and_albedo(stage, add_camera, add, picture):
    # An open plane under an even sky sends albedo x radiance; below the shoulder the display value is radiance / 900.
    add_camera((0, 0, 5))
    UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(500.0)
    bind(stage, add("Plane", "/Floor", width=100.0, length=100.0), diffuseColor=(0.5, 0.25, 0.0), metallic=0.0)
    linear = decoded(picture()[50, 50, :3])
    gloss = 0.04 * 500 / 900
    assert linear == pytest.approx(np.array([0.5, 0.25, 0.0]) * 500 / 900 + gloss, abs=0.006)


def test_a_distant_light_goes_with_the_cosine(stage, add_camera, add, picture):
    add_camera((0, 0, 5))
    light = UsdLux.DistantLight.Define(stage, "/Sun")
    light.CreateIntensityAttr(600.0)
    light.CreateAngleAttr(0.0)
    turn = light.AddRotateXOp()
    bind(stage, add("Plane", "/Floor", width=100.0, length=100.0), diffuseColor=(0.8, 0.8, 0.8))
    values = []
    for angle in (0.0, 60.0):
        turn.Set(angle)
        values.append(decoded(picture()[50, 20, :3])[0])
    # What a light sends round corners, a tenth of it, comes on top.
    expected = [np.cos(np.radians(a)) + 0.1 * (0.5 + 0.5 * np.cos(np.radians(a))) for a in (0, 60)]
    assert values[1] / values[0] == pytest.approx(expected[1] / expected[0], rel=0.05)


@pytest.mark.parametrize(("kind", "cosines"), [("SphereLight", 1), ("RectLight", 2), ("DiskLight", 2)])
def test_area_lights_fall_off_with_the_square(stage, add_camera, add, picture, kind, cosines):
    add_camera((0, 0, 20))
    light = getattr(UsdLux, kind).Define(stage, "/Lamp")
    light.CreateIntensityAttr(200000.0)
    light.AddTranslateOp().Set(Gf.Vec3d(0, 0, 6))
    bind(stage, add("Plane", "/Floor", width=100.0, length=100.0), diffuseColor=(0.3, 0.3, 0.3))
    linear = decoded(picture()[50, :, 0])
    x = (np.array([38, 20]) + 0.5 - 50.5) * 40 / 101
    cos = 6 / np.hypot(6, x)
    # Emission and incidence each bring a cosine; a tenth goes round corners.
    light_in = cos ** (cosines - 1) * (cos + 0.1 * (0.5 + 0.5 * cos)) / (36 + x**2)
    assert linear[38] / linear[20] == pytest.approx(light_in[0] / light_in[1], rel=0.1)


@pytest.mark.parametrize("kind", ["SphereLight", "RectLight", "DiskLight"])
def test_area_lights_cast_shadows(stage, add_camera, add, picture, kind):
    add_camera((0, 0, 20))
    light = getattr(UsdLux, kind).Define(stage, "/Lamp")
    light.CreateIntensityAttr(200000.0)
    light.AddTranslateOp().Set(Gf.Vec3d(0, 0, 6))
    add("Plane", "/Floor", width=100.0, length=100.0)
    add("Cube", "/Lid", size=1.0, at=(2.5, 0, 3))
    linear = decoded(picture()[50, :, 0])
    # The lid, halfway up, shades 5 units from the foot; as far on the other side it is light.
    assert linear[63] < linear[37] / 4


def test_normalize_makes_power_independent_of_size(stage, add_camera, add, picture):
    add_camera((0, 0, 20))
    light = UsdLux.SphereLight.Define(stage, "/Lamp")
    light.CreateIntensityAttr(600000.0)
    light.CreateNormalizeAttr(True)
    light.AddTranslateOp().Set(Gf.Vec3d(0, 0, 8))
    add("Plane", "/Floor", width=100.0, length=100.0)
    values = []
    for radius in (0.0, 0.1, 1.0):
        light.GetRadiusAttr().Set(radius)
        values.append(int(picture()[30, 30, 0]))
    assert max(values) - min(values) <= 3
    assert min(values) > 30


@pytest.mark.parametrize("change", ["hide", "intensity", "exposure", "color", "temperature"])
def test_a_light_edit_appears(stage, add_camera, add, picture, change):
    add_camera((0, 0, 20))
    light = UsdLux.DistantLight.Define(stage, "/Sun")
    light.CreateIntensityAttr(1000.0)
    UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(100.0)
    add("Plane", "/Floor", width=100.0, length=100.0)
    before = picture((8, 8)).astype(int)
    {
        "hide": light.MakeInvisible,
        "intensity": lambda: light.GetIntensityAttr().Set(100.0),
        "exposure": lambda: light.CreateExposureAttr(-3.0),
        "color": lambda: light.CreateColorAttr(Gf.Vec3f(0.2, 0.2, 0.2)),
        "temperature": lambda: (light.CreateEnableColorTemperatureAttr(True), light.CreateColorTemperatureAttr(2000.0)),
    }[change]()
    after = picture((8, 8)).astype(int)
    assert after[4, 4, 2] < before[4, 4, 2] - 20


@pytest.mark.parametrize(
    ("dome", "sun", "sphere"), [(1000, None, None), (None, 3000, None), (None, None, 30000), (1, None, None)]
)
def test_usual_intensities_are_neither_black_nor_burnt_out(stage, add_camera, add, picture, dome, sun, sphere):
    add_camera((0, 0, 6))
    if dome:
        UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(dome)
    if sun:
        UsdLux.DistantLight.Define(stage, "/Sun").CreateIntensityAttr(sun)
    if sphere:
        lamp = UsdLux.SphereLight.Define(stage, "/Lamp")
        lamp.CreateIntensityAttr(sphere)
        lamp.AddTranslateOp().Set(Gf.Vec3d(0, 0, 4))
    add("Plane", "/Floor", width=100.0, length=100.0)
    assert 60 < picture()[50, 50, 0] < 250


def test_the_dome_is_the_background(stage, add_camera, picture):
    add_camera()
    dome = UsdLux.DomeLight.Define(stage, "/Sky")
    dome.CreateIntensityAttr(300.0)
    dome.CreateColorAttr(Gf.Vec3f(0, 0, 1))
    assert hue(picture((8, 8))[0, 0]) == (0, 0, 1)


@pytest.mark.parametrize(
    ("turn", "expected"),
    [((0, 0, 0), (1, 0, 0)), ((0, 180, 0), (0, 1, 0)), ((0, 90, 0), (0, 0, 1)), ((90, 0, 0), (1, 1, 0))],
)
def test_a_dome_picture_is_laid_like_openexrs(stage, add_camera, picture, tmp_path, turn, expected):
    # +Z in the middle, +X at a quarter, +Y on top; a camera looks along -Z, so it sees the seam unless turned.
    add_camera((0, 0, 0), turn)
    pixels = np.zeros((64, 128, 3), np.uint8)
    pixels[:, :16] = pixels[:, 112:] = RED
    pixels[:, 48:80], pixels[:, 80:112], pixels[:, 16:48] = GREEN, BLUE, (90, 90, 90)
    pixels[:12] = YELLOW
    Image.fromarray(pixels).save(tmp_path / "sky.png")
    dome = UsdLux.DomeLight.Define(stage, "/Sky")
    dome.CreateIntensityAttr(500.0)
    dome.CreateTextureFileAttr(str(tmp_path / "sky.png"))
    assert hue(picture((9, 9))[4, 4]) == expected


def test_a_texture_lands_the_right_way_round(add_camera, picture, textured, quadrants):
    add_camera((0, 0, 2))
    textured(quadrants)
    rgba = picture((100, 100))
    assert [hue(rgba[y, x]) for y, x in ((38, 38), (38, 62), (62, 38), (62, 62))] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
        (1, 1, 0),
    ]


@pytest.mark.parametrize(
    ("mode", "expected"), [("repeat", (1, 0, 0)), ("clamp", (0, 1, 0)), ("mirror", (0, 1, 0)), ("black", None)]
)
def test_wrap_modes(add_camera, picture, textured, quadrants, mode, expected):
    # s runs over 0..2, t over the upper half: what is just right of the middle is s = 1.1.
    add_camera((0, 0, 2))
    textured(quadrants, st=((0, 0.6), (2, 0.6), (2, 0.9), (0, 0.9)), wrapS=mode, wrapT=mode)
    pixel = picture((100, 100))[50, 54]
    assert hue(pixel) == expected if expected else pixel[:3].max() < 80


def test_a_texture_is_decoded_as_srgb_or_raw(stage, add_camera, picture, textured, tmp_path):
    add_camera((0, 0, 2))
    UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(500.0)
    Image.new("RGB", (8, 8), (128, 128, 128)).save(tmp_path / "grey.png")
    textured(tmp_path / "grey.png", sourceColorSpace="sRGB")
    values = [decoded(picture()[50, 50, :3])[0]]
    UsdShade.Shader(stage.GetPrimAtPath("/Material/Picture")).GetInput("sourceColorSpace").Set("raw")
    values.append(decoded(picture()[50, 50, :3])[0])
    assert values == pytest.approx([(albedo + 0.04) * 500 / 900 for albedo in (0.2158, 0.502)], abs=0.008)


def test_a_far_texture_is_averaged(stage, add_camera, picture, textured, tmp_path):
    add_camera((0, 0, 40))
    board = np.indices((256, 256)).sum(axis=0) % 2 * 255
    Image.fromarray(board.astype(np.uint8)).convert("RGB").save(tmp_path / "board.png")
    UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(500.0)
    textured(tmp_path / "board.png")
    middle = decoded(picture((200, 200))[98:102, 98:102, 0])
    assert middle == pytest.approx((0.5 + 0.04) * 500 / 900, abs=0.02)


def test_a_texture_transform(stage, add_camera, picture, textured, quadrants):
    add_camera((0, 0, 2))
    textured(quadrants)
    place = UsdShade.Shader.Define(stage, "/Material/Place")
    place.CreateIdAttr("UsdTransform2d")
    place.CreateInput("rotation", Sdf.ValueTypeNames.Float).Set(90.0)
    reader = UsdShade.Shader(stage.GetPrimAtPath("/Material/Reader"))
    place.CreateInput("in", Sdf.ValueTypeNames.Float2).ConnectToSource(reader.ConnectableAPI(), "result")
    texture = UsdShade.Shader(stage.GetPrimAtPath("/Material/Picture"))
    texture.GetInput("st").ConnectToSource(place.ConnectableAPI(), "result")
    texture.CreateInput("wrapS", Sdf.ValueTypeNames.Token).Set("repeat")
    texture.CreateInput("wrapT", Sdf.ValueTypeNames.Token).Set("repeat")
    # (s, t) = (0.25, 0.75), upper left, is looked up at (-0.75, 0.25) = (0.25, 0.25): blue.
    assert hue(picture((100, 100))[38, 38]) == (0, 0, 1)


def test_a_missing_texture_is_logged_and_its_fallback_drawn(stage, add_camera, picture, textured, caplog):
    add_camera((0, 0, 2))
    textured("nowhere.png")
    fallback = UsdShade.Shader(stage.GetPrimAtPath("/Material/Picture"))
    fallback.CreateInput("fallback", Sdf.ValueTypeNames.Float4).Set(Gf.Vec4f(1, 0, 0, 1))
    assert hue(picture()[50, 50]) == (1, 0, 0)
    assert "cannot be opened" in caplog.text


def test_textures_in_a_package_are_read(stage, add_camera, picture, ycb):
    stage.OverridePrim("/Box").GetReferences().AddReference(str(ycb / "003_cracker_box.usdz"))
    stage.GetPrimAtPath("/Box").SetSpecifier(Sdf.SpecifierDef)
    add_camera((0.5, 0, 0.1), (90, 0, 90))
    rgba = picture((200, 200)).reshape(-1, 4)
    # The front of that box is red with white and black print.
    assert (rgba[:, 0] > 2 * rgba[:, 1].astype(int)).sum() > 500


def test_a_material_edit_appears(stage, add_camera, add, picture):
    add_camera((0, 0, 5))
    box = add("Cube", "/Box", size=2.0)
    surface = bind(stage, box, diffuseColor=(0.8, 0.0, 0.0))
    assert hue(picture()[50, 50]) == (1, 0, 0)
    surface.GetInput("diffuseColor").Set(Gf.Vec3f(0, 0.8, 0))
    assert hue(picture()[50, 50]) == (0, 1, 0)
    bind(stage, box, "/Other", diffuseColor=(0.0, 0.0, 0.8))
    assert hue(picture()[50, 50]) == (0, 0, 1)


def test_a_material_input_may_come_from_an_interface(stage, add_camera, add, picture):
    add_camera((0, 0, 5))
    surface = bind(stage, add("Cube", "/Box", size=2.0), diffuseColor=(0.8, 0.0, 0.0))
    public = UsdShade.Material(stage.GetPrimAtPath("/Material")).CreateInput("tint", Sdf.ValueTypeNames.Color3f)
    public.Set(Gf.Vec3f(0, 0.8, 0))
    surface.GetInput("diffuseColor").ConnectToSource(public)
    assert hue(picture()[50, 50]) == (0, 1, 0)


def test_emission_shines_in_the_dark(stage, add_camera, add, picture):
    add_camera((0, 0, 5))
    UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(0.0)
    bind(stage, add("Cube", "/Box", size=2.0), diffuseColor=(0.0, 0.0, 0.0), emissiveColor=(0.0, 0.3, 0.0))
    assert hue(picture()[50, 50]) == (0, 1, 0)


def test_edges_are_smooth_in_the_picture_only(add_camera, add, look):
    add_camera((0, 0, 5), (0, 0, 20))
    UsdGeom.Gprim(add("Cube", "/Box", size=2.0)).CreateDisplayColorAttr([(1, 1, 1)])
    seen = look()
    rgba = shade(seen.scene, seen.camera, seen.hits)
    inside, outside = rgba[50, 50, 0], rgba[2, 2, 0]
    between = (rgba[..., 0] > outside + 20) & (rgba[..., 0] < inside - 20)
    assert between.sum() > 40
    assert set(np.unique(seen.hits.instance)) == {-1, 0}


def test_the_same_scene_gives_the_same_bytes(add_camera, add, look, monkeypatch):
    add_camera((0, 0, 8))
    for number, kind in enumerate(("Cube", "Sphere", "Cone")):
        add(kind, f"/{kind}", at=(2 * number - 2, 0, 0), turn=(20, 40, 60))
    seen = look()
    many = shade(seen.scene, seen.camera, seen.hits)
    monkeypatch.setattr(seen.scene.workers, "run", lambda work, count: work((0, count)))
    assert shade(seen.scene, seen.camera, seen.hits).tobytes() == many.tobytes()


def decoded(srgb):
    """Linear values of sRGB bytes, by Pillow-independent arithmetic of IEC 61966-2-1."""
    encoded = np.asarray(srgb, float) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
