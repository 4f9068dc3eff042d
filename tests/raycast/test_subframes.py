"""Subframes: pictures are averaged over them, ids and depths are not; the same picture twice is the same bytes."""

from dataclasses import replace

import numpy as np
import pytest
from pxr import Gf, UsdGeom, UsdLux

from kitless.raycast import Camera, radiance, shade, trace
from kitless.raycast.camera import EVERY_PIXEL
from kitless.raycast.lens import Fisheye

MODES = pytest.mark.parametrize("bounces", [None, 2])


@pytest.fixture
def corner(stage, add, add_camera):
    """A white sheet that ends in the middle of pixel column 20 of 41, before a black sky."""
    add_camera((0, 0, 2))
    sheet = add(
        "Mesh", "/Sheet", points=[(-9, -9, 0), (0, -9, 0), (0, 9, 0), (-9, 9, 0)],
        faceVertexCounts=[4], faceVertexIndices=[0, 1, 2, 3],
    )  # fmt: skip
    UsdGeom.Gprim(sheet).CreateDisplayColorAttr([(0.5, 0.5, 0.5)])
    sun = UsdLux.DistantLight.Define(stage, "/Sun")
    sun.CreateIntensityAttr(600.0)
    UsdLux.DomeLight.Define(stage, "/Night").CreateIntensityAttr(0.0)


@MODES
def test_a_half_covered_pixel_is_half_of_each(corner, look, bounces):
    seen = look((41, 41))
    linear = radiance(seen.scene, seen.camera, seen.hits, samples=64, bounces=bounces)[20]
    inside, outside = linear[18], linear[22]
    assert inside[0] > 0.05
    assert linear[20] == pytest.approx((inside + outside) / 2, rel=0.05)


@MODES
def test_ids_and_depths_stay_as_they_are(corner, look, bounces):
    seen = look((41, 41))
    before = [array.tobytes() for array in (seen.hits.instance, seen.hits.depth, seen.hits.normal)]
    shade(seen.scene, seen.camera, seen.hits, samples=4, bounces=bounces)
    again = trace(seen.scene, seen.camera)
    for hits in (seen.hits, again):
        assert [array.tobytes() for array in (hits.instance, hits.depth, hits.normal)] == before


@MODES
def test_the_bytes_do_not_depend_on_threads(corner, add, look, monkeypatch, bounces):
    add("Sphere", "/Ball", radius=0.4, at=(-0.5, 0, 0.5))
    seen = look((41, 41))
    many = shade(seen.scene, seen.camera, seen.hits, samples=3, bounces=bounces)
    monkeypatch.setattr(seen.scene.workers, "run", lambda work, count: work((0, count)))
    assert shade(seen.scene, seen.camera, seen.hits, samples=3, bounces=bounces).tobytes() == many.tobytes()


def test_subframes_calm_soft_shadows(stage, add, add_camera, look):
    add_camera((0, 0, 8))
    lamp = UsdLux.SphereLight.Define(stage, "/Lamp")
    lamp.CreateRadiusAttr(1.5)
    lamp.CreateIntensityAttr(5000.0)
    lamp.AddTranslateOp().Set(Gf.Vec3d(3, 0, 6))
    add("Plane", "/Floor", width=100.0, length=100.0)
    add("Cube", "/Box", size=1.0, at=(0, 0, 1.5))
    seen = look((48, 48))
    pictures = {n: radiance(seen.scene, seen.camera, seen.hits, samples=n) for n in (1, 16, 256)}
    far = [np.abs(pictures[n] - pictures[256]).mean() for n in (1, 16)]
    assert far[1] < far[0] / 2


def test_more_samples_come_nearer(stage, add, add_camera, look):
    add_camera((0, 0, 8))
    UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(500.0)
    add("Plane", "/Floor", width=100.0, length=100.0)
    add("Sphere", "/Ball", radius=1.0, at=(0, 0, 1.2))
    seen = look((32, 32))
    pictures = {n: radiance(seen.scene, seen.camera, seen.hits, samples=n, bounces=3) for n in (4, 64, 512)}
    far = [np.sqrt(((pictures[n] - pictures[512]) ** 2).mean()) for n in (4, 64)]
    # Random numbers would halve the error with four times the samples: 16 times are a quarter.
    assert far[1] < far[0] / 3


def test_a_shifted_lens_looks_beside(add_camera):
    fisheye = Fisheye(size=(20.0, 20.0), centre=(10.0, 10.0), polynomial=(0, 0.1, 0, 0, 0, 0), max_fov=200.0)
    camera = replace(Camera.from_prim(add_camera((0, 0, 4)), (20, 20)), lens=fisheye)
    place = np.array([[7.25, 3.0]], np.float32)
    expected = camera.table(place)[0]
    # The centre of pixel (7, 3), a quarter to the left and a half up.
    assert camera.shifted(-0.25, -0.5).table(EVERY_PIXEL)[3 * 20 + 7] == pytest.approx(expected, abs=1e-6)
