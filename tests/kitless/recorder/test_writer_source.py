"""Writers outside the registry: recorded with, and gone again."""

import sys

import pytest

import omni.replicator.core as rep
from simslate.recorder import ConfigError

WRITER = """
from dataclasses import dataclass

import omni.replicator.core as rep


@dataclass
class Row:
    number: int


class Lines(rep.Writer):
    "Writes a line per frame."

    def __init__(self, backend, text: str = "x", times: int = 1):
        self.backend, self.version, self.text, self.times = backend, "1.0.0", text, times
        self.frame = 0

    def write(self, data):
        row = Row(self.frame)
        self.backend.schedule(rep.functional.write_json, path=f"{row.number}.json", data=self.text * self.times)
        self.frame += 1


Alias = Lines


class Other:
    pass
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "my_writer.py").write_text(WRITER)
    return tmp_path


@pytest.fixture
def refusal(app, recorder, make_job):
    def refusal(**writer):
        with pytest.raises(ConfigError) as caught:
            app.run(recorder.record(make_job(writer=writer)))
        return "\n".join(caught.value.problems)

    return refusal


def test_a_class_of_a_file_records(app, recorder, make_job, folder):
    before = rep.WriterRegistry.get_writers()
    modules = set(sys.modules)
    job = make_job(writer={"name": "my_writer.py:Lines", "parameters": {"text": "ab", "times": 2}}, frames=2)
    for _ in range(2):
        recorded = app.run(
            recorder.record(
                make_job(
                    **{
                        **job.to_json(),
                        "output": {"kind": "disk", "directory": "out", "folder": "set", "on_conflict": "increment"},
                    }
                )
            )
        )
        assert (recorded.folder / "1.json").read_text() == '"abab"'
    assert rep.WriterRegistry.get_writers() == before
    assert not [name for name in set(sys.modules) - modules if name.startswith("simslate_writer")]
    assert not (folder / "__pycache__").exists()


def test_a_file_is_read_anew_each_time(app, recorder, make_job, folder):
    for text in ("one", "two"):
        (folder / "my_writer.py").write_text(WRITER.replace('"x"', f'"{text}"'))
        output = {"kind": "disk", "directory": "out", "folder": text}
        recorded = app.run(recorder.record(make_job(writer={"name": "my_writer.py:Lines"}, output=output, frames=1)))
        assert (recorded.folder / "0.json").read_text() == f'"{text}"'


def test_a_class_of_a_module_records(app, recorder, make_job, folder, monkeypatch):
    monkeypatch.syspath_prepend(folder)
    recorded = app.run(recorder.record(make_job(writer={"name": "my_writer:Lines"}, frames=1)))
    assert (recorded.folder / "0.json").read_text() == '"x"'
    assert "Lines" not in rep.WriterRegistry.get_writers()
    sys.modules.pop("my_writer")


def test_its_parameters_are_checked_as_any_writers(refusal, folder):
    found = refusal(name="my_writer.py:Lines", parameters={"times": "3", "txt": "a"})
    assert '$.writer.parameters.times: "3" is not a whole number; did you mean 3?' in found
    assert '$.writer.parameters.txt: is not a parameter of Lines; did you mean "text"?' in found
    assert "Lines" not in rep.WriterRegistry.get_writers()


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        (WRITER, "my_writer.py:Line", 'my_writer.py has no writer Line; did you mean "Lines"?'),
        (WRITER, "my_writer.py:Other", "my_writer.py has no writer Other; "),
        (WRITER, "my_writer.py:Alias", "Alias calls itself Lines; use that"),
        (WRITER, "none.py:Lines", "none.py: cannot be read: No such file or directory"),
        ("x = 1\n", "my_writer.py:Lines", "it has no subclass of omni.replicator.core.Writer"),
        ("x = 1\ny = (\n", "my_writer.py:Lines", "my_writer.py:2: '(' was never closed"),
        ("x = 1\n\nimport nothing_of_that_name\n", "my_writer.py:Lines", "my_writer.py:3: ModuleNotFoundError"),
        ("def f():\n    return 1 / 0\n\nf()\n", "my_writer.py:Lines", "my_writer.py:2: ZeroDivisionError"),
        ("raise SystemError\n", "my_writer.py:Lines", "my_writer.py:1: SystemError"),
        ("\0", "my_writer.py:Lines", "my_writer.py"),
        (WRITER, "no_such_module:Lines", "no_such_module: ModuleNotFoundError: No module named 'no_such_module'"),
        (WRITER.replace("Lines", "BasicWriter"), "my_writer.py:BasicWriter", "BasicWriter is registered already"),
    ],
)
def test_a_class_that_cannot_be_had(refusal, folder, source, name, expected):
    (folder / "my_writer.py").write_text(source)
    before = rep.WriterRegistry.get_writers()
    found = refusal(name=name)
    assert expected in found
    assert "$.writer.name: " in found
    assert rep.WriterRegistry.get_writers() == before


def test_a_recording_that_fails_leaves_no_class_behind(app, recorder, make_job, folder):
    (folder / "my_writer.py").write_text(WRITER.replace("row = Row(self.frame)", "row = 1 / 0"))
    with pytest.raises(Exception, match="ZeroDivisionError"):
        app.run(recorder.record(make_job(writer={"name": "my_writer.py:Lines"})))
    assert "Lines" not in rep.WriterRegistry.get_writers()
