"""trace(): distances, ids and normals against closed forms."""

import numpy as np
import pytest
from pxr import Gf, UsdGeom

from kitless.raycast import Camera, trace

CURVED = ("Sphere", "Cylinder", "Cone", "Capsule")


def test_a_sphere_is_d_minus_r_away(add_camera, add, look):
    add_camera((0, 0, 10))
    add("Sphere", "/Ball", radius=2.5)
    seen = look()
    assert seen.middle == 7.5
    assert seen.hits.normal[50, 50].tolist() == pytest.approx([0, 0, 1], abs=1e-6)


def test_a_sphere_is_exact_everywhere(add_camera, add, look):
    add_camera((0, 0, 10))
    add("Sphere", "/Ball", radius=4.0)
    seen = look()
    rows, columns = np.nonzero(seen.hits.instance == 0)
    _, c, a, b = seen.camera.rays[:4]
    ray = c + (columns[:, None] + 0.5) * a + (rows[:, None] + 0.5) * b
    ray /= np.linalg.norm(ray, axis=1, keepdims=True)
    middle = -10 * ray[:, 2]
    expected = middle - np.sqrt(middle**2 - (100 - 16))
    assert np.allclose(seen.hits.distance[rows, columns], expected, rtol=2e-6)
    outward = (seen.camera.position + expected[:, None] * ray) / 4
    assert np.allclose(seen.hits.normal[rows, columns], outward, atol=2e-5)


def test_a_stretched_sphere_is_an_ellipsoid(add_camera, add, look):
    add_camera((0, 0, 10))
    add("Sphere", "/Egg", radius=1.0, scale=(1, 1, 3))
    assert look().middle == pytest.approx(7, rel=1e-6)


@pytest.mark.parametrize(
    ("position", "turn", "normal"),
    [
        ((0, 0, 5), (0, 0, 0), (0, 0, 1)),
        ((0, 0, -5), (180, 0, 0), (0, 0, -1)),
        ((5, 0, 0), (0, 90, 0), (1, 0, 0)),
        ((-5, 0, 0), (0, -90, 0), (-1, 0, 0)),
        ((0, 5, 0), (-90, 0, 0), (0, 1, 0)),
        ((0, -5, 0), (90, 0, 0), (0, -1, 0)),
    ],
)
def test_a_cube_from_every_side(add_camera, add, look, position, turn, normal):
    add_camera(position, turn)
    add("Cube", "/Box", size=2.0)
    hits = look().hits
    # Its face, 2 wide at depth 4, covers a quarter of the 8 that the 90 degree frame is wide there.
    assert (hits.instance == 0).sum() == 25**2
    assert np.allclose(hits.depth[hits.instance == 0], 4, rtol=1e-6)
    assert np.allclose(hits.normal[hits.instance == 0], normal, atol=1e-6)


def test_distance_is_along_the_ray_and_depth_along_the_axis(add_camera, add, look):
    add_camera((0, 0, 3))
    add("Plane", "/Wall", width=100.0, length=100.0)
    hits = look((4, 4)).hits
    assert np.allclose(hits.depth, 3)
    assert hits.distance[0, 0] == pytest.approx(3 * np.sqrt(1 + 0.75**2 + 0.75**2))


def test_nothing_is_infinitely_far(add_camera, look):
    add_camera()
    hits = look((8, 8)).hits
    assert np.isposinf(hits.distance).all()
    assert np.isposinf(hits.depth).all()
    assert [set(hits.instance.ravel()), set(hits.triangle.ravel()), set(hits.normal.ravel())] == [{-1}, {-1}, {0}]


def test_the_nearest_wins_and_instances_are_ordered_by_path(add_camera, add, look):
    add_camera()
    add("Cube", "/B", size=2.0, at=(0, 0, 3))
    add("Cube", "/A", size=2.0)
    seen = look()
    assert seen.paths() == ["/A", "/B"]
    assert seen.hits.instance[50, 50] == 1


