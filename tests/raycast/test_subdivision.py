"""Subdivision surfaces: limit points by their published masks, and shapes that stay what they are."""

import numpy as np
import pytest
from pxr import Sdf, UsdGeom

from kitless.raycast.cage import Cage
from kitless.raycast.subdivide import SCHEMES, refine

CUBE = np.array([[x, y, z] for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)], np.float32)
QUADS = [0, 2, 3, 1, 4, 5, 7, 6, 0, 1, 5, 4, 2, 6, 7, 3, 0, 4, 6, 2, 1, 3, 7, 5]
TOP = [4, 5, 7, 6, 4]
SQUARE = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]


@pytest.fixture
def add_mesh(add, add_camera):
    add_camera((0, 0, 5))

    def define(points, counts, indices, path="/Mesh", scheme="catmullClark", **attributes):
        topology = {"points": points, "faceVertexCounts": counts, "faceVertexIndices": indices}
        if scheme:
            topology["subdivisionScheme"] = scheme
        return add("Mesh", path, **topology, **attributes)

    return define


@pytest.fixture
def mesh_of(look):
    return lambda: look((8, 8)).scene.instances[0].mesh


def grid(size):
    """A flat grid of size * size unit squares: points, counts, indices."""
    points = np.array([(x, y, 0) for y in range(size + 1) for x in range(size + 1)], np.float32)
    corner = np.array([y * (size + 1) + x for y in range(size) for x in range(size)])[:, None]
    return points, [4] * size**2, (corner + np.array([0, 1, size + 2, size + 1])).ravel().tolist()


def torus(around, across, major=2.0, minor=0.5):
    """A closed net of quads."""
    u, v = (a.ravel() * 2 * np.pi for a in np.meshgrid(np.arange(around) / around, np.arange(across) / across))
    ring = major + minor * np.cos(v)
    points = np.stack([ring * np.cos(u), ring * np.sin(u), minor * np.sin(v)], axis=1)
    j, i = np.divmod(np.arange(around * across), around)
    right, up = (i + 1) % around, (j + 1) % across
    faces = np.stack([j * around + i, j * around + right, up * around + right, up * around + i], axis=1)
    return points.astype(np.float32), [4] * len(faces), faces.ravel().tolist()


def test_a_cubes_corners_come_to_half(add_mesh, mesh_of):
    add_mesh(CUBE, [4] * 6, QUADS)
    # (n^2 v + 4 sum of edge neighbours + sum of opposite corners) / (n (n + 5)) with n = 3: 9 + 4 - 1 of 24.
    assert np.allclose(mesh_of().points[:8], CUBE / 2, atol=1e-6)


def test_a_cubes_edge_and_face_points_by_hand():
    cage = Cage(counts=np.full(6, 4), indices=np.array(QUADS), vertices=8, creases=np.empty((0, 3)), peaks=np.zeros(8))
    fine = SCHEMES["catmullClark"].refine(cage, CUBE.astype(float))
    # Edge points: two ends and two face centres, so 2 + 1 of 4 along both of the cube's axes there. Vertices: 5 of 9.
    assert np.allclose(np.sort(np.abs(fine[8:20]), axis=1), [0, 0.75, 0.75])
    assert np.allclose(np.sort(np.abs(fine[20:]), axis=1), [0, 0, 1])
    assert np.allclose(fine[:8], CUBE * 5 / 9)


def test_the_fallback_scheme_stays_polygonal(add_mesh, mesh_of):
    add_mesh(CUBE, [4] * 6, QUADS, scheme=None)
    assert len(mesh_of().triangles) == 12


def test_a_scheme_of_none_is_polygonal(add_mesh, mesh_of):
    add_mesh(CUBE, [4] * 6, QUADS, scheme="none")
    assert len(mesh_of().triangles) == 12


def test_two_levels_of_quads(add_mesh, mesh_of):
    add_mesh(CUBE, [4] * 6, QUADS)
    mesh = mesh_of()
    assert len(mesh.triangles) == 6 * 16 * 2
    assert np.bincount(mesh.faces).tolist() == [32] * 6
    assert len(mesh.points) == len(np.unique(mesh.points.round(5), axis=0))


def test_large_meshes_are_subdivided_less():
    points, counts, indices = grid(500)
    cage = Cage(
        counts=np.array(counts),
        indices=np.array(indices),
        vertices=len(points),
        creases=np.empty((0, 3)),
        peaks=np.zeros(len(points)),
    )
    assert len(refine(cage, SCHEMES["catmullClark"]).cages) == 2


