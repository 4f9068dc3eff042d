"""rep.get and rep.modify: what they find, and what they change."""

import numpy as np
import pytest
from pxr import Gf, Sdf, UsdGeom, UsdSemantics, UsdShade

import omni.replicator.core as rep
import omni.usd

from .made_prims import box, labels, paths, position, prims, world

SIZE = (64, 48)


@pytest.fixture
def stage(app):
    omni.usd.get_context().new_stage()
    rep.set_global_seed(5)
    rep.orchestrator.set_capture_on_play(False)
    return omni.usd.get_context().get_stage()


# --- get


@pytest.fixture
def zoo(stage):
    UsdGeom.Cube.Define(stage, "/World/Cage/Lion")
    UsdGeom.Sphere.Define(stage, "/World/Cage/Mouse")
    UsdGeom.Camera.Define(stage, "/World/Eye")
    lion = stage.GetPrimAtPath("/World/Cage/Lion")
    UsdSemantics.LabelsAPI.Apply(lion, "class").CreateLabelsAttr(["cat", "lion"])
    mouse = stage.GetPrimAtPath("/World/Cage/Mouse")
    mouse.AddAppliedSchema("SemanticsAPI:Old")
    for part, value in (("Type", "class"), ("Data", "mouse")):
        mouse.CreateAttribute(f"semantic:Old:params:semantic{part}", Sdf.ValueTypeNames.String).Set(value)
    look = UsdShade.Material.Define(stage, "/World/Looks/Red").GetPrim()
    UsdSemantics.LabelsAPI.Apply(look, "colour").CreateLabelsAttr(["red"])
    UsdShade.MaterialBindingAPI.Apply(lion).Bind(UsdShade.Material(look))
    return stage


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({"path_pattern": "Cage/.*o"}, ["Lion", "Mouse"]),
        ({"path_pattern": "cage/.*o"}, []),
        ({"path_pattern": "cage/.*o", "ignore_case": True}, ["Lion", "Mouse"]),
        ({"path_match": "Cage/", "path_pattern_exclusion": "L.on"}, ["Mouse"]),
        ({"prim_types": "camera"}, ["Eye"]),
        ({"prim_types": ["Cube", "Camera"], "prim_types_exclusion": ["Camera"]}, ["Lion"]),
        ({"semantics": {"class": "lion"}}, ["Lion"]),
        ({"semantics": [("class", "lion"), ("class", "mouse")]}, ["Lion", "Mouse"]),
        ({"semantics": {"colour": "red"}}, ["Lion", "Red"]),
        ({"path_match": "Cage/", "semantics_exclusion": {"class": "mouse"}}, ["Lion"]),
        ({"semantics": {"class": "dog"}}, []),
    ],
)
def test_prims_are_found_by_path_type_and_labels(zoo, criteria, found):
    assert [prim.GetName() for prim in prims(rep.get.prims(**criteria))] == found


def test_prims_are_found_by_kind(zoo):
    assert paths(rep.get.camera()) == ["/World/Eye"]
    assert paths(rep.get.shape(path_match="M")) == ["/World/Cage/Mouse"]
    assert paths(rep.get.material()) == ["/World/Looks/Red"]
    assert paths(rep.get.mesh()) == []
    assert paths(rep.get.prim_at_path("/World/Eye")) == ["/World/Eye"]
    assert paths(rep.get.prim_at_path(["/World/Eye", "/World/Cage"])) == ["/World/Eye", "/World/Cage"]
    with pytest.raises(ValueError, match="/World/Nose"):
        rep.get.prim_at_path("/World/Nose")


def test_a_search_is_kept_unless_told_not_to(zoo):
    kept, fresh = rep.get.shape(), rep.get.shape(cache_prims=False)
    assert len(paths(kept)) == len(paths(fresh)) == 2
    UsdGeom.Cone.Define(zoo, "/World/Tent")
    zoo.RemovePrim("/World/Cage/Mouse")
    assert paths(kept) == ["/World/Cage/Lion"]
    assert paths(fresh) == ["/World/Cage/Lion", "/World/Tent"]


# --- modify


def test_modifying_needs_prims(stage):
    with pytest.raises(ValueError, match="input_prims"):
        rep.modify.pose(position=(0, 0, 0))
    item = rep.create.xform()
    rep.modify.pose(position=(1, 0, 0), input_prims=item)
    rep.modify.pose(position_y=2, input_prims=paths(item))
    assert position(prims(item)[0]) == pytest.approx((1, 2, 0))