@pytest.mark.parametrize(("clipping", "depth"), [((6.5, 100), 8), ((0.1, 5.9), np.inf), ((8.5, 100), np.inf)])
def test_clipping_cuts_along_the_axis(add_camera, add, look, clipping, depth):
    add_camera((0, 0, 10), clippingRange=clipping)
    add("Plane", "/Front", width=40.0, length=40.0, at=(0, 0, 4))
    add("Plane", "/Back", width=40.0, length=40.0, at=(0, 0, 2))
    assert np.allclose(look().hits.depth, depth)


def test_aperture_offset_shifts_the_picture(add_camera, add, look):
    # Moving the window right by a quarter of its width moves what is seen left by a quarter of the frame.
    add_camera((0, 0, 10), horizontalApertureOffset=5.0, verticalApertureOffset=2.5)
    add("Cube", "/Dot", size=0.5)
    rows, columns = np.nonzero(look((400, 400)).hits.instance == 0)
    assert (columns.min() + columns.max() + 1) / 2 == 100
    assert (rows.min() + rows.max() + 1) / 2 == 250


def test_a_hit_projects_back_to_its_pixels_centre(add_camera, add, look):
    add_camera((3, -6, 5), (50, 10, 20), horizontalApertureOffset=2.0)
    for number, kind in enumerate((*CURVED, "Cube")):
        add(kind, f"/World/{kind}", at=(2 * number - 4, 0, 0), turn=(20, 40, 60))
    seen = look((120, 70))
    rows, columns = np.nonzero(seen.hits.instance >= 0)
    depth = seen.hits.depth[rows, columns].astype(float)
    _, c, a, b = seen.camera.rays[:4]
    rays = c + (columns[:, None] + 0.5) * a + (rows[:, None] + 0.5) * b
    pixels, back = seen.camera.project(seen.camera.position + depth[:, None] * rays)
    assert np.allclose(pixels, np.stack([columns, rows], axis=1) + 0.5, atol=1e-6)
    assert np.allclose(back, depth)


@pytest.mark.parametrize("up", [UsdGeom.Tokens.y, UsdGeom.Tokens.z])
@pytest.mark.parametrize("metres", [1.0, 0.01])
def test_up_axis_and_units_change_nothing(stage, add_camera, add, look, up, metres):
    UsdGeom.SetStageUpAxis(stage, up)
    UsdGeom.SetStageMetersPerUnit(stage, metres)
    add_camera((0, 0, 500))
    add("Sphere", "/Ball", radius=50.0)
    assert look().middle == 450


@pytest.mark.parametrize("kind", CURVED)
def test_normals_are_unit_and_face_the_viewer(add_camera, add, look, kind):
    add_camera((0, 0, 6), (0, 0, 30))
    add(kind, "/It", turn=(50, 20, 0), scale=(1, 2, 0.7))
    seen = look()
    rows, columns = np.nonzero(seen.hits.instance == 0)
    normal = seen.hits.normal[rows, columns].astype(float)
    _, c, a, b = seen.camera.rays[:4]
    rays = c + (columns[:, None] + 0.5) * a + (rows[:, None] + 0.5) * b
    assert len(rows) > 100
    assert np.allclose(np.linalg.norm(normal, axis=1), 1, atol=1e-5)
    assert ((normal * rays).sum(axis=1) < 1e-5).all()


@pytest.mark.parametrize(("axis", "turn"), [("X", (0, 0, 90)), ("Y", (0, 0, 0)), ("Z", (90, 0, 0))])
def test_a_cylinder_lies_along_its_axis(add_camera, add, look, axis, turn):
    add_camera((0, 0, 10) if axis != "Z" else (0, -10, 0), (0, 0, 0) if axis != "Z" else (90, 0, 0))
    add("Cylinder", "/Tube", radius=1.0, height=6.0, axis=axis)
    rows, columns = np.nonzero(look((201, 201)).hits.instance == 0)
    extent = (np.ptp(columns) + 1, np.ptp(rows) + 1)
    # Nearest surface 9 away: 2 x 1 and 6 units of the 18 that 201 pixels show there, the ends a little further.
    long, short = max(extent), min(extent)
    assert (extent[0] > extent[1]) == (axis == "X")
    assert short == pytest.approx(2 / np.sqrt(99) * 100.5, abs=1.5)
    assert long == pytest.approx(6 / 18 * 201, abs=1.5)


