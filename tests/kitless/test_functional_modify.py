"""rep.functional.modify and get: values written on prims, and prims found again."""

import re

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSemantics, UsdShade, Vt

import omni.replicator.core as rep

create, modify, get = rep.functional.create, rep.functional.modify, rep.functional.get


def translation(prim):
    return tuple(UsdGeom.XformCache().GetLocalToWorldTransform(prim).ExtractTranslation())


def direction(prim, axis=(1, 0, 0)):
    return UsdGeom.XformCache().GetLocalToWorldTransform(prim).TransformDir(Gf.Vec3d(*axis))


def labels(prim, kind="class"):
    return list(UsdSemantics.LabelsAPI(prim, kind).GetLabelsAttr().Get())


def paths(prims):
    return [str(prim.GetPath()) for prim in prims]


@pytest.mark.parametrize("form", ["prim", "path", "sdf", "schema", "list"])
def test_prims_are_given_in_any_form(stage, form):
    prim = create.cube()
    forms = {
        "prim": prim,
        "path": "/Cube",
        "sdf": prim.GetPath(),
        "schema": UsdGeom.Mesh(prim),
        "list": [prim],
    }
    modify.position(forms[form], (1, 2, 3))
    assert translation(prim) == (1, 2, 3)


@pytest.mark.parametrize("wrong", [3, None, "/Nowhere", "not a path!"])
def test_what_is_no_prim_is_named(stage, wrong):
    with pytest.raises(ValueError, match=re.escape(str(wrong))):
        modify.position(wrong, (0, 0, 0))


def test_one_value_for_all_or_one_for_each(stage):
    prims = rep.functional.create_batch.cube(3)
    modify.position(prims, (1, 2, 3))
    assert [translation(prim) for prim in prims] == [(1, 2, 3)] * 3
    modify.position(prims, np.arange(9).reshape(3, 3))
    assert [translation(prim) for prim in prims] == [(0, 1, 2), (3, 4, 5), (6, 7, 8)]
    modify.position(prims, Vt.Vec3fArray([(1, 0, 0), (2, 0, 0), (3, 0, 0)]))
    assert [translation(prim)[0] for prim in prims] == [1, 2, 3]
    modify.position(prims, Gf.Vec3d(4, 5, 6))
    assert {translation(prim) for prim in prims} == {(4, 5, 6)}
    modify.scale(prims, [(1, 1, 1), (2, 2, 2), (3, 3, 3)])
    assert [prim.GetAttribute("xformOp:scale").Get()[0] for prim in prims] == [1, 2, 3]
    modify.scale(prims, 0.5)
    assert prims[2].GetAttribute("xformOp:scale").Get() == Gf.Vec3d(0.5)
    with pytest.raises(ValueError, match="position: 2 values for 3 prims"):
        modify.position(prims, [(0, 0, 0), (1, 1, 1)])
    with pytest.raises(ValueError, match="position needs one or three numbers"):
        modify.position(prims, (1, 2))


@pytest.mark.parametrize(
    "rotation", [(0, 0, 90), (0.5**0.5, 0, 0, 0.5**0.5), Gf.Quatf(0.5**0.5, 0, 0, 0.5**0.5), np.array([0, 0, 90.0])]
)
def test_rotations_are_angles_or_quaternions(stage, rotation):
    prim = create.cube()
    modify.rotation(prim, rotation)
    assert Gf.IsClose(direction(prim), Gf.Vec3d(0, 1, 0), 1e-6)


OPS = ("RotateXYZ", "RotateXZY", "RotateYXZ", "RotateYZX", "RotateZXY", "RotateZYX", "Orient", "Transform", "RotateZ")


@pytest.mark.parametrize("op", OPS)
def test_the_same_rotation_whatever_ops_a_prim_has(stage, op):
    prim = UsdGeom.Xform.Define(stage, "/World/X")
    prim.AddTranslateOp().Set(Gf.Vec3d(1, 2, 3))
    getattr(prim, f"Add{op}Op")()
    modify.rotation(prim, (20, 30, 40))
    expected = Gf.Matrix4d(1)
    for axis, angle in (((1, 0, 0), 20), ((0, 1, 0), 30), ((0, 0, 1), 40)):
        expected = expected * Gf.Matrix4d().SetRotate(Gf.Rotation(Gf.Vec3d(*axis), angle))
    expected.SetTranslateOnly(Gf.Vec3d(1, 2, 3))
    assert np.allclose(prim.GetLocalTransformation(), expected, atol=1e-6)


