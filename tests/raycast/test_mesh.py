"""Meshes: polygons of any kind against areas and distances known in closed form."""

import numpy as np
import pytest
from pxr import UsdGeom

from kitless.raycast import GeometryError
from kitless.raycast.triangulate import triangulate

SQUARE = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]
# An L of 3 unit squares, its inner corner first, so that a fan from there or from anywhere is wrong.
ELL = [(0, 0, 0), (0, 1, 0), (-1, 1, 0), (-1, -1, 0), (1, -1, 0), (1, 0, 0)]


@pytest.fixture
def add_mesh(add):
    def define(points, counts, indices, path="/Mesh", **attributes):
        topology = {"points": points, "faceVertexCounts": counts, "faceVertexIndices": indices}
        return add("Mesh", path, **topology, **attributes)

    return define


def area(points, counts, indices):
    corners, _ = triangulate(np.array(points, np.float32), np.array(counts), np.array(indices))
    a, b, c = (np.array(points, float)[np.array(indices)[corners[:, k]]] for k in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2


def comb(teeth):
    """A comb that no fan covers: area 2 per tooth and 2 teeth - 1 below, in the plane x = y."""
    upper = [p for k in range(teeth) for p in ((2 * k, 1), (2 * k, 3), (2 * k + 1, 3), (2 * k + 1, 1))]
    flat = [(0, 0), *upper, (2 * teeth - 1, 0)]
    return [(u / np.sqrt(2), u / np.sqrt(2), v) for u, v in flat], 2 * teeth + 2 * teeth - 1


@pytest.mark.parametrize("turn", range(6))
def test_a_concave_polygon_keeps_its_area_from_any_first_corner(turn):
    assert area(ELL, [6], np.roll(range(6), turn)) == pytest.approx(3)


@pytest.mark.parametrize("teeth", [2, 5])
def test_a_comb_in_a_slanted_plane_keeps_its_area(teeth):
    points, expected = comb(teeth)
    for indices in (range(len(points)), range(len(points))[::-1]):
        assert area(points, [len(points)], list(indices)) == pytest.approx(expected)


def test_triangles_keep_the_polygons_winding():
    corners, _ = triangulate(np.array(ELL, np.float32), np.array([6]), np.arange(6))
    a, b, c = (np.array(ELL, float)[corners[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] > 0).all()


def test_a_concave_polygon_covers_its_pixels(add_camera, add_mesh, look):
    add_camera((0, 0, 2))
    add_mesh(ELL, [6], list(range(6)))
    seen = look((200, 200))
    # The frame is 4 wide at depth 2: 50 pixels a unit, 3 units squared.
    assert seen.area("/Mesh") == 3 * 50**2
    assert seen.hits.instance[99, 101] == -1


def test_faces_of_all_sizes_and_degenerate_ones(add_camera, add_mesh, look):
    add_camera((0, 0, 2))
    points = [*SQUARE, (0, 0, 0)]
    add_mesh(points, [3, 4, 2, 0], [0, 1, 4, 1, 2, 3, 4, 0, 1])
    seen = look((200, 200))
    # Pixel centres on the diagonals may fall to either side.
    assert seen.area("/Mesh") == pytest.approx(7500, abs=100)
    assert seen.scene.instances[0].mesh.faces.tolist() == [0, 1, 1]


def test_holes_are_open(add_camera, add_mesh, look):
    add_camera((0, 0, 2))
    points = [(x, y, 0) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    faces = [0, 1, 4, 3, 1, 2, 5, 4, 3, 4, 7, 6, 4, 5, 8, 7]
    add_mesh(points, [4] * 4, faces, holeIndices=[1])
    seen = look((200, 200))
    assert seen.area("/Mesh") == 3 * 50**2
    assert seen.hits.instance[150, 150] == -1


@pytest.mark.parametrize("scale", [(1, 1, 1), (-1, 1, 1), (-2, -1, -1)])
@pytest.mark.parametrize("orientation", ["rightHanded", "leftHanded"])
def test_mirrored_and_left_handed_meshes_are_seen_alike(add_camera, add_mesh, look, orientation, scale):
    add_camera((0, 0, 2))
    prim = add_mesh(SQUARE, [4], [0, 1, 2, 3], orientation=orientation)
    UsdGeom.Xformable(prim).AddScaleOp().Set(scale)
    seen = look((200, 200))
    assert seen.area("/Mesh") == 100**2 * abs(scale[0])
    assert seen.hits.normal[100, 100].tolist() == [0, 0, 1]


def test_left_handed_triangles_are_turned_round(add_mesh, look, add_camera):
    add_camera()
    add_mesh(SQUARE, [4], [0, 1, 2, 3], orientation="leftHanded")
    mesh = look((8, 8)).scene.instances[0].mesh
    a, b, c = (mesh.points[mesh.triangles[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] < 0).all()


@pytest.mark.parametrize("interpolation", ["vertex", "faceVarying"])
def test_authored_normals_are_interpolated(add_camera, add_mesh, look, interpolation):
    add_camera((0, 0, 2))
    normals = [(-1, 0, 1), (1, 0, 1), (1, 0, 1), (-1, 0, 1)]
    prim = add_mesh(SQUARE, [4], [0, 1, 2, 3], normals=normals)
    UsdGeom.Mesh(prim).SetNormalsInterpolation(interpolation)
    normal = look((200, 200)).hits.normal[100]
    x = (np.arange(50, 150) + 0.5 - 100) / 50
    assert np.allclose(normal[50:150, 0], x / np.sqrt(x**2 + 1), atol=1e-5)


def test_normals_go_with_the_inverse_transpose(add_camera, add_mesh, look):
    add_camera((0, 0, 10))
    slope = [(-1, -1, 0), (1, -1, 2), (1, 1, 2), (-1, 1, 0)]
    prim = add_mesh(slope, [4], [0, 1, 2, 3])
    UsdGeom.Xformable(prim).AddScaleOp().Set((2, 1, 1))
    # The plane z = x + 1 becomes z = x / 2 + 1.
    assert look().hits.normal[50, 50].tolist() == pytest.approx(np.array([-1, 0, 2]) / np.sqrt(5))


def test_an_empty_mesh_is_fine(add_camera, add_mesh, look):
    add_camera()
    add_mesh([], [], [])
    assert look((8, 8)).paths() == []


@pytest.mark.parametrize(
    ("counts", "indices", "message"),
    [
        ([3], [0, 1, 4], r"/Mesh.faceVertexIndices\[2\] is 4; the mesh has 4 points, so 0 to 3 are valid"),
        ([3], [0, -1, 2], r"/Mesh.faceVertexIndices\[1\] is -1"),
        ([4], [0, 1, 2], "/Mesh.faceVertexCounts adds up to 4, but faceVertexIndices has 3 values"),
        ([-3, 6], [0, 1, 2], r"/Mesh.faceVertexCounts\[0\] is -3, below 0"),
    ],
)
def test_contradictions_name_the_prim(add_camera, add_mesh, look, counts, indices, message):
    add_camera()
    add_mesh(SQUARE, counts, indices)
    with pytest.raises(GeometryError, match=message):
        look((8, 8))


def test_a_repaired_mesh_is_drawn(add_camera, add_mesh, look):
    add_camera((0, 0, 2))
    prim = add_mesh(SQUARE, [3], [0, 1, 9])
    with pytest.raises(GeometryError):
        look((200, 200))
    prim.GetAttribute("faceVertexIndices").Set([0, 1, 2])
    assert look((200, 200)).area("/Mesh") == pytest.approx(5000, abs=101)


def test_a_primvar_of_the_wrong_size_is_left_out_and_logged(add_camera, add_mesh, look, caplog):
    add_camera()
    prim = add_mesh(SQUARE, [4], [0, 1, 2, 3])
    UsdGeom.PrimvarsAPI(prim).CreatePrimvar("displayColor", _color_array(), "vertex").Set([(1, 0, 0)])
    assert look((8, 8)).scene.instances[0].mesh.primvars == {}
    assert "/Mesh.primvars:displayColor: 1 values, vertex needs 4" in caplog.text


def _color_array():
    from pxr import Sdf

    return Sdf.ValueTypeNames.Color3fArray


def test_a_triangle_soup_agrees_with_moeller_and_trumbore(add_camera, add_mesh, look):
    add_camera((0, 0, 0), clippingRange=(0.01, 1e6))
    random = np.random.default_rng(5)
    corners = random.uniform(-4, 4, (60, 1, 3)) + random.normal(size=(60, 3, 3)) - [0, 0, 6]
    points = corners.reshape(-1, 3).astype(np.float32)
    add_mesh(points, [3] * 60, np.arange(180, dtype=np.int32))
    seen = look((96, 64))
    distance, triangle = brute_force(points.reshape(-1, 3, 3).astype(float), seen.camera, (64, 96))
    assert (triangle == seen.hits.triangle).mean() > 0.9995
    same = triangle == seen.hits.triangle
    assert np.allclose(seen.hits.distance[same], distance[same], rtol=1e-5)


def brute_force(triangles, camera, shape):
    """Nearest distance and triangle by pixel (Moeller & Trumbore 1997), over all pairs."""
    rows, columns = np.indices(shape).reshape(2, -1)
    _, c, a, b = camera.rays[:4]
    ray = (c + (columns[:, None] + 0.5) * a + (rows[:, None] + 0.5) * b)[:, None]
    ray = ray / np.linalg.norm(ray, axis=2, keepdims=True)
    e1, e2 = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    p = np.cross(ray, e2)
    s = camera.position - triangles[:, 0]
    q = np.cross(s, e1)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = 1 / (e1 * p).sum(axis=2)
        u, v = (s * p).sum(axis=2) * inverse, (ray * q).sum(axis=2) * inverse
        t = (e2 * q).sum(axis=1) * inverse
    t[~((u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0))] = np.inf
    nearest = np.where(np.isinf(t.min(axis=1)), -1, t.argmin(axis=1))
    return t.min(axis=1).reshape(shape), nearest.reshape(shape)
