"""Reading jobs: what is right comes out whole, what is wrong is named with its place, all at once."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simslate.recorder.config import Job, RenderProduct, Writer
from simslate.recorder.errors import ConfigError
from simslate.recorder.outputs import CONFLICT_POLICIES, DiskOutput

CAMERA = {"camera": "/World/Camera", "resolution": [64, 48]}


def job(**changes):
    """Return the smallest job as a JSON object, with ``changes`` made to it; ... takes a key out."""
    data = {"version": 1, "render_products": [CAMERA], "writer": {"name": "BasicWriter"}, **changes}
    return {key: value for key, value in data.items() if value is not ...}


def problems_of(data, source="/jobs/table.json"):
    with pytest.raises(ConfigError) as caught:
        Job.from_json(data, source)
    # A text has lines, and an object has none.
    mark = f"{source}:" if isinstance(data, str) else f"{source}: "
    assert all(line.startswith(mark) for line in caught.value.problems)
    return [line.removeprefix(mark) for line in caught.value.problems]


def test_what_is_left_out_has_its_default():
    read = Job.from_json(job(), "/jobs/table.json")
    assert read == Job(
        render_products=(RenderProduct(camera="/World/Camera", resolution=(64, 48)),),
        writer=Writer(name="BasicWriter"),
        output=DiskOutput(directory=Path("/jobs/_out"), folder="table"),
    )
    assert (read.frames, read.subframes, read.warmup_frames, read.control_timeline, read.seed) == (1, 0, 0, False, 0)
    assert read.retries == 3


def test_paths_start_at_the_job_file():
    data = job(
        stage="../data/a.usda", labels="labels/a.json", script="s.py", output={"kind": "disk", "directory": ".."}
    )
    read = Job.from_json(data, "/w/config/t.json")
    assert (read.stage, read.labels, read.script) == (
        str(Path("/w/data/a.usda")),
        Path("/w/config/labels/a.json"),
        Path("/w/config/s.py"),
    )
    assert read.output == DiskOutput(directory=Path("/w"), folder="t")


@pytest.mark.parametrize("url", ["omniverse://host/a.usd", "https://host/a.usd", "anon:0x1:x"])
def test_a_url_stays_as_it_is(url):
    assert Job.from_json(job(stage=url), "/w/t.json").stage == url


def test_a_relative_source_starts_at_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Job.from_json(job(stage="a.usda"), "sub/t.json").stage == str(tmp_path / "sub" / "a.usda")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"frames": True}, "$.frames: true is not a whole number from 1 to 2147483647"),
        ({"frames": 0}, "$.frames: 0 is not a whole number from 1 to 2147483647"),
        ({"frames": -1}, "$.frames: -1 is not a whole number from 1 to 2147483647"),
        ({"frames": 2.0}, "$.frames: 2.0 is not a whole number from 1 to 2147483647"),
        ({"frames": 10**30}, f"$.frames: {10**30} is not a whole number from 1 to 2147483647"),
        ({"frames": "10"}, '$.frames: "10" is not a whole number from 1 to 2147483647'),
        ({"seed": None}, "$.seed: null is not a whole number from 0 to 2147483647"),
        ({"subframes": 70000}, "$.subframes: 70000 is not a whole number from 0 to 65536"),
        ({"warmup_frames": False}, "$.warmup_frames: false is not a whole number from 0 to 65536"),
        ({"retries": -1}, "$.retries: -1 is not a whole number from 0 to 100"),
        ({"retries": 101}, "$.retries: 101 is not a whole number from 0 to 100"),
        ({"control_timeline": 1}, "$.control_timeline: 1 is not true or false"),
        ({"stage": ""}, '$.stage: "" is not a path'),
        ({"labels": ["a"]}, '$.labels: ["a"] is not a path'),
        ({"script": "a\0b"}, '$.script: "a\\u0000b" is not a path'),
        ({"version": True}, "$.version: true is not known; this release reads version 1"),
        ({"version": 2}, "$.version: 2 is not known; this release reads version 1"),
        ({"version": ...}, "$.version: is missing; this release reads version 1"),
        ({"writer": ...}, "$.writer: is missing"),
        ({"writer": "Nowhere"}, f"$.writer: {Path('/jobs/Nowhere')}: cannot be read: No such file or directory"),
        ({"writer": ["BasicWriter"]}, '$.writer: ["BasicWriter"] is not an object'),
        ({"writer": {"name": "W", "parameters": "a\0b"}}, '$.writer.parameters: "a\\u0000b" is not a path'),
        ({"$schema": 3}, "$.$schema: 3 is not the address of a schema"),
        ({"writer": {"name": "", "parameters": {}}}, '$.writer.name: "" is not a non-empty text'),
        ({"writer": {"name": "W", "parameters": [1]}}, "$.writer.parameters: [1] is not an object"),
        ({"writer": {}}, "$.writer.name: is missing"),
        ({"writer": {"nam": "W", "name": "W"}}, '$.writer.nam: is an unknown key; did you mean "name"?'),
        ({"render_products": ...}, "$.render_products: is missing"),
        ({"render_products": []}, "$.render_products: [] is not a list of at least one"),
        ({"render_products": {}}, "$.render_products: {} is not a list of at least one"),
        ({"render_products": ["/C"]}, '$.render_products[0]: "/C" is not an object'),
        ({"framez": 3}, '$.framez: is an unknown key; did you mean "frames"?'),
        ({"render_product": 3}, '$.render_product: is an unknown key; did you mean "render_products"?'),
        ({"output": []}, "$.output: [] is not an object"),
        ({"output": {"directory": "x"}}, "$.output.kind: is missing; known: disk, group, s3"),
        ({"output": {"kind": "s3"}}, "$.output.bucket: is missing"),
        ({"output": {"kind": "s3", "bucket": "B"}}, '$.output.bucket: "B" is not the name of a bucket: 3 to 63 of'),
        ({"output": {"kind": "s3", "bucket": "sets", "prefix": "a//b"}}, '$.output.prefix: "a//b" is not a prefix'),
        ({"output": {"kind": "dsk"}}, '$.output.kind: "dsk" is unknown; did you mean "disk"?'),
    ],
)
def test_one_wrong_value(changes, expected):
    (found,) = problems_of(job(**changes))
    assert found.startswith(expected)


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ({"camera": "World/Camera"}, '.camera: "World/Camera" is not an absolute prim path such as /World/Camera'),
        ({"camera": "/"}, '.camera: "/" is not an absolute prim path such as /World/Camera'),
        ({"resolution": [0, 48]}, ".resolution[0]: 0 is not a whole number from 1 to 16384"),
        ({"resolution": [64, -48]}, ".resolution[1]: -48 is not a whole number from 1 to 16384"),
        ({"resolution": [64, 1e9]}, ".resolution[1]: 1000000000.0 is not a whole number from 1 to 16384"),
        ({"resolution": [64]}, ".resolution: [64] is not [width, height]"),
        ({"resolution": "64x48"}, '.resolution: "64x48" is not [width, height]'),
        ({"name": "a b"}, '.name: "a b" is not a name of letters, digits and _ that starts with no digit'),
        ({"name": "../x"}, '.name: "../x" is not a name of letters, digits and _ that starts with no digit'),
        ({"resolutoin": []}, '.resolutoin: is an unknown key; did you mean "resolution"?'),
    ],
)
def test_one_wrong_render_product(product, expected):
    data = job(render_products=[CAMERA, {**CAMERA, **product}])
    assert problems_of(data) == [f"$.render_products[1]{expected}"]


@pytest.mark.parametrize("second", ["small", "Small"])
def test_names_of_render_products_differ_in_more_than_case(second):
    data = job(render_products=[{**CAMERA, "name": "small"}, CAMERA, {**CAMERA, "name": second}])
    assert problems_of(data) == [f'$.render_products[2].name: "{second}" is taken by $.render_products[0]']


@pytest.mark.parametrize("folder", ["../x", "a/../../x", "/x", "C:\\x", "C:x", "\\x", "a\\..\\..\\x"])
def test_a_folder_stays_inside_its_directory(folder):
    (problem,) = problems_of(job(output={"kind": "disk", "folder": folder}))
    assert problem == f"$.output.folder: {json.dumps(folder)} leads out of the output directory"


@pytest.mark.parametrize("folder", ["", " ", ".", "..", 5, "a\0"])
def test_a_folder_has_a_name(folder):
    (problem,) = problems_of(job(output={"kind": "disk", "folder": folder}))
    assert problem.endswith("is not the name of a folder")


@pytest.mark.parametrize("policy", ["go on", "Fail", None])
def test_unknown_policies_are_refused(policy):
    (problem,) = problems_of(job(output={"kind": "disk", "on_conflict": policy}))
    assert problem.startswith(f"$.output.on_conflict: {json.dumps(policy)} is unknown; ")


def test_all_problems_come_at_once():
    data = job(version=3, frames=0, writer={}, render_products=[{"camera": 1}], extra=0)
    assert {problem.split(":")[0] for problem in problems_of(data)} == {
        "$.version",
        "$.frames",
        "$.writer.name",
        "$.render_products[0].camera",
        "$.render_products[0].resolution",
        "$.extra",
    }


@pytest.mark.parametrize("value", ["[]", "null", '"job"', "3"])
def test_a_job_is_an_object(value):
    assert problems_of(value) == [f"1: $: {value} is not an object"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"version": 1,\n "frames" 3}', "2: column 11: not JSON: Expecting ':' delimiter"),
        ("", "1: column 1: not JSON: Expecting value"),
        ("[" * 100_000, " not JSON that can be read"),
        ("1" * 5000, " not JSON that can be read"),
    ],
)
def test_text_that_is_not_json(text, expected):
    (problem,) = problems_of(text)
    assert problem.startswith(expected)


def test_duplicate_keys_and_numbers_that_are_none():
    text = json.dumps(job(writer={"name": "W", "parameters": {"gain": [0, 77]}}))
    text = text.replace('"version": 1', '"version": 1, "frames": 2, "frames": 3').replace("77", "NaN")
    assert problems_of(text) == [
        "1: $.frames: is written more than once",
        "1: $.writer.parameters.gain[1]: nan is not a finite number",
    ]
    assert "1: $.writer.parameters.gain[1]: inf is not a finite number" in problems_of(text.replace("NaN", "1e999"))


def test_parameters_from_a_file(tmp_path):
    (tmp_path / "p.json").write_text('{"rgb": true}')
    read = Job.from_json(job(writer={"name": "W", "parameters": "p.json"}), tmp_path / "t.json")
    assert read.writer.parameters == {"rgb": True}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, " cannot be read: No such file or directory"),
        (b'{"rgb": tru}', "1: column 9: not JSON"),
        (b"[]", "1: $: [] is not an object"),
        (b"\xff", " is not UTF-8 text (byte 0)"),
        (b'{"rgb": 1,\n"rgb": 2}', "2: $.rgb: is written more than once"),
    ],
)
def test_a_bad_parameter_file_is_named_beside_other_problems(tmp_path, content, expected):
    if content is not None:
        (tmp_path / "p.json").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        Job.from_json(job(frames=0, writer={"name": "W", "parameters": "p.json"}), tmp_path / "t.json")
    in_file, in_job = caught.value.problems
    assert f"{tmp_path / 'p.json'}:{expected}" in in_file
    assert "$.frames" in in_job


@pytest.mark.parametrize("name", ["none.json", "."])
def test_a_job_file_that_cannot_be_read(tmp_path, name):
    with pytest.raises(ConfigError, match="cannot be read"):
        Job.load(tmp_path / name)


def test_load_reads_a_file_with_a_byte_order_mark(tmp_path):
    (tmp_path / "t.json").write_text(json.dumps(job(frames=4)), encoding="utf-8-sig")
    read = Job.load(tmp_path / "t.json")
    assert (read.frames, read.source, read.output.directory) == (4, tmp_path / "t.json", tmp_path / "_out")


def test_parts_made_in_a_script_are_checked_too():
    with pytest.raises(ConfigError, match=r"resolution\[0\]: 0 is not"):
        RenderProduct(camera="/C", resolution=(0, 5))
    with pytest.raises(ConfigError, match="frames: 0 is not"):
        replace(Job.from_json(job(), "t.json"), frames=0)


NUMBERS = {
    "frames": st.none() | st.integers(1, 2**31 - 1),
    "subframes": st.integers(0, 65536),
    "warmup_frames": st.integers(0, 65536),
    "retries": st.integers(0, 100),
    "control_timeline": st.booleans(),
    "seed": st.integers(0, 2**31 - 1),
}
SIZES = st.lists(st.tuples(st.integers(1, 16384), st.integers(1, 16384)), min_size=1)


@given(numbers=st.fixed_dictionaries({}, optional=NUMBERS), sizes=SIZES, policy=st.sampled_from(CONFLICT_POLICIES))
def test_to_json_is_the_inverse_of_from_json(numbers, sizes, policy):
    products = [{"camera": "/C", "resolution": list(size), "name": None} for size in sizes]
    output = {"kind": "disk", "on_conflict": policy}
    read = Job.from_json(job(**numbers, stage="a.usda", render_products=products, output=output), "/jobs/t.json")
    written = json.loads(json.dumps(read.to_json()))
    assert Job.from_json(written, "/elsewhere/u.json") == read
    assert {**written, **numbers, "render_products": products} == written


BUCKET = {"kind": "s3", "bucket": "data", "prefix": "sets/a"}


def test_a_bucket_is_reached_as_the_job_says(tmp_path):
    told = {**BUCKET, "endpoint": "https://s3.example.com", "region": "r", "profile": "p", "path_style": True}
    read = Job.from_json(job(output=told), tmp_path / "job.json").output
    assert read.to_json() == {**told, "on_conflict": "fail"}


@pytest.mark.parametrize("address", ["https://me:hushhush@s3.example.com", "https://s3.example.com/?key=hushhush"])
def test_an_address_with_more_in_it_is_refused_and_not_shown(address):
    (problem,) = problems_of(job(output={**BUCKET, "endpoint": address}))
    assert problem.startswith("$.output.endpoint: has more in it than an address")
    assert "hushhush" not in problem


def test_a_group_is_one_disk_and_one_bucket(tmp_path):
    disk = {"kind": "disk", "directory": "out", "folder": "a"}
    read = Job.from_json(job(output={"kind": "group", "outputs": [BUCKET, disk]}), tmp_path / "job.json")
    assert read.output.disk.directory == tmp_path / "out"
    assert read.output.s3.bucket == "data"
    assert Job.from_json(read.to_json(), tmp_path / "job.json") == read


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ({}, "$.output.outputs: is missing"),
        ({"outputs": [BUCKET]}, "$.output.outputs: is not a list of one output of kind disk and one of kind s3"),
        ({"outputs": [BUCKET, {"kind": "disk", "folder": ".."}]}, "$.output.outputs[1].folder: "),
        (
            {"outputs": [BUCKET, {"kind": "disk", "on_conflict": "increment"}]},
            "$.output.outputs: has two policies for on_conflict",
        ),
        ({"outputs": [BUCKET, {"kind": "disk"}], "bucket": "x"}, "$.output.bucket: is an unknown key"),
    ],
)
def test_what_is_wrong_with_a_group_is_said(group, expected):
    (problem,) = problems_of(job(output={"kind": "group", **group}))
    assert problem.startswith(expected)
