"""Materials: every input's texture, where closed forms or known texels say what is right."""

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Sdf, UsdGeom, UsdLux, UsdShade

from kitless.raycast import radiance, silhouettes, spans
from kitless.raycast.paths import path_trace

from .pictures import HALF, flat

BLACK = {"diffuseColor": (0.0, 0.0, 0.0), "useSpecularWorkflow": 1, "specularColor": (0.0, 0.0, 0.0)}
TYPES = {int: Sdf.ValueTypeNames.Int, float: Sdf.ValueTypeNames.Float, tuple: Sdf.ValueTypeNames.Color3f}


@pytest.fixture
def surface(stage):
    """Binds a UsdPreviewSurface; its inputs are constants, or pictures as (pixels, output, texture's inputs)."""

    def bind(prim, tmp_path=None, path="/Material", st="st", **inputs):
        material = UsdShade.Material.Define(stage, path)
        shader = UsdShade.Shader.Define(stage, f"{path}/Surface")
        shader.CreateIdAttr("UsdPreviewSurface")
        for name, value in ({"roughness": 1.0} | inputs).items():
            if isinstance(value, UsdShade.Output):
                shader.CreateInput(name, Sdf.ValueTypeNames.Token).ConnectToSource(value)
            else:
                shader.CreateInput(name, TYPES[type(value)]).Set(value)
        material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
        UsdShade.MaterialBindingAPI.Apply(prim).Bind(material)
        return shader

    return bind


@pytest.fixture
def texture(stage, tmp_path):
    """Makes a UsdUVTexture of pixels, (H, W, 3 or 4) with the first row on top; returns one of its outputs."""

    def make(pixels, output="rgb", name="Picture", file=None, **inputs):
        if file is None:
            file = tmp_path / f"{name}.png"
            Image.fromarray(np.asarray(pixels, np.uint8)).save(file)
        node = UsdShade.Shader.Define(stage, f"/Material/{name}")
        node.CreateIdAttr("UsdUVTexture")
        node.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(str(file))
        for key, value in ({"sourceColorSpace": "raw", "wrapS": "clamp", "wrapT": "clamp"} | inputs).items():
            kind = Sdf.ValueTypeNames.Float4 if isinstance(value, tuple) else Sdf.ValueTypeNames.Token
            node.CreateInput(key, kind).Set(value)
        reader = UsdShade.Shader.Define(stage, "/Material/Reader")
        reader.CreateIdAttr("UsdPrimvarReader_float2")
        reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("st")
        node.CreateInput("st", Sdf.ValueTypeNames.Float2).ConnectToSource(reader.ConnectableAPI(), "result")
        return node.CreateOutput(output, Sdf.ValueTypeNames.Float3)

    return make


# --- numbers and colours from textures


@pytest.mark.parametrize("output", ["r", "g", "b", "a"])
def test_a_number_comes_from_the_channel_that_is_connected(sky, add_camera, sheet, surface, texture, lit, output):
    add_camera((0, 0, 2))
    values = {"r": 0, "g": 51, "b": 102, "a": 204}
    # In the specular workflow with no reflectance, opacity mixes black with the sky behind it.
    opacity = texture(flat(*values.values()), output)
    surface(sheet(), **BLACK, opacity=opacity)
    assert lit()[20, 20] == pytest.approx((1 - values[output] / 255) * HALF, abs=0.003)


def test_scale_and_bias(sky, add_camera, sheet, surface, texture, lit):
    add_camera((0, 0, 2))
    glow = texture(flat(51, 102, 204), scale=(0.5, 2.0, 0.25, 1.0), bias=(0.1, -0.2, 0.0, 0.0))
    surface(sheet(), **BLACK, emissiveColor=glow)
    expected = [0.2 * 0.5 + 0.1, 0.4 * 2 - 0.2, 0.8 * 0.25]
    assert lit()[20, 20] == pytest.approx(np.array(expected), abs=0.003)


def test_a_missing_picture_leaves_the_constant(sky, add_camera, sheet, surface, texture, lit):
    add_camera((0, 0, 2))
    glow = texture(None, file="nowhere.png", fallback=(0.3, 0.2, 0.1, 1.0))
    surface(sheet(), **BLACK, emissiveColor=glow)
    assert lit()[20, 20] == pytest.approx(np.array([0.3, 0.2, 0.1]), abs=0.003)