def test_a_matrix_becomes_ops_in_the_same_place(stage):
    prim = UsdGeom.Xform.Define(stage, "/World/X")
    matrix = Gf.Matrix4d().SetScale(2) * Gf.Matrix4d().SetRotate(Gf.Rotation(Gf.Vec3d(1, 2, 3), 50))
    matrix.SetTranslateOnly(Gf.Vec3d(4, 5, 6))
    prim.AddTransformOp().Set(matrix)
    modify.position(prim, (7, 8, 9))
    matrix.SetTranslateOnly(Gf.Vec3d(7, 8, 9))
    assert np.allclose(prim.GetLocalTransformation(), matrix, atol=1e-9)


def test_a_pose_sets_what_is_given_only(stage):
    prim = create.cube(position=(1, 2, 3), scale=2)
    modify.pose(prim, rotation_value=(0, 0, 90))
    assert translation(prim) == (1, 2, 3)
    assert Gf.IsClose(direction(prim), Gf.Vec3d(0, 2, 0), 1e-6)
    modify.pose([prim], position_value=[(4, 5, 6)], scale_value=3, write_to_usd=True)
    assert translation(prim) == (4, 5, 6)
    assert Gf.IsClose(direction(prim), Gf.Vec3d(0, 3, 0), 1e-6)


def test_poses_look_at_points_prims_or_one_target_each(stage):
    target = create.xform(position=(5, 0, 0))
    prims = rep.functional.create_batch.camera(2, position=[(0, 0, 0), (5, 5, 0)])
    modify.pose(prims, look_at_value=target, look_at_up_axis=(0, 0, 1))
    assert Gf.IsClose(direction(prims[0], (0, 0, -1)), Gf.Vec3d(1, 0, 0), 1e-6)
    assert Gf.IsClose(direction(prims[1], (0, 0, -1)), Gf.Vec3d(0, -1, 0), 1e-6)
    modify.pose(prims, position_value=(0, 0, 0), look_at_value=[(0, 1, 0), (-1, 0, 0)])
    assert Gf.IsClose(direction(prims[0], (0, 0, -1)), Gf.Vec3d(0, 1, 0), 1e-6)
    assert Gf.IsClose(direction(prims[1], (0, 0, -1)), Gf.Vec3d(-1, 0, 0), 1e-6)
    with pytest.raises(ValueError, match="not both"):
        modify.pose(prims, rotation_value=(0, 0, 0), look_at_value=(1, 1, 1))


def test_a_scope_has_no_place(stage):
    with pytest.raises(ValueError, match=r"/Scope \(Scope\) cannot be placed"):
        modify.position(create.scope(), (0, 0, 0))


@pytest.mark.parametrize("name", ["intensity", "inputs:intensity"])
def test_attributes_of_lights(stage, name):
    lights = rep.functional.create_batch.sphere_light(2)
    modify.attribute(lights, name, 5)
    modify.attribute(lights, "inputs:color", [(1, 0, 0), (0, 1, 0)])
    assert [light.GetAttribute("inputs:intensity").Get() for light in lights] == [5, 5]
    assert [tuple(light.GetAttribute("inputs:color").Get()) for light in lights] == [(1, 0, 0), (0, 1, 0)]
    modify.attribute(lights, name, np.array([1.0, 2.0]))
    assert [light.GetAttribute("inputs:intensity").Get() for light in lights] == [1, 2]


def test_attributes_that_are_arrays_and_assets(stage):
    cube = create.cube()
    modify.attribute(cube, "extent", [(-1, -1, -1), (1, 1, 1)])
    assert [tuple(corner) for corner in cube.GetAttribute("extent").Get()] == [(-1, -1, -1), (1, 1, 1)]
    modify.attribute(cube, "xformOp:translate", np.array([0.1, 0.2, 0.3]))
    assert cube.GetAttribute("xformOp:translate").Get() == Gf.Vec3d(0.1, 0.2, 0.3)
    cube.CreateAttribute("size", Sdf.ValueTypeNames.Int2)
    modify.attribute(cube, "size", np.array([3, 4]))
    assert cube.GetAttribute("size").Get() == Gf.Vec2i(3, 4)
    dome = create.dome_light(texture="a.hdr")
    modify.attribute(dome, "inputs:texture:file", "b.hdr")
    assert dome.GetAttribute("inputs:texture:file").Get().path == "b.hdr"


