"""The audit of labels: each defect is found where it is, and a clean stage has none."""

import json
import random
import time

import pytest
from pxr import Sdf, Usd, UsdGeom, UsdLux, UsdSemantics, UsdShade

from simslate.recorder.labels import CODES, audit, report_lines, set_labels


class Classes:
    """The least taxonomy."""

    def __init__(self, *names):
        self.names = names

    def find(self, label):
        return label if label in self.names else None

    def nearest(self, label):
        return min(self.names, key=lambda name: abs(len(name) - len(label)))


@pytest.fixture
def stage():
    return Usd.Stage.CreateInMemory()


def old(prim, kind, label, instance="Semantics"):
    prim.AddAppliedSchema(f"SemanticsAPI:{instance}")
    for name, value in (("Type", kind), ("Data", label)):
        if value is not None:
            prim.CreateAttribute(f"semantic:{instance}:params:semantic{name}", Sdf.ValueTypeNames.String).Set(value)


def new(prim, *labels, taxonomy="class"):
    """As set_labels, but with labels that it would refuse."""
    UsdSemantics.LabelsAPI.Apply(prim, taxonomy).CreateLabelsAttr(labels)


def cube(stage, path, *labels):
    prim = stage.DefinePrim(path, "Cube")
    if labels:
        new(prim, *labels)
    return prim


def mesh(stage, path, faces=6):
    made = UsdGeom.Mesh.Define(stage, path)
    made.CreateFaceVertexCountsAttr([4] * faces)
    return made.GetPrim()


def subset(of, name, faces, *labels, element="face"):
    made = UsdGeom.Subset.Define(of.GetStage(), of.GetPath().AppendChild(name))
    made.CreateElementTypeAttr(element)
    made.CreateIndicesAttr(faces)
    if labels:
        new(made.GetPrim(), *labels)
    return made.GetPrim()


def material(stage, path, name="UsdPreviewSurface", **inputs):
    made, shader = UsdShade.Material.Define(stage, path), UsdShade.Shader.Define(stage, f"{path}/Shader")
    context = "" if name == "UsdPreviewSurface" else "mdl"
    if context:
        shader.SetSourceAsset(f"{name}.mdl", "mdl")
        shader.SetSourceAssetSubIdentifier(name, "mdl")
    else:
        shader.CreateIdAttr(name)
    for key, value in inputs.items():
        kind = Sdf.ValueTypeNames.Bool if isinstance(value, bool) else Sdf.ValueTypeNames.Float
        shader.CreateInput(key, kind).Set(value)
    made.CreateSurfaceOutput(context).ConnectToSource(shader.ConnectableAPI(), "surface")
    return made


def bind(prim, made):
    UsdShade.MaterialBindingAPI.Apply(prim).Bind(made)


def instance(stage, path, of):
    prim = stage.DefinePrim(path, "Xform")
    prim.GetReferences().AddInternalReference(of)
    prim.SetInstanceable(True)
    return prim


def instancer(stage, path, *prototypes, indices=(0,)):
    made = UsdGeom.PointInstancer.Define(stage, path)
    made.CreatePrototypesRel().SetTargets(list(prototypes))
    made.CreateProtoIndicesAttr(list(indices))
    return made.GetPrim()


def lose(layer, path, *labels):
    """Label a prim inside an instance: USD refuses it on the stage, but layers are edited by themselves too."""
    spec = Sdf.CreatePrimInLayer(layer, path)
    spec.SetInfo("apiSchemas", Sdf.TokenListOp.Create(prependedItems=["SemanticsLabelsAPI:class"]))
    Sdf.AttributeSpec(spec, "semantics:labels:class", Sdf.ValueTypeNames.TokenArray).default = labels


def found(stage, **options):
    return [(finding.code, finding.path) for finding in audit(stage, **options).findings]


def text(stage, **options):
    (finding,) = audit(stage, **options).findings
    return finding.text


