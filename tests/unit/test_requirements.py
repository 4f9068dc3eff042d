"""What is found wrong before anything is acquired."""

import json

import pytest
from pxr import Usd, UsdGeom

from simslate.recorder.config import Job
from simslate.recorder.errors import ConfigError, StageError
from simslate.recorder.requirements import check_requirements


class PictureWriter:
    def __init__(self, backend, rgb=False, semantic_segmentation=False, instance_id_segmentation=False):
        pass


class FolderWriter:
    def __init__(self, output_dir, num_frames, *, classes=None):
        pass


class AnyWriter:
    def __init__(self, **anything):
        pass


WRITERS = {writer.__name__: writer for writer in (PictureWriter, FolderWriter, AnyWriter)}


@pytest.fixture
def stage():
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.Camera.Define(stage, "/World/turtle_Camera")
    UsdGeom.Camera.Define(stage, "/World/side_Camera")
    UsdGeom.Cube.Define(stage, "/World/Box")
    return stage


SET = 'is set by the recorder; say where to write in "output"'
CAMERA = "/World/turtle_Camera"


def job(camera=CAMERA, writer="PictureWriter", source="/jobs/t.json", stage=None, labels=None, **params):
    products = [{"camera": camera, "resolution": [64, 48]}]
    data = {"version": 1, "stage": stage, "labels": labels, "render_products": products}
    return Job.from_json({**data, "writer": {"name": writer, "parameters": params}}, source)


def problems_of(job, stage):
    with pytest.raises(ConfigError) as caught:
        check_requirements(job, stage, WRITERS)
    return [line.removeprefix(f"{job.source}: ") for line in caught.value.problems]


def test_nothing_wrong(stage):
    before = stage.ExportToString()
    assert check_requirements(job(rgb=True), stage, WRITERS).changes == ()
    assert stage.ExportToString() == before


def test_no_stage():
    with pytest.raises(StageError, match=r"t\.json: \$\.stage: no stage is open"):
        check_requirements(job(), None, WRITERS)


@pytest.mark.parametrize(
    ("camera", "expected"),
    [
        ("/World/turtle_camera", "is not on the stage; did you mean"),
        ("/World/Box", "is a Cube, not a camera; "),
        ("/World", "is a prim without a type, not a camera; "),
        ("/World/1/2", "is not on the stage; "),
    ],
)
def test_a_camera_that_is_none(stage, camera, expected):
    (problem,) = problems_of(job(camera), stage)
    assert problem.startswith(f'$.render_products[0].camera: "{camera}" {expected}')


def test_the_nearest_camera_is_named(stage):
    (problem,) = problems_of(job("/World/turtle_Camra"), stage)
    assert problem.endswith('did you mean "/World/turtle_Camera"?')


def test_a_camera_inside_an_instance_is_one(stage):
    UsdGeom.Camera.Define(stage, "/Rig/Eye")
    prim = stage.DefinePrim("/World/Rig")
    prim.GetReferences().AddInternalReference("/Rig")
    prim.SetInstanceable(True)
    check_requirements(job("/World/Rig/Eye"), stage, WRITERS)


@pytest.mark.parametrize(
    ("writer", "params", "expected"),
    [
        ("PictureWrita", {}, 'name: "PictureWrita" is not a registered writer; did you mean "PictureWriter"?'),
        ("PictureWriter", {"rbg": 1}, 'parameters.rbg: is not a parameter of PictureWriter; did you mean "rgb"?'),
        ("PictureWriter", {"backend": 1}, f"parameters.backend: {SET}"),
        ("AnyWriter", {"output_dir": "x"}, f"parameters.output_dir: {SET}"),
        ("FolderWriter", {}, "parameters.num_frames: is missing; FolderWriter cannot do without it"),
    ],
)
def test_a_writer_that_cannot_be_made(stage, writer, params, expected):
    assert problems_of(job(writer=writer, **params), stage) == [f"$.writer.{expected}"]


def test_a_writer_that_takes_anything(stage):
    check_requirements(job(writer="AnyWriter", whatever=1), stage, WRITERS)


def test_labels_from_rules_count(stage, tmp_path):
    rules = {"rules": [{"match": {"name": "Box"}, "labels": {"class": "box"}}]}
    (tmp_path / "r.json").write_text(json.dumps(rules))
    plan = check_requirements(
        job(labels="r.json", source=tmp_path / "t.json", semantic_segmentation=True), stage, WRITERS
    )
    assert [str(change) for change in plan.changes] == ["+ /World/Box  class: box"]


def test_the_stage_that_is_open_is_the_jobs(tmp_path):
    stage = Usd.Stage.CreateNew(str(tmp_path / "a.usda"))
    UsdGeom.Camera.Define(stage, "/World/turtle_Camera")
    (tmp_path / "link.usda").symlink_to(tmp_path / "a.usda")
    check_requirements(job(stage="link.usda", source=tmp_path / "t.json"), stage, WRITERS)
    (problem,) = problems_of(job(stage="b.usda", source=tmp_path / "t.json"), stage)
    assert problem.startswith(f'$.stage: "{tmp_path}/b.usda" is not the stage that is open')


def test_all_problems_come_at_once(stage):
    found = problems_of(job("/None", labels="none.json", rbg=True, semantic_segmentation=True), stage)
    assert [problem.split(": ")[0] for problem in found] == [
        "/jobs/none.json",
        "$.render_products[0].camera",
        "$.writer.parameters.rbg",
    ]
