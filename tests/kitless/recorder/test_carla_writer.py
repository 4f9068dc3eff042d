"""The writer of CARLA's pictures on a real host: ids of real stages, in files and over frames."""

import json

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSemantics

import omni.replicator.core as rep
import omni.usd
from simslate.recorder import ConfigError
from simslate.recorder.actors import labelled_objects

NAME = "carla_instance_segmentation"


@pytest.fixture
def app(extended_app):
    return extended_app


@pytest.fixture
def stage(app):
    """A stage whose camera looks down on the origin from 10 m, 20 m wide at the ground."""
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    camera = UsdGeom.Camera.Define(stage, "/Camera")
    camera.CreateHorizontalApertureAttr(20.0)
    camera.CreateFocalLengthAttr(10.0)
    camera.AddTranslateOp().Set(Gf.Vec3d(0, 0, 10))
    return stage


def label(prim, *labels):
    UsdSemantics.LabelsAPI.Apply(prim.GetPrim(), "class").CreateLabelsAttr(labels)
    return prim


def cube(stage, path, position=(0, 0, 0), size=1.0):
    prim = UsdGeom.Cube.Define(stage, path)
    prim.CreateSizeAttr(size)
    prim.AddTranslateOp().Set(Gf.Vec3d(*position))
    return prim


@pytest.fixture
def record(app, tmp_path):
    """Step with the writer, calling a function before each further frame, and return the folder."""

    def record(*between, size=(64, 48), products=1, **parameters):
        made = [rep.create.render_product("/Camera", size, name=f"product{i}") for i in range(products)]
        writer = rep.WriterRegistry.get("CarlaInstanceSegmentation")
        writer.initialize(output_dir=str(tmp_path / "out"), **parameters)
        writer.attach(made)

        async def steps():
            await rep.orchestrator.step_async()
            for change in between:
                change()
                await rep.orchestrator.step_async()
            await rep.orchestrator.wait_until_complete_async()

        try:
            app.run(steps())
        finally:
            writer.detach()
        return tmp_path / "out"

    return record


def picture(folder, frame=0, name=NAME):
    """The pixels, decoded as CARLA's users do: tag and id."""
    rgba = np.asarray(Image.open(folder / f"{name}_{frame:04}.png"))
    assert rgba.shape[2] == 4
    assert (rgba[..., 3] == 255).all()
    return rgba[..., 0], rgba[..., 1].astype(np.uint16) | (rgba[..., 2].astype(np.uint16) << 8)


def objects(folder, frame=0):
    return {int(number): told for number, told in json.loads((folder / f"{NAME}_{frame:04}.json").read_text()).items()}


def test_each_object_has_an_id_and_the_json_beside_says_which(stage, record):
    label(cube(stage, "/Left", (-3, 0, 0)), "car")
    label(cube(stage, "/Right", (3, 0, 0)), "car")
    cube(stage, "/Nameless", (0, 3, 0))
    folder = record()
    tags, ids = picture(folder)
    assert np.unique(tags).tolist() == [0, 14]
    assert np.unique(ids).tolist() == [0, 1, 2]
    assert ((ids > 0) == (tags == 14)).all()
    told = objects(folder)
    assert {number: each["path"] for number, each in told.items()} == {1: "/Left", 2: "/Right"}
    for number, each in told.items():
        rows, columns = np.nonzero(ids == number)
        assert each["pixel_count"] == len(rows)
        assert each["bbox2d"] == [columns.min(), rows.min(), columns.max(), rows.max()]


def test_ids_stay_when_an_object_leaves_and_comes_back(stage, record):
    first = label(cube(stage, "/A", (-3, 0, 0)), "car")
    label(cube(stage, "/B", (3, 0, 0)), "truck")
    move = first.GetPrim().GetAttribute("xformOp:translate").Set
    folder = record(lambda: move(Gf.Vec3d(500, 0, 0)), lambda: move(Gf.Vec3d(-3, 0, 0)))
    assert [sorted(objects(folder, frame)) for frame in range(3)] == [[1, 2], [2], [1, 2]]
    assert np.array_equal(picture(folder, 0)[1], picture(folder, 2)[1])


def test_ids_do_not_depend_on_what_comes_into_view_first(stage, record):
    late = label(cube(stage, "/A", (500, 0, 0)), "car")
    label(cube(stage, "/B"), "car")
    folder = record(lambda: late.GetPrim().GetAttribute("xformOp:translate").Set(Gf.Vec3d(-3, 0, 0)))
    assert [each["path"] for each in objects(folder, 1).values()] == ["/A", "/B"]
    assert sorted(objects(folder, 0)) == [2]


def test_instances_and_point_instances_have_an_id_each(stage, record):
    source = Usd.Stage.CreateInMemory()
    label(UsdGeom.Xform.Define(source, "/Car"), "car")
    source.SetDefaultPrim(UsdGeom.Cube.Define(source, "/Car/Body").GetPrim().GetParent())
    for index in range(2):
        prim = UsdGeom.Xform.Define(stage, f"/Car{index}")
        prim.AddTranslateOp().Set(Gf.Vec3d(-6 + 3 * index, 0, 0))
        prim.GetPrim().GetReferences().AddReference(source.GetRootLayer().identifier)
        prim.GetPrim().SetInstanceable(True)
    many = UsdGeom.PointInstancer.Define(stage, "/Trees")
    label(cube(stage, "/Trees/Tree"), "tree")
    many.CreatePrototypesRel().SetTargets(["/Trees/Tree"])
    many.CreateProtoIndicesAttr([0, 0, 0])
    many.CreateIdsAttr([30, 10, 20])
    many.CreatePositionsAttr([(1, 0, 0), (3, 0, 0), (5, 0, 0)])
    folder = record(size=(128, 96))
    told = objects(folder)
    assert [each["path"] for each in told.values()] == ["/Car0", "/Car1", "/Trees[10]", "/Trees[20]", "/Trees[30]"]
    assert np.unique(picture(folder)[1]).tolist() == [0, 1, 2, 3, 4, 5]


