"""Light as a single picture gathers it, shared by neighbours: beside closed forms and a slow reference."""

import numpy as np
import pytest
from pxr import Sdf, UsdLux, UsdShade

from kitless.raycast import radiance
from kitless.raycast.smoothing import linked, smooth_out
from kitless.raycast.workers import Workers

INDOORS = 0.25
"""What of the sky's light reaches a surface that sees none of it (README of kitless)."""


def light(seen, **options):
    return radiance(seen.scene, seen.camera, seen.hits, **options)


@pytest.fixture
def quad(add):
    def define(path, points):
        add("Mesh", path, points=points, faceVertexCounts=[4], faceVertexIndices=[0, 1, 2, 3])

    return define


@pytest.fixture
def floor(quad):
    """A floor at z = 0 that ends at x = 0, where a wall of height 1 can be made to stand."""
    quad("/Floor", [(0, -300, 0), (300, -300, 0), (300, 300, 0), (0, 300, 0)])
    return lambda: quad("/Wall", [(0, -300, 0), (0, -300, 1), (0, 300, 1), (0, 300, 0)])


def left_by_a_wall(away, height):
    """The share of the sky's light that an endless wall leaves a floor point so far from it: by its form factor."""
    return INDOORS + (1 - INDOORS) * (1 + away / np.hypot(height, away)) / 2


@pytest.mark.parametrize("resolution", [(160, 120), (163, 119)])
def test_the_sky_that_a_wall_leaves(stage, floor, add_camera, look, resolution):
    UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(100.0)
    add_camera((2, 0, 2))
    open_ = light(look(resolution))
    floor()
    seen = look(resolution)
    # Columns see the floor from x = 0 to 4: 90 degrees from a height of 2.
    away = (np.arange(resolution[0]) + 0.5) * 4 / resolution[0]
    far = away > 0.4
    expected = left_by_a_wall(away, 1.0)[far]
    shared = (light(seen) / open_).mean(axis=(0, 2))[far]
    # The wall hides one more or less of 32 directions, or three where they stand in a row.
    assert shared == pytest.approx(expected, abs=3 / 32 * (1 - INDOORS))
    assert np.abs(shared - expected).mean() < 1 / 32
    # 64 subframes share nothing, and look in 128 directions.
    own = (light(seen, samples=64) / open_).mean(axis=(0, 2))[far]
    assert own == pytest.approx(expected, abs=3 / 128 * (1 - INDOORS))


def test_what_sees_another_surface_does_not_share_its_sky(stage, quad, add_camera, look):
    UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(100.0)
    quad("/Table", [(-300, -300, 0), (0, -300, 0), (0, 300, 0), (-300, 300, 0)])
    add_camera((0, 0, 2))
    open_ = light(look((60, 60)))[30, 10]
    quad("/Side", [(0, -300, -3), (0, -300, 0), (0, 300, 0), (0, 300, -3)])
    quad("/Pit", [(0, -300, -3), (300, -300, -3), (300, 300, -3), (0, 300, -3)])
    picture = (light(look((60, 60))) / open_)[..., 0]
    # Up to the pixel beside the edge the table has all of the sky, in the pit it begins with half.
    assert picture[:, :29] == pytest.approx(1, abs=0.002)
    away = (np.arange(31, 60) + 0.5 - 30) * 5 / 30
    expected = left_by_a_wall(away, 3.0)
    # Beside the edge light is the mean over 8 pixels; the pit's first ones have what these have in the middle.
    expected[:4] = expected[3]
    assert picture[:, 31:] == pytest.approx(np.broadcast_to(expected, (60, 29)), abs=3 / 32 * (1 - INDOORS))


@pytest.mark.parametrize("roughness", [0.3, 0.5, 1.0])
def test_the_gloss_of_a_sun_overhead(stage, sheet, add_camera, look, roughness):
    add_camera((0, 0, 2))
    material = UsdShade.Material.Define(stage, "/Material")
    shader = UsdShade.Shader.Define(stage, "/Material/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    for name, kind, value in (
        ("roughness", Sdf.ValueTypeNames.Float, roughness),
        ("diffuseColor", Sdf.ValueTypeNames.Color3f, (0.0, 0.0, 0.0)),
        ("useSpecularWorkflow", Sdf.ValueTypeNames.Int, 1),
        ("specularColor", Sdf.ValueTypeNames.Color3f, (1.0, 1.0, 1.0)),
    ):
        shader.CreateInput(name, kind).Set(value)
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(sheet()).Bind(material)
    sun = UsdLux.DistantLight.Define(stage, "/Sun")
    sun.CreateIntensityAttr(900.0)
    sun.CreateAngleAttr(0.0)
    picture = light(look((400, 400)))[200, :, 0]
    slope = (np.arange(400) + 0.5 - 200) / 200
    # Between the sun overhead and the viewer, at an angle whose tangent is the slope.
    half = np.arctan(slope) / 2
    alpha = roughness**2
    spread = np.cos(half) ** 2 * (alpha**2 - 1) + 1
    lobe = alpha**2 / (np.pi * spread**2)
    # 1 / (4 (l.h)^2), the cosine of the sun is 1; a tenth of the light goes round corners and is mirrored anyhow.
    expected = lobe / (4 * np.cos(half) ** 2) + 0.1 / np.pi
    seen = np.abs(slope) < 0.45
    assert picture[seen] == pytest.approx(expected[seen], rel=0.03)


def averages(values, linked):
    """Each value's mean with its neighbours: of 4 in its run of linked ones, from one before it if they allow."""
    out = np.empty_like(values)
    begin = 0
    for end in [*(np.flatnonzero(~linked) + 1), len(values)]:
        for i in range(begin, end):
            first = min(max(i - 1, begin), max(end - 4, begin))
            out[i] = values[first : min(first + 4, end)].mean(axis=0)
        begin = end
    return out


@pytest.mark.parametrize("columns", [4, 6])
def test_noise_is_averaged_within_surfaces(columns):
    random = np.random.default_rng(3)
    height, width = 23, 37
    # Blocks of one to nine pixels, so that windows are whole, cut off on one side, or on both.
    down = np.repeat(np.arange(30), random.integers(1, 10, 30))[:height]
    across = np.repeat(np.arange(40), random.integers(1, 10, 40))[:width]
    instance = (down[:, None] * 100 + across).astype(np.int32)
    values = random.random((height, width, columns), np.float32)
    expected = np.stack([averages(row, a[1:] == a[:-1]) for row, a in zip(values, instance, strict=True)])
    expected = np.stack([averages(expected[:, x], instance[1:, x] == instance[:-1, x]) for x in range(width)], axis=1)
    flat = values.reshape(-1, columns).copy()
    normals = np.tile(np.float32([0, 0, 1]), (height * width, 1))
    workers = Workers()
    links = linked(workers, (instance.ravel(), np.ones(height * width, np.float32), normals, width))
    smooth_out(workers, links, width, flat)
    workers.close()
    assert flat.reshape(height, width, columns) == pytest.approx(expected, abs=1e-6)