@pytest.mark.parametrize(
    "both",
    [
        {"position": (0, 0, 0), "position_x": 1},
        {"rotation": (0, 0, 0), "rotation_z": 1},
        {"rotation": (0, 0, 0), "look_at": (1, 1, 1)},
        {"rotation_x": 1, "look_at": (1, 1, 1)},
        {"scale": 1, "size": 1},
    ],
)
def test_poses_exclude_each_other(stage, both):
    with pytest.raises(ValueError, match="not both"):
        rep.modify.pose(**both, input_prims=rep.create.cube())


def test_unknown_orders_are_refused(stage):
    with pytest.raises(ValueError, match="'XYX'; there are XYZ"):
        rep.modify.pose(rotation=(1, 2, 3), rotation_order="XYX", input_prims=rep.create.cube())


def test_components_leave_the_others(stage):
    item = rep.create.cube(position=(1, 2, 3), rotation=(10, 20, 30))
    with item:
        rep.modify.pose(position_z=9, rotation_x=40)
    (prim,) = prims(item)
    assert prim.GetAttribute("xformOp:translate").Get() == (1, 2, 9)
    assert prim.GetAttribute("xformOp:rotateXYZ").Get() == pytest.approx((40, 20, 30))


@pytest.mark.parametrize("order", ["XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX"])
def test_rotations_go_about_the_axes_in_order(stage, order):
    item = rep.create.cube()
    with item:
        rep.modify.pose(rotation=(10, 20, 30), rotation_order=order)
    turn = Gf.Rotation(Gf.Vec3d(1, 0, 0), 0)
    for axis in order:
        index = "XYZ".index(axis)
        turn *= Gf.Rotation(Gf.Vec3d(*np.eye(3)[index]), (10, 20, 30)[index])
    assert np.array(world(prims(item)[0]).ExtractRotationMatrix()) == pytest.approx(
        np.array(Gf.Matrix3d(turn)), abs=1e-9
    )


def test_size_scales_the_box(stage):
    flat = rep.create.cylinder(scale=(1, 2, 3))
    with flat:
        rep.modify.pose(size=(4, 5, 6))
    assert np.diff(box(prims(flat)[0]), axis=0)[0] == pytest.approx((4, 5, 6))


def test_a_pivot_stays_where_it_is(stage):
    door = rep.create.cube(scale=(1, 1, 2))
    with door:
        rep.modify.pose(pivot=(-1, 0, 0), rotation=(0, 0, 90))
    # Turned by a quarter about its left edge at x = -0.5.
    assert box(prims(door)[0]) == pytest.approx(np.array([[-1, 0, -1], [0, 1, 1]]), abs=1e-6)


@pytest.mark.parametrize("kind", ["matrix", "orient", "parts"])
def test_poses_of_other_forms_keep_what_is_not_changed(stage, kind):
    """Of a transform that others wrote: the position is set, its rotation and scale stay."""
    xform = UsdGeom.Xform.Define(stage, "/World/Other")
    before = Gf.Matrix4d().SetScale(Gf.Vec3d(1, 2, 3)) * Gf.Matrix4d().SetRotate(Gf.Rotation(Gf.Vec3d(1, 2, 3), 50))
    turn = Gf.Rotation(Gf.Vec3d(1, 2, 3), 50)
    if kind == "matrix":
        xform.AddTransformOp().Set(before.SetTranslateOnly(Gf.Vec3d(7, 7, 7)))
    elif kind == "orient":
        xform.AddTranslateOp(UsdGeom.XformOp.PrecisionFloat).Set(Gf.Vec3f(7, 7, 7))
        xform.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(turn.GetQuat())
        xform.AddScaleOp().Set(Gf.Vec3f(1, 2, 3))
    else:
        xform.AddTranslateOp().Set(Gf.Vec3d(1, 0, 0))
        xform.AddTranslateOp(opSuffix="more").Set(Gf.Vec3d(1, 0, 0))
        xform.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(turn.GetQuat())
        xform.AddScaleOp().Set(Gf.Vec3f(1, 2, 3))
    with rep.get.prim_at_path("/World/Other"):
        rep.modify.pose(position=(4, 5, 6))
    after = world(xform.GetPrim())
    assert np.array(after) == pytest.approx(np.array(before.SetTranslateOnly(Gf.Vec3d(4, 5, 6))), abs=1e-6)
    with rep.get.prim_at_path("/World/Other"):
        rep.modify.pose(rotation=(0, 0, 0))
    assert np.array(world(xform.GetPrim()))[:3, :3] == pytest.approx(np.diag([1, 2, 3]), abs=1e-6)


