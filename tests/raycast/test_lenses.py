"""Cameras that are no plain pinhole: closed forms, Isaac Sim's recordings, and rays against projections."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from kitless.raycast import Camera, CameraError, shade, silhouettes
from kitless.raycast.lens import Fisheye, OpenCvPinhole
from kitless.raycast.motion import Past, motion
from kitless.raycast.trace import world_points

POSES = Path(__file__).parents[2].parent / "shared" / "golden" / "replicator" / "pose_writer"
FLOAT, TOKEN = Sdf.ValueTypeNames.Float, Sdf.ValueTypeNames.Token
RECORDED = {"fthetaWidth": 512, "fthetaHeight": 512, "fthetaCx": 256, "fthetaCy": 256}
SQUARE = {"fthetaWidth": 200, "fthetaHeight": 200, "fthetaCx": 100, "fthetaCy": 100}
EQUIDISTANT = SQUARE | {"fthetaPolyB": 0.02, "fthetaMaxFov": 220}
BENT = SQUARE | {"openCVFx": 90, "openCVFy": 100, "fthetaPolyA": -0.2, "fthetaPolyB": 0.05, "p0": 0.002, "p1": -0.003}
PLUMB = BENT | {"fthetaPolyC": 0.01, "fthetaPolyD": 0.02, "fthetaPolyE": 0.003, "s0": 0.002, "s2": -0.001, "s3": 0.0005}
CAMERAS = {
    "pinhole": {},
    "orthographic": {"projection": "orthographic", "horizontalAperture": 120.0},
    "fisheyePolynomial": EQUIDISTANT | {"fthetaPolyC": 1e-5},
    "pinholeOpenCV": PLUMB,
}


@pytest.fixture
def add_lens(add_camera):
    """Adds a camera with a lens by Isaac Sim's older attributes."""

    def add(model, values, position=(0, 0, 10), turn=(0, 0, 0), **attributes):
        own = {name: value for name, value in values.items() if name in ("projection", "horizontalAperture")}
        prim = add_camera(position, turn, **own, **attributes)
        if model not in ("pinhole", "orthographic"):
            prim.CreateAttribute("cameraProjectionType", TOKEN).Set(model)
            for name in values.keys() - own.keys():
                prim.CreateAttribute(name, FLOAT).Set(float(values[name]))
        return prim

    return add


def recorded(model):
    if not POSES.is_dir():
        pytest.skip("the shared recordings are not beside this project")
    return json.loads((POSES / f"{model}_rp1_000000.json").read_text())


@pytest.mark.parametrize(
    ("model", "lens"),
    [
        ("pinhole", None),
        ("fisheyePolynomial", RECORDED | {"fthetaMaxFov": 180, "fthetaPolyB": 0.00245}),
        ("pinholeOpenCV", RECORDED | {"openCVFx": 400, "openCVFy": 400}),
    ],
)
def test_isaac_sims_recorded_keypoints_are_met_to_their_rounding(add_lens, model, lens):
    said = recorded(model)
    prim = add_lens(model, lens or {}, focalLength=24.0)
    prim.GetAttribute("horizontalAperture").Set(said["camera_data"]["aperture"][0])
    view = Gf.Matrix4d(said["camera_data"]["camera_view_matrix"])
    prim.GetAttribute("xformOpOrder").Clear()
    prim.CreateAttribute("xformOp:transform", Sdf.ValueTypeNames.Matrix4d).Set(view.GetInverse())
    prim.GetAttribute("xformOpOrder").Set(["xformOp:transform"])
    camera = Camera.from_prim(prim, tuple(said["camera_data"]["resolution"]))
    for found in said["objects"]:
        pixels, _ = camera.project(np.array(found["cuboid_keypoints_world_frame"]))
        assert np.abs(pixels - found["cuboid_keypoints_projected"]).max() <= 0.5 + 1e-3


@pytest.mark.parametrize("model", CAMERAS)
def test_what_a_ray_hits_projects_back_to_its_pixels_centre(add_lens, add, look, model):
    add_lens(model, CAMERAS[model], (0.5, -1, 3), (20, -10, 30))
    add("Sphere", "/Sky", radius=50.0)
    seen = look((201, 151))
    y, x = np.nonzero(seen.hits.instance >= 0)
    pixels, travel = seen.camera.project(world_points(seen.hits)[y, x])
    assert len(x) > 0.6 * 201 * 151
    assert np.abs(pixels - np.stack([x, y], axis=1) - 0.5).max() < 1e-3
    assert travel == pytest.approx(seen.hits.travel[y, x], rel=1e-5)


