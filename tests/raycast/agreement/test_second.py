"""The second renderer and the comparison, held to closed forms: they judge, so they must be right themselves."""

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom

from . import shapes
from .comparing import Comparison, Rendering
from .gathering import gather
from .views import SIZE, VIEWS, look

SPIRAL = [(0, 0), (6, 0), (6, 5), (1, 5), (1, 2), (4, 2), (4, 3), (2, 3), (2, 4), (5, 4), (5, 1), (0, 1)]
NOW = Usd.TimeCode.Default()


def brute_force(points, triangles, eye, toward):
    """Depth of the nearest of all triangles along each ray (Moeller and Trumbore 1997)."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    p = np.cross(toward[:, None], c - a)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1 / (p * (b - a)).sum(-1)
        u = (p * (eye - a)).sum(-1) * scale
        q = np.cross(eye - a, b - a)
        v = (q * toward[:, None]).sum(-1) * scale
        t = (q * (c - a)).sum(-1) * scale
    return np.where((u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0), t, np.inf).min(axis=1)


def area(points, triangles):
    a, b, c = (points[triangles[:, k]] for k in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2


def rendering(label, depth=None):
    label = np.array(label)
    return Rendering(label, np.where(label < 0, np.inf, 2.0) if depth is None else np.array(depth, float))


def compared(ours, theirs, alone=np.inf):
    return Comparison(ours, theirs, np.full(ours.label.shape, alone))


@pytest.mark.parametrize("view", VIEWS)
def test_rays_are_those_of_usd(second_renderer, every_gprim, view):
    from .second import rays

    prim = look(every_gprim, view, [(-1, -2, -3), (5, 4, 1)])
    _, toward = rays(prim, SIZE, NOW)
    # Its apertures are single precision.
    camera = UsdGeom.Camera(prim).GetCamera(NOW)
    camera.verticalAperture = camera.horizontalAperture * SIZE[1] / SIZE[0]
    for x, y in ((0, 0), (639, 100), (320, 479)):
        ray = camera.frustum.ComputePickRay(Gf.Vec2d((2 * x + 1) / SIZE[0] - 1, 1 - (2 * y + 1) / SIZE[1]))
        np.testing.assert_allclose(toward[y, x] / np.linalg.norm(toward[y, x]), ray.direction, atol=1e-7)


def test_the_nearest_hit_is_that_of_all_triangles(second_renderer, every_gprim):
    for prim in every_gprim.Traverse():
        prim.SetActive(prim.GetTypeName() in ("Cube", "Plane"))
    drawn = gather(every_gprim, NOW)
    eye, toward = np.array([-5.0, -6.0, 9.0]), np.random.default_rng(3).uniform(0, 1, (2000, 3)) * [1, 1, -0.6]
    world = []
    for part in drawn.parts:
        points, triangles = drawn.geometries[part.geometry]
        world.append((points @ part.matrix[:3, :3] + part.matrix[3, :3])[triangles])
    soup = np.concatenate(world)
    expected = brute_force(soup.reshape(-1, 3), np.arange(3 * len(soup)).reshape(-1, 3), eye, toward)
    depth, label = second_renderer(drawn).draw(eye, toward)
    np.testing.assert_allclose(depth, expected, rtol=1e-4)
    assert len(np.unique(label)) == 7


@pytest.mark.parametrize(
    ("name", "volume"),
    [("ball", 4 * np.pi), ("tube", 4 * np.pi), ("funnel", np.pi * 5**0.5), ("disc", np.pi), ("square", 4), ("box", 24)],
)
def test_areas_of_the_unit_shapes(name, volume):
    assert area(*shapes.UNIT[name]()) == pytest.approx(volume, rel=1e-5)


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("plane", [(0, 1), (1, 2), (2, 0)])
def test_a_spiral_is_cut_without_overlap(turn, plane):
    points = np.zeros((len(SPIRAL), 3))
    points[:, plane] = SPIRAL[::turn]
    triangles = shapes.cut(points, np.array([len(SPIRAL)]), np.arange(len(SPIRAL)))
    assert len(triangles) == len(SPIRAL) - 2
    assert area(points, triangles) == pytest.approx(18)


def test_other_ids_at_a_boundary_are_no_strays():
    verdict = compared(rendering([[0, 0, 1, 1, 1]]), rendering([[0, 0, 0, 1, 1]]))
    assert (verdict.is_other.sum(), verdict.is_stray.sum()) == (1, 0)


def test_other_ids_far_from_a_boundary_are_strays():
    verdict = compared(rendering([[0, 0, 0, 0, 0, 2]]), rendering([[0, 0, 0, 0, 1, 1]]))
    assert verdict.is_stray.tolist() == [[False] * 5 + [True]]


def test_a_swapped_id_is_other_even_at_equal_depth():
    verdict = compared(rendering([[1, 1, 1]]), rendering([[0, 0, 0]]))
    assert verdict.is_stray.all()
    assert not verdict.is_coincident.any()


def test_coincident_surfaces_excuse_either_id():
    verdict = compared(rendering([[1, 1, 1]]), rendering([[0, 0, 0]]), alone=2 + 1e-5)
    assert verdict.is_coincident.all()
    assert not verdict.is_other.any()


def test_a_wrong_depth_is_seen():
    verdict = compared(rendering([[0] * 3], [[2.0, 2.005, 2.01]]), rendering([[0] * 3]))
    np.testing.assert_allclose(verdict.depth_error, [[0, 0.0025, 0.005]])
    assert verdict.is_at_step.tolist() == [[False, True, False]]
