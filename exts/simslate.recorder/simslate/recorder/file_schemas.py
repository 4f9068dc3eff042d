"""The JSON Schemas (draft 2020-12) of the files that people write: jobs, label rules, taxonomies, parameters.

What reads the files checks them itself, and further: these tell shapes, defaults and choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .checks import LARGEST
from .config import MADE_WITH, VERSION
from .outputs import CONFLICT_POLICIES
from .parameter_files import SCHEMA
from .taxonomy import FIRST_ID, LAST_ID, POLICIES
from .writer_schema import DRAFT

Schema = dict[str, Any]

_OPTIONAL_TEXT: Schema = {"type": ["string", "null"], "minLength": 1}
_EDITORS: Schema = {"type": "string", "description": "This schema, so that editors can help. Otherwise without effect."}
_NAME = "^[A-Za-z_][A-Za-z0-9_]*$"


def job_schema(writers: Iterable[str]) -> Schema:
    """Return the schema of a job, given the names of the writers that have a schema beside it."""
    properties = {
        SCHEMA: _EDITORS,
        "version": {"const": VERSION},
        "stage": _path("Path or URL of the stage; null records the stage that is open."),
        "labels": _path("A file of label rules, applied for the time of the recording."),
        "taxonomy": _path("A taxonomy file: the ids and colours that classes have in the masks."),
        "resolve": _choice(("path", "nearest", "direct"), "Which labels count where nested prims have some."),
        "script": _path("A Script Editor snippet that the command line runs on the opened stage."),
        "render_products": {"type": "array", "minItems": 1, "items": _RENDER_PRODUCT},
        "writer": _writer(writers),
        "output": {
            "oneOf": [_DISK, _S3, _GROUP],
            "description": "Where the data set goes; _out beside the job unless given.",
        },
        "frames": {
            **_whole(1, default=1, text="How many frames; null records until stopped."),
            "type": ["integer", "null"],
        },
        "first_frame": _whole(0, text="Which frame to begin with, counted from the timeline's start."),
        "subframes": _whole(0, 65536, text="Renderer subframes per frame; 0 leaves it to the renderer."),
        "warmup_frames": _whole(0, 65536, text="Frames rendered before the first one that is recorded."),
        "retries": _whole(0, 100, default=3, text="How often a flawed frame is rendered again before it is suspect."),
        "control_timeline": {
            "type": "boolean",
            "default": False,
            "description": "Whether the timeline plays, pauses and stops with the recording.",
        },
        "seed": _whole(0, text="Replicator's global seed."),
        MADE_WITH: {"type": "object", "description": "What a data set's job file says of its making. Without effect."},
    }
    return _file("Simslate job", properties, ["version", "render_products", "writer"])


def labels_schema() -> Schema:
    """Return the schema of a file of label rules."""
    patterns = {
        "path": "Pattern of the whole path; ** goes across / too.",
        "regex": "Regular expression (Python's) of the whole path.",
        "name": "Pattern of the prim's name, as it is or after strip.",
        "type": "Pattern of the type's name, such as Mesh.",
        "kind": "Pattern of the model kind, such as component.",
        "material": "Pattern of the bound material's name, or with / at its front of its path.",
        "asset": "Pattern of a file that the prim references: its name, or with / the end of its path.",
    }
    match = {name: {**_OPTIONAL_TEXT, "description": text} for name, text in patterns.items()}
    match["label"] = {
        "type": ["object", "null"],
        "additionalProperties": {"type": "string"},
        "description": "Taxonomy to pattern, each of a label that the prim has already.",
    }
    texts = {"type": "array", "items": {"type": "string", "minLength": 1}}
    strip = {
        "prefixes": {**texts, "description": "What is taken off the front of names."},
        "suffixes": {**texts, "description": "What is taken off the end of names."},
        "numbers": {"type": "boolean", "default": False, "description": "Whether numbers at the end go, too."},
    }
    label: Schema = {"anyOf": [{"type": "string", "minLength": 1}, {**texts, "minItems": 1}]}
    rule = _object(
        {
            "match": {**_object(match), "minProperties": 1, "description": "All that is given has to fit."},
            "labels": {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": _NAME},
                "additionalProperties": label,
                "description": "Taxonomy to label or labels; {name} and {parent} stand for names after strip.",
            },
            "strip": _object(strip),
        },
        ["match", "labels"],
    )
    properties = {
        SCHEMA: _EDITORS,
        "rules": {"type": "array", "items": rule},
        "wins": _choice(("first", "last"), "Which of several rules that fit a prim decides, alone."),
        "instances": _choice(("error", "root", "deinstance"), "What to do with a prim inside an instance."),
    }
    return _file("Simslate label rules", properties, ["rules"])


def taxonomy_schema() -> Schema:
    """Return the schema of a taxonomy."""
    channel = {"type": "integer", "minimum": 0, "maximum": 255}
    category = _object(
        {
            "id": {"type": "integer", "minimum": FIRST_ID, "maximum": LAST_ID, "description": "Number in masks."},
            "colour": {
                "type": "array",
                "items": channel,
                "minItems": 3,
                "maxItems": 3,
                "description": "Red, green and blue in colourised masks.",
            },
            "supercategory": _OPTIONAL_TEXT,
            "aliases": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Labels that mean this class too.",
            },
        }
    )
    properties = {
        SCHEMA: _EDITORS,
        "version": {"const": 1},
        "taxonomy": {"type": "string", "pattern": _NAME, "default": "class", "description": "Type of the labels."},
        "unlisted": _choice(POLICIES, "What a label that is not listed does."),
        "classes": {"type": "object", "additionalProperties": category},
        "hash": {
            "type": ["string", "null"],
            "pattern": "^sha256:[0-9a-f]{64}$",
            "description": "Locks the file; written by tools/simslate taxonomy FILE --lock.",
        },
    }
    return _file("Simslate taxonomy", properties, ["version", "classes"])


def parameter_file_schema(parameters: Mapping[str, Any]) -> Schema:
    """Return the schema of a parameter file of a writer, given that of its parameters."""
    name = parameters["title"]
    inner = {key: value for key, value in parameters.items() if key not in (SCHEMA, "$defs")}
    inner["properties"] = {SCHEMA: _EDITORS, **inner["properties"]}
    whole = _object(
        {SCHEMA: _EDITORS, "writer": {"const": name}, "parameters": {"$ref": "#/$defs/parameters"}}, ["writer"]
    )
    return {
        SCHEMA: DRAFT,
        "title": f"Parameters of {name}",
        "description": parameters.get("description", ""),
        "if": {"anyOf": [{"required": ["writer"]}, {"required": ["parameters"]}]},
        "then": whole,
        "else": {"$ref": "#/$defs/parameters"},
        "$defs": {**parameters.get("$defs", {}), "parameters": inner},
    }


def _file(title: str, properties: Schema, required: list[str]) -> Schema:
    return {SCHEMA: DRAFT, "title": title, **_object(properties, required)}


def _object(properties: Schema, required: Iterable[str] = ()) -> Schema:
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **needed, "additionalProperties": False}


def _path(text: str) -> Schema:
    return {**_OPTIONAL_TEXT, "default": None, "description": text}


def _choice(names: Iterable[str], text: str) -> Schema:
    known = list(names)
    return {"enum": known, "default": known[0], "description": text}


def _whole(low: int, high: int = LARGEST, *, default: int = 0, text: str) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high, "default": default, "description": text}


def _writer(writers: Iterable[str]) -> Schema:
    """A known writer's parameters follow its own schema, any other's are an object."""
    parameters = {"anyOf": [{"type": "object"}, {"type": "string", "minLength": 1}], "default": {}}
    text = "A name in Replicator's registry, module:Class or file.py:Class."
    return {
        "type": ["object", "string"],
        "minLength": 1,
        "description": "What writes the files; a text is a parameter file that names the writer.",
        "properties": {
            "name": {"type": "string", "minLength": 1, "examples": sorted(writers), "description": text},
            "parameters": {**parameters, "description": "The writer's parameters, or the path of a file with them."},
        },
        "required": ["name"],
        "additionalProperties": False,
        "allOf": [_parameters_of(name) for name in sorted(writers)],
    }


def _parameters_of(name: str) -> Schema:
    found = {
        "type": ["object", "string"],
        "if": {"type": "object"},
        "then": {"$ref": f"writers/{name}.schema.json#/$defs/parameters"},
    }
    return {
        "if": {"type": "object", "required": ["name"], "properties": {"name": {"const": name}}},
        "then": {"properties": {"parameters": found}},
    }


_SIZE = {"type": "integer", "minimum": 1, "maximum": 16384}
_CONFLICT = _choice(CONFLICT_POLICIES, "What to do if the data set is there already.")
_RENDER_PRODUCT = _object(
    {
        "camera": {"type": "string", "pattern": "^/", "description": "Absolute path of the camera prim."},
        "resolution": {
            "type": "array",
            "items": _SIZE,
            "minItems": 2,
            "maxItems": 2,
            "description": "Width and height in pixels.",
        },
        "name": {"type": ["string", "null"], "pattern": _NAME, "default": None, "description": "Its folder's name."},
    },
    ["camera", "resolution"],
)
_DISK = _object(
    {
        "kind": {"const": "disk"},
        "directory": {"type": "string", "minLength": 1, "default": "_out", "description": "Holds the data sets."},
        "folder": {"type": "string", "minLength": 1, "description": "The data set's own folder, inside directory."},
        "on_conflict": _CONFLICT,
    },
    ["kind"],
)
_S3 = _object(
    {
        "kind": {"const": "s3"},
        "bucket": {"type": "string", "pattern": "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"},
        "prefix": {"type": "string", "minLength": 1, "description": "What the keys begin with."},
        "endpoint": {"type": ["string", "null"], "default": None, "description": "Address of the server; null is AWS."},
        "region": {"type": ["string", "null"], "default": None},
        "profile": _path("Profile of the machine's AWS files; null leaves it to the environment."),
        "path_style": {
            "type": ["boolean", "null"],
            "default": None,
            "description": "Whether the bucket is in the path of addresses; null decides by the address.",
        },
        "on_conflict": _CONFLICT,
    },
    ["kind", "bucket"],
)


def _with_policy(policy: str) -> dict[str, Any]:
    """Return what an output is that has this conflict policy, which need not be told where it is the default."""
    required = [] if policy == _CONFLICT["default"] else ["on_conflict"]
    return {"properties": {"on_conflict": {"const": policy}}, "required": required}


_GROUP = _object(
    {
        "kind": {"const": "group"},
        "outputs": {
            "type": "array",
            "items": {"oneOf": [_DISK, _S3]},
            "minItems": 2,
            "maxItems": 2,
            "allOf": [{"contains": {"properties": {"kind": {"const": kind}}}} for kind in ("disk", "s3")],
            "anyOf": [{"items": _with_policy(policy)} for policy in CONFLICT_POLICIES],
            "description": "A folder and a prefix, with the same on_conflict.",
        },
    },
    ["kind", "outputs"],
)