@pytest.mark.parametrize("model", CAMERAS)
def test_depth_and_distance_are_those_of_the_hit(add_lens, add, look, model):
    add_lens(model, CAMERAS[model], (0.5, -1, 3), (20, -10, 30))
    add("Sphere", "/Sky", radius=50.0)
    seen = look((101, 75))
    hit = seen.hits.instance >= 0
    points = world_points(seen.hits)[hit]
    local = points @ seen.camera.view[:3, :3] + seen.camera.view[3, :3]
    assert np.linalg.norm(points, axis=1) == pytest.approx(50, rel=1e-5)
    assert seen.hits.distance[hit] == pytest.approx(np.linalg.norm(local, axis=1), rel=1e-5)
    assert seen.hits.depth[hit] == pytest.approx(-local[:, 2], abs=1e-4)


def distinct(depths):
    """The depths there are, up to the last bit, which differs from processor to processor."""
    return set(np.round(depths, 5).tolist())


def test_orthographic_apertures_are_tenths_of_a_unit(add_camera, add, look):
    add_camera((0, 0, 10), projection="orthographic", horizontalAperture=100.0, focalLength=0.0)
    add("Cube", "/Near", size=2, at=(2, 0, 4))
    add("Cube", "/Far", size=2, at=(-2, 0, -40))
    seen = look((100, 60))
    assert seen.area("/Near") == seen.area("/Far") == 20 * 20
    assert distinct(seen.hits.depth[seen.hits.instance >= 0]) == {5.0, 49.0}


def test_an_orthographic_projection_is_gf_frustums_with_reversed_depth(add_camera):
    prim = add_camera(
        projection="orthographic",
        horizontalAperture=40.0,
        verticalAperture=20.0,
        horizontalApertureOffset=3.0,
        verticalApertureOffset=-2.0,
        clippingRange=(1, 101),
    )
    p = Camera.from_prim(prim, (64, 32)).projection
    usd = UsdGeom.Camera(prim).GetCamera(Usd.TimeCode.Default())
    expected = np.array(usd.frustum.ComputeProjectionMatrix())
    assert p[:, [0, 1, 3]] == pytest.approx(expected[:, [0, 1, 3]])
    assert [np.array([0, 0, -z, 1]) @ p[:, 2] for z in (1, 101)] == pytest.approx([1, 0])


def test_orthographic_clipping_cuts_by_depth(add_camera, add, look):
    add_camera((0, 0, 10), projection="orthographic", horizontalAperture=100.0, clippingRange=(6.0, 20.0))
    add("Cube", "/Cut", size=2, at=(0, 0, 4))
    seen = look((100, 60))
    assert distinct(seen.hits.depth[seen.hits.instance >= 0]) == {7.0}


def test_an_equidistant_fisheye_sees_a_ring_of_balls_where_their_angles_say(add_lens, add, look):
    add_lens("fisheyePolynomial", EQUIDISTANT, (0, 0, 0))
    angles = np.radians([0, 30, 60, 90, 105])
    for number, angle in enumerate(angles):
        way = math.sin(angle) * 0.6, math.sin(angle) * 0.8, -math.cos(angle)
        add("Sphere", f"/Ball{number}", radius=0.3, at=tuple(10 * part for part in way))
    seen = look((400, 400))
    for number, angle in enumerate(angles):
        ball = seen.hits.instance == seen.paths().index(f"/Ball{number}")
        y, x = np.nonzero(ball)
        radius = 2 * angle / 0.02
        assert [x.mean() + 0.5, y.mean() + 0.5] == pytest.approx([200 + 0.6 * radius, 200 - 0.8 * radius], abs=0.3)
        assert seen.hits.depth[ball].mean() == pytest.approx(9.8 * math.cos(angle), abs=0.1)
        assert seen.hits.distance[ball].min() == pytest.approx(9.7, abs=0.01)


def test_beyond_the_field_of_view_nothing_is_seen(add_lens, add, look):
    add_lens("fisheyePolynomial", EQUIDISTANT | {"fthetaMaxFov": 90}, (0, 0, 0))
    add("Sphere", "/Sky", radius=50.0)
    seen = look((200, 200))
    y, x = np.mgrid[:200, :200] + 0.5
    inside = np.hypot(x - 100, y - 100) <= math.radians(45) / 0.02
    assert ((seen.hits.instance >= 0) == inside).all()
    assert np.isinf(seen.hits.distance[~inside]).all()
    assert np.isinf(seen.hits.depth[~inside]).all()
    assert (shade(seen.scene, seen.camera, seen.hits)[0, 0] == (0, 0, 0, 255)).all()