def test_metal_tints_what_it_mirrors(sky, add_camera, sheet, surface, texture, lit):
    add_camera((0, 0, 2))
    metallic = texture(np.concatenate([flat(0, 0, 0), flat(255, 255, 255)], axis=1), "r")
    surface(sheet(), diffuseColor=(0.8, 0.4, 0.2), metallic=metallic)
    linear = lit()
    # An even sky: what is mirrored is the sky times the metal's colour, and nothing is diffuse.
    assert linear[20, 25] == pytest.approx(np.array([0.8, 0.4, 0.2]) * HALF, abs=0.01)
    assert linear[20, 15] == pytest.approx((np.array([0.8, 0.4, 0.2]) + 0.04) * HALF, abs=0.03)


# --- where texels lie


def test_texels_lie_where_uv_says(sky, add_camera, sheet, surface, texture, lit):
    add_camera((0, 0, 2))
    checker = np.arange(16, dtype=np.uint8).reshape(4, 4, 1) * np.array([16, 8, 4], np.uint8)
    surface(
        sheet(),
        **BLACK,
        emissiveColor=texture(checker),
    )
    linear = lit()
    for row in range(4):
        for column in range(4):
            # The middle of each texel: 20 pixels show the sheet, 5 a texel.
            pixel = linear[10 + 5 * row + 2, 10 + 5 * column + 2]
            assert pixel == pytest.approx(checker[row, column] / 255, abs=0.01), (row, column)


def test_a_udim_tile_is_picked(sky, add_camera, sheet, surface, texture, tmp_path, lit):
    add_camera((0, 0, 2))
    tiles = {1001: (255, 0, 0), 1002: (0, 255, 0), 1011: (0, 0, 255)}
    for number, color in tiles.items():
        Image.fromarray(flat(*color)).save(tmp_path / f"skin.{number}.png")
    glow = texture(None, file=tmp_path / "skin.<UDIM>.png", fallback=(0.2, 0.2, 0.0, 1.0))
    prim = sheet(st=((0, 0), (2, 0), (2, 2), (0, 2)))
    surface(prim, **BLACK, emissiveColor=glow)
    linear = lit()
    lower, upper = linear[25, [15, 25]], linear[15, [15, 25]]
    assert lower == pytest.approx(np.array([[1, 0, 0], [0, 1, 0]]), abs=0.01)
    # Tile 1012 is not there.
    assert upper == pytest.approx(np.array([[0, 0, 1], [0.2, 0.2, 0]]), abs=0.01)


@pytest.mark.parametrize(("mode", "expected"), [("repeat", 0), ("clamp", 3), ("mirror", 3), ("black", None)])
def test_wrap_modes_at_known_coordinates(sky, add_camera, sheet, surface, texture, lit, mode, expected):
    add_camera((0, 0, 2))
    row = np.array([[[40, 0, 0], [80, 0, 0], [120, 0, 0], [160, 0, 0]]], np.uint8).repeat(4, axis=0)
    glow = texture(row, wrapS=mode, wrapT="clamp")
    prim = sheet(st=((0, 0), (2, 0), (2, 1), (0, 1)))
    surface(prim, **BLACK, emissiveColor=glow)
    # Pixel 21 is at s = 1.15; the middle of the first texel beyond the picture is s = 1.125, the next one's 1.375.
    wanted = 0.0 if expected is None else row[0, expected, 0] / 255
    assert lit()[20, 21, 0] == pytest.approx(wanted, abs=0.02)


# --- normal maps


@pytest.mark.parametrize(
    ("texel", "brighter"), [((255, 128, 128), "right"), ((0, 128, 128), "left"), ((128, 255, 128), "above")]
)
def test_a_normal_map_turns_towards_growing_coordinates(
    stage, add_camera, sheet, surface, texture, lit, texel, brighter
):
    add_camera((0, 0, 2))
    sun = UsdLux.DistantLight.Define(stage, "/Sun")
    sun.CreateIntensityAttr(900.0)
    sun.CreateAngleAttr(0.0)
    turn = sun.AddRotateXYZOp()
    usual = {"scale": (2.0, 2.0, 2.0, 1.0), "bias": (-1.0, -1.0, -1.0, 0.0)}
    # Half way between the surface's normal and the tangent.
    half = (*(round(128 + (c - 128) * 0.7071) for c in texel[:2]), 218)
    surface(sheet(), diffuseColor=(0.9, 0.9, 0.9), normal=texture(flat(*half), **usual))
    values = {}
    for name, angles in {"right": (0, 45, 0), "left": (0, -45, 0), "above": (-45, 0, 0), "below": (45, 0, 0)}.items():
        turn.Set(Gf.Vec3f(*angles))
        values[name] = lit()[20, 20, 0]
    assert max(values, key=values.get) == brighter
    # Light comes along the bent normal: the whole of it is met, 0.9 / pi, and a tenth goes round corners.
    assert values[brighter] == pytest.approx(0.9 / np.pi * 1.1 + 0.04 * values_of_gloss(), abs=0.03)


