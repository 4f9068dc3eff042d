"""Points as spheres, and the gprims that came late: against closed forms."""

import numpy as np
import pytest
from pxr import Sdf, UsdGeom


def colour(prim, values, interpolation="vertex"):
    primvar = UsdGeom.PrimvarsAPI(prim).CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray, interpolation)
    primvar.Set(values)


def ray_sphere(seen, centre, radius):
    """Depth and unit normal of a sphere by pixel, looking down -z; nan where it is missed."""
    rows, columns = np.indices(seen.hits.depth.shape)
    _, c, a, b = seen.camera.rays[:4]
    ray = c + (columns[..., None] + 0.5) * a + (rows[..., None] + 0.5) * b
    offset = seen.camera.position - np.array(centre, float)
    square, half = (ray**2).sum(axis=-1), (ray * offset).sum(axis=-1)
    with np.errstate(invalid="ignore"):
        depth = (-half - np.sqrt(half**2 - square * (offset @ offset - radius**2))) / square
    return depth, (seen.camera.position + depth[..., None] * ray - centre) / radius


def test_a_point_is_an_exact_sphere_of_its_width(add, add_camera, look):
    add_camera((0, 0, 10))
    add("Points", "/Dust", points=[(1, 2, 0), (-2, 0, 1)], widths=[2.0, 3.0])
    seen = look((200, 200))
    for number, centre, radius in ((0, (1, 2, 0), 1.0), (1, (-2, 0, 1), 1.5)):
        depth, normal = ray_sphere(seen, centre, radius)
        hit = np.isfinite(depth)
        assert ((seen.hits.triangle == number) == hit).mean() > 0.9999
        both = hit & (seen.hits.triangle == number)
        assert np.allclose(seen.hits.depth[both], depth[both], rtol=1e-5)
        # At the silhouette a normal turns by far more than a depth does.
        assert np.abs(seen.hits.normal[both] - normal[both]).max() < 5e-3


def test_without_widths_diameters_are_one_and_one_width_is_for_all(add, add_camera, look):
    add_camera()
    add("Points", "/One", points=[(0, 0, 0), (5, 0, 0)])
    prim = add("Points", "/Two", points=[(0, 0, 0), (5, 0, 0)], widths=[4.0])
    UsdGeom.Points(prim).SetWidthsInterpolation("constant")
    extents = [i.mesh.extent.tolist() for i in look((8, 8)).scene.instances]
    assert extents == [[[-0.5, -0.5, -0.5], [5.5, 0.5, 0.5]], [[-2, -2, -2], [7, 2, 2]]]


def test_points_of_no_width_are_not_there(add, add_camera, look):
    add_camera((0, 0, 10))
    add("Points", "/Dust", points=[(-2, 0, 0), (2, 0, 0)], widths=[0.0, 1.0])
    seen = look((200, 200))
    assert np.unique(seen.hits.triangle).tolist() == [-1, 0]
    assert np.argwhere(seen.hits.instance == 0)[:, 1].min() > 100


def test_points_all_of_no_width_are_nothing(add, add_camera, look):
    add_camera()
    add("Points", "/Dust", points=[(0, 0, 0)], widths=[0.0])
    assert look((8, 8)).paths() == []


def test_each_point_has_its_colour(add, add_camera, look):
    add_camera((0, 0, 10))
    prim = add("Points", "/Dust", points=[(0, 0, 0), (-3, 0, 0), (3, 0, 0)], widths=[0.0, 2.0, 2.0])
    colour(prim, [(0, 0, 1), (1, 0, 0), (0, 1, 0)])
    mesh = look((8, 8)).scene.instances[0].mesh
    assert mesh.primvars["displayColor"].values[mesh.triangles[:, 0]].tolist() == [[1, 0, 0], [0, 1, 0]]


def test_points_may_be_animated(add, add_camera, look):
    from pxr import Usd

    add_camera((0, 0, 10))
    prim = add("Points", "/Dust", points=[(0, 0, 0)], widths=[2.0])
    prim.GetAttribute("points").Set([(0, 0, 0)], 1)
    prim.GetAttribute("points").Set([(0, 0, 4)], 3)
    assert [look(time=Usd.TimeCode(t)).middle for t in (1, 2, 3)] == [9, 7, 5]


def test_an_edited_width_costs_only_that_prim(add, add_camera, look):
    add_camera((0, 0, 10))
    prim = add("Points", "/Dust", points=[(0, 0, 0)], widths=[2.0])
    add("Cube", "/Box", at=(5, 0, 0))
    before = look()
    prim.GetAttribute("widths").Set([4.0])
    after = look()
    assert [before.middle, after.middle] == [9, 8]
    assert after.scene.instances[0].mesh is before.scene.instances[0].mesh


