"""rep.create: where prims go, how large they are, where they look, and what is in files."""

import numpy as np
import pytest
from pxr import UsdGeom, UsdShade

import omni.replicator.core as rep
import omni.usd

from .made_prims import box, forward, labels, only_camera, paths

SIZE = (64, 48)
UNITS = {"metres, Z up": (1.0, "Z"), "centimetres, Y up": (0.01, "Y")}


@pytest.fixture(params=UNITS.values(), ids=UNITS)
def unit(app, request):
    """How many units a metre is, on stages of both kinds."""
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    metres, up = request.param
    UsdGeom.SetStageMetersPerUnit(stage, metres)
    UsdGeom.SetStageUpAxis(stage, up)
    return 1 / metres


@pytest.fixture
def stage(app):
    omni.usd.get_context().new_stage()
    return omni.usd.get_context().get_stage()


def open_stage():
    return omni.usd.get_context().get_stage()


# --- names


def test_shapes_stand_below_an_xform_of_their_own(stage):
    assert paths(rep.create.cube(count=2)) == ["/Replicator/Cube_Xform", "/Replicator/Cube_Xform_01"]
    assert paths(rep.create.cube()) == ["/Replicator/Cube_Xform_02"]
    for path in paths(rep.create.cube()):
        assert stage.GetPrimAtPath(path).IsA(UsdGeom.Xform)
        assert stage.GetPrimAtPath(f"{path}/Cube").IsA(UsdGeom.Mesh)
    assert paths(rep.create.sphere(name="Ball")) == ["/Replicator/Ball_Xform"]
    assert stage.GetPrimAtPath("/Replicator/Ball_Xform/Ball")


def test_xforms_stand_alone(stage):
    assert paths(rep.create.xform(count=2)) == ["/Replicator/Xform", "/Replicator/Xform_01"]


def test_a_parent_can_be_given(stage):
    outer = rep.create.xform(position=(1, 2, 3))
    inner = rep.create.cube(parent=outer, position=(1, 0, 0))
    assert paths(inner) == ["/Replicator/Xform/Cube_Xform"]
    assert box("/Replicator/Xform/Cube_Xform").mean(0) == pytest.approx((2, 2, 3))
    assert paths(rep.create.cone(parent="/World")) == ["/World/Cone_Xform"]


def test_labels_are_on_the_xform(stage):
    (path,) = paths(rep.create.cone(semantics={"class": "cone", "size": ["big", "huge"]}))
    assert labels(path) == {"class": ["cone"], "size": ["big", "huge"]}
    (path,) = paths(rep.create.cone(semantics=[("class", "cone"), ("class", "tip")]))
    assert labels(path) == {"class": ["cone", "tip"]}


def test_boxes_report_the_xform(app, stage):
    rep.create.cone(semantics={"class": "cone"}, position=(0, 0, 0))
    product = rep.create.render_product(rep.create.camera(position=(5, 0, 0), look_at=(0, 0, 0)), SIZE)
    annotator = rep.annotators.get("bounding_box_2d_tight")
    annotator.attach(product)
    app.run(rep.orchestrator.step_async())
    assert annotator.get_data()["info"]["primPaths"] == ["/Replicator/Cone_Xform"]


def test_names_that_are_none_are_refused(stage):
    with pytest.raises(ValueError, match="use 'my_cube_Xform'"):
        rep.create.cube(name="my cube")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: rep.create.cube(count=0), "count must be at least 1: 0"),
        (lambda: rep.create.cube(rotation=(0, 0, 1), look_at=(0, 0, 0)), "not both"),
        (lambda: rep.create.cube(position="here"), "position needs one or three numbers"),
        (lambda: rep.create.cube(position=[(0, 0, 0), (1, 1, 1), (2, 2, 2)], count=2), "3 vectors for 2 prims"),
        (lambda: rep.create.cube(semantics="cube"), "Not semantics"),
        (lambda: rep.create.cube(material="/Nowhere"), "/Nowhere"),
        (lambda: rep.create.cube(parent="/Nowhere"), "/Nowhere"),
        (lambda: rep.create.light(light_type="laser"), "'laser'; there are Cylinder"),
        (lambda: rep.create.light(light_type="sphere", texture="sky.png"), "sphere light has no texture"),
        (lambda: rep.create.camera(projection_type="periscope"), "'periscope'; there are pinhole"),
        (lambda: rep.create.render_product(rep.create.cube(), SIZE), "Invalid camera"),
    ],
)
def test_what_makes_no_sense_is_refused(stage, make, says):
    with pytest.raises(ValueError, match=says):
        make()


@pytest.mark.parametrize("name", ["omni_lidar", "omni_radar", "mdl_from_json", "projection_material", "mesh_decal"])
def test_what_is_not_here_says_so(name):
    with pytest.raises(NotImplementedError, match=rf"omni\.replicator\.core\.create\.{name}"):
        getattr(rep.create, name)()


# --- shapes


