"""What a data set was made from, and what tells two of these apart."""

import hashlib
import json

import pytest
from pxr import Sdf, Usd, UsdGeom

from simslate.recorder.config import Job
from simslate.recorder.dataset.differences import differences
from simslate.recorder.errors import ConfigError
from simslate.recorder.provenance import hashes


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def project(tmp_path):
    """A stage of two layers, with a job that names labels and a script."""
    (tmp_path / "props").mkdir()
    prop = Usd.Stage.CreateNew(str(tmp_path / "props" / "a.usda"))
    prop.SetDefaultPrim(UsdGeom.Cube.Define(prop, "/A").GetPrim())
    prop.Save()
    stage = Usd.Stage.CreateNew(str(tmp_path / "root.usda"))
    stage.DefinePrim("/World/A").GetReferences().AddReference("props/a.usda")
    stage.Save()
    for name in ("labels.json", "script.py"):
        (tmp_path / name).write_text("{}")
    product = {"camera": "/Camera", "resolution": [8, 8]}
    job = {"version": 1, "render_products": [product], "writer": {"name": "BasicWriter"}}
    data = {**job, "labels": "labels.json", "script": "script.py"}
    return stage, Job.from_json(json.dumps(data), tmp_path / "job.json"), tmp_path


def test_the_files_and_every_layer_are_hashed(project):
    stage, job, folder = project
    assert hashes(job, stage) == {
        "stage": {"props/a.usda": sha256(folder / "props/a.usda"), "root.usda": sha256(folder / "root.usda")},
        "labels": sha256(folder / "labels.json"),
        "script": sha256(folder / "script.py"),
    }


def test_edits_that_are_not_saved_count_and_the_sessions_do_not(project):
    stage, job, _ = project
    before = hashes(job, stage)
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        stage.DefinePrim("/Session")
    assert hashes(job, stage) == before
    stage.DefinePrim("/Edited")
    after = hashes(job, stage)
    assert next(differences(before, after)).startswith("$.stage.root.usda: was ")
    stage.Reload()
    assert hashes(job, stage) == before


def test_a_stage_in_memory_has_a_hash_that_two_processes_share(project):
    _, job, _ = project
    found = []
    for _ in range(2):
        stage = Usd.Stage.CreateInMemory()
        stage.DefinePrim("/World")
        below = Sdf.Layer.CreateAnonymous("below")
        stage.GetRootLayer().subLayerPaths.append(below.identifier)
        found.append(hashes(job, stage)["stage"])
    assert list(found[0]) == ["(root)", "below"]
    assert found[0] == found[1]


def test_a_file_that_is_gone(project):
    stage, job, folder = project
    (folder / "script.py").unlink()
    with pytest.raises(ConfigError, match=r"script\.py: cannot be read"):
        hashes(job, stage)


def test_differences_name_every_key():
    before = {"seed": 7, "frames": 3, "list": [1, 2], "old": None, "deep": {"a": {"b": "x"}}, "true": True}
    now = {"seed": 8, "frames": 3, "list": [1, 5], "new": [1], "deep": {"a": {"b": "y"}}, "true": 1}
    assert list(differences(before, now)) == [
        "$.seed: was 7, is 8 now",
        "$.list[1]: was 2, is 5 now",
        "$.old: was null, is not there now",
        '$.deep.a.b: was "x", is "y" now',
        "$.true: was true, is 1 now",
        "$.new: was not there, is [1] now",
    ]
    assert list(differences(before, before)) == []