def test_a_materials_inputs_by_name(stage):
    materials = rep.functional.create_batch.material(count=2, diffuse_color_constant=(1, 1, 1))
    modify.attribute(materials, "diffuse_color_constant", np.array([[0.5, 0, 0], [0, 0.5, 0]]))
    modify.attribute(materials[0], "inputs:diffuse_texture", "wood.png")
    shaders = [UsdShade.Material(material).ComputeSurfaceSource("mdl")[0] for material in materials]
    assert [tuple(s.GetInput("diffuse_color_constant").Get()) for s in shaders] == [(0.5, 0, 0), (0, 0.5, 0)]
    assert shaders[0].GetInput("diffuse_texture").Get().path == "wood.png"
    assert not shaders[1].GetInput("diffuse_texture")


def test_an_attribute_that_is_not_there_is_named_with_those_that_are(stage):
    with pytest.raises(ValueError, match=r"/Cube has no attribute 'colour'; it has .*points"):
        modify.attribute(create.cube(), "colour", 3)


def test_a_material_goes_over_what_parts_have(stage):
    asset = create.xform()
    old, new = create.material(name="Old"), create.material(name="New")
    part = create.cube(parent=asset, material=old)
    modify.material(asset, new)
    assert UsdShade.MaterialBindingAPI(part).ComputeBoundMaterial()[0].GetPrim() == new
    other = create.cube()
    modify.material([part, other], [old, new])
    assert UsdShade.MaterialBindingAPI(other).ComputeBoundMaterial()[0].GetPrim() == new
    with pytest.raises(ValueError, match="Not a material"):
        modify.material(part, asset)


def test_visibility(stage):
    prims = rep.functional.create_batch.cube(2)
    modify.visibility(prims, False)
    assert {UsdGeom.Imageable(prim).ComputeVisibility() for prim in prims} == {"invisible"}
    modify.visibility(prims, [True, False])
    assert [UsdGeom.Imageable(prim).ComputeVisibility() for prim in prims] == ["inherited", "invisible"]
    with pytest.raises(ValueError, match="cannot be shown or hidden"):
        modify.visibility(stage.DefinePrim("/Plain"), True)


def test_labels_are_added_replaced_and_cleared(stage):
    prim = create.cube(semantics={"class": "a", "shape": "box"})
    modify.semantics(prim, {"class": ["b", "a"]})
    assert labels(prim) == ["a", "b", "a"]
    modify.semantics(prim, ("class", "c"), mode="Replace")
    assert (labels(prim), labels(prim, "shape")) == (["c"], ["box"])
    modify.semantics(prim, {"kind": "d"}, mode="clear")
    assert UsdSemantics.LabelsAPI.GetDirectTaxonomies(prim) == ["kind"]
    assert not prim.GetAttribute("semantics:labels:class")
    modify.semantics(prim, mode="clear")
    assert UsdSemantics.LabelsAPI.GetDirectTaxonomies(prim) == []
    with pytest.raises(ValueError, match="Unknown mode 'merge'; there are add, replace, clear"):
        modify.semantics(prim, {"class": "a"}, mode="merge")
    with pytest.raises(ValueError, match="Not semantics: 'a'"):
        modify.semantics(prim, "a")


def test_labels_one_mapping_for_each_prim(stage):
    prims = rep.functional.create_batch.cube(2)
    modify.semantics(prims, [{"class": "a"}, {"class": "b"}])
    modify.semantics(prims, [("shape", "box"), ("shape", "round")])
    assert [labels(prim) for prim in prims] == [["a"], ["b"]]
    assert [labels(prim, "shape") for prim in prims] == [["box", "round"]] * 2


def test_adding_looks_at_the_edited_layer_only(stage):
    prim = create.cube(semantics={"class": "base"})
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        modify.semantics(prim, {"class": "new"})
    assert labels(prim) == ["new"]


