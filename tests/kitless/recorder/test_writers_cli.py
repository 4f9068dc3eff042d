"""The command ``writers``."""

import json

import jsonschema
import pytest

from simslate.recorder.cli import main


@pytest.fixture
def simslate(extended_app, capsys):
    def run(*argv):
        capsys.readouterr()
        code = extended_app.run(main([str(arg) for arg in argv]))
        return code, *capsys.readouterr()

    return run


def test_the_list_has_a_line_of_help_for_each(simslate):
    code, out, err = simslate("writers")
    assert (code, err) == (0, "")
    lines = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert list(lines) == sorted(lines)
    assert lines["BasicWriter"] == "Writes what its switches name, one set of files per frame and render product."
    assert lines["TemplateWriter"].startswith("Writes the files that its parameters describe")
    as_json = json.loads(simslate("writers", "--json")[1])
    assert {each["name"]: each["help"] for each in as_json} == lines


@pytest.mark.parametrize("name", ["BasicWriter", "CarlaInstanceSegmentation", "TemplateWriter"])
def test_a_writers_parameters_are_a_schema(simslate, name):
    code, out, err = simslate("writers", name)
    assert (code, err) == (0, "")
    schema = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert (schema["title"], schema["additionalProperties"]) == (name, False)
    one_line = simslate("writers", name, "--json")[1]
    assert one_line.count("\n") == 1
    assert json.loads(one_line) == schema


def test_a_writer_of_a_file(simslate, tmp_path, monkeypatch):
    source = "import omni.replicator.core as rep\nclass Mine(rep.Writer):\n"
    source += "    def __init__(self, backend, gain: float = 2.0): pass\n    def write(self, data): pass\n"
    (tmp_path / "mine.py").write_text(source)
    monkeypatch.chdir(tmp_path)
    code, out, _ = simslate("writers", "mine.py:Mine", "--json")
    assert (code, json.loads(out)["properties"]) == (0, {"gain": {"type": "number", "default": 2.0}})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BasikWriter", 'NAME: "BasikWriter" is not a registered writer; did you mean "BasicWriter"?'),
        ("none.py:Mine", "none.py: cannot be read"),
        ("../none.py:Mine", "leads out of"),
    ],
)
def test_a_writer_that_is_none(simslate, name, expected):
    code, out, err = simslate("writers", name)
    assert (code, out) == (2, "")
    assert expected in err


def test_schemas_are_written(simslate, tmp_path):
    code, out, _ = simslate("writers", "--schemas", tmp_path / "s", "--json")
    assert code == 0
    assert sorted(json.loads(out)) == sorted(str(path) for path in (tmp_path / "s").rglob("*.json"))
    (tmp_path / "file").write_text("")
    assert simslate("writers", "--schemas", tmp_path / "file")[0] == 4
