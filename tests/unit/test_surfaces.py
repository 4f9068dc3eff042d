"""What a stage can draw, and the labels at and above it."""

import random

import pytest
from pxr import Sdf, Usd, UsdGeom, UsdSemantics

from simslate.recorder.labels import Surface, surfaces


@pytest.fixture
def stage():
    return Usd.Stage.CreateInMemory()


def label(prim, *labels, taxonomy="class"):
    UsdSemantics.LabelsAPI.Apply(prim, taxonomy).CreateLabelsAttr(labels)


def add_mesh(stage, path, faces=6):
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreateFaceVertexCountsAttr([3] * faces)
    return mesh.GetPrim()


def add_subset(mesh, name, faces, *labels, element="face"):
    subset = UsdGeom.Subset.Define(mesh.GetStage(), mesh.GetPath().AppendChild(name))
    subset.CreateElementTypeAttr(element)
    subset.CreateIndicesAttr(faces)
    if labels:
        label(subset.GetPrim(), *labels)
    return subset


def add_instancer(stage, path, *prototypes, indices=(0,)):
    instancer = UsdGeom.PointInstancer.Define(stage, path)
    instancer.CreatePrototypesRel().SetTargets(list(prototypes))
    instancer.CreateProtoIndicesAttr(list(indices))
    return instancer


def drawn(stage, **options):
    return [str(surface.prim.GetPath()) for surface in surfaces(stage, **options)]


def only(stage, **options) -> Surface:
    (surface,) = surfaces(stage, **options)
    return surface


def test_gprims_of_every_kind_are_drawn_and_nothing_else_is(stage):
    kinds = ("Cube", "Sphere", "Cone", "Cylinder_1", "Capsule", "Plane", "Volume")
    for kind in kinds:
        stage.DefinePrim(f"/World/{kind}", kind)
    for kind in ("Xform", "Scope", "Camera", "SphereLight", "Material", "Mesh", "Points", "BasisCurves", ""):
        stage.DefinePrim(f"/World/No{kind}", kind)
    assert drawn(stage) == [
        f"/World/{k}" for k in ("Cube", "Sphere", "Cone", "Cylinder_1", "Capsule", "Plane", "Volume")
    ]


def test_a_mesh_that_has_faces_at_some_time_is_drawn(stage):
    mesh = UsdGeom.Mesh.Define(stage, "/M")
    mesh.CreateFaceVertexCountsAttr().Set([], 1)
    assert drawn(stage) == []
    mesh.GetFaceVertexCountsAttr().Set([3], 2)
    assert drawn(stage) == ["/M"]


def test_what_is_inactive_undefined_or_abstract_is_not_drawn(stage):
    stage.DefinePrim("/Off/Cube", "Cube")
    stage.GetPrimAtPath("/Off").SetActive(False)
    stage.DefinePrim("/Over/Cube", "Cube")
    stage.GetPrimAtPath("/Over").SetSpecifier(Sdf.SpecifierOver)
    stage.CreateClassPrim("/Class")
    stage.DefinePrim("/Class/Cube", "Cube")
    assert drawn(stage) == []


def test_what_is_visible_at_some_time_is_drawn(stage):
    stage.DefinePrim("/World", "Xform")
    stage.DefinePrim("/World/Cube", "Cube")
    visibility = UsdGeom.Imageable(stage.GetPrimAtPath("/World")).CreateVisibilityAttr("invisible")
    assert drawn(stage) == []
    visibility.Set("invisible", 1)
    visibility.Set("inherited", 2)
    assert drawn(stage) == ["/World/Cube"]