def test_a_regular_flat_grid_stays_flat_and_even(add_mesh, mesh_of):
    add_mesh(*grid(4))
    mesh = mesh_of()
    assert (mesh.points[:, 2] == 0).all()
    assert np.allclose(mesh.extent, [[0, 0, 0], [4, 4, 0]])
    # Inside, B-splines of evenly spaced controls reproduce the spacing.
    assert np.allclose(mesh.points[12], [2, 2, 0])
    assert np.allclose(mesh.normals.values, [0, 0, 1], atol=1e-6)


def test_a_torus_stays_within_its_net(add_mesh, mesh_of):
    points, counts, indices = torus(12, 8)
    add_mesh(points, counts, indices)
    mesh = mesh_of()
    assert (mesh.extent[0] > points.min(axis=0)).all()
    assert (mesh.extent[1] < points.max(axis=0)).all()
    assert (mesh.extent[1] > 0.85 * points.max(axis=0)).all()


def test_normals_of_a_fine_torus_are_the_toruss(add_mesh, mesh_of):
    add_mesh(*torus(48, 32))
    mesh = mesh_of()
    place = mesh.points[mesh.triangles[:, 0]].astype(float)
    centre = place * [1, 1, 0]
    centre *= 2 / np.linalg.norm(centre, axis=1, keepdims=True)
    outward = (place - centre) / np.linalg.norm(place - centre, axis=1, keepdims=True)
    assert np.abs(mesh.normals.values[mesh.corners[:, 0]] - outward).max() < 0.02


@pytest.mark.parametrize(("rule", "corner"), [("edgeAndCorner", (1, 1)), ("edgeOnly", (2 / 3, 2 / 3))])
def test_boundary_rules_of_a_square(add_mesh, mesh_of, rule, corner):
    add_mesh(SQUARE, [4], [0, 1, 2, 3], interpolateBoundary=rule)
    # A cubic B-spline's control point v between a and b comes to (a + 4 v + b) / 6; here (4 * 1 + 1 - 1) / 6.
    assert np.allclose(np.abs(mesh_of().points[:4, :2]), corner, atol=1e-6)


def test_without_boundary_interpolation_its_faces_are_not_drawn(add_mesh, mesh_of):
    add_mesh(*grid(3), interpolateBoundary="none")
    mesh = mesh_of()
    assert np.unique(mesh.faces).tolist() == [4]


@pytest.mark.parametrize("sharpness", [[10.0], [10.0] * 4])
def test_a_creased_ring_is_a_curve_of_its_own(add_mesh, mesh_of, sharpness):
    add_mesh(CUBE, [4] * 6, QUADS, creaseIndices=TOP, creaseLengths=[5], creaseSharpnesses=sharpness)
    points = mesh_of().points[4:8]
    assert np.allclose(points[:, 2], 1)
    assert np.allclose(np.abs(points[:, :2]), 2 / 3, atol=1e-6)


def test_normals_break_at_a_crease_only(add_mesh, mesh_of):
    add_mesh(CUBE, [4] * 6, QUADS, creaseIndices=TOP, creaseLengths=[5], creaseSharpnesses=[10.0])
    mesh = mesh_of()
    at = [np.unique(mesh.normals.values[mesh.corners[mesh.triangles == k]].round(4), axis=0) for k in (0, 4)]
    assert [len(found) for found in at] == [1, 2]
    assert np.allclose(at[1][np.abs(at[1][:, 2]).argmax()], [0, 0, 1], atol=1e-3)


def test_soft_creases_lie_between(add_mesh, look):
    for sharpness in (0.0, 0.5, 1.0, 2.0):
        path = f"/Mesh{sharpness:.0f}{sharpness * 10 % 10:.0f}"
        add_mesh(CUBE, [4] * 6, QUADS, path, creaseIndices=TOP, creaseLengths=[5], creaseSharpnesses=[sharpness])
    heights = [instance.mesh.points[4, 2] for instance in look((8, 8)).scene.instances]
    assert heights == sorted(heights)
    assert heights[0] == pytest.approx(0.5)
    assert len(set(heights)) == 4


def test_a_sharp_corner_stays(add_mesh, mesh_of):
    add_mesh(CUBE, [4] * 6, QUADS, cornerIndices=[7], cornerSharpnesses=[10.0])
    points = mesh_of().points
    assert points[7].tolist() == [1, 1, 1]
    assert np.allclose(points[0], -0.5)


def test_holes_are_subdivided_but_not_drawn(add_mesh, mesh_of):
    add_mesh(CUBE, [4] * 6, QUADS, holeIndices=[1])
    mesh = mesh_of()
    assert np.unique(mesh.faces).tolist() == [0, 2, 3, 4, 5]
    assert np.allclose(mesh.points[:8], CUBE / 2, atol=1e-6)


