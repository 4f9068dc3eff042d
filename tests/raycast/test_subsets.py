"""Face subsets: parts of their own, with their own materials."""

import numpy as np
import pytest
from pxr import Sdf, Usd, UsdGeom, UsdShade

from kitless.raycast import shade, silhouettes

SQUARES = [(x, y, 0) for y in (-1, 1) for x in (-3, -1, 1, 3)]


@pytest.fixture
def strip(add, add_camera):
    """Three squares of 2 x 2 side by side, faces 0, 1, 2, seen at 10 pixels per unit."""
    add_camera((0, 0, 5))
    return add(
        "Mesh",
        "/Strip",
        points=SQUARES,
        faceVertexCounts=[4, 4, 4],
        faceVertexIndices=[0, 1, 5, 4, 1, 2, 6, 5, 2, 3, 7, 6],
    )


@pytest.fixture
def subset(strip):
    def make(name, faces, family="materialBind"):
        return UsdGeom.Subset.CreateGeomSubset(UsdGeom.Imageable(strip), name, "face", faces, family)

    return make


def parts(look):
    """Which subsets are seen in the middle of each square, and how many pixels of each part there are."""
    seen = look((100, 100))
    names = ["+".join(path.name for path in each.subsets) for each in seen.scene.instances]
    middle = [names[i] for i in seen.hits.instance[50, [30, 50, 70]]]
    return middle, dict(zip(names, np.bincount(seen.hits.instance[seen.hits.instance >= 0]).tolist(), strict=True))


def test_each_subset_and_the_rest_are_parts(subset, look):
    subset("left", [0])
    subset("right", [2])
    assert parts(look) == (["left", "", "right"], {"": 400, "left": 400, "right": 400})


def test_parts_keep_the_gprim_they_are_of(subset, look):
    subset("left", [0])
    instances = look((8, 8)).scene.instances
    assert {(str(i.path), i.name) for i in instances} == {("/Strip", "/Strip")}
    assert [i.mesh.extent[:, 0].tolist() for i in instances] == [[-1, 3], [-3, -1]]


def test_faces_in_several_subsets_are_parts_of_their_own(subset, look):
    subset("a", [0, 1], "materialBind")
    subset("b", [1, 2], "other")
    assert parts(look)[0] == ["a", "a+b", "b"]


def test_whole_or_empty_subsets_and_wrong_indices_cut_nothing(subset, look):
    subset("all", [0, 1, 2])
    subset("none", [], "other")
    subset("wrong", [7, -1], "third")
    assert parts(look) == (["all"] * 3, {"all": 1200})


def test_point_subsets_are_not_faces(strip, look):
    UsdGeom.Subset.CreateGeomSubset(UsdGeom.Imageable(strip), "corners", "point", [0, 1])
    assert parts(look)[1] == {"": 1200}


def test_the_parts_together_are_the_mesh(subset, look):
    whole = look((100, 100)).hits
    subset("middle", [1])
    seen = look((100, 100))
    assert (seen.hits.depth == whole.depth).all()
    assert silhouettes(seen.scene, seen.camera, [[0], [1], [0, 1]]).pixels.tolist() == [800, 400, 1200]


def test_primvars_stay_with_their_faces_and_points(strip, subset, look):
    colors = UsdGeom.PrimvarsAPI(strip).CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray, "uniform")
    colors.Set([(1, 0, 0), (0, 1, 0), (0, 0, 1)])
    UsdGeom.Mesh(strip).CreateNormalsAttr([(0, 0.6, 0.8)] * 4 + [(0.6, 0, 0.8)] * 4)
    before = look((100, 100))
    picture, normal = shade(before.scene, before.camera, before.hits), before.hits.normal
    subset("last", [2])
    after = look((100, 100))
    assert np.abs(after.hits.normal - normal).max() < 1e-6
    inner = np.s_[45:55, [25, 50, 75]]
    now = shade(after.scene, after.camera, after.hits)
    assert np.abs(now[inner].astype(int) - picture[inner]).max() <= 2