def test_visibility_and_purpose_are_what_usd_computes(stage):
    """Random trees of prims with and without a type; USD judges each cube."""
    chance = random.Random(4)
    paths = ["/World"]
    for number in range(300):
        path = f"{chance.choice(paths)}/P{number}"
        prim = stage.DefinePrim(path, chance.choice(["Xform", "Cube", "", "Scope"]))
        paths.append(path)
        for name, values in (("purpose", ["default", "render", "proxy", "guide"]), ("visibility", ["invisible"])):
            if chance.random() < 0.15:
                prim.CreateAttribute(name, Sdf.ValueTypeNames.Token).Set(chance.choice(values))
    cubes = [prim for prim in stage.Traverse() if prim.IsA(UsdGeom.Cube)]
    expected = [
        str(prim.GetPath())
        for prim in cubes
        if UsdGeom.Imageable(prim).ComputeVisibility() == "inherited"
        and UsdGeom.Imageable(prim).ComputePurpose() in ("default", "render")
    ]
    assert 10 < len(expected) < len(cubes) - 10
    assert drawn(stage) == expected


def test_the_lineage_holds_the_labelled_ones_from_afar_to_near(stage):
    cube = stage.DefinePrim("/A/B/C", "Cube")
    label(stage.GetPrimAtPath("/A"), "far")
    label(cube, "near")
    surface = only(stage)
    assert surface.lineage == (("/A", {"class": ["far"]}), ("/A/B/C", {"class": ["near"]}))
    assert (surface.prim, surface.anchor, surface.gprim, surface.is_labelled) == (cube, cube, cube, True)
    assert [surface.labels(mode) for mode in ("path", "nearest", "direct")] == [
        {"class": ["far", "near"]},
        {"class": ["near"]},
        {"class": ["near"]},
    ]


def test_inherited_labels_are_not_direct(stage):
    stage.DefinePrim("/A/C", "Cube")
    label(stage.GetPrimAtPath("/A"), "far")
    surface = only(stage)
    assert not surface.is_labelled
    assert (surface.labels(), surface.labels("direct")) == ({"class": ["far"]}, {})


def test_prims_below_an_unlabelled_one_share_the_lineage(stage):
    label(stage.DefinePrim("/A"), "far")
    stage.DefinePrim("/A/B/C", "Cube")
    stage.DefinePrim("/A/B/D", "Cube")
    one, other = surfaces(stage)
    assert one.lineage is other.lineage


def test_instances_are_drawn_each_with_the_labels_above_it(stage):
    stage.CreateClassPrim("/Proto")
    label(stage.DefinePrim("/Proto/Cube", "Cube"), "bolt")
    for name in ("I0", "I1"):
        prim = stage.DefinePrim(f"/{name}", "Xform")
        prim.GetInherits().AddInherit("/Proto")
        prim.SetInstanceable(True)
        label(prim, name)
    assert [(str(s.prim.GetPath()), s.labels()) for s in surfaces(stage)] == [
        ("/I0/Cube", {"class": ["I0", "bolt"]}),
        ("/I1/Cube", {"class": ["I1", "bolt"]}),
    ]
    assert all(surface.anchor == surface.prim for surface in surfaces(stage))


def test_prototypes_are_drawn_once_per_instancer_that_places_them(stage):
    cube = stage.DefinePrim("/Protos/Group/Cube", "Cube")
    for path, specifier in (("/Protos", Sdf.SpecifierOver), ("/Protos/Group", Sdf.SpecifierDef)):
        stage.GetPrimAtPath(path).SetSpecifier(specifier)
        label(stage.GetPrimAtPath(path), path[-3:])
    label(cube, "cube")
    label(stage.DefinePrim("/World"), "world")
    many = [add_instancer(stage, f"/World/Many{i}", "/Protos/Group", indices=[0, 0]) for i in range(2)]
    assert drawn(stage) == ["/Protos/Group/Cube"] * 2
    for surface, instancer in zip(surfaces(stage), many, strict=True):
        # What is above the prototype's root by its path does not count.
        assert surface.labels() == {"class": ["world", "oup", "cube"]}
        assert surface.anchor == surface.instancers[0] == instancer.GetPrim()