def test_faces_of_any_size_become_quads(add_mesh, mesh_of):
    angle = np.arange(5) * 2 * np.pi / 5
    pentagon = np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    add_mesh(pentagon, [5], list(range(5)), interpolateBoundary="edgeAndCorner")
    mesh = mesh_of()
    assert len(mesh.triangles) == 5 * 4 * 2
    # All corners are kept and all lines between them are straight.
    a, b, c = (mesh.points[mesh.triangles[:, k]].astype(float) for k in range(3))
    assert np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2 == pytest.approx(
        2.5 * np.sin(2 * np.pi / 5), rel=1e-5
    )


@pytest.mark.parametrize(
    ("interpolation", "count"), [("constant", 1), ("uniform", 6), ("vertex", 8), ("varying", 8), ("faceVarying", 24)]
)
def test_colours_keep_their_mean_and_count(add_mesh, mesh_of, interpolation, count):
    prim = add_mesh(CUBE, [4] * 6, QUADS)
    primvar = UsdGeom.PrimvarsAPI(prim).CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray, interpolation)
    primvar.Set([(0.25, 0.5, 1)] * count)
    mesh = mesh_of()
    found = mesh.primvars["displayColor"]
    place = {1: [0], 6: mesh.faces, 8: mesh.triangles, 24: mesh.corners}[count]
    assert np.allclose(found.values[place], (0.25, 0.5, 1))
    assert np.max(place) == len(found.values) - 1


def test_texture_coordinates_run_linearly_over_a_face(add_mesh, mesh_of):
    prim = add_mesh(SQUARE, [4], [0, 1, 2, 3])
    st = UsdGeom.PrimvarsAPI(prim).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, "faceVarying")
    st.Set([(0, 0), (1, 0), (1, 1), (0, 1)])
    mesh = mesh_of()
    found = mesh.primvars["st"].values[mesh.corners]
    assert np.unique(found).tolist() == [0, 0.25, 0.5, 0.75, 1]
    # With sharp corners a flat square's surface is the square, and texture runs with place.
    place = mesh.points[mesh.triangles][..., :2] / 2 + 0.5
    assert np.allclose(np.sign(found - 0.5), np.sign((place - 0.5).round(5)))


def test_bilinear_keeps_the_shape(add_mesh, mesh_of):
    add_mesh(CUBE, [4] * 6, QUADS, scheme="bilinear")
    mesh = mesh_of()
    assert mesh.normals is None
    assert (np.abs(mesh.points).max(axis=1) == 1).all()
    assert len(mesh.triangles) == 6 * 16 * 2


def test_loop_on_an_octahedron(add_mesh, mesh_of):
    points = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
    faces = [4, 0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 5, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3]
    add_mesh(points, [3] * 8, faces, scheme="loop")
    mesh = mesh_of()
    assert len(mesh.triangles) == 8 * 16
    # Loop's limit: v (1 - n x) + x sum, x = 1 / (3 / (8 b) + n); with n = 4, b = (5/8 - 9/64) / 4; the sum is 0.
    b = (5 / 8 - (3 / 8) ** 2) / 4
    assert mesh.points[0, 0] == pytest.approx(1 - 4 / (3 / (8 * b) + 4))


def test_loop_of_other_faces_is_drawn_as_it_is(add_mesh, mesh_of, caplog):
    add_mesh(CUBE, [4] * 6, QUADS, scheme="loop")
    assert len(mesh_of().triangles) == 12
    assert "/Mesh: loop subdivides triangles only" in caplog.text


def test_an_edited_scheme_appears(add_mesh, look):
    prim = add_mesh(CUBE, [4] * 6, QUADS, scheme="none")
    assert look().middle == 4
    prim.GetAttribute("subdivisionScheme").Set("catmullClark")
    # The limit of a face's centre: one level on it is 1, its edge points are 3/4 and its corners 5/9.
    assert look().middle == pytest.approx(5 - (16 + 4 * 4 * 3 / 4 + 4 * 5 / 9) / 36, abs=1e-5)


def test_left_handed_cages_face_outward(add_mesh, look):
    add_mesh(SQUARE, [4], [0, 3, 2, 1], orientation="leftHanded")
    mesh = look((8, 8)).scene.instances[0].mesh
    a, b, c = (mesh.points[mesh.triangles[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] > 0).all()
    assert look().hits.normal[50, 50].tolist() == [0, 0, 1]


def test_two_quads_wound_against_each_other_are_smooth_across(add_mesh, mesh_of):
    points = [(-1, 0, 0), (0, 0, 0), (1, 0, 0), (-1, 1, 0), (0, 1, 0), (1, 1, 0)]
    add_mesh(points, [4, 4], [0, 1, 4, 3, 1, 4, 5, 2])
    assert np.allclose(mesh_of().extent, [[-1, 0, 0], [1, 1, 0]])
