"""``label``, ``audit`` and ``taxonomy``: what they print, what they save, and their exit codes."""

import json

import pytest
from pxr import Usd, UsdGeom

from simslate.recorder import own_labels, set_labels
from simslate.recorder.cli import main
from simslate.recorder.taxonomy import Taxonomy

RULES = {"rules": [{"match": {"name": "Box*"}, "labels": {"class": "box"}}]}


@pytest.fixture
def simslate(extended_app, capsys, tmp_path, monkeypatch):
    """Run the command line in tmp_path: (exit code, lines of stdout, stderr)."""
    monkeypatch.chdir(tmp_path)

    def run(*argv):
        capsys.readouterr()
        code = extended_app.run(main([str(arg) for arg in argv]))
        out, err = capsys.readouterr()
        return code, out.splitlines(), err

    return run


@pytest.fixture
def scene(tmp_path):
    """A stage of two boxes and a ball in a file, with a reference in it, and rules beside it."""
    ball = Usd.Stage.CreateNew(str(tmp_path / "ball.usda"))
    ball.SetDefaultPrim(ball.DefinePrim("/Ball"))
    ball.Save()
    stage = Usd.Stage.CreateNew(str(tmp_path / "scene.usda"))
    for name in ("Box_1", "Box_2", "Ball"):
        UsdGeom.Cube.Define(stage, f"/World/{name}")
    stage.GetPrimAtPath("/World/Ball").GetReferences().AddReference("./ball.usda")
    stage.Save()
    (tmp_path / "rules.json").write_text(json.dumps(RULES))
    return tmp_path / "scene.usda"


def labels_in(path, name="Box_1"):
    stage = Usd.Stage.Open(str(path))
    return own_labels(stage.GetPrimAtPath(f"/World/{name}"))


DIFF = ["+ /World/Box_1  class: box", "+ /World/Box_2  class: box"]


# label


def test_a_dry_run_prints_and_saves_nothing(simslate, scene):
    before = scene.read_text()
    code, out, err = simslate("label", "scene.usda", "--rules", "rules.json", "--dry-run")
    assert (code, out[:2], err) == (0, DIFF, "")
    assert out[2] == "2 prims labelled by rules: 2 new; nothing was saved"
    assert scene.read_text() == before


def test_labels_are_saved_and_a_second_time_nothing_changes(simslate, scene):
    code, out, _ = simslate("label", "scene.usda", "--rules", "rules.json")
    assert (code, out) == (0, [*DIFF, "2 prims labelled by rules: 2 new; saved to scene.usda"])
    assert labels_in(scene) == {"class": ["box"]}
    text = scene.read_text()
    assert simslate("label", "scene.usda", "--rules", "rules.json")[1] == [
        "2 prims labelled by rules: nothing to change"
    ]
    assert scene.read_text() == text


def test_saving_as_another_file_leaves_the_stage_and_finds_its_assets(simslate, scene, tmp_path):
    before = scene.read_text()
    code, out, _ = simslate("label", "scene.usda", "--rules", "rules.json", "--save-as", "sub/new.usda")
    assert (code, out[-1]) == (0, "2 prims labelled by rules: 2 new; saved to sub/new.usda")
    assert scene.read_text() == before
    assert labels_in(tmp_path / "sub/new.usda") == {"class": ["box"]}
    assert "@../ball.usda@" in (tmp_path / "sub/new.usda").read_text()


def test_a_file_that_is_there_is_not_replaced(simslate, scene, tmp_path):
    (tmp_path / "new.usda").write_text("precious")
    code, out, err = simslate("label", "scene.usda", "--rules", "rules.json", "--save-as", "new.usda")
    assert (code, out) == (4, [])
    assert "new.usda: is there already" in err
    assert (tmp_path / "new.usda").read_text() == "precious"


def test_a_sublayer_can_take_the_labels(simslate, scene, tmp_path):
    sub = Usd.Stage.CreateNew(str(tmp_path / "labels.usda"))
    sub.Save()
    stage = Usd.Stage.Open(str(scene))
    stage.GetRootLayer().subLayerPaths.append("./labels.usda")
    stage.Save()
    before = scene.read_text()
    assert simslate("label", "scene.usda", "--rules", "rules.json", "--layer", "labels.usda")[0] == 0
    assert scene.read_text() == before
    assert labels_in(scene) == {"class": ["box"]}


def test_the_old_schema_on_request(simslate, scene):
    assert simslate("label", "scene.usda", "--rules", "rules.json", "--legacy")[0] == 0
    assert "SemanticsAPI:Semantics_class" in scene.read_text()
    assert labels_in(scene) == {"class": ["box"]}


def test_label_as_json(simslate, scene):
    _, out, _ = simslate("label", "scene.usda", "--rules", "rules.json", "--json")
    change = {"path": "/World/Box_1", "taxonomy": "class", "before": [], "after": ["box"]}
    (line,) = map(json.loads, out)
    assert (line["changes"][0], line["labelled"], line["saved"]) == (change, 2, "scene.usda")


def test_rules_that_fit_no_prim_are_warned_of(simslate, scene, tmp_path):
    (tmp_path / "rules.json").write_text(json.dumps({"rules": [{"match": {"name": "Bax"}, "labels": {"class": "b"}}]}))
    code, out, err = simslate("label", "scene.usda", "--rules", "rules.json")
    assert (code, out) == (0, ["0 prims labelled by rules: nothing to change"])
    assert err == "warning: rules.json: $.rules[0]: gave labels to no prim\n"