def test_a_picture_of_another_size_is_the_nominal_one_scaled():
    lens = Fisheye(size=(200, 100), centre=(90, 60), polynomial=(0, 0.01, 0, 0, 0, 0), max_fov=180)
    way = np.array([[math.sin(0.3), 0, -math.cos(0.3)], [0, math.sin(0.3), -math.cos(0.3)]])
    pixels, _ = lens.project(way, (400, 300))
    assert pixels == pytest.approx(np.array([[(90 + 30) * 2, 60 * 3], [90 * 2, (60 - 30) * 3]]))


def test_opencvs_terms_move_a_point_as_its_documentation_says():
    k1, k2, p1, p2, s1, s4 = -0.1, 0.02, 0.01, -0.02, 0.003, 0.004
    lens = OpenCvPinhole(
        size=(100, 100),
        centre=(50, 40),
        focal=(80, 90),
        radial=(k1, k2, 0.5, 0.1, 0.2, 0.3),
        tangential=(p1, p2),
        prism=(s1, 0, 0, s4),
    )
    x, y = 0.3, 0.4
    r2 = 0.25
    radial = (1 + k1 * r2 + k2 * r2**2 + 0.5 * r2**3) / (1 + 0.1 * r2 + 0.2 * r2**2 + 0.3 * r2**3)
    u = x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x) + s1 * r2
    v = y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y + s4 * r2**2
    pixels, depth = lens.project(np.array([[2 * x, -2 * y, -2.0]]), (100, 100))
    assert pixels[0] == pytest.approx([50 + 80 * u, 40 + 90 * v])
    assert depth == [2]


def test_a_point_behind_a_barrels_turning_point_is_not_seen():
    # r (1 - r^2 / 3) turns at r = 1 with 2 / 3; what lies beyond would fold back into the picture.
    lens = OpenCvPinhole(size=(100, 100), centre=(50, 50), focal=(60, 60), radial=(-1 / 3, 0, 0, 0, 0, 0))
    pixels, depth = lens.project(np.array([[0.9, 0, -1], [1.5, 0, -1], [0, 0, 1.0]]), (100, 100))
    assert pixels[0, 0] == pytest.approx(50 + 60 * 0.9 * (1 - 0.27))
    assert (depth[1:] < 0).all()
    places = np.array([[50 + 60 * 0.66, 50], [50 + 60 * 0.67, 50]], np.float32)
    assert lens.directions(places, (100, 100)).any(axis=1).tolist() == [True, False]


