"""The schemas in config/schema: what is committed is what is generated, and they agree with what reads the files."""

import json
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest
import referencing
from referencing.jsonschema import DRAFT202012

from simslate.recorder.cli_writers import schemas, write_schemas
from simslate.recorder.config import Job, RenderProduct, Writer
from simslate.recorder.errors import ConfigError
from simslate.recorder.labels.match import Match, Strip
from simslate.recorder.labels.rules import Rule, Rules
from simslate.recorder.outputs import DiskOutput, S3Output
from simslate.recorder.taxonomy import Category, Taxonomy

CONFIG = Path(__file__).parents[2] / "config"
SCHEMAS = CONFIG / "schema"
JOBS = sorted(CONFIG.glob("*.json"))
LABELS = sorted(CONFIG.glob("labels/*.json"))
TAXONOMIES = sorted(CONFIG.glob("taxonomies/*.json"))
# carla_tags.json is the table of a writer, not its parameters.
PARAMETERS = [path for path in sorted(CONFIG.glob("writers/*.json")) if path.name != "carla_tags.json"]


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def retrieve(uri):
    return referencing.Resource(load(SCHEMAS / uri), specification=DRAFT202012)


def validator(name):
    registry = referencing.Registry(retrieve=retrieve)
    return jsonschema.Draft202012Validator({"$ref": name}, registry=registry)