@pytest.mark.parametrize(
    ("argv", "code", "message"),
    [
        (("label", "none.usda", "--rules", "rules.json"), 2, "STAGE: there is no file"),
        (("label", "rules.json", "--rules", "rules.json"), 2, "cannot be opened"),
        (("label", "scene.usda", "--rules", "none.json"), 2, "none.json: cannot be read"),
        (("label", "scene.usda", "--rules", "scene.usda"), 2, "scene.usda:1: column 1: not JSON"),
        (
            ("label", "scene.usda", "--rules", "rules.json", "--layer", "rot"),
            2,
            'rot: is not a layer of the stage; did you mean "root"',
        ),
        (("label", "scene.usda"), 2, "--rules"),
        (("audit", "none.usda"), 2, "STAGE: there is no file"),
        (("audit", "scene.usda", "--taxonomy", "none.json"), 2, "none.json: cannot be read"),
        (("audit", "scene.usda", "--resolve", "near"), 2, "invalid choice"),
        (("taxonomy", "none.json"), 2, "none.json: cannot be read"),
        (("taxonomy", "t.json", "--add-from", "none.usda"), 2, "--add-from: there is no file"),
        (("taxonomy", "t.json", "--add-from", "scene.usda"), 2, "scene.usda: no prim has a label of class"),
    ],
)
def test_bad_input(simslate, scene, tmp_path, argv, code, message):
    before = sorted(tmp_path.iterdir())
    result = simslate(*argv)
    assert result[:2] == (code, [])
    assert message in result[2]
    assert "Traceback" not in result[2]
    assert sorted(tmp_path.iterdir()) == before


# audit


def test_an_audit_prints_findings_and_strict_is_the_exit_code(simslate, scene):
    code, out, _ = simslate("audit", "scene.usda")
    assert code == 0
    assert out[0].startswith("warning: unlabelled (3): ")
    assert [line.split(":")[0].strip() for line in out[1:4]] == ["/World/Ball", "/World/Box_1", "/World/Box_2"]
    code, _, err = simslate("audit", "scene.usda", "--strict")
    assert (code, err) == (3, "error: scene.usda: 3 problems with its labels (--strict)\n")


def test_a_clean_stage_passes_a_strict_audit(simslate, scene, tmp_path):
    (tmp_path / "rules.json").write_text(
        json.dumps({"rules": [{"match": {"type": "Cube"}, "labels": {"class": "toy"}}]})
    )
    simslate("label", "scene.usda", "--rules", "rules.json")
    assert simslate("taxonomy", "t.json", "--add-from", "scene.usda")[0] == 0
    code, out, err = simslate("audit", "scene.usda", "--taxonomy", "t.json", "--strict")
    assert (code, err, len(out)) == (0, "", 1)
    assert out[0].startswith("0 errors, 0 warnings")


def test_an_audit_as_json(simslate, scene, tmp_path):
    simslate("label", "scene.usda", "--rules", "rules.json")
    (tmp_path / "t.json").write_text(json.dumps({"version": 1, "classes": {"bax": {}}}))
    _, out, _ = simslate("audit", "scene.usda", "--taxonomy", "t.json", "--json")
    found = json.loads(out[0])
    assert found["counts"] == {"not-in-taxonomy": 2, "unlabelled": 1}
    assert "bax" in found["findings"][-1]["text"]


def test_long_audits_are_cut_unless_all_is_wanted(simslate, tmp_path):
    stage = Usd.Stage.CreateNew(str(tmp_path / "many.usda"))
    for index in range(30):
        UsdGeom.Cube.Define(stage, f"/World/Cube{index}")
    stage.Save()
    assert len(simslate("audit", "many.usda")[1]) == 1 + 20 + 1 + 1
    assert len(simslate("audit", "many.usda", "--all")[1]) == 1 + 30 + 1


# taxonomy


def test_a_taxonomy_is_made_of_a_stage_locked_and_shown(simslate, scene, tmp_path):
    stage = Usd.Stage.Open(str(scene))
    set_labels(stage.GetPrimAtPath("/World/Ball"), ["ball"])
    set_labels(stage.GetPrimAtPath("/World/Box_1"), ["box"])
    stage.Save()
    code, out, _ = simslate("taxonomy", "t.json", "--add-from", "scene.usda")
    assert code == 0
    assert [line.split()[0] for line in out] == ["2", "3", "2"]
    assert out[-1] == "2 classes of class, unlisted labels: error; locked"
    assert Taxonomy.load(tmp_path / "t.json").locked
    assert simslate("taxonomy", "t.json")[1] == out


def test_an_edited_taxonomy_can_be_locked_anew(simslate, tmp_path):
    (tmp_path / "t.json").write_text(json.dumps({"version": 1, "classes": {"box": {}}}))
    assert simslate("taxonomy", "t.json")[1][-1].endswith("not locked")
    assert simslate("taxonomy", "t.json", "--lock")[1][-1].endswith("; locked")
    (tmp_path / "t.json").write_text((tmp_path / "t.json").read_text().replace('"box"', '"bax"'))
    code, _, err = simslate("taxonomy", "t.json")
    assert (code, "was edited after it was locked" in err) == (2, True)
    assert simslate("taxonomy", "t.json", "--lock")[0] == 0
    assert json.loads("".join(simslate("taxonomy", "t.json", "--json")[1]))["classes"]["bax"]["id"] == 2