def test_a_scaled_sphere_has_the_normals_of_an_ellipsoid(add, add_camera, look):
    add_camera((0, 0, 20))
    add("Points", "/Egg", points=[(0, 0, 0)], widths=[2.0], scale=(4, 2, 1))
    seen = look((201, 201))
    row, column = 95, 110
    _, c, a, b = seen.camera.rays[:4]
    place = seen.camera.position + seen.hits.depth[row, column] * (c + (column + 0.5) * a + (row + 0.5) * b)
    gradient = place / np.array([16, 4, 1])
    assert np.allclose(seen.hits.normal[row, column], gradient / np.linalg.norm(gradient), atol=1e-4)


@pytest.mark.parametrize("turn", [(0, 0, 0), (30, 40, 50)])
def test_bounds_of_a_turned_ellipsoid(add, add_camera, look, turn):
    add_camera()
    add("Sphere", "/Egg", radius=1.0, at=(1, 2, 3), turn=turn, scale=(3, 2, 1))
    instance = look((8, 8)).scene.instances[0]
    # The support of the image of the unit ball along an axis is the length of that column of the matrix.
    reach = np.linalg.norm(instance.transform[:3, :3], axis=0)
    assert np.allclose(instance.mesh.extent_in(instance.transform), np.array([1, 2, 3]) + np.stack([-reach, reach]))


def test_a_tapered_cylinder(add, add_camera, look):
    add_camera((0, 0, 10))
    add("Cylinder_1", "/Cup", radiusTop=1.0, radiusBottom=2.0, height=4.0, axis="Y")
    mesh = look((8, 8)).scene.instances[0].mesh
    radius = np.hypot(mesh.points[:, 0], mesh.points[:, 2])
    assert radius[mesh.points[:, 1] == 2].max() == pytest.approx(1)
    assert radius[mesh.points[:, 1] == -2].max() == pytest.approx(2)
    assert np.abs(mesh.points[:, 1]).max() == 2


def test_the_side_of_a_tapered_cylinder_faces_along_its_slope(add, add_camera, look):
    add_camera((0, 0, 10))
    add("Cylinder_1", "/Cup", radiusTop=1.0, radiusBottom=2.0, height=4.0, axis="Y")
    assert np.allclose(look().hits.normal[50, 50], np.array([0, 1, 4]) / np.sqrt(17), atol=1e-3)


@pytest.mark.parametrize("axis", ["X", "Y", "Z"])
def test_a_tapered_capsule_ends_in_two_half_spheres(add, add_camera, look, axis):
    add_camera()
    add("Capsule_1", "/Pill", radiusTop=0.5, radiusBottom=1.5, height=3.0, axis=axis)
    k = "XYZ".index(axis)
    extent = look((8, 8)).scene.instances[0].mesh.extent
    assert extent[:, k].tolist() == [-3.0, 2.0]
    assert np.allclose(np.delete(extent, k, axis=1), [[-1.5, -1.5], [1.5, 1.5]])


@pytest.mark.parametrize(("axis", "size"), [("X", (0, 2, 4)), ("Y", (4, 0, 2)), ("Z", (4, 2, 0))])
def test_a_plane_lies_across_its_axis(add, add_camera, look, axis, size):
    add_camera()
    add("Plane", "/Floor", width=4.0, length=2.0, axis=axis)
    extent = look((8, 8)).scene.instances[0].mesh.extent
    assert (extent[1] - extent[0]).tolist() == list(size)


@pytest.mark.parametrize("z", [10, -10])
def test_a_plane_is_seen_from_both_sides(add, add_camera, look, z):
    add_camera((0, 0, z), turn=(0, 0 if z > 0 else 180, 0))
    add("Plane", "/Floor", width=4.0, length=2.0, axis="Z", doubleSided=False)
    seen = look()
    assert seen.middle == 10
    assert seen.hits.normal[50, 50] == pytest.approx([0, 0, np.sign(z)])


@pytest.mark.parametrize("kind", ["HermiteCurves", "NurbsCurves", "NurbsPatch", "TetMesh", "Volume"])
def test_what_stays_undrawn_is_named(stage, add, add_camera, look, kind):
    add_camera()
    stage.DefinePrim("/World/Thing", kind)
    assert {k: list(map(str, v)) for k, v in look((8, 8)).scene.unsupported.items()} == {kind: ["/World/Thing"]}