def test_names_known_beforehand_are_those_of_the_mask(stage, app):
    label(UsdGeom.Xform.Define(stage, "/Forest"), "tree")
    for path, y in (("/Forest/Many", -3), ("/Plain", 3)):
        many = UsdGeom.PointInstancer.Define(stage, path)
        UsdGeom.Xform.Define(stage, f"{path}/P")
        label(cube(stage, f"{path}/P/Leaf"), "leaf")
        cube(stage, f"{path}/P/Trunk", (2, 0, 0))
        many.CreatePrototypesRel().SetTargets([f"{path}/P"])
        many.CreateProtoIndicesAttr([0, 0])
        many.CreatePositionsAttr([(-5, y, 0), (5, y, 0)])
    mask = rep.annotators.get("instance_segmentation").attach(rep.create.render_product("/Camera", (64, 48)))
    app.run(rep.orchestrator.step_async())
    seen = set(mask.get_data()["info"]["idToLabels"].values()) - {"BACKGROUND", "UNLABELLED"}
    assert seen == set(labelled_objects(stage))
    assert len(seen) == 5


def test_an_id_that_the_stage_gives_is_taken_with_all_below(stage, record):
    bike = label(UsdGeom.Xform.Define(stage, "/Bike"), "bicycle")
    bike.GetPrim().CreateAttribute("carla:actor_id", Sdf.ValueTypeNames.Int).Set(1)
    cube(stage, "/Bike/Frame", (-3, 0, 0))
    label(cube(stage, "/Bike/Rider", (3, 0, 0)), "rider")
    label(cube(stage, "/A", (0, 3, 0)), "car")
    folder = record()
    tags, ids = picture(folder)
    assert sorted(np.unique(tags).tolist()) == [0, 13, 14, 19]
    assert {number: each["path"] for number, each in objects(folder).items()} == {1: "/Bike", 2: "/A"}
    assert set(ids[(tags == 13) | (tags == 19)]) == {1}


def crowd(stage, count):
    many = UsdGeom.PointInstancer.Define(stage, "/Crowd")
    label(cube(stage, "/Crowd/One", size=0.02), "person")
    many.CreatePrototypesRel().SetTargets(["/Crowd/One"])
    many.CreateProtoIndicesAttr(np.zeros(count, np.int32))
    rows, columns = np.divmod(np.arange(count), 350)
    places = np.stack([columns * 0.05 - 8.5, rows * 0.05 - 5, np.zeros(count)], axis=1)
    many.CreatePositionsAttr(places.astype(np.float32))


def test_seventy_thousand_objects_are_an_error_before_anything_is_written(stage, record, tmp_path):
    crowd(stage, 70_000)
    with pytest.raises(ConfigError, match=r"/Crowd\[65535\]: its id 65536 does not fit into the two bytes of a pixel"):
        record()
    assert not list((tmp_path / "out").glob("*.png"))


def test_seventy_thousand_objects_wrap_on_request(stage, record, capsys):
    crowd(stage, 70_000)
    folder = record(overflow="wrap", size=(1024, 768))
    tags, ids = picture(folder)
    assert np.unique(tags).tolist() == [0, 12]
    told = objects(folder)
    assert set(np.unique(ids[tags == 12]).tolist()) == set(told)
    # The number of /Crowd[i] is i + 1.
    for number, each in list(told.items())[::500]:
        assert {(int(path[7:-1]) + 1) & 0xFFFF for path in (each["path"], *each.get("also", ()))} == {number}
    assert capsys.readouterr().err.count("looks like") == 1


def test_several_products_have_folders_and_the_same_ids(stage, record):
    label(cube(stage, "/A"), "car")
    folder = record(products=2)
    for product in ("product0", "product1"):
        assert np.unique(picture(folder / product / NAME)[1]).tolist() == [0, 1]


def test_pictures_of_colours_and_of_tags_and_the_sky(stage, record):
    label(cube(stage, "/A"), "car")
    folder = record(palette=True, semantic=True, sky_tag=11)
    tags, ids = picture(folder)
    assert np.unique(tags).tolist() == [11, 14]
    assert not ids[tags == 11].any()
    semantic, none = picture(folder, name="carla_semantic_segmentation")
    assert np.array_equal(semantic, tags)
    assert not none.any()
    colours = np.asarray(Image.open(folder / f"{NAME}_palette_0000.png"))
    assert np.unique(colours.reshape(-1, 4), axis=0).tolist() == [[0, 0, 142, 255], [70, 130, 180, 255]]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"tags": {"car": "Cra"}}, 'tags: "car": "Cra" is not a tag'),
        ({"overflow": "clip"}, 'overflow: "clip" is unknown'),
        ({"sky_tag": 300}, "sky_tag: 300 is not a tag"),
    ],
)
def test_wrong_parameters_are_refused(app, tmp_path, parameters, message):
    with pytest.raises(ConfigError, match=message):
        rep.WriterRegistry.get("CarlaInstanceSegmentation").initialize(output_dir=str(tmp_path), **parameters)


def test_a_disabled_extension_takes_its_writer_along(app):
    assert "CarlaInstanceSegmentation" in rep.WriterRegistry.get_writers("Simslate")
    app.get_extension_manager().set_extension_enabled_immediate("simslate.recorder", False)
    assert "CarlaInstanceSegmentation" not in rep.WriterRegistry.get_writers()