def values_of_gloss():
    """Specular light at most: Blinn-Phong's peak for roughness 1, (2 + 8) / (8 pi), and what goes round corners."""
    return 10 / (8 * np.pi) + 0.1 / np.pi


def test_a_flat_normal_map_changes_nothing(stage, add_camera, sheet, surface, texture, lit):
    add_camera((0, 0, 2))
    UsdLux.DistantLight.Define(stage, "/Sun").CreateIntensityAttr(900.0)
    prim = sheet()
    surface(prim, diffuseColor=(0.5, 0.5, 0.5))
    before = lit()
    flat_map = texture(
        np.array([[[32768, 32768, 65535]]], np.uint32).astype(np.float64) / 257,
        scale=(255 / 128 * 1.0, 255 / 128 * 1.0, 1.0, 1.0),
        bias=(-1.0, -1.0, 0.0, 0.0),
    )
    surface(prim, diffuseColor=(0.5, 0.5, 0.5), normal=flat_map)
    # 127 / 255 times 255 / 128 is not quite 1: a bend of half a degree.
    assert lit() == pytest.approx(before, abs=0.01)


# --- what can be seen through


def half_cut():
    """Opaque on the left, nothing on the right."""
    return np.concatenate([flat(255, 255, 255, 255), flat(255, 255, 255, 0)], axis=1)


@pytest.fixture
def cut_out(sky, add, add_camera, sheet, surface, texture):
    """A sheet whose right half is cut out, before a wall."""
    add_camera((0, 0, 2))
    prim = sheet()
    surface(prim, diffuseColor=(0.1, 0.1, 0.1), opacity=texture(half_cut(), "a"), opacityThreshold=0.5)
    add("Plane", "/Wall", width=100.0, length=100.0, at=(0, 0, -2))
    return prim


def test_cut_outs_show_ids_and_depth_behind(cut_out, look):
    seen = look((40, 40))
    names = [seen.paths()[i] if i >= 0 else None for i in (seen.hits.instance[20, 12], seen.hits.instance[20, 27])]
    assert names == ["/Sheet", "/Wall"]
    assert seen.hits.depth[20, [12, 27]] == pytest.approx([2, 4], rel=1e-5)
    # Nine of ten columns of each half are beyond the texels that filtering mixes.
    area = (seen.hits.instance == seen.paths().index("/Sheet")).sum()
    assert area == pytest.approx(200, abs=40)


@pytest.mark.parametrize("is_known", [False, True])
def test_cut_outs_count_in_silhouettes(cut_out, look, is_known):
    seen = look((40, 40))
    sheet = seen.paths().index("/Sheet")
    groups, hits = [(sheet,), (seen.paths().index("/Wall"),)], seen.hits if is_known else None
    alone = silhouettes(seen.scene, seen.camera, groups, hits)
    assert alone.pixels.tolist() == [(seen.hits.instance == sheet).sum(), 1600]
    assert alone.boxes[0][2] < 22
    first, _ = spans(seen.scene, seen.camera, groups, hits)
    covered = np.zeros(1600, bool)
    for start, length in first:
        covered[start : start + length] = True
    assert np.array_equal(covered.reshape(40, 40), seen.hits.instance == sheet)


@pytest.mark.parametrize("bounces", [None, 2])
def test_cut_outs_let_light_through(stage, add, add_camera, sheet, surface, texture, look, bounces):
    add_camera((0, 0, 8), focalLength=40.0)
    sun = UsdLux.DistantLight.Define(stage, "/Sun")
    sun.CreateIntensityAttr(900.0)
    sun.CreateAngleAttr(0.0)
    sun.AddRotateYOp().Set(45.0)
    surface(sheet(at=(2, 0, 2)), diffuseColor=(0.1, 0.1, 0.1), opacity=texture(half_cut(), "a"), opacityThreshold=0.5)
    add("Plane", "/Floor", width=100.0, length=100.0)
    seen = look((40, 40))
    linear = radiance(seen.scene, seen.camera, seen.hits, samples=1 if bounces is None else 16, bounces=bounces)
    # From x = 1..3 at a height of 2, the shadow moves to -1..1; only its left half is there. 40 pixels see 4 units.
    assert linear[20, 22:28, 0].min() > 3 * linear[20, 12:18, 0].max()