@pytest.mark.parametrize(
    ("mode", "expected"), [("add", ["old", "new"]), ("replace", ["old", "new"]), ("clear", ["new"])]
)
def test_legacy_labels_are_converted(stage, mode, expected):
    prim = create.cube()
    for instance, kind, label in (("Semantics", "class", "old"), ("Semantics_a", "shape", "gone")):
        prim.AddAppliedSchema(f"SemanticsAPI:{instance}")
        for end, value in (("Type", kind), ("Data", label)):
            name = f"semantic:{instance}:params:semantic{end}"
            prim.CreateAttribute(name, Sdf.ValueTypeNames.String).Set(value)
    modify.semantics(prim, {"class": "new"}, mode=mode)
    assert labels(prim) == expected
    assert prim.GetAppliedSchemas() == ["SemanticsLabelsAPI:class"]
    assert not [name for name in prim.GetPropertyNames() if name.startswith("semantic:")]


@pytest.fixture
def town(stage):
    create.xform(name="Town")
    create.cube(name="House_1", parent="/Town", semantics={"class": "house"})
    create.cube(name="House_2", parent="/Town", semantics={"class": "house", "state": "ruin"})
    create.sphere(name="Tree", parent="/Town", as_mesh=False)
    create.dome_light(name="Sky")
    create.camera(name="Eye")
    stone = create.material(name="Stone", bind_prims="/Town/Tree")
    modify.semantics(stone, {"class": "plant"})
    return stage


HOUSES = ["/Town/House_1", "/Town/House_2"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"path_pattern": r"House_\d$"}, HOUSES),
        ({"path_pattern": "house_", "ignore_case": True}, HOUSES),
        ({"path_pattern": "house_"}, []),
        ({"path_match": "House_2"}, ["/Town/House_2"]),
        ({"path_match": "House_."}, []),
        ({"path_match": "House", "path_pattern_exclusion": "", "prim_types": [], "semantics": {}}, HOUSES),
        ({"path_pattern": "/Town/", "path_pattern_exclusion": "House"}, ["/Town/Tree"]),
        ({"prim_types": "Mesh"}, HOUSES),
        ({"prim_types": ["mesh"], "ignore_case": True}, HOUSES),
        ({"prim_types": ["Gprim"]}, [*HOUSES, "/Town/Tree"]),
        ({"prim_types": "Gprim", "prim_types_exclusion": ["Mesh"]}, ["/Town/Tree"]),
        ({"semantics": {"class": "house"}}, HOUSES),
        ({"semantics": [("state", "ruin"), ("class", "no")]}, ["/Town/House_2"]),
        ({"semantics": {"class": "house"}, "semantics_exclusion": {"state": "ruin"}}, ["/Town/House_1"]),
        ({"semantics": {"class": "plant"}}, ["/Town/Tree", "/Stone"]),
    ],
)
def test_prims_are_found_by_what_is_asked(town, filters, expected):
    assert paths(get.prims(**filters)) == expected
    assert paths(get.prims(stage=town, **filters)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mesh", HOUSES),
        ("camera", ["/Eye"]),
        ("light", ["/Sky"]),
        ("material", ["/Stone"]),
        ("shader", ["/Stone/Shader"]),
        ("shape", ["/Town/Tree"]),
        ("xform", ["/World", "/Town"]),
        ("scope", []),
        ("skeleton", []),
        ("physics", []),
    ],
)
def test_typed_getters(town, name, expected):
    assert [path for path in paths(getattr(get, name)()) if not path.startswith("/Render")] == expected


def test_typed_getters_take_filters(town):
    assert paths(get.mesh(semantics={"state": "ruin"})) == ["/Town/House_2"]
    assert paths(get.xformable(path_pattern="^/Town/")) == [*HOUSES, "/Town/Tree"]


def test_render_products_are_found(town):
    product = rep.create.render_product("/Eye", (64, 48))
    assert paths(get.renderproduct()) == [product.path]


def test_wrong_expressions_and_paths(town):
    with pytest.raises(ValueError, match=r"Not a regular expression: '\('"):
        get.prims(path_pattern="(")
    assert get.prim_at_path("/Town/Tree").GetTypeName() == "Sphere"
    with pytest.raises(ValueError, match="No prim at '/Town/Castle'"):
        get.prim_at_path("/Town/Castle")