@pytest.mark.parametrize("model", CAMERAS)
def test_alone_is_what_trace_sees_when_nothing_is_in_the_way(add_lens, add, look, model):
    add_lens(model, CAMERAS[model], (2, -4, 6), (40, 0, 5))
    for number in range(6):
        at = 3 * (number % 3) - 3, 3 * (number // 3) - 2, 0
        add("Cube", f"/Box{number}", size=1.2, at=at, turn=(9, 20, number * 15))
    seen = look((201, 151))
    alone = silhouettes(seen.scene, seen.camera, [[n] for n in range(6)])
    assert alone.pixels.tolist() == [seen.area(path) for path in seen.paths()]
    assert alone.pixels.min() > 40


@pytest.mark.parametrize("model", CAMERAS)
def test_a_known_frame_changes_no_silhouette(add_lens, add, look, model):
    add_lens(model, CAMERAS[model], (2, -4, 6), (40, 0, 5))
    add("Cube", "/Box", size=2.0, at=(1, 0, 2), turn=(9, 20, 30))
    add("Plane", "/Floor", width=9.0, length=9.0)
    seen = look((201, 151))
    traced, known = (silhouettes(seen.scene, seen.camera, [[0], [1], [0, 1]], hits) for hits in (None, seen.hits))
    assert seen.area("/Floor") + 40 < traced.pixels[1]
    assert known.pixels.tolist() == traced.pixels.tolist()
    assert known.boxes.tolist() == traced.boxes.tolist()


@pytest.mark.parametrize("model", CAMERAS)
def test_a_boxs_corners_lie_on_its_masks_extent(add_lens, add, look, model):
    add_lens(model, CAMERAS[model], (0, 0, 0))
    # Thin and turned, so that corners, not bent edges, are outermost.
    add("Cube", "/Box", size=0.3, at=(1.2, -0.9, -4), turn=(35, 40, 10), scale=(1, 8, 1))
    seen = look((800, 800))
    box = next(iter(seen.scene.instances))
    ends = np.array(box.mesh.extent, float)
    corners = np.array([[ends[k & 1][0], ends[k >> 1 & 1][1], ends[k >> 2][2]] for k in range(8)])
    pixels, _ = seen.camera.project(corners @ box.transform[:3, :3] + box.transform[3, :3])
    y, x = np.nonzero(seen.hits.instance == 0)
    extent = [x.min(), y.min(), x.max() + 1, y.max() + 1]
    assert [*pixels.min(axis=0), *pixels.max(axis=0)] == pytest.approx(extent, abs=1)


@pytest.mark.parametrize("model", CAMERAS)
def test_motion_is_where_the_surface_was_minus_where_it_is(add_lens, add, look, scene, stage, model):
    prim = add_lens(model, CAMERAS[model], (0, 0, 10))
    add("Cube", "/Wall", size=40, at=(0, 0, -22))
    before = look((80, 60))
    past = Past(before.camera, before.scene.instances)
    prim.GetAttribute("xformOp:translate").Set(Gf.Vec3d(0.4, -0.2, 10.3))
    now = look((80, 60))
    hit = now.hits.instance >= 0
    there, _ = before.camera.project(world_points(now.hits)[hit])
    here, _ = now.camera.project(world_points(now.hits)[hit])
    assert motion(past, now.scene.instances, now.hits)[hit] == pytest.approx(there - here, abs=1e-2)
    assert np.abs(there - here).max() > 0.5


NEW = "omni:lensdistortion"


def new_camera(prim, schema, model, values):
    """Author a lens by the newer schemas' attributes."""
    applied = Sdf.TokenListOp()
    applied.prependedItems = [schema]
    prim.SetMetadata("apiSchemas", applied)
    for name, (kind, value) in values.items():
        prim.CreateAttribute(f"{NEW}:{model}:{name}", kind).Set(value)
    return Camera.from_prim(prim, (64, 48))


def test_the_newer_schemas_mean_the_same_fisheye(add_lens):
    old = Camera.from_prim(add_lens("fisheyePolynomial", EQUIDISTANT | {"fthetaPolyC": 1e-4}), (64, 48))
    values = {
        "nominalWidth": (FLOAT, 200.0),
        "nominalHeight": (FLOAT, 200.0),
        "opticalCenter": (Sdf.ValueTypeNames.Float2, Gf.Vec2f(100, 100)),
        "maxFov": (FLOAT, 220.0),
        "k1": (FLOAT, 0.02),
        "k2": (FLOAT, 1e-4),
    }
    prim = add_lens("pinhole", {}, path="/New")
    assert new_camera(prim, "OmniLensDistortionFthetaAPI", "ftheta", values).lens == old.lens


def test_the_newer_schemas_mean_the_same_pinhole(add_lens):
    old = Camera.from_prim(add_lens("pinholeOpenCV", PLUMB), (64, 48))
    names = {"k1": "fthetaPolyA", "k2": "fthetaPolyB", "k3": "fthetaPolyC", "k4": "fthetaPolyD", "k5": "fthetaPolyE"}
    names |= {"p1": "p0", "p2": "p1", "s1": "s0", "s3": "s2", "s4": "s3", "fx": "openCVFx", "fy": "openCVFy"}
    names |= {"cx": "fthetaCx", "cy": "fthetaCy"}
    values = {new: (FLOAT, float(PLUMB[name])) for new, name in names.items()}
    values["imageSize"] = (Sdf.ValueTypeNames.Int2, Gf.Vec2i(200, 200))
    prim = add_lens("pinhole", {}, path="/New")
    assert new_camera(prim, "OmniLensDistortionOpenCvPinholeAPI", "opencvPinhole", values).lens == old.lens


@pytest.mark.parametrize("schema", ["OpenCvFisheye", "KannalaBrandtK3", "RadTanThinPrism", "LookupTable"])
def test_newer_schemas_that_cannot_be_drawn_are_named(add_camera, schema):
    with pytest.raises(NotImplementedError, match=f"/Camera: cameras of type {schema}"):
        new_camera(add_camera(), f"OmniLensDistortion{schema}API", schema, {})


@pytest.mark.parametrize(
    ("model", "wrong", "said"),
    [
        ("fisheyePolynomial", {"fthetaPolyB": -0.01}, "does not rise"),
        ("fisheyePolynomial", {"fthetaWidth": 0}, "nominal image is 0x200"),
        ("fisheyePolynomial", {"fthetaMaxFov": 0}, "maximum field of view is 0"),
        ("pinholeOpenCV", {"openCVFx": 0}, "focal lengths"),
    ],
)
def test_an_impossible_lens_is_refused(add_lens, model, wrong, said):
    with pytest.raises(CameraError, match=f"/Camera: .*{said}"):
        Camera.from_prim(add_lens(model, CAMERAS[model] | wrong), (8, 8))


def test_an_orthographic_camera_has_no_lens(add_lens):
    with pytest.raises(CameraError, match="/Camera: an orthographic camera has no lens"):
        Camera.from_prim(add_lens("fisheyePolynomial", EQUIDISTANT | {"projection": "orthographic"}), (8, 8))