def test_places_in_the_view_are_where_the_picture_has_them(app, stage):
    camera = rep.create.camera(position=(5, 4, 3), look_at=(0, 0, 0), clipping_range=(0.01, 100))
    product = rep.create.render_product(camera, SIZE)
    ball = rep.create.sphere(scale=0.1, semantics={"class": "ball"})
    with ball:
        rep.modify.pose_camera_relative(camera, product, 4.0, horizontal_location=0.5, vertical_location=-0.5)
    assert np.linalg.norm(position(prims(ball)[0]) - (5, 4, 3)) > 4
    mask = rep.annotators.get("distance_to_image_plane").attach(product)
    app.run(rep.orchestrator.step_async())
    rows, columns = np.nonzero(np.isfinite(mask.get_data()))
    # Three quarters to the right and down; pixel centres are at half numbers.
    assert (columns.mean() + 0.5, rows.mean() + 0.5) == pytest.approx((48, 36), abs=0.6)
    assert mask.get_data()[rows, columns].min() == pytest.approx(3.95, abs=0.01)


def test_labels_are_added_replaced_and_cleared(stage):
    item = rep.create.cube(semantics={"class": "cube"})
    (prim,) = prims(item)
    with item:
        rep.modify.semantics([("class", "box"), ("class", "cube"), ("size", "big")])
        assert labels(prim) == {"class": ["cube", "box"], "size": ["big"]}
        rep.modify.semantics({"class": "thing"}, mode="replace")
        assert labels(prim) == {"class": ["thing"], "size": ["big"]}
        rep.modify.semantics({"class": "last"}, mode="CLEAR")
        assert labels(prim) == {"class": ["last"]}
        with pytest.raises(ValueError, match="replace"):
            rep.modify.semantics({"class": "x"}, mode="append")


def test_labels_are_added_to_those_of_the_edited_layer(stage):
    item = rep.create.cube(semantics={"class": "cube"})
    with rep.new_layer(), item:
        rep.modify.semantics({"class": ["box", "box"]})
    assert labels(prims(item)[0]) == {"class": ["box"]}


def test_labels_of_the_older_schema_become_new_ones(zoo):
    with rep.get.prim_at_path("/World/Cage/Mouse"):
        rep.modify.semantics({"class": "rodent"})
    mouse = zoo.GetPrimAtPath("/World/Cage/Mouse")
    assert labels(mouse) == {"class": ["mouse", "rodent"]}
    assert not [schema for schema in mouse.GetAppliedSchemas() if schema.startswith("SemanticsAPI")]


def test_attributes_are_set_where_they_are(stage):
    lamp, look = rep.create.light(light_type="sphere"), rep.create.material_omnipbr(diffuse=(1, 1, 1))
    camera, cube = rep.create.camera(), rep.create.cube(as_mesh=False)
    for item, name, value in (
        (lamp, "intensity", 5.0),
        (look, "diffuse_color_constant", (0, 0, 1)),
        (camera, "focalLength", 50.0),
        (rep.get.prim_at_path("/Replicator/Cube_Xform/Cube"), "size", np.float64(3)),
    ):
        with item:
            rep.modify.attribute(name, value)
    assert stage.GetPrimAtPath("/Replicator/SphereLight_Xform/SphereLight").GetAttribute("inputs:intensity").Get() == 5
    shader = stage.GetPrimAtPath("/Replicator/Looks/OmniPBR/Shader")
    assert shader.GetAttribute("inputs:diffuse_color_constant").Get() == (0, 0, 1)
    assert stage.GetPrimAtPath("/Replicator/Camera_Xform/Camera").GetAttribute("focalLength").Get() == 50
    assert stage.GetPrimAtPath("/Replicator/Cube_Xform/Cube").GetAttribute("size").Get() == 3
    with pytest.raises(ValueError, match="nearest: 'visibility'"), cube:
        rep.modify.attribute("visiblity", "invisible")
    with cube:
        rep.modify.attribute("serial", 7, "int")
    assert prims(cube)[0].GetAttribute("serial").Get() == 7


def test_visibility_material_and_variants_change(stage):
    cube, looks = rep.create.cube(), rep.create.material_omnipbr(count=2)
    (prim,) = prims(cube)
    sets = prim.GetVariantSets().AddVariantSet("paint")
    for name in ("matt", "shiny"):
        sets.AddVariant(name)
    with cube:
        rep.modify.visibility(False)
        rep.modify.material(paths(looks)[1])
        rep.modify.variant("paint", "shiny")
        with pytest.raises(ValueError, match="'striped'"):
            rep.modify.variant("paint", "striped")
    assert UsdGeom.Imageable(prim).ComputeVisibility() == UsdGeom.Tokens.invisible
    bound = UsdShade.MaterialBindingAPI(prim.GetChild("Cube")).ComputeBoundMaterial()[0]
    assert str(bound.GetPath()) == paths(looks)[1]
    assert sets.GetVariantSelection() == "shiny"