def fill(stage):
    """A clean stage with everything that could be mistaken for a defect."""
    stage.DefinePrim("/World", "Xform")
    new(cube(stage, "/World/Room/Floor").GetParent(), "room")
    new(stage.GetPrimAtPath("/World/Room/Floor"), "wood", taxonomy="material")
    cube(stage, "/World/Deep/A/B/Object", "object")
    cube(stage, "/World/Bar", "bar")
    old(cube(stage, "/World/Both", "shelf"), "class", "shelf")
    new(stage.GetPrimAtPath("/World/Both"), "wood", taxonomy="material")
    old(stage.GetPrimAtPath("/World/Both"), "material", "wood", "Semantics_m")
    die = mesh(stage, "/World/Die")
    subset(die, "One", [0, 1, 2], "one")
    subset(die, "Two", [3, 4, 5], "two")
    subset(die, "Plain", [0])
    stage.CreateClassPrim("/Assets")
    cube(stage, "/Assets/Bolt/Shaft", "bolt")
    for number in range(3):
        instance(stage, f"/World/Bolt{number}", "/Assets/Bolt")
    cube(stage, "/Assets/Leaf", "leaf")
    cube(stage, "/World/Many/Tree", "tree")
    instancer(stage, "/World/Many", "/World/Many/Tree", "/Assets/Leaf", indices=[0, 1, 0])
    UsdGeom.Camera.Define(stage, "/World/Room/Camera")
    UsdLux.SphereLight.Define(stage, "/World/Room/Lamp")
    bind(stage.GetPrimAtPath("/World/Bar"), material(stage, "/Looks/Solid", opacity=1.0))
    for path, purpose in (("/World/Guide", "guide"), ("/World/Proxy", "proxy")):
        UsdGeom.Imageable(cube(stage, path)).CreatePurposeAttr(purpose)
    UsdGeom.Imageable(cube(stage, "/World/Hidden")).MakeInvisible()
    stage.DefinePrim("/World/Empty", "Mesh")
    blinks = UsdGeom.Imageable(cube(stage, "/World/Blinks", "lamp")).CreateVisibilityAttr()
    blinks.Set("invisible", 1)
    blinks.Set("inherited", 2)


def seed_defects(stage):
    """Put one defect each on a stage; return code and path of all."""
    cube(stage, "/World/Bad/Bare")
    new(cube(stage, "/World/Bad/Material"), "steel", taxonomy="material")
    cube(stage, "/World/Bad/Two", "cat", "dog")
    old(cube(stage, "/World/Bad/Old"), "class", "crate")
    old(cube(stage, "/World/Bad/Other", "van"), "class", "bus")
    cube(stage, "/World/Bad/Strange", "zebra")
    cube(stage, "/World/Bad/Todo", "TODO")
    cube(stage, "/World/Bad/Colon", "class:box")
    new(cube(stage, "/World/Bad/Wood", "shelf"), "Wood", taxonomy="material")
    loose = cube(stage, "/World/Bad/Loose", "shelf")
    loose.CreateAttribute("semantics:labels:kind", Sdf.ValueTypeNames.TokenArray).Set(["wide"])
    new(UsdGeom.Camera.Define(stage, "/World/Bad/Camera").GetPrim(), "room")
    subset(mesh(stage, "/World/Bad/Half"), "Part", [0, 1], "one")
    instance(stage, "/World/Bad/Inst", "/Assets/Bolt")
    lose(stage.GetRootLayer(), "/World/Bad/Inst/Shaft", "nut")
    instancer(stage, "/World/Bad/Many", "/World/Bad/Many/Plain")
    cube(stage, "/World/Bad/Many/Plain")
    glass = cube(stage, "/World/Bad/Glass", "lamp")
    bind(glass, material(stage, "/Looks/Glass", opacity=0.2))
    new(cube(stage, "/World/Bad/Nest/Part", "lamp").GetParent(), "shelf")
    defects = {
        "Bare": "unlabelled",
        "Material": "other-taxonomy",
        "Two": "conflict",
        "Old": "old-schema-only",
        "Other": "disagreeing",
        "Strange": "not-in-taxonomy",
        "Todo": "placeholder",
        "Colon": "invalid",
        "Wood": "near-duplicate",
        "Loose": "not-applied",
        "Camera": "cannot-render",
        "Half": "unlabelled",
        "Inst/Shaft": "lost-in-instance",
        "Many/Plain": "unlabelled",
        "Glass": "translucent",
        "Nest/Part": "nested",
    }
    return sorted((f"/World/Bad/{name}", code) for name, code in defects.items())


