"""The draft: all that is set in the window, as one JSON object that is replaced and never changed.

``labels`` and ``sensors`` are those sections' own fields, ``config`` the file that is loaded and saved; the rest is
the job. Values of writers' parameters are kept as JSON texts, by writer, so that a text that is no JSON yet has a place
too, and so that another writer may be looked at without a loss.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from simslate.recorder import Job

from .tree import filled, keys_of

Draft = Mapping[str, Any]

EDIT_TARGET = "edit target"
PRODUCT: Mapping[str, Any] = MappingProxyType({"camera": "", "width": 1280, "height": 720, "name": ""})
_FIRST_PARAMETERS: Mapping[str, Any] = MappingProxyType({"parameters": {"BasicWriter": {"rgb": "true"}}})
DEFAULT: Draft = MappingProxyType(
    {
        "labels": {"type": "class", "data": "", "layer": EDIT_TARGET, "instances": "error", "rules": ""},
        "sensors": {"camera": "", "annotator": "semantic_segmentation", "width": 640, "height": 360},
        "products": [],
        "writer": {"name": "BasicWriter", "files": {}, **_FIRST_PARAMETERS},
        "output": {
            "directory": "~/simslate",
            "folder": "dataset",
            "on_conflict": "increment",
            "use_s3": False,
            "and_disk": False,
            "bucket": "",
            "prefix": "dataset",
            "region": "",
            "endpoint": "",
            "profile": "",
            "path_style": False,
        },
        "job": {
            "stage": "",
            "labels": "",
            "taxonomy": "",
            "resolve": "path",
            "script": "",
            "first_frame": 0,
            "warmup_frames": 0,
            "retries": 3,
            "seed": 0,
        },
        "control": {"frames": 0, "subframes": 0, "control_timeline": False, "allow_degraded": False},
        "config": {"path": ""},
    }
)
"""What the window shows the first time; 0 frames means until Stop, an empty text that there is none."""

# Of which writers there are parameters, and which, is not for the default to say.
_SHAPE: Draft = MappingProxyType({**DEFAULT, "writer": {"name": "BasicWriter", "parameters": {}, "files": {}}})
_PARAMETER = "writer.parameter."


def keys_in(draft: Draft, path: str) -> tuple[str | int, ...]:
    """Return where in the draft a field is; ``writer.parameter.*`` and ``writer.file`` are the chosen writer's."""
    writer = draft["writer"]["name"]
    if path.startswith(_PARAMETER):
        return "writer", "parameters", writer, path[len(_PARAMETER) :]
    return ("writer", "files", writer) if path == "writer.file" else keys_of(path)


def restored(text: str) -> Draft:
    """Return the draft that ``text`` was kept as; what is missing or no longer understood has its default."""
    try:
        kept = json.loads(text)
    except ValueError:
        return DEFAULT
    draft = filled(_SHAPE, kept)
    products = [filled(PRODUCT, product) for product in draft["products"] if isinstance(product, Mapping)]
    has_writer = bool(draft["writer"]["parameters"])
    writer = _restored_writer(draft["writer"]) if has_writer else {**draft["writer"], **_FIRST_PARAMETERS}
    return {**draft, "products": products, "writer": writer}


def _restored_writer(writer: Mapping[str, Any]) -> dict[str, Any]:
    parameters = {
        name: {key: text for key, text in given.items() if isinstance(text, str)}
        for name, given in writer["parameters"].items()
        if isinstance(given, Mapping)
    }
    files = {name: path for name, path in writer["files"].items() if isinstance(path, str)}
    return {"name": writer["name"], "parameters": parameters, "files": files}


def kept(draft: Draft) -> str:
    """Return ``draft`` as a text for ``restored``."""
    return json.dumps(dict(draft))


def parameter_texts(draft: Draft) -> dict[str, str]:
    """Return what is set of the chosen writer's parameters: name to JSON text."""
    found: dict[str, str] = draft["writer"]["parameters"].get(draft["writer"]["name"], {})
    return found