def material(stage, path, color):
    made = UsdShade.Material.Define(stage, path)
    shader = UsdShade.Shader.Define(stage, path + "/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set(color)
    made.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    return made


def bind(prim, made):
    UsdShade.MaterialBindingAPI.Apply(prim.GetPrim()).Bind(made)


def hues(look, *time):
    """The strongest channel in the middle of each square."""
    seen = look((100, 100), *time)
    return "".join("RGB"[c] for c in shade(seen.scene, seen.camera, seen.hits)[50, [30, 50, 70], :3].argmax(axis=1))


def test_materials_are_those_of_the_subsets(stage, strip, subset, look):
    red, green, blue = (material(stage, f"/M{k}", tuple(np.eye(3)[k].tolist())) for k in range(3))
    left, right = subset("left", [0]), subset("right", [2])
    bind(strip, green)
    bind(left, red)
    bind(right, blue)
    assert hues(look) == "RGB"


def test_a_subset_without_a_material_has_its_mesh_s_and_other_families_bind_nothing(stage, strip, subset, look):
    red, green = material(stage, "/R", (1, 0, 0)), material(stage, "/G", (0, 1, 0))
    bind(strip, green)
    subset("left", [0])
    bind(subset("right", [2], "other"), red)
    assert hues(look) == "GGG"


def test_edits_of_subsets_are_seen_in_the_next_update(stage, strip, subset, look):
    red, green = material(stage, "/R", (1, 0, 0)), material(stage, "/G", (0, 1, 0))
    bind(strip, green)
    assert hues(look) == "GGG"
    left = subset("left", [0])
    bind(left, red)
    assert hues(look) == "RGG"
    left.GetIndicesAttr().Set([1, 2])
    assert hues(look) == "GRR"
    left.GetFamilyNameAttr().Set("other")
    assert hues(look) == "GGG"
    left.GetFamilyNameAttr().Set("materialBind")
    left.GetElementTypeAttr().Set("edge")
    assert hues(look) == "GGG"
    left.GetElementTypeAttr().Set("face")
    assert hues(look) == "GRR"
    stage.RemovePrim(left.GetPath())
    assert hues(look) == "GGG"
    assert parts(look)[1] == {"": 1200}


def test_animated_indices_are_followed(subset, look):
    chosen = subset("one", [])
    for time in range(3):
        chosen.GetIndicesAttr().Set([time], time)
    for time in (0, 2, 1):
        seen = look((100, 100), Usd.TimeCode(time))
        one = [n for n, each in enumerate(seen.scene.instances) if each.subsets]
        assert (seen.hits.instance[50, [30, 50, 70]] == one[0]).tolist() == [time == k for k in range(3)]


def test_parts_that_come_with_time_have_their_materials(stage, strip, subset, look):
    chosen = subset("one", [])
    bind(strip, material(stage, "/G", (0, 1, 0)))
    bind(chosen, material(stage, "/R", (1, 0, 0)))
    chosen.GetIndicesAttr().Set([], 0)
    chosen.GetIndicesAttr().Set([2], 1)
    assert [hues(look, Usd.TimeCode(time)) for time in (0, 1)] == ["GGG", "GGR"]


def test_parts_of_point_instances_are_told_apart(stage, subset, look):
    subset("right", [2])
    many = UsdGeom.PointInstancer.Define(stage, "/Many")
    many.CreatePrototypesRel().SetTargets(["/Strip"])
    many.CreatePositionsAttr([(0, 2.5, 0), (0, -2.5, 0)])
    many.CreateProtoIndicesAttr([0, 0])
    seen = look((100, 100))
    found = {(i.name, tuple(p.name for p in i.subsets)) for i in seen.scene.instances}
    assert found == {(n, s) for n in ("/Strip", "/Many[0]", "/Many[1]") for s in ((), ("right",))}
    assert len(np.unique(seen.hits.instance[[25, 50, 75]][:, [30, 70]])) == 6


@pytest.mark.parametrize("specifier", [Sdf.SpecifierClass, Sdf.SpecifierOver])
def test_subsets_in_prototypes_that_are_not_on_the_stage_count_too(stage, subset, look, specifier):
    subset("right", [2])
    layer = stage.GetRootLayer()
    Sdf.CreatePrimInLayer(layer, "/Library").specifier = specifier
    Sdf.CopySpec(layer, "/Strip", layer, "/Library/Strip")
    stage.RemovePrim("/Strip")
    many = UsdGeom.PointInstancer.Define(stage, "/Many")
    many.CreatePrototypesRel().SetTargets(["/Library/Strip"])
    many.CreatePositionsAttr([(0, 0, 0)])
    many.CreateProtoIndicesAttr([0])
    seen = look((100, 100))
    assert {tuple(path.name for path in i.subsets) for i in seen.scene.instances} == {(), ("right",)}


def test_subsets_below_an_instance_have_their_materials(stage, subset, look):
    layer = stage.GetRootLayer()
    left = subset("left", [0])
    UsdGeom.Xform.Define(stage, "/Asset")
    Sdf.CopySpec(layer, "/Strip", layer, "/Asset/Strip")
    bind(stage.GetPrimAtPath("/Asset/Strip"), material(stage, "/Asset/G", (0, 1, 0)))
    bind(
        stage.GetPrimAtPath(left.GetPath().ReplacePrefix("/Strip", "/Asset/Strip")),
        material(stage, "/Asset/R", (1, 0, 0)),
    )
    held = UsdGeom.Xform.Define(stage, "/Held").GetPrim()
    held.GetReferences().AddInternalReference("/Asset")
    held.SetInstanceable(True)
    for path in ("/Strip", "/Asset"):
        UsdGeom.Imageable(stage.GetPrimAtPath(path)).MakeInvisible()
    UsdGeom.Imageable(held).MakeVisible()
    assert hues(look) == "RGG"
    stage.GetPrimAtPath("/Asset/Strip/left").GetAttribute("indices").Set([2])
    assert hues(look) == "GGR"
