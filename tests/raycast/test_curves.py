"""Curves as tubes: places on them by de Casteljau and de Boor, depths and normals of cylinders and cones."""

import numpy as np
import pytest
from pxr import Sdf, UsdGeom

from kitless.raycast import GeometryError

ARCH = np.array([(-3, 0, 0), (-2, 3, 1), (2, 3, -1), (3, 0, 0)], float)
MORE = np.array([*ARCH, (4, -3, 0), (5, -3, 1), (6, 0, 0)], float)


@pytest.fixture
def add_curves(add, add_camera):
    add_camera((0, 0, 10))

    def define(points, counts=None, path="/Curve", widths=(0.2,), interpolation="constant", **attributes):
        counts = [len(points)] if counts is None else counts
        prim = add("BasisCurves", path, points=points, curveVertexCounts=counts, widths=widths, **attributes)
        UsdGeom.BasisCurves(prim).SetWidthsInterpolation(interpolation)
        return prim

    return define


def mesh_of(look):
    return look((8, 8)).scene.instances[0].mesh


def casteljau(points, t):
    while len(points) > 1:
        points = (1 - t) * points[:-1] + t * points[1:]
    return points[0]


def de_boor(points, t):
    """The uniform cubic B-spline's value on its one segment, by knot insertion."""
    knots, degree = np.arange(-3, 5), 3
    d = [np.array(p, float) for p in points]
    for r in range(1, degree + 1):
        for j in range(degree, r - 1, -1):
            alpha = (t - knots[j]) / (knots[j + degree + 1 - r] - knots[j])
            d[j] = (1 - alpha) * d[j - 1] + alpha * d[j]
    return d[degree]


def barry_goldman(points, t):
    """Catmull-Rom's value on its one segment, as the pyramid of linear interpolations of Barry and Goldman 1988."""
    knots, u, level = np.arange(4.0), t + 1, [np.array(p, float) for p in points]
    for width in (1, 2):
        level = [
            ((knots[i + width] - u) * level[i] + (u - knots[i]) * level[i + 1]) / width for i in range(len(level) - 1)
        ]
    return (2 - u) * level[0] + (u - 1) * level[1]


@pytest.mark.parametrize(("basis", "reference"), [("bezier", casteljau), ("bspline", de_boor)])
def test_places_on_a_cubic_segment(add_curves, look, basis, reference):
    add_curves(ARCH, type="cubic", basis=basis)
    points = mesh_of(look).points
    expected = [reference(ARCH, t) for t in np.linspace(0, 1, len(points))]
    assert np.allclose(points, expected, atol=1e-5)


def test_places_on_a_catmull_rom_segment(add_curves, look):
    add_curves(ARCH, type="cubic", basis="catmullRom")
    points = mesh_of(look).points
    assert np.allclose(points, [barry_goldman(ARCH, t) for t in np.linspace(0, 1, len(points))], atol=1e-5)


@pytest.mark.parametrize(
    ("basis", "wrap", "segments"),
    [
        ("bezier", "nonperiodic", 2),
        ("bspline", "nonperiodic", 4),
        ("catmullRom", "nonperiodic", 4),
        ("bspline", "periodic", 7),
        ("catmullRom", "periodic", 7),
        ("bspline", "pinned", 6),
        ("catmullRom", "pinned", 6),
        ("bezier", "pinned", 2),
    ],
)
def test_segments(add_curves, look, basis, wrap, segments):
    add_curves(MORE, type="cubic", basis=basis, wrap=wrap)
    mesh = mesh_of(look)
    assert np.count_nonzero(mesh.triangles[:, 0] != mesh.triangles[:, 1]) == 16 * segments
    assert len(mesh.points) == 16 * segments + 1


@pytest.mark.parametrize("basis", ["bspline", "catmullRom"])
def test_pinned_curves_reach_their_ends(add_curves, look, basis):
    add_curves([*MORE, *(MORE + 10)], counts=[7, 7], type="cubic", basis=basis, wrap="pinned")
    mesh = mesh_of(look)
    half = len(mesh.points) // 2
    ends = mesh.points[[0, half - 1, half, -1]]
    assert np.allclose(ends, [MORE[0], MORE[-1], MORE[0] + 10, MORE[-1] + 10], atol=1e-5)


@pytest.mark.parametrize("attributes", [{"type": "linear"}, {"type": "cubic", "basis": "bspline"}])
def test_periodic_curves_close(add_curves, look, attributes):
    add_curves(ARCH, wrap="periodic", **attributes)
    points = mesh_of(look).points
    assert np.allclose(points[0], points[-1], atol=1e-6)


def test_a_periodic_bezier_shares_its_ends(add_curves, look):
    add_curves(MORE[:6], type="cubic", basis="bezier", wrap="periodic")
    points = mesh_of(look).points
    assert np.allclose(points[[0, 16, 32]], MORE[[0, 3, 0]])


def test_a_straight_curve_is_a_cylinder(add_curves, look):
    add_curves([(-5, 0, 0), (5, 0, 0)], widths=[2.0], type="linear")
    seen = look((201, 201))
    rows = np.arange(201)
    slope = (100.5 - rows - 0.5) / 100.5
    # A ray (0, slope, -1) from z = 10 meets y^2 + z^2 = 1 in the plane x = 0.
    with np.errstate(invalid="ignore"):
        depth = (10 - np.sqrt(100 - (1 + slope**2) * 99)) / (1 + slope**2)
    hit = np.isfinite(depth)
    assert (np.isfinite(seen.hits.depth[:, 100]) == hit).all()
    assert np.allclose(seen.hits.depth[hit, 100], depth[hit], rtol=1e-4)
    normal = np.stack([0 * depth, slope * depth, 10 - depth], axis=1)
    assert np.abs(seen.hits.normal[hit, 100] - normal[hit]).max() < 1e-2