def test_a_clean_stage_has_nothing(stage):
    fill(stage)
    result = audit(stage)
    # One stage with both schemas on some prims, so prims with the new one alone are pointed out, and nothing else is.
    assert {finding.code for finding in result.findings} == {"new-schema-only"}
    assert result.problems == ()
    assert result.summary.labelled_drawn == result.summary.drawn == 12


def test_seeded_defects_are_found_exactly(stage):
    fill(stage)
    expected = seed_defects(stage)
    known = ("room", "object", "bar", "shelf", "one", "two", "bolt", "leaf", "tree", "lamp", "cat", "dog", "crate")
    result = audit(stage, taxonomy=Classes(*known, "van", "bus"))
    assert sorted((f.path, f.code) for f in result.findings if f.code != "new-schema-only") == expected
    assert len(result.problems) == len(expected) - 2
    assert [finding.path for finding in result.findings] == sorted(finding.path for finding in result.findings)


def test_the_stage_is_not_changed(stage):
    fill(stage)
    before = stage.ExportToString()
    audit(stage)
    assert stage.ExportToString() == before


@pytest.mark.parametrize("mode", ["path", "nearest"])
def test_inherited_labels_are_enough(stage, mode):
    new(cube(stage, "/A/B/C").GetParent(), "box")
    assert found(stage, mode=mode) == []


def test_in_mode_direct_they_are_not(stage):
    new(cube(stage, "/A/B").GetParent(), "box")
    assert found(stage, mode="direct") == [("unlabelled", "/A/B")]


def test_an_unknown_mode_is_refused(stage):
    with pytest.raises(KeyError):
        audit(stage, mode="farthest")


def test_another_taxonomy_can_be_the_one_that_counts(stage):
    new(cube(stage, "/A"), "steel", taxonomy="material")
    assert found(stage, taxonomy_name="material") == []
    assert text(stage) == (
        'it is drawn and has labels, but none of class (material: "steel"), and BasicWriter\'s default filter '
        '"class:*" drops others: add a label of class, or widen the filter'
    )


def test_unlabelled_inside_instances_and_prototypes(stage):
    stage.CreateClassPrim("/Asset")
    cube(stage, "/Asset/Cube")
    for name in "AB":
        instance(stage, f"/{name}", "/Asset")
        instancer(stage, f"/Many{name}", "/Asset/Cube")
    new(stage.GetPrimAtPath("/A"), "box")
    findings = audit(stage).findings
    assert [(f.code, f.path) for f in findings] == [
        ("unlabelled", p) for p in ("/Asset/Cube", "/Asset/Cube", "/B/Cube")
    ]
    assert "placed by /ManyA" in findings[0].text
    assert "label /B, or the prim in its asset" in findings[2].text


def test_faces_outside_labelled_subsets_are_counted(stage):
    subset(mesh(stage, "/M"), "S", [0, 1], "top")
    assert text(stage).startswith("4 of 6 faces are in no labelled subset")


def test_schemas(stage):
    old(cube(stage, "/Old"), "class", "box")
    old(cube(stage, "/Same", "box"), "class", "box")
    old(cube(stage, "/Other", "box"), "class", "crate")
    cube(stage, "/New", "box")
    result = audit(stage)
    assert [(f.code, f.path) for f in result.findings] == [
        ("new-schema-only", "/New"),
        ("old-schema-only", "/Old"),
        ("disagreeing", "/Other"),
    ]
    assert result.summary.schemas == {"old": 1, "new": 1, "both": 1, "disagreeing": 1}
    assert result.summary.classes == {"box": 4, "crate": 1}


@pytest.mark.parametrize("schema", [new, lambda prim, *labels: [old(prim, "class", each, each) for each in labels]])
def test_two_labels_on_one_prim_are_a_conflict(stage, schema):
    schema(cube(stage, "/A"), "cat", "dog")
    assert ("conflict", "/A") in found(stage)


def test_two_taxonomies_are_no_conflict(stage):
    new(cube(stage, "/A", "cat"), "fur", taxonomy="material")
    assert found(stage) == []