@pytest.mark.parametrize("bounces", [None, 1])
def test_opacity_blends_the_picture_only(sky, add, add_camera, sheet, surface, look, bounces):
    add_camera((0, 0, 2))
    surface(sheet(), **BLACK, emissiveColor=(1.0, 0.0, 0.0), opacity=0.25)
    surface(sheet("/Wall", at=(0, 0, -0.01)), path="/Other", **BLACK, emissiveColor=(0.0, 1.0, 0.0))
    seen = look((40, 40))
    assert (seen.hits.instance[12:28, 12:28] == seen.paths().index("/Sheet")).all()
    linear = radiance(seen.scene, seen.camera, seen.hits, samples=1 if bounces is None else 64, bounces=bounces)
    assert linear[15:25, 15:25].mean(axis=(0, 1)) == pytest.approx(np.array([0.25, 0.75, 0]), abs=0.01)


@pytest.mark.parametrize("interpolation", ["constant", "uniform", "vertex", "faceVarying"])
def test_display_opacity_of_every_interpolation(sky, add_camera, add, look, interpolation):
    add_camera((0, 0, 2))
    points = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]
    mesh = add("Mesh", "/M", points=points, faceVertexCounts=[3, 3], faceVertexIndices=[0, 1, 2, 0, 2, 3])
    UsdGeom.Gprim(mesh).CreateDisplayColorAttr([(0, 0, 0)])
    count = {"constant": 1, "uniform": 2, "vertex": 4, "faceVarying": 6}[interpolation]
    primvar = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("displayOpacity", Sdf.ValueTypeNames.FloatArray, interpolation)
    primvar.Set([0.25] * count)
    seen = look((40, 40))
    linear = radiance(seen.scene, seen.camera, seen.hits)
    # Black, but for a dielectric's 0.04 of the sky.
    assert linear[20, 20] == pytest.approx((0.75 + 0.25 * 0.04) * HALF, abs=0.01)


def test_an_edit_of_opacity_opens_what_was_solid(sky, add, add_camera, sheet, surface, look):
    add_camera((0, 0, 2))
    shader = surface(sheet(), opacity=1.0, opacityThreshold=0.5)
    add("Plane", "/Wall", width=100.0, length=100.0, at=(0, 0, -2))
    depths = []
    for opacity in (1.0, 0.2, 0.9):
        shader.GetInput("opacity").Set(opacity)
        depths.append(float(look((40, 40)).hits.depth[20, 20]))
    assert depths == pytest.approx([2, 4, 2], rel=1e-5)


# --- energy


@pytest.mark.parametrize("roughness", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(("metallic", "clearcoat"), [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_no_material_returns_more_than_it_gets(sky, add, add_camera, surface, look, roughness, metallic, clearcoat):
    """A white furnace: of whatever material, what is white returns the sky; it gives and takes nothing."""
    add_camera((0, 0, 3), focalLength=20.0)
    ball = add("Sphere", "/Ball", radius=1.0)
    surface(ball, diffuseColor=(1.0, 1.0, 1.0), roughness=roughness, metallic=metallic, clearcoat=clearcoat)
    seen = look((24, 24))
    linear = path_trace(seen.scene, seen.camera, samples=64, bounces=3)
    assert linear[seen.hits.instance >= 0].mean() == pytest.approx(HALF, rel=0.01)


def test_a_diffuse_furnace(sky, add, add_camera, surface, look):
    add_camera((0, 0, 3), focalLength=20.0)
    black = {"useSpecularWorkflow": 1, "specularColor": (0.0, 0.0, 0.0)}
    surface(add("Sphere", "/Ball", radius=1.0), diffuseColor=(1.0, 1.0, 1.0), **black)
    seen = look((24, 24))
    linear = path_trace(seen.scene, seen.camera, samples=4, bounces=3)
    ball = linear[seen.hits.instance >= 0]
    # Sampled by the cosine under an even sky, every single path brings the same.
    assert [ball.min(), ball.max()] == pytest.approx([HALF, HALF], rel=0.01)