def test_a_tapered_curve_has_the_normals_of_a_cone(add_curves, look):
    add_curves([(-4, 0, 0), (4, 0, 0)], widths=[4.0, 0.8], interpolation="varying", type="linear")
    # Both balls, of radius 2 and 0.4 at a distance of 8, touch a plane tilted by asin(1.6 / 8).
    assert np.allclose(look((201, 201)).hits.normal[100, 100], [0.2, 0, np.sqrt(0.96)], atol=1e-3)


@pytest.mark.parametrize("points", [[(0, 0, -3), (0, 0, 3)], [(0, 0, -3), (0, 0, 0), (0, 0, 3)]])
def test_a_curve_seen_along_its_axis_is_closed(add_curves, look, points):
    add_curves(points, widths=[2.0], type="linear")
    seen = look((201, 201))
    assert seen.hits.depth[100, 100] == pytest.approx(10 - 4)
    assert (seen.hits.instance[95:106, 95:106] == 0).all()


def test_ends_are_round(add_curves, look):
    add_curves([(0, -1, 0), (0, 1, 0)], widths=[1.0], type="linear")
    assert np.allclose(mesh_of(look).extent, [[-0.5, -1.5, -0.5], [0.5, 1.5, 0.5]])
    seen = look((400, 400))
    pixels, _ = seen.camera.project(np.array([[0, 1.4, 0], [0.45, 1.4, 0]]))
    assert [int(seen.hits.instance[int(y), int(x)]) for x, y in pixels] == [0, -1]


@pytest.mark.parametrize(
    ("interpolation", "widths", "expected"),
    [
        ("constant", [0.2], [0.1] * 4),
        ("uniform", [0.2, 0.4], [0.1, 0.1, 0.2, 0.2]),
        ("vertex", [0.2, 0.4, 0.6, 0.8], [0.1, 0.2, 0.3, 0.4]),
        ("varying", [0.2, 0.4, 0.6, 0.8], [0.1, 0.2, 0.3, 0.4]),
    ],
)
def test_widths_of_two_lines(add_curves, look, interpolation, widths, expected):
    points = [(0, 0, 0), (1, 0, 0), (0, 2, 0), (1, 2, 0)]
    add_curves(points, counts=[2, 2], widths=widths, interpolation=interpolation, type="linear")
    mesh = mesh_of(look)
    assert np.allclose(mesh.radii, expected)
    assert mesh.triangles[:2].tolist() == [[0, 1, 1], [2, 3, 3]]
    assert mesh.faces[:2].tolist() == [0, 1]


def test_varying_widths_are_one_per_segment_end(add_curves, look):
    add_curves(MORE, widths=[0.2, 0.4, 0.8], interpolation="varying", type="cubic", basis="bezier")
    assert np.allclose(mesh_of(look).radii[[0, 8, 16, 32]], [0.1, 0.15, 0.2, 0.4])


def test_colours_run_along(add_curves, look):
    prim = add_curves([(-4, 0, 0), (4, 0, 0)], type="linear", widths=[1.0])
    primvar = UsdGeom.PrimvarsAPI(prim).CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray, "vertex")
    primvar.Set([(1, 0, 0), (0, 0, 1)])
    seen = look((201, 201))
    column = int(seen.camera.project(np.array([[2.0, 0, 0.5]]))[0][0, 0])
    u = seen.hits.uv[100, column, 0]
    colour = seen.scene.instances[0].mesh.primvars["displayColor"].values
    assert (1 - u) * colour[0] + u * colour[1] == pytest.approx([0.25, 0, 0.75], abs=0.01)


def test_short_curves_are_not_there(add_curves, look):
    add_curves([(0, 0, 0), (1, 0, 0), *ARCH], counts=[2, 4], type="cubic", basis="bspline")
    assert np.unique(mesh_of(look).faces).tolist() == [1]


def test_points_on_top_of_each_other_make_no_piece(add_curves, look):
    add_curves([(0, 0, 0), (0, 0, 0), (1, 0, 0)], type="linear")
    assert mesh_of(look).triangles[0].tolist() == [1, 2, 2]


def test_counts_that_contradict_the_points_name_the_prim(add_curves, look):
    add_curves(ARCH, counts=[5], type="linear")
    with pytest.raises(GeometryError, match=r"/Curve.curveVertexCounts adds up to 5, but there are 4 points"):
        look((8, 8))


def test_an_unknown_basis_names_the_nearest(add_curves, look):
    add_curves(ARCH, type="cubic", basis="catmulRom")
    with pytest.raises(GeometryError, match=r"/Curve.basis is 'catmulRom'.*'catmullRom'"):
        look((8, 8))


def test_edits_appear(add_curves, look):
    prim = add_curves([(-5, 0, 0), (5, 0, 0)], widths=[2.0], type="linear")
    assert look().middle == pytest.approx(9)
    prim.GetAttribute("widths").Set([4.0])
    assert look().middle == pytest.approx(8)
    prim.GetAttribute("points").Set([(-5, 0, 1), (5, 0, 1)])
    assert look().middle == pytest.approx(7)
    prim.GetAttribute("curveVertexCounts").Set([1, 1])
    assert look().paths() == []