def test_the_taxonomy_is_asked_for_its_own_labels_only(stage):
    new(cube(stage, "/A", "cube"), "fur", taxonomy="material")
    assert text(stage, taxonomy=Classes("tube", "elephant")) == (
        'the class label "cube" is not in the taxonomy; did you mean "tube"?'
    )


@pytest.mark.parametrize(
    "label",
    [
        "todo",
        "TBD",
        "FixMe",
        "Change-Me",
        "<class>",
        "{name}",
        "${x}",
        "???",
        "_",
        "N/A",
        "None",
        "null",
        "NaN",
        "test_01",
        "xxx",
        "label",
        "BACKGROUND",
        "UNLABELLED",
    ],
)
def test_placeholders(stage, label):
    cube(stage, "/A", label)
    assert found(stage) == [("placeholder", "/A")]


@pytest.mark.parametrize(
    "label",
    [
        "cube",
        "object",
        "bar",
        "box",
        "background",
        "testbed",
        "classroom",
        "nano",
        "label_printer",
        "temple",
        "7",
        "C++",
        "défaut",
        "箱",
        "food",
    ],
)
def test_classes_are_no_placeholders(stage, label):
    cube(stage, "/A", label)
    assert found(stage) == []


def test_what_the_taxonomy_has_is_no_placeholder_nor_a_duplicate(stage):
    cube(stage, "/A", "unknown")
    cube(stage, "/B", "Unknown")
    assert found(stage, taxonomy=Classes("unknown", "Unknown")) == []
    assert found(stage, taxonomy=Classes("box")) == [
        ("placeholder", "/A"),
        ("placeholder", "/B"),
        ("near-duplicate", "/B"),
    ]


@pytest.mark.parametrize("labels", [[], [""], ["  "], ["a:b"]])
def test_labels_that_nobody_can_read_are_invalid(stage, labels):
    new(cube(stage, "/A/B"), *labels)
    new(stage.GetPrimAtPath("/A"), "shelf", taxonomy="group")
    assert ("invalid", "/A/B") in found(stage)


@pytest.mark.parametrize(("kind", "label"), [("class", None), (None, "box"), ("", "box"), ("a:b", "box")])
def test_old_labels_with_half_of_it_are_invalid(stage, kind, label):
    old(cube(stage, "/A"), kind, label)
    assert ("invalid", "/A") in found(stage)


def test_attributes_without_their_schema(stage):
    old(cube(stage, "/A", "box"), "class", "box")
    new(stage.GetPrimAtPath("/A"), "wide", taxonomy="kind")
    for schema in ("SemanticsAPI:Semantics", "SemanticsLabelsAPI:kind"):
        stage.GetPrimAtPath("/A").RemoveAppliedSchema(schema)
    assert found(stage) == [("not-applied", "/A")] * 2
    assert {f.text.partition(": ")[2] for f in audit(stage).findings} == {
        "apply SemanticsAPI:Semantics, or remove the attribute",
        "apply SemanticsLabelsAPI:kind, or remove the attribute",
    }


def unrenderable(stage):
    """Name to a prim, none of which draws anything."""
    UsdGeom.Imageable(cube(stage, "/Hidden/Cube").GetParent()).GetPrim().SetTypeName("Xform")
    UsdGeom.Imageable(stage.GetPrimAtPath("/Hidden")).MakeInvisible()
    UsdGeom.Imageable(cube(stage, "/Guide")).CreatePurposeAttr("guide")
    cube(stage, "/Over").SetSpecifier(Sdf.SpecifierOver)
    cube(stage, "/Off").SetActive(False)
    instancer(stage, "/Many", "/Many/Used", "/Many/Unused")
    cube(stage, "/Many/Used", "tree")
    cube(stage, "/Many/Unused")
    subset(mesh(stage, "/Mesh"), "Points", [0], element="point")
    new(stage.GetPrimAtPath("/Mesh"), "tree")
    return {
        "camera": UsdGeom.Camera.Define(stage, "/Camera"),
        "light": UsdLux.SphereLight.Define(stage, "/Light"),
        "material": UsdShade.Material.Define(stage, "/Material"),
        "without faces": stage.DefinePrim("/Empty", "Mesh"),
        "as /Hidden is set": stage.GetPrimAtPath("/Hidden/Cube"),
        "guide": stage.GetPrimAtPath("/Guide"),
        '"over"': stage.GetPrimAtPath("/Over"),
        "inactive": stage.GetPrimAtPath("/Off"),
        "does not place": stage.GetPrimAtPath("/Many/Unused"),
        "points": stage.GetPrimAtPath("/Mesh/Points"),
        "nothing below": stage.DefinePrim("/Group", "Xform"),
    }


