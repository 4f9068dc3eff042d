"""Parameter files: what is right comes out whole; what is wrong names its file, its line and the fix."""

import json
import re
from dataclasses import replace

import pytest
from pxr import Usd, UsdGeom

import omni.replicator.core as rep
from omni.replicator.core.writers import BasicWriter
from simslate.recorder.config import Job
from simslate.recorder.errors import ConfigError
from simslate.recorder.requirements import check_requirements
from simslate.recorder.writers import TemplateWriter

WRITERS = {"BasicWriter": BasicWriter, "TemplateWriter": TemplateWriter}


@pytest.fixture
def stage():
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.Camera.Define(stage, "/C")
    return stage


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a job whose writer is as given, beside the parameter file p.json."""

    def read(writer, content=None, **changes):
        if content is not None:
            (tmp_path / "p.json").write_text(content)
        job = {"version": 1, "render_products": [{"camera": "/C", "resolution": [8, 6]}], "writer": writer, **changes}
        (tmp_path / "job.json").write_text(json.dumps(job, indent=1))
        return Job.load(tmp_path / "job.json")

    return read


@pytest.fixture
def refusal(read, stage):
    """Return a function that returns all that is wrong with a job."""

    def refusal(writer, content=None, **changes):
        with pytest.raises(ConfigError) as caught:
            check_requirements(read(writer, content, **changes), stage, WRITERS)
        return list(caught.value.problems)

    return refusal


BARE = {"name": "BasicWriter", "parameters": "p.json"}
WHOLE = '{"$schema": "x.json", "writer": "BasicWriter", "parameters": {"rgb": true}}'


@pytest.mark.parametrize(
    ("writer", "content"),
    [
        (BARE, '{"rgb": true}'),
        (BARE, '{"$schema": "x.json", "rgb": true}'),
        (BARE, '{"parameters": {"rgb": true}}'),
        (BARE, WHOLE),
        ("p.json", WHOLE),
        ({"name": "BasicWriter", "parameters": {"rgb": True}}, None),
    ],
)
def test_all_forms_say_the_same(read, stage, writer, content):
    job = read(writer, content)
    assert (job.writer.name, job.writer.parameters) == ("BasicWriter", {"rgb": True})
    check_requirements(job, stage, WRITERS)
    again = Job.from_json(json.loads(json.dumps(job.to_json())), "/elsewhere/u.json")
    assert again == job


def test_a_file_without_parameters_leaves_them_to_their_defaults(read):
    assert read("p.json", '{"writer": "BasicWriter"}').writer.parameters == {}


FILE_FORMS = [
    ("no JSON", "{\n\n'rgb': true}", 3, "column 1: not JSON: Expecting property name enclosed in double quotes"),
    ("a comma too many", '{\n"rgb": true,\n}', 3, "column 1: not JSON: "),
    ("a list", "\n[]", 2, "$: [] is not an object"),
    ("a key twice", '{"rgb": true,\n"rgb": false}', 2, "$.rgb: is written more than once"),
    ("a number that is none", '{"rgb":\n true,\n"x": NaN}', 3, "$.x: nan is not a finite number"),
    ("another writer", '{\n"writer": "TemplateWriter", "parameters": {}}', 2, '$.writer: "TemplateWriter" is not the'),
    ("a misspelt key", '{"writer": "BasicWriter",\n"paramters": {}}', 2, 'unknown key; did you mean "parameters"?'),
    ("parameters that are none", '{"writer": "BasicWriter",\n\n"parameters": [1]}', 3, "$.parameters: [1] is not an"),
    ("a writer that is no name", '{\n"writer": 3}', 2, "$.writer: 3 is not a non-empty text"),
    ("a schema that is none", '{\n"$schema": 3}', 2, "$.$schema: 3 is not the address of a schema"),
    ("a misspelt parameter", '{\n"rbg": true}', 2, '$.rbg: is not a parameter of BasicWriter; did you mean "rgb"?'),
    ("a text for a flag", '{"writer": "BasicWriter", "parameters": {\n"rgb": "true"}}', 2, "did you mean true?"),
    ("a number for a flag", '{\n\n"rgb": 1}', 3, "$.rgb: 1 is not true or false; did you mean true?"),
    ("a list for a flag", '{\n"rgb":\n[true]}', 2, "$.rgb: [true] is not true or false"),
    ("a format that is none", '{\n"image_output_format": "jpgg"}', 2, '"jpgg" is unknown; did you mean "jpg"?'),
    ("a padding out of bounds", '{\n"frame_padding": 21}', 2, "21 is not a whole number from 0 to 20"),
    ("a padding in quotes", '{\n"frame_padding": "6"}', 2, "did you mean 6?"),
    ("a text for a list", '{\n"semantic_types": "class"}', 2, 'did you mean ["class"]?'),
    ("a number in a list", '{\n"semantic_types": [\n"class",\n5]}', 4, "$.semantic_types[1]: 5 is not a text"),
    ("an object for a text", '{\n"semantic_filter_predicate": {}}', 2, "{} is not a text that is not empty or null"),
    ("where to write", '{\n"output_dir": "/tmp"}', 2, 'is set by the recorder; say where to write in "output"'),
    ("null for a flag", '{"rgb":\nnull}', 1, "$.rgb: null is not true or false"),
    (
        "two filters",
        '{"semantic_types": ["a"],\n"semantic_filter_predicate": "class:*"}',
        2,
        "cannot be given together with semantic_types",
    ),
]


@pytest.mark.parametrize(("content", "line", "text"), [case[1:] for case in FILE_FORMS], ids=[c[0] for c in FILE_FORMS])
def test_a_broken_file_names_the_line_and_the_fix(refusal, tmp_path, content, line, text):
    (problem,) = refusal(BARE, content)
    assert problem.startswith(f"{tmp_path / 'p.json'}:{line}: ")
    assert text in problem


def template(*, annotators='{"rgb": {}, "bounding_box_2d_tight": {}}', classes="[]", **entry):
    entry = {"path": "{frame}.txt", "from": "bounding_box_2d_tight", "encoding": "txt", "line": "{class}", **entry}
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(each)}" for key, each in entry.items() if each is not ...)
    more = f'"classes": {classes},\n' if classes != "[]" else "\n"
    head = f'{{"writer": "TemplateWriter", "parameters": {{\n"annotators": {annotators},\n{more}'
    return f'{head}"files": [{{\n{lines}}}]}}}}'


# The entry's keys are on lines 5 to 8, in their order; annotators on line 2, classes on line 3.
TEMPLATES = [
    ("an annotator", {"annotators": '{"rgbb": {}, "bounding_box_2d_tight": {}}'}, 2, 'did you mean "rgb"?'),
    ("an option", {"annotators": '{"bounding_box_2d_tight": {"colorize": 1}}'}, 2, "did you mean true?"),
    ("an option's form", {"annotators": '{"bounding_box_2d_tight": true}'}, 2, "true is not an object"),
    ("a class twice", {"classes": '["a", "a"]'}, 3, '"a" is there already'),
    ("a path without the frame", {"path": "a.txt"}, 5, "put {frame:06d} into it"),
    ("a path without a file", {"path": "{frame}/"}, 5, "has an empty part in it"),
    ("a field of a path", {"path": "{frme}.txt"}, 5, 'there is no such field; did you mean "frame"?'),
    ("a path that leads out", {"path": "../{frame}.txt"}, 5, "leads out of the output folder"),
    ("a file's ending", {"path": "{frame}.png"}, 5, "ends as files of the encoding"),
    ("a source", {"from": "bounding_box_2d_tihgt"}, 6, 'did you mean "bounding_box_2d_tight"?'),
    ("a source without rows", {"from": "rgb"}, 7, '"txt" cannot hold rgb; rgba, jpg, exr, npy, npz can'),
    ("an encoding", {"encoding": "tx"}, 7, '"tx" is unknown; did you mean "txt"?'),
    ("a field", {"line": "{clas}"}, 8, 'there is no such field; did you mean "class"?'),
    ("a format", {"line": "{class:06d}"}, 8, '"06d" is not a format of class'),
    ("a field that needs an annotator", {"line": "{visibility}"}, 8, 'add "simslate_visibility": {} to $.annotators'),
    ("a field that needs classes", {"line": "{class_id}"}, 8, 'needs the parameter "classes"'),
    ("no line", {"line": ...}, 4, "$.parameters.files[0].line: is missing"),
    ("a key", {"lines": "x"}, 9, 'is an unknown key; did you mean "line"?'),
    ("a key of another encoding", {"scale": 2}, 9, "has no meaning for the encoding txt; leave it out"),
    ("what there is a file for", {"each": "object"}, 9, '"object" is unknown'),
    ("a selection", {"where": {"min_pixel": 3}}, 9, 'did you mean "min_pixels"?'),
    ("a selection's bounds", {"where": {"min_visibility": 2}}, 9, "2 is not a number from 0 to 1"),
    ("a selection that needs an annotator", {"where": {"min_pixels": 3}}, 9, "needs the annotator simslate_visibility"),
    ("a class", {"classes": '["box"]', "where": {"classes": ["bax"]}}, 9, 'did you mean "box"?'),
]


@pytest.mark.parametrize(("entry", "line", "text"), [case[1:] for case in TEMPLATES], ids=[c[0] for c in TEMPLATES])
def test_a_broken_template_names_the_line_and_the_fix(refusal, tmp_path, entry, line, text):
    (problem,) = refusal("p.json", template(**entry))
    assert problem.startswith(f"{tmp_path / 'p.json'}:{line}: $.parameters.")
    assert text in problem


def test_a_template_that_is_right(read, stage):
    check_requirements(read("p.json", template()), stage, WRITERS)


def test_all_problems_of_a_file_come_at_once(refusal, tmp_path):
    found = refusal(
        "p.json", '{"writer": "BasicWriter", "parameters": {\n"rbg": true,\n"frame_padding": 99,\n"rgb": 0}}'
    )
    assert [re.match(r".*:(\d+): (\S+):", line).groups() for line in found] == [
        ("2", "$.parameters.rbg"),
        ("3", "$.parameters.frame_padding"),
        ("4", "$.parameters.rgb"),
    ]


def test_an_error_about_another_writer_names_both_places(refusal, tmp_path):
    (problem,) = refusal(BARE, '{"writer": "TemplateWriter"}')
    assert f"{tmp_path / 'p.json'}:1: $.writer" in problem
    assert '"TemplateWriter" is not the writer of the job, "BasicWriter"' in problem
    assert re.search(r"job\.json:\d+: \$\.writer\.name", problem)


@pytest.mark.parametrize("writer", ["none.json", {"name": "BasicWriter", "parameters": "none.json"}, "."])
def test_a_missing_file_stops_the_job_at_its_line(refusal, writer):
    (problem,) = refusal(writer)
    assert re.match(r".*job\.json:\d+: \$\.writer(\.parameters)?: .*: cannot be read: ", problem)


def test_a_bare_dictionary_names_no_writer(refusal):
    assert "names no writer" in refusal("p.json", '{"rgb": true}')[0]


def test_a_writer_of_a_file_that_is_not_registered_is_the_files_fault(refusal, tmp_path):
    (problem,) = refusal("p.json", '{\n"writer": "BasikWriter"}')
    assert problem.startswith(f'{tmp_path / "p.json"}:2: $.writer: "BasikWriter" is not a registered writer; did you')


def test_parameters_in_the_job_have_the_jobs_lines(refusal, tmp_path):
    (problem,) = refusal({"name": "BasicWriter", "parameters": {"rgb": True, "normals": 3}})
    job = (tmp_path / "job.json").read_text().splitlines()
    line = next(number for number, text in enumerate(job, 1) if "normals" in text)
    assert problem.startswith(f"{tmp_path / 'job.json'}:{line}: $.writer.parameters.normals: 3 is not true or false")


def test_cameras_have_lines_too(refusal, tmp_path):
    (problem,) = refusal(BARE, "{}", render_products=[{"camera": "/X", "resolution": [1, 1]}])
    assert re.match(r'.*job\.json:\d+: \$\.render_products\[0\]\.camera: "/X"', problem)


def test_two_render_products_need_two_names(refusal, read, stage):
    products = [{"camera": "/C", "resolution": [8, 6], "name": name} for name in "ab"]
    (problem,) = refusal("p.json", template(), render_products=products)
    assert "is the same for all 2 render products; put {product} into it" in problem
    assert "{product}" in refusal("p.json", template(path="{camera}_{frame}.txt"), render_products=products)[0]
    check_requirements(read("p.json", template(path="{product}_{frame}.txt"), render_products=products), stage, WRITERS)


def test_a_place_follows_the_job_that_is_changed(read, tmp_path):
    job = replace(read("p.json", WHOLE), frames=3)
    assert job.place("$.writer.parameters.rgb") == f"{tmp_path / 'p.json'}:1: $.parameters.rgb"
    assert job.place("$.frames") == f"{tmp_path / 'job.json'}:1: $.frames"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("w.py:Class", None),
        ("sub/w.py:Class", None),
        ("/abs/w.py:Class", None),
        ("package.module:Class", None),
        ("../w.py:Class", "leads out of"),
        ("sub/../../w.py:Class", "leads out of"),
        ("link/w.py:Class", "leads out of"),
        ("w.py:", 'names no class; write "w.py:Class"'),
        ("w.py:Class()", "names no class"),
        ("a-b:Class", 'is neither "module:Class" nor "file.py:Class"'),
        (":Class", "is neither"),
        ("a\0b.py:Class", "is not a path"),
    ],
)
def test_names_of_writers_outside(read, tmp_path, name, expected):
    (tmp_path / "link").symlink_to("/")
    if expected is None:
        read_name = read({"name": name}).writer.name
        assert read_name in (name, str(tmp_path / name))
        return
    with pytest.raises(ConfigError, match=re.escape(expected)) as caught:
        read({"name": name})
    assert "$.writer.name: " in str(caught.value)


def test_a_path_starts_at_the_file_that_names_it(read, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/p.json").write_text('{"writer": "w.py:Class"}')
    assert read("sub/p.json").writer.name == f"{tmp_path / 'sub/w.py'}:Class"


def test_registered_annotators_of_the_host_are_known():
    assert "LdrColor" in rep.AnnotatorRegistry.get_registered_annotators()
    parameters = {
        "annotators": {"LdrColor": {}},
        "files": [{"path": "{frame}.jpg", "from": "LdrColor", "encoding": "jpg"}],
    }
    assert list(TemplateWriter.parameters_problems(parameters, ())) == []