def test_a_cylinders_normal_is_radial(add_camera, add, look):
    add_camera((0, 0, 10))
    add("Cylinder", "/Tube", radius=2.0, height=6.0, axis="Y")
    seen = look()
    x = (np.array([40]) + 0.5 - 50.5) / 101 * 2
    depth = seen.hits.depth[50, 40]
    point = np.array([x[0] * depth, 0, 10 - depth])
    assert np.allclose(seen.hits.normal[50, 40], point / np.linalg.norm(point), atol=1e-3)


def test_a_cone_narrows_towards_plus_z(add_camera, add, look):
    add_camera((0, -10, 0), (90, 0, 0))
    add("Cone", "/Tip", radius=2.0, height=4.0, axis="Z")
    widths = (look().hits.instance == 0).sum(axis=1)
    widths = widths[widths > 0]
    assert widths[0] < widths[len(widths) // 2] < widths[-2]


def test_a_capsules_ends_are_round(add_camera, add, look):
    add_camera((0, 0, 10))
    add("Capsule", "/Pill", radius=1.0, height=2.0, axis="Z")
    assert look().middle == pytest.approx(8, rel=1e-6)


@pytest.mark.parametrize(("axis", "turn"), [("X", (0, 90, 0)), ("Y", (-90, 0, 0)), ("Z", (0, 0, 0))])
def test_a_planes_width_and_length(add_camera, add, look, axis, turn):
    position = {"X": (10, 0, 0), "Y": (0, 10, 0), "Z": (0, 0, 10)}[axis]
    add_camera(position, turn)
    add("Plane", "/Sheet", width=4.0, length=8.0, axis=axis)
    rows, columns = np.nonzero(look((200, 200)).hits.instance == 0)
    assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (40, 80)


def test_a_turned_camera_sees_the_same(add_camera, add, look, stage):
    add("Cube", "/Box", size=2.0, at=(1, 2, 0))
    add_camera((0, 0, 10))
    straight = look().hits
    # Turn the whole world, camera included: the picture is the same.
    world = UsdGeom.Xform.Define(stage, "/World")
    world.AddRotateXYZOp().Set(Gf.Vec3f(30, 40, 50))
    world.AddTranslateOp().Set(Gf.Vec3d(5, -3, 2))
    add("Cube", "/World/Box", size=2.0, at=(1, 2, 0))
    add_camera((0, 0, 10), path="/World/Camera")
    stage.RemovePrim("/Box")
    turned = look(path="/World/Camera").hits
    assert ((straight.instance >= 0) == (turned.instance >= 0)).mean() > 0.999
    both = (straight.instance >= 0) & (turned.instance >= 0)
    assert np.allclose(straight.depth[both], turned.depth[both], rtol=1e-5)


def test_many_threads_or_one_give_the_same_bytes(add_camera, add, look, scene, monkeypatch):
    add_camera()
    for number, kind in enumerate((*CURVED, "Cube")):
        add(kind, f"/{kind}", at=(2 * number - 4, 0, 0), turn=(20, 40, 60))
    many = look().hits
    monkeypatch.setattr(scene.workers, "run", lambda work, count: work((0, count)))
    one = look().hits
    for name in ("distance", "depth", "instance", "triangle", "uv", "normal"):
        assert getattr(many, name).tobytes() == getattr(one, name).tobytes()


def test_a_closed_scene_says_so(stage, add_camera, scene):
    camera = Camera.from_prim(add_camera(), (8, 8))
    scene.close()
    with pytest.raises(Exception, match="closed"):
        trace(scene, camera)