def parameter_file(draft: Draft) -> str:
    """Return the path of the file that has the chosen writer's parameters, "" for none."""
    return str(draft["writer"]["files"].get(draft["writer"]["name"], ""))


def job_json(draft: Draft) -> dict[str, Any]:
    """Return the job that ``draft`` stands for as in its file; parameters that are no JSON are left out."""
    control, job = draft["control"], draft["job"]
    files = {name: job[name] or None for name in ("stage", "labels", "taxonomy", "script")}
    return {
        "version": 1,
        **files,
        "resolve": job["resolve"],
        "render_products": [_product_json(product) for product in draft["products"]],
        "writer": {"name": draft["writer"]["name"], "parameters": parameter_file(draft) or _parameters(draft)},
        "output": _output_json(draft["output"]),
        # What is no number from 0 is a problem of the draft, not of the job.
        "frames": control["frames"] if is_count(control["frames"]) else None,
        "subframes": control["subframes"],
        "first_frame": job["first_frame"],
        "warmup_frames": job["warmup_frames"],
        "retries": job["retries"],
        "control_timeline": control["control_timeline"],
        "seed": job["seed"],
    }


def is_count(value: Any) -> bool:
    """Return whether ``value`` is a number of frames, which 0 is not."""
    return isinstance(value, int) and value > 0


def _product_json(product: Mapping[str, Any]) -> dict[str, Any]:
    resolution = [product["width"], product["height"]]
    return {"camera": product["camera"], "resolution": resolution, "name": product["name"] or None}


def _parameters(draft: Draft) -> dict[str, Any]:
    read = {name: list(_read(text)) for name, text in parameter_texts(draft).items()}
    return {name: values[0] for name, values in read.items() if values}


def _read(text: str) -> Iterator[Any]:
    """Yield what a JSON text says; nothing if it is none."""
    with suppress(ValueError):
        yield json.loads(text)


def _output_json(output: Mapping[str, Any]) -> dict[str, Any]:
    disk = {"kind": "disk", **{name: output[name] for name in ("directory", "folder", "on_conflict")}}
    if not output["use_s3"]:
        return disk
    optional = {name: output[name] or None for name in ("region", "endpoint", "profile", "path_style")}
    needed = {name: output[name] for name in ("bucket", "prefix", "on_conflict")}
    bucket = {"kind": "s3", **needed, **optional}
    return {"kind": "group", "outputs": [disk, bucket]} if output["and_disk"] else bucket


def with_job(draft: Draft, job: Job) -> Draft:
    """Return ``draft`` with all of a job that was loaded; the fields that are no job's stay."""
    data = job.to_json()
    given = {name: data[name] or "" for name in ("stage", "labels", "taxonomy", "script")}
    name, parameters = data["writer"]["name"], data["writer"]["parameters"]
    texts = {key: json.dumps(value) for key, value in parameters.items()}
    writer = draft["writer"]
    control = {**draft["control"], "frames": data["frames"] or 0}
    return {
        **draft,
        "products": [_loaded_product(product) for product in data["render_products"]],
        "writer": {
            "name": name,
            "parameters": {**writer["parameters"], name: texts},
            "files": {key: path for key, path in writer["files"].items() if key != name},
        },
        "output": _loaded_output(draft["output"], data["output"]),
        "job": {**given, **{key: data[key] for key in ("resolve", "first_frame", "warmup_frames", "retries", "seed")}},
        "control": {**control, **{key: data[key] for key in ("subframes", "control_timeline")}},
    }


def _loaded_product(product: Mapping[str, Any]) -> dict[str, Any]:
    width, height = product["resolution"]
    return {"camera": product["camera"], "width": width, "height": height, "name": product["name"] or ""}


def _loaded_output(before: Mapping[str, Any], output: Mapping[str, Any]) -> dict[str, Any]:
    is_group = output["kind"] == "group"
    given = {key: value for each in (output["outputs"] if is_group else [output]) for key, value in each.items()}
    told = {key: DEFAULT["output"][key] if value is None else value for key, value in given.items() if key in before}
    return {**before, **told, "use_s3": output["kind"] != "disk", "and_disk": is_group}