HALF = {"Cube": (0.5, 0.5), "Sphere": (0.5, 0.5), "Cylinder": (0.5, 0.5), "Cone": (0.5, 0.5),
        "Torus": (0.5, 0.125), "Disk": (0.5, 0), "Plane": (0.5, 0)}  # fmt: skip
# Surface areas in square metres; of the torus 4 pi^2 R r.
AREA = {"Cube": 6, "Sphere": np.pi, "Cylinder": 1.5 * np.pi, "Cone": np.pi * (0.25 + 0.5 * np.sqrt(1.25)),
        "Torus": 4 * np.pi**2 * 0.375 * 0.125, "Disk": np.pi / 4, "Plane": 1}  # fmt: skip


@pytest.mark.parametrize("kind", HALF)
def test_shapes_are_a_metre_across_and_stand_upright(unit, kind):
    (path,) = paths(getattr(rep.create, kind.lower())())
    across, along = (half * unit for half in HALF[kind])
    up = "XYZ".index(UsdGeom.GetStageUpAxis(open_stage()))
    reach = np.full(3, across)
    reach[up] = along
    assert box(path) == pytest.approx(np.array([-reach, reach]), abs=1e-5 * unit)
    assert area(path) == pytest.approx(AREA[kind] * unit**2, rel=0.004)


@pytest.mark.parametrize("kind", HALF)
def test_surfaces_face_outwards(unit, kind):
    """As the winding of a closed surface says by its volume, and its normals by agreeing."""
    (path,) = paths(getattr(rep.create, kind.lower())())
    corners, normals = faces(f"{path}/{kind}")
    geometric = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (np.einsum("ij,ij->i", geometric, normals) > 0).all()
    volume = np.einsum("ij,ij->", corners[:, 0], geometric) / 6 / unit**3
    expected = {"Cube": 1, "Sphere": np.pi / 6, "Cylinder": np.pi / 4, "Cone": np.pi / 12, "Torus": 2 * np.pi**2
                * 0.375 * 0.125**2, "Disk": 0, "Plane": 0}  # fmt: skip
    assert volume == pytest.approx(expected[kind], rel=0.01, abs=1e-6)
    if kind in ("Disk", "Plane", "Cone"):
        # Flat ones face up, and the cone's tip is there.
        up = "XYZ".index(UsdGeom.GetStageUpAxis(open_stage()))
        assert normals[-1][up] > 0


def faces(path):
    """Corners (t, 3, 3) of triangles, and the mean normal of each, for a mesh of convex faces."""
    mesh = UsdGeom.Mesh(open_stage().GetPrimAtPath(path))
    points, normals = np.array(mesh.GetPointsAttr().Get()), np.array(mesh.GetNormalsAttr().Get())
    indices, start, found = mesh.GetFaceVertexIndicesAttr().Get(), 0, []
    for count in mesh.GetFaceVertexCountsAttr().Get():
        found += [(indices[start], indices[start + k], indices[start + k + 1]) for k in range(1, count - 1)]
        start += count
    found = np.array(found)
    assert np.linalg.norm(normals, axis=1) == pytest.approx(1, abs=1e-6)
    return points[found].astype(float), normals[found].mean(1)


def area(path):
    from omni.replicator.core.scene.surface import triangles_of

    corners = triangles_of([open_stage().GetPrimAtPath(path)])
    return np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum() / 2


@pytest.mark.parametrize("kind", ["Sphere", "Cube", "Cylinder", "Cone"])
def test_shapes_can_be_usds_own(unit, kind):
    (path,) = paths(getattr(rep.create, kind.lower())(as_mesh=False))
    assert open_stage().GetPrimAtPath(f"{path}/{kind}").GetTypeName() == kind
    assert box(path) == pytest.approx(np.array([[-0.5] * 3, [0.5] * 3]) * unit)
    assert area(path) == pytest.approx(AREA[kind] * unit**2, rel=0.004)


# --- placing


def test_pose_visibility_and_material_are_what_was_asked(stage):
    look = rep.create.material_omnipbr(diffuse=(1, 0, 0))
    item = rep.create.cube(position=(1, 2, 3), scale=2, rotation=(0, 0, 45), visible=False, material=look)
    (prim,) = item.get_output_prims()["prims"]
    half = np.sqrt(2)
    assert box(str(prim.GetPath())) == pytest.approx(np.array([[1 - half, 2 - half, 2], [1 + half, 2 + half, 4]]))
    assert UsdGeom.Imageable(prim).ComputeVisibility() == UsdGeom.Tokens.invisible
    bound = UsdShade.MaterialBindingAPI(prim.GetChild("Cube")).ComputeBoundMaterial()[0]
    assert bound.GetPath() == "/Replicator/Looks/OmniPBR"


def test_each_of_several_can_have_its_own_place(stage):
    items = rep.create.xform(count=3, position=[(0, 0, 0), (1, 0, 0), (2, 0, 0)])
    assert [prim.GetAttribute("xformOp:translate").Get()[0] for prim in items.get_output_prims()["prims"]] == [0, 1, 2]


