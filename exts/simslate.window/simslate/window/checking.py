"""What is wrong with a draft, by the path of the field that it belongs to, in the order of the window."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from simslate.recorder import ConfigError, Job
from simslate.recorder.checks import LARGEST, whole
from simslate.recorder.labels.words import label_complaint, taxonomy_complaint
from simslate.recorder.problems import nearest
from simslate.recorder.problems import shown as said
from simslate.recorder.writer_names import is_outside

from .draft import Draft, is_count, job_json, parameter_file, parameter_texts
from .forms import Form, complaints, completed
from .world import World

NAME = "window"
"""What the job of the draft is called in messages; relative paths in it start at the working directory."""

_OF_JOB = {"frames": "control", "subframes": "control", "control_timeline": "control"}
_SIZES = ("width", "height")
_OWN = ("labels", "sensors", "config")
_ORDER = ("products", "writer", "output", "job", "control")


def make_job(draft: Draft) -> Job:
    """Return the job that ``draft`` stands for. ConfigError tells all that is wrong with it."""
    return Job.from_json(job_json(draft), NAME)


def find_problems(draft: Draft, world: World) -> dict[str, str]:
    """Return path of a field to what is wrong with it; the first thing if several are."""
    found: dict[str, str] = {}
    for path, text in _every(draft, world):
        found.setdefault(path, text)
    return {path: found[path] for path in sorted(found, key=_rank)}


def blockers(problems: Mapping[str, str]) -> dict[str, str]:
    """Return those of ``problems`` that keep a recording from being started."""
    return {path: text for path, text in problems.items() if path.split(".")[0] not in _OWN}


def _rank(path: str) -> int:
    section = path.split(".")[0]
    return _ORDER.index(section) if section in _ORDER else len(_ORDER)


def _every(draft: Draft, world: World) -> Iterator[tuple[str, str]]:
    yield from _label_problems(draft["labels"])
    yield from _sensor_problems(draft["sensors"], world)
    frames = draft["control"]["frames"]
    if not is_count(frames) and frames != 0:
        yield "control.frames", f"{said(frames)} is not a whole number from 0 (until Stop) to {LARGEST}"
    yield from _file_problems(draft, world)
    yield from _camera_problems(draft, world)
    yield from _writer_problems(draft, world)
    yield from _job_problems(draft)


def _label_problems(labels: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    complaint = taxonomy_complaint(labels["type"])
    if complaint:
        yield "labels.type", complaint
    complaint = label_complaint(labels["data"]) if labels["data"] else None
    if complaint:
        yield "labels.data", complaint
    if labels["rules"] and not Path(labels["rules"]).expanduser().is_file():
        yield "labels.rules", f"there is no file {labels['rules']}"


def _sensor_problems(sensors: Mapping[str, Any], world: World) -> Iterator[tuple[str, str]]:
    if sensors["camera"] and sensors["camera"] not in world.cameras:
        yield "sensors.camera", _no_camera(sensors["camera"], world)
    for name in _SIZES:
        for _, complaint in whole(1, 4096)(sensors[name]):
            yield f"sensors.{name}", complaint


def _file_problems(draft: Draft, world: World) -> Iterator[tuple[str, str]]:
    if world.stage is None:
        yield "job.stage", "no stage is open"
    job = draft["job"]
    for name in ("labels", "taxonomy", "script"):
        if job[name] and not Path(job[name]).expanduser().is_file():
            yield f"job.{name}", f"there is no file {job[name]}"
    if job["stage"] and world.stage is not None and not is_same_stage(job["stage"], world.stage):
        yield "job.stage", f"is not the stage that is open, which is {world.stage}: open it, or empty this field"


def is_same_stage(one: str, other: str) -> bool:
    """Return whether two addresses are the same stage's."""
    return one == other or Path(one).expanduser().resolve() == Path(other).resolve()


def _camera_problems(draft: Draft, world: World) -> Iterator[tuple[str, str]]:
    if not draft["products"]:
        yield "products", "add at least one render product"
    for place, product in enumerate(draft["products"]):
        if world.stage is not None and product["camera"] not in world.cameras:
            yield f"products.{place}.camera", _no_camera(product["camera"], world)


def _no_camera(path: str, world: World) -> str:
    if not world.cameras:
        return "the stage has no camera"
    return f'"{path}" is not a camera of the stage; {nearest(path, world.cameras)}'


def _writer_problems(draft: Draft, world: World) -> Iterator[tuple[str, str]]:
    name = draft["writer"]["name"]
    form = world.writers.get(name)
    if form is None and not is_outside(name):
        yield "writer.name", f'"{name}" is not a registered writer; {nearest(name, world.writers)}'
    if parameter_file(draft):
        return
    texts = parameter_texts(draft)
    # Of a class outside the registry nothing is known before it is loaded.
    known = Form(takes_any=True) if form is None else form
    for parameter, text in complaints(completed(known, texts), texts, writer=name, nearest=nearest):
        yield f"writer.parameter.{parameter}", text


def _job_problems(draft: Draft) -> Iterator[tuple[str, str]]:
    try:
        make_job(draft)
    except ConfigError as error:
        for line in error.problems:
            yield _located(line, draft)


def _located(line: str, draft: Draft) -> tuple[str, str]:
    """Return the path of the field that a problem of the job belongs to, and the problem."""
    told = re.fullmatch(rf"(?s){NAME}: \$\.?(?P<place>[^:\s]*): (?P<text>.*)", line)
    if told is None:
        return "writer.file" if parameter_file(draft) else "job", line
    place, text = told["place"], told["text"]
    section, _, rest = place.partition(".")
    if section.startswith("render_products["):
        return _product_field(place), text
    if section == "writer":
        return _writer_field(rest, draft), text
    if section == "output":
        field = re.sub(r"outputs\[\d\]\.", "", rest)
        return ("output.use_s3" if field == "kind" else f"output.{field}"), text
    return ("products" if section == "render_products" else f"{_OF_JOB.get(section, 'job')}.{place}"), text


def _product_field(place: str) -> str:
    found = re.match(r"render_products\[(\d+)\]\.?(\w*)(?:\[(\d)\])?", place)
    number, name, size = found.groups() if found else ("0", "", None)
    field = _SIZES[int(size or 0)] if name == "resolution" else name or "camera"
    return f"products.{number}.{field}"


def _writer_field(rest: str, draft: Draft) -> str:
    name = rest.removeprefix("parameters").removeprefix(".")
    if not rest.startswith("parameters"):
        return f"writer.{rest or 'name'}"
    return f"writer.parameter.{name}" if name and not parameter_file(draft) else "writer.file"