@pytest.mark.parametrize(
    ("indices", "hidden", "expected"),
    [([0, 1], [], ["A", "B"]), ([1, 1], [], ["B"]), ([], [], []), ([0, 1], [1], ["A"])],
)
def test_only_prototypes_that_a_shown_index_names_are_drawn(stage, indices, hidden, expected):
    instancer = add_instancer(stage, "/Many", "/Many/A", "/Many/B", indices=indices)
    instancer.CreateInvisibleIdsAttr(hidden)
    for name in "ABC":
        stage.DefinePrim(f"/Many/{name}", "Cube")
    assert drawn(stage) == [f"/Many/{name}" for name in expected]


def test_indices_of_all_times_count(stage):
    instancer = add_instancer(stage, "/Many", "/Many/A", "/Many/B")
    instancer.GetProtoIndicesAttr().Set([0], 1)
    instancer.GetProtoIndicesAttr().Set([1], 2)
    stage.DefinePrim("/Many/A", "Cube")
    stage.DefinePrim("/Many/B", "Cube")
    assert drawn(stage) == ["/Many/A", "/Many/B"]


def test_nested_instancers_are_followed_and_cycles_are_not(stage):
    add_instancer(stage, "/Outer", "/Outer/Inner")
    add_instancer(stage, "/Outer/Inner", "/Outer/Inner/Cube", "/Outer", indices=[0, 1])
    stage.DefinePrim("/Outer/Inner/Cube", "Cube")
    surface = only(stage)
    assert [str(prim.GetPath()) for prim in surface.instancers] == ["/Outer", "/Outer/Inner"]
    assert str(surface.anchor.GetPath()) == "/Outer"


def test_an_invisible_instancer_places_nothing(stage):
    UsdGeom.Imageable(add_instancer(stage, "/Many", "/Many/A")).MakeInvisible()
    stage.DefinePrim("/Many/A", "Cube")
    assert drawn(stage) == []


def test_labelled_subsets_are_surfaces_and_the_mesh_is_what_they_leave(stage):
    mesh = add_mesh(stage, "/M")
    label(mesh, "die")
    add_subset(mesh, "One", [0, 1], "one")
    add_subset(mesh, "Two", [1, 2, 99, -1], "two")
    add_subset(mesh, "Plain", [3])
    found = list(surfaces(stage))
    assert [(str(s.prim.GetPath()), s.labels(), s.faces) for s in found] == [
        ("/M/One", {"class": ["die", "one"]}, None),
        ("/M/Two", {"class": ["die", "two"]}, None),
        ("/M", {"class": ["die"]}, (3, 6)),
    ]
    assert {surface.anchor for surface in found} == {mesh}
    assert drawn(stage, per_subset=False) == ["/M"]


def test_a_mesh_whose_faces_are_all_in_labelled_subsets_is_no_surface(stage):
    mesh = add_mesh(stage, "/M")
    add_subset(mesh, "All", range(5), "all")
    assert drawn(stage) == ["/M/All", "/M"]
    UsdGeom.Mesh(mesh).CreateHoleIndicesAttr([5])
    assert drawn(stage) == ["/M/All"]


def test_subsets_without_a_face_are_not_drawn(stage):
    mesh = add_mesh(stage, "/M")
    add_subset(mesh, "Empty", [], "a")
    add_subset(mesh, "Beyond", [6], "b")
    add_subset(mesh, "Points", [0], "c", element="point")
    assert drawn(stage) == ["/M"]


def test_subsets_of_a_prototype_below_a_class_count(stage):
    stage.CreateClassPrim("/Protos")
    add_subset(add_mesh(stage, "/Protos/M"), "One", range(6), "one")
    add_instancer(stage, "/Many", "/Protos/M")
    assert drawn(stage) == ["/Protos/M/One"]


def test_who_tells_the_labels_can_be_another(stage):
    stage.DefinePrim("/A", "Cube")
    assert only(stage, own=lambda prim: {"class": [prim.GetName()]}).labels() == {"class": ["A"]}