@pytest.mark.parametrize("reason", unrenderable(Usd.Stage.CreateInMemory()))
def test_labels_on_what_draws_nothing(stage, reason):
    prim = unrenderable(stage)[reason].GetPrim()
    new(prim, "tree")
    assert found(stage) == [("cannot-render", str(prim.GetPath()))]
    assert reason in text(stage)


def test_a_label_drawn_in_one_instance_is_drawn(stage):
    stage.CreateClassPrim("/Asset")
    cube(stage, "/Asset/Cube", "todo")
    for name in "ABC":
        instance(stage, f"/{name}", "/Asset")
    UsdGeom.Imageable(stage.GetPrimAtPath("/A")).MakeInvisible()
    assert found(stage) == [("placeholder", "/A/Cube")]
    assert text(stage).endswith("(so in 2 more instances)")


def test_subsets_that_are_switched_off(stage):
    top = subset(mesh(stage, "/M"), "S", [0], "top")
    new(top.GetParent(), "die")
    assert found(stage) == [("nested", "/M/S")]
    assert found(stage, per_subset=False) == [("hidden-subset", "/M/S")]


def test_labels_lost_inside_an_instance(stage):
    stage.CreateClassPrim("/Asset")
    cube(stage, "/Asset/Group/Cube", "bolt")
    instance(stage, "/I", "/Asset")
    Sdf.CreatePrimInLayer(stage.GetRootLayer(), "/I/Group/Cube")
    assert found(stage) == []
    lose(stage.GetSessionLayer(), "/I/Group/Cube", "nut")
    assert found(stage) == [("lost-in-instance", "/I/Group/Cube")]
    assert '("nut") is ignored by USD, as /I is an instance' in text(stage)


def test_opinions_in_a_variant_of_the_instance_itself_are_not_lost(stage):
    stage.CreateClassPrim("/Asset")
    cube(stage, "/Asset/Cube", "bolt")
    variants = instance(stage, "/I", "/Asset").GetVariantSets().AddVariantSet("look")
    variants.AddVariant("a")
    variants.SetVariantSelection("a")
    stage.GetPrimAtPath("/I").SetInstanceable(False)
    with variants.GetVariantEditContext():
        new(stage.OverridePrim("/I/Cube"), "nut")
    stage.GetPrimAtPath("/I").SetInstanceable(True)
    assert found(stage) == []


def test_spellings(stage):
    for path, label in (
        ("/A", "TrafficLight"),
        ("/B", "traffic_light"),
        ("/C", "traffic light"),
        ("/D", "TrafficLight"),
    ):
        cube(stage, path, label)
    assert found(stage) == [("near-duplicate", "/C")]
    assert '"TrafficLight" (2, first /A), "traffic_light" (1, first /B)' in text(stage)


def test_nested_labels_are_told_once_for_all_instances(stage):
    stage.CreateClassPrim("/Asset")
    new(cube(stage, "/Asset/Car/Wheel", "wheel").GetParent(), "car")
    for name in "AB":
        instance(stage, f"/{name}", "/Asset")
    assert found(stage) == [("nested", "/A/Car/Wheel")]
    assert 'masks show "car,wheel" in mode path' in text(stage)


def test_the_same_label_above_is_not_nested(stage):
    new(cube(stage, "/A/B", "car").GetParent(), "car")
    assert found(stage) == []