def test_distributions_are_drawn_for_each(stage):
    items = rep.create.xform(count=5, position=rep.distribution.uniform((0, 0, 0), (1, 1, 1)))
    places = {tuple(prim.GetAttribute("xformOp:translate").Get()) for prim in items.get_output_prims()["prims"]}
    assert len(places) == 5
    assert all(0 <= part <= 1 for place in places for part in place)


def test_in_a_trigger_constants_hold_at_once_and_distributions_when_it_fires(app, stage):
    with rep.trigger.on_frame():
        item = rep.create.light(
            light_type="Sphere", intensity=rep.distribution.sequence([10, 20, 30]), position=(1, 2, 3), count=1
        )
    (prim,) = item.get_output_prims()["prims"]
    intensity = prim.GetChild("SphereLight").GetAttribute("inputs:intensity")
    assert prim.GetAttribute("xformOp:translate").Get() == (1, 2, 3)
    assert not intensity.HasAuthoredValue()
    seen = []
    for _ in range(3):
        app.run(rep.orchestrator.step_async())
        seen.append(intensity.Get())
    assert seen == [10, 20, 30]


def test_an_unrotated_camera_looks_level(unit):
    camera = only_camera(rep.create.camera())
    assert str(camera.GetPath()) == "/Replicator/Camera_Xform/Camera"
    direction, up = forward(camera)
    z_up = UsdGeom.GetStageUpAxis(open_stage()) == "Z"
    assert direction == pytest.approx((-1, 0, 0) if z_up else (0, 0, -1))
    assert up == pytest.approx((0, 0, 1) if z_up else (0, 1, 0))
    turn = camera.GetAttribute("xformOp:rotateXYZ").Get()
    assert turn == ((90, 0, 90) if z_up else None)


@pytest.mark.parametrize("target", [(0, 0, 0), (7, -3, 2), (3, 4, -50), (3, 4, 50), (3, -6, 5), (3, 60, 5)])
def test_a_camera_looks_at_a_point_and_keeps_upright(unit, target):
    eye = np.array((3, 4, 5.0))
    direction, up = forward(only_camera(rep.create.camera(position=tuple(eye), look_at=target)))
    wanted = np.array(target) - eye
    assert direction == pytest.approx(wanted / np.linalg.norm(wanted), abs=1e-9)
    vertical = np.array((0, 0, 1) if UsdGeom.GetStageUpAxis(open_stage()) == "Z" else (0, 1, 0))
    side = np.cross(direction, vertical)
    # Straight up and down any side may be up; else the picture's up has no sideways part and is not head over.
    assert up @ side == pytest.approx(0, abs=1e-9)
    assert up @ vertical >= -1e-9


def test_things_look_at_prims_and_lights_shine_on_them(stage):
    goals = rep.create.cube(count=2, position=[(4, 0, 0), (0, 4, 0)])
    lamp = rep.create.light(light_type="Disk", position=(2, 2, 9), look_at=goals)
    direction, _ = forward(lamp.get_output_prims()["prims"][0].GetChildren()[0])
    assert direction == pytest.approx((0, 0, -1))
    found = only_camera(rep.create.camera(position=(2, 2, 9), look_at="/Replicator/Cube_Xform"))
    assert forward(found)[0] == pytest.approx(np.array((2, -2, -9)) / np.sqrt(89))


def test_looking_straight_down_is_as_isaac_sim_recorded_it(stage):
    # golden/replicator/pose_writer: the view matrix of a camera at (0, 0, 10).
    made = UsdGeom.Camera(only_camera(rep.create.camera(position=(0, 0, 10), look_at=(0, 0, 0)))).GetCamera()
    expected = [[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, -10, 1]]
    assert np.array(made.frustum.ComputeViewMatrix()) == pytest.approx(np.array(expected), abs=1e-6)
    with pytest.raises(ValueError, match="Camera_Xform_01 cannot look at the point where it is"):
        rep.create.camera(position=(1, 2, 3), look_at=(1, 2, 3))


def test_functional_calls_turn_the_camera_below_an_xform(stage):
    item = rep.create.camera(position=(1, 1, 1))
    rep.functional.modify.pose(item.get_output_prims()["prims"], look_at_value=(1, 5, 1))
    assert forward(only_camera(item))[0] == pytest.approx((0, 1, 0), abs=1e-9)


def test_a_camera_below_a_turned_parent_looks_where_it_should(stage):
    outer = rep.create.xform(position=(1, 1, 1), rotation=(20, 30, 40), scale=3)
    camera = only_camera(rep.create.camera(parent=outer, position=(1, 0, 0), look_at=(5, 6, 7)))
    eye = np.array(UsdGeom.Xformable(camera).ComputeLocalToWorldTransform(0).ExtractTranslation())
    wanted = np.array((5, 6, 7)) - eye
    direction, _ = forward(camera)
    assert direction / np.linalg.norm(direction) == pytest.approx(wanted / np.linalg.norm(wanted))