def test_what_is_committed_is_what_is_generated(tmp_path):
    write_schemas(tmp_path)
    made = {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*.json")}
    kept = {str(path.relative_to(SCHEMAS)): path.read_text() for path in SCHEMAS.rglob("*.json")}
    assert made == kept, "run tools/simslate writers --schemas config/schema"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_each_is_a_schema(name):
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        *((path, "job.schema.json") for path in JOBS),
        *((path, "labels.schema.json") for path in LABELS),
        *((path, "taxonomy.schema.json") for path in TAXONOMIES),
        *((path, f"writers/{load(path)['writer']}.schema.json") for path in PARAMETERS),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_what_we_ship_fits_its_schema_and_names_it(path, schema):
    content = load(path)
    validator(schema).validate(content)
    assert (path.parent / content["$schema"]).resolve() == SCHEMAS / schema


def inner(schema, *keys):
    for key in keys:
        schema = schema[key]
    return set(schema["properties"]) - {"$schema"}


def checked(cls):
    return {field.name for field in fields(cls) if "check" in field.metadata}


def test_the_schemas_have_all_keys_and_no_others():
    job, labels, taxonomy = (schemas()[f"{name}.schema.json"] for name in ("job", "labels", "taxonomy"))
    assert inner(job) == checked(Job) | {"version", "render_products", "writer", "output", "made_with"}
    assert inner(job, "properties", "render_products", "items") == checked(RenderProduct)
    assert inner(job, "properties", "writer") == checked(Writer)
    assert inner(job, "properties", "output", "oneOf", 0) == checked(DiskOutput) | {"kind"}
    assert inner(job, "properties", "output", "oneOf", 1) == checked(S3Output) | {"kind"}
    assert inner(job, "properties", "output", "oneOf", 2) == {"kind", "outputs"}
    rule = labels["properties"]["rules"]["items"]
    assert inner(labels) == checked(Rules) | {"rules"}
    assert inner(rule) == checked(Rule)
    assert inner(rule, "properties", "match") == checked(Match)
    assert inner(rule, "properties", "strip") == checked(Strip)
    assert inner(taxonomy) == {"version", "taxonomy", "unlisted", "classes", "hash"}
    assert inner(taxonomy, "properties", "classes", "additionalProperties") == checked(Category)


CAMERA = {"camera": "/C", "resolution": [8, 6]}


def job(**changes):
    data = {"version": 1, "render_products": [CAMERA], "writer": {"name": "W"}, **changes}
    return {key: value for key, value in data.items() if value is not ...}


def both(disk, bucket):
    outputs = [{"kind": "disk", **disk}, {"kind": "s3", "bucket": "sets", **bucket}]
    return job(output={"kind": "group", "outputs": outputs})


def is_read(read, value):
    try:
        read(value)
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize(
    "value",
    [
        job(),
        job(**{"$schema": "x"}),
        job(**{"$schema": 1}),
        job(version=2),
        job(version=...),
        job(frames=None),
        job(frames=0),
        job(frames=1.5),
        job(seed=-1),
        job(retries=101),
        job(resolve="near"),
        job(stage=None),
        job(stage=""),
        job(extra=1),
        job(render_products=[]),
        job(render_products=[{**CAMERA, "resolution": [8]}]),
        job(render_products=[{**CAMERA, "resolution": [0, 6]}]),
        job(render_products=[{**CAMERA, "name": "a b"}]),
        job(render_products=[{**CAMERA, "camera": "C"}]),
        job(writer={}),
        job(writer={"name": "W", "parameters": {"a": 1}}),
        job(writer={"name": "W", "parameters": [1]}),
        job(writer={"name": "W", "more": 1}),
        job(output={"kind": "disk"}),
        job(output={"kind": "dsk"}),
        job(output={"kind": "disk", "on_conflict": "maybe"}),
        job(output={"kind": "s3", "bucket": "sets"}),
        job(output={"kind": "s3"}),
        job(output={"kind": "s3", "bucket": "sets", "folder": "x"}),
        job(output={"kind": "s3", "bucket": "sets", "profile": "me", "path_style": True}),
        job(output={"kind": "s3", "bucket": "sets", "profile": ""}),
        job(output={"kind": "s3", "bucket": "sets", "path_style": "yes"}),
        job(output={"kind": "group", "outputs": [{"kind": "disk"}, {"kind": "s3", "bucket": "sets"}]}),
        job(output={"kind": "group", "outputs": [{"kind": "s3", "bucket": "sets"}, {"kind": "disk"}]}),
        job(output={"kind": "group", "outputs": [{"kind": "disk"}, {"kind": "disk", "folder": "x"}]}),
        job(output={"kind": "group", "outputs": [{"kind": "disk"}]}),
        job(output={"kind": "group", "outputs": [{"kind": "disk"}, {"kind": "group", "outputs": []}]}),
        job(output={"kind": "group"}),
        job(output={"kind": "group", "outputs": [], "bucket": "sets"}),
        both({"on_conflict": "increment"}, {"on_conflict": "increment"}),
        both({"on_conflict": "increment"}, {}),
        both({}, {"on_conflict": "fail"}),
        both({"on_conflict": "fail"}, {"on_conflict": "resume"}),
    ],
    ids=json.dumps,
)
def test_a_job_fits_the_schema_if_it_is_read(value):
    assert validator("job.schema.json").is_valid(value) == is_read(lambda each: Job.from_json(each, "t.json"), value)


@pytest.mark.parametrize(
    "value",
    [
        {"rules": []},
        {"$schema": "x", "rules": []},
        {"rules": {}},
        {"rules": [], "wins": "none"},
        {"rules": [{"match": {"name": "A*"}, "labels": {"class": "a"}}]},
        {"rules": [{"match": {"name": "A*"}, "labels": {"class": ["a", "b"]}}]},
        {"rules": [{"match": {"name": "A*"}, "labels": {}}]},
        {"rules": [{"match": {}, "labels": {"class": "a"}}]},
        {"rules": [{"match": {"nam": "A*"}, "labels": {"class": "a"}}]},
        {"rules": [{"match": {"name": "A*"}, "labels": {"a class": "a"}}]},
        {"rules": [{"match": {"name": "A*"}, "labels": {"class": "a"}, "strip": {"numbers": 1}}]},
        {"rules": [{"match": {"name": "A*"}, "labels": {"class": "a"}, "strip": {"prefixes": ["a_"]}}]},
    ],
    ids=json.dumps,
)
def test_rules_fit_the_schema_if_they_are_read(value):
    assert validator("labels.schema.json").is_valid(value) == is_read(lambda each: Rules.from_json(each, "r"), value)


@pytest.mark.parametrize(
    "value",
    [
        {"version": 1, "classes": {}},
        {"$schema": "x", "version": 1, "classes": {"a": {}}},
        {"version": 1},
        {"version": 1, "classes": {"a": {"id": 1}}},
        {"version": 1, "classes": {"a": {"colour": [1, 2]}}},
        {"version": 1, "classes": {"a": {"colour": [1, 2, 256]}}},
        {"version": 1, "classes": {"a": {"color": [1, 2, 3]}}},
        {"version": 1, "classes": {}, "unlisted": "skip"},
        {"version": 1, "classes": {}, "hash": "x"},
    ],
    ids=json.dumps,
)
def test_a_taxonomy_fits_the_schema_if_it_is_read(value):
    is_valid = validator("taxonomy.schema.json").is_valid(value)
    assert is_valid == is_read(lambda each: Taxonomy.from_json(each, "t"), value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"rgb": True}, True),
        ({"$schema": "x", "rgb": True}, True),
        ({"rgb": 1}, False),
        ({"writer": "BasicWriter", "parameters": {"rgb": True}}, True),
        ({"writer": "BasicWriter", "parameters": {"rbg": True}}, False),
        ({"writer": "TemplateWriter", "parameters": {}}, False),
        ({"writer": "BasicWriter", "paramters": {}}, False),
    ],
)
def test_a_parameter_file_has_either_form(value, expected):
    assert validator("writers/BasicWriter.schema.json").is_valid(value) == expected


@pytest.mark.parametrize(
    ("writer", "expected"),
    [
        ({"name": "BasicWriter", "parameters": {"rgb": True}}, True),
        ({"name": "BasicWriter", "parameters": {"rbg": True}}, False),
        ({"name": "BasicWriter", "parameters": "x.json"}, True),
        ({"name": "MyWriter", "parameters": {"rbg": True}}, True),
        ("x.json", True),
    ],
)
def test_a_jobs_parameters_follow_its_writers_schema(writer, expected):
    assert validator("job.schema.json").is_valid(job(writer=writer)) == expected


def test_a_taxonomy_keeps_the_schema_that_it_names(tmp_path):
    (tmp_path / "t.json").write_text('{"$schema": "s.json", "version": 1, "classes": {"a": {}}}')
    Taxonomy.load(tmp_path / "t.json").save(tmp_path / "t.json")
    assert load(tmp_path / "t.json")["$schema"] == "s.json"
    assert Taxonomy.load(tmp_path / "t.json").locked


@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.name)
def test_every_job_that_we_ship_is_read(path):
    assert Job.load(path).writer.name in ("BasicWriter", "CarlaInstanceSegmentation", "TemplateWriter")