@pytest.mark.parametrize(
    ("name", "inputs", "is_translucent"),
    [
        ("UsdPreviewSurface", {"opacity": 0.5}, True),
        ("UsdPreviewSurface", {"opacity": 0.99}, False),
        ("UsdPreviewSurface", {"opacity": 0.5, "opacityThreshold": 0.1}, False),
        ("UsdPreviewSurface", {"opacity": 0.5, "opacityThreshold": 0.6}, True),
        ("UsdPreviewSurface", {}, False),
        ("OmniPBR", {"enable_opacity": True, "opacity_constant": 0.3}, True),
        ("OmniPBR", {"enable_opacity": False, "opacity_constant": 0.3}, False),
        ("OmniPBR", {"enable_opacity": True}, False),
        ("OmniGlass", {}, True),
        ("Custom", {"opacity": 0.1}, False),
    ],
)
def test_translucent_materials(stage, name, inputs, is_translucent):
    bind(cube(stage, "/A/Cube", "jar").GetParent(), material(stage, "/Looks/M", name, **inputs))
    assert found(stage) == [("translucent", "/A/Cube")] * is_translucent


def test_opacity_may_be_the_materials_own_input_but_no_texture(stage):
    made = material(stage, "/Looks/M")
    bind(cube(stage, "/A", "jar"), made)
    opacity = UsdShade.Shader.Get(stage, "/Looks/M/Shader").CreateInput("opacity", Sdf.ValueTypeNames.Float)
    own = made.CreateInput("opacity", Sdf.ValueTypeNames.Float)
    own.Set(0.25)
    opacity.ConnectToSource(own)
    assert "opacity 0.25" in text(stage)
    texture = UsdShade.Shader.Define(stage, "/Looks/M/Texture")
    opacity.ConnectToSource(texture.ConnectableAPI(), "r")
    assert found(stage) == []


def test_a_subsets_material_is_its_own(stage):
    top = subset(mesh(stage, "/M"), "S", range(6), "top")
    bind(top, material(stage, "/Looks/M", opacity=0.1))
    assert found(stage) == [("translucent", "/M/S")]


def test_json_and_counts(stage):
    cube(stage, "/A", "todo")
    cube(stage, "/B")
    cube(stage, "/C")
    result = audit(stage)
    data = json.loads(json.dumps(result.to_json()))
    assert data["counts"] == result.counts == {"unlabelled": 2, "placeholder": 1}
    assert [(f["code"], f["severity"], f["path"]) for f in data["findings"]] == [
        ("placeholder", "warning", "/A"),
        ("unlabelled", "warning", "/B"),
        ("unlabelled", "warning", "/C"),
    ]
    assert data["summary"] == {
        "taxonomy_name": "class",
        "prims": 3,
        "drawn": 3,
        "labelled_drawn": 1,
        "classes": {"todo": 1},
        "schemas": {"old": 0, "new": 1, "both": 0, "disagreeing": 0},
    }


def test_the_report_is_grouped_and_limited(stage):
    cube(stage, "/A", "a", "b")
    for number in range(5):
        cube(stage, f"/C{number}")
    lines = list(report_lines(audit(stage), limit=2))
    assert [line.partition(": ")[0] for line in lines[:-1]] == [
        "error",
        "  /A",
        "warning",
        "  /C0",
        "  /C1",
        "  … and 3 more",
    ]
    assert lines[-1] == "1 error, 5 warnings, 0 notes; 1 of 6 drawn surfaces labelled with 2 labels of class"


def test_every_code_has_a_known_severity():
    assert {severity for severity, _ in CODES.values()} == {"error", "warning", "info"}


def test_what_set_labels_wrote_is_never_a_problem(stage):
    chance = random.Random(1)
    paths = ["/World"]
    for number in range(60):
        paths.append(f"{chance.choice(paths)}/P{number}")
        set_labels(cube(stage, paths[-1]), [f"thing{chance.randrange(5)}"])
    stage.GetPrimAtPath("/World").SetTypeName("Xform")
    assert audit(stage).problems == ()


@pytest.mark.slow
def test_a_hundred_thousand_prims_take_under_ten_seconds(stage):
    with Sdf.ChangeBlock():
        for number in range(100_000):
            spec = Sdf.CreatePrimInLayer(stage.GetRootLayer(), f"/G{number // 100}/P{number}")
            spec.specifier, spec.typeName, spec.nameParent.specifier = Sdf.SpecifierDef, "Cube", Sdf.SpecifierDef
    start = time.process_time()
    assert audit(stage).summary.drawn == 100_000
    assert time.process_time() - start < 10
