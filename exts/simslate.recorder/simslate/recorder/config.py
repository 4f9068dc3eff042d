"""A recording job: what to record, with which writer, to where. Immutable, and the same thing as its JSON file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .checks import (
    IDENTIFIER,
    PRIM_PATH,
    TEXT,
    check_fields,
    check_object,
    file_path,
    flag,
    json_object,
    must_be,
    one_of,
    or_none,
    resolution,
    whole,
)
from .outputs import Output, checked_output, make_output
from .parameter_files import without_schema, written_out
from .places import absolute
from .problems import Origin, Problems, load_json, parse_json, shown
from .recorder_files import is_recorder_file, job_of_recorder_file

VERSION = 1
MADE_WITH = "made_with"
"""What a data set's own job file says besides the job. It may be recorded again as it is, so jobs may have it."""


@dataclass(frozen=True, kw_only=True)
class RenderProduct:
    """One picture per frame: a camera at a resolution."""

    camera: str = field(metadata=must_be(PRIM_PATH))
    """Absolute path of a UsdGeom.Camera prim."""

    resolution: tuple[int, int] = field(metadata=must_be(resolution))
    """Width and height in pixels."""

    name: str | None = field(default=None, metadata=must_be(or_none(IDENTIFIER)))
    """Name of its prim and of its folder in the data set; None takes Replicator's default."""

    def __post_init__(self) -> None:
        check_fields(self)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that this was, or could have been, read from."""
        return {"camera": self.camera, "resolution": list(self.resolution), "name": self.name}


@dataclass(frozen=True, kw_only=True)
class Writer:
    """A Replicator writer and what it is initialised with."""

    name: str = field(metadata=must_be(TEXT))
    """A name in ``rep.WriterRegistry``, or a class outside it: "module:Class", "/path/to/file.py:Class"."""

    parameters: Mapping[str, Any] = field(default_factory=dict, metadata=must_be(json_object))
    """Keyword arguments of the writer's ``initialize``, but for those that say where to write."""

    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False, repr=False)
    """Where "name" and "parameters" are written, if not in the job's own file."""

    def __post_init__(self) -> None:
        check_fields(self)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that this was, or could have been, read from."""
        return {"name": self.name, "parameters": dict(self.parameters)}


@dataclass(frozen=True, kw_only=True)
class Job:
    """Everything a recording needs to know. Paths are absolute once it has been read from a file."""

    render_products: tuple[RenderProduct, ...]
    """At least one."""

    writer: Writer
    """What writes the files."""

    output: Output
    """Where the data set goes."""

    stage: str | None = field(default=None, metadata=must_be(or_none(file_path)))
    """Path or URL of the stage; None records the stage that is open."""

    labels: Path | None = field(default=None, metadata=must_be(or_none(file_path)))
    """Label rules, applied for the time of the recording."""

    taxonomy: Path | None = field(default=None, metadata=must_be(or_none(file_path)))
    """A taxonomy file: the ids and colours that classes have in the masks."""

    resolve: str = field(default="path", metadata=must_be(one_of("path", "nearest", "direct")))
    """Which labels count where nested prims have some: see ``resolve_labels``."""

    script: Path | None = field(default=None, metadata=must_be(or_none(file_path)))
    """A Script Editor snippet that the command line runs on the opened stage before the recording."""

    frames: int | None = field(default=1, metadata=must_be(or_none(whole(1))))
    """How many frames to record; None records until stopped."""

    first_frame: int = field(default=0, metadata=must_be(whole(0)))
    """Which frame to begin with, counted from the timeline's start: those before it are another recording's part."""

    subframes: int = field(default=0, metadata=must_be(whole(0, 65536)))
    """Renderer subframes per frame; 0 leaves it to the renderer's settings."""

    warmup_frames: int = field(default=0, metadata=must_be(whole(0, 65536)))
    """Frames rendered before the first one is recorded; they are neither written nor counted."""

    retries: int = field(default=3, metadata=must_be(whole(0, 100)))
    """How often a blank, empty or non-finite frame is rendered again before it is marked suspect."""

    control_timeline: bool = field(default=False, metadata=must_be(flag))
    """Whether the timeline plays, pauses and stops with the recording. If not, it is never touched."""

    seed: int = field(default=0, metadata=must_be(whole(0)))
    """Replicator's global seed."""

    source: Path | None = field(default=None, compare=False)
    """The file it was read from, for messages."""

    origin: Origin | None = field(default=None, compare=False, repr=False)
    """What places in it are told by: see ``place``."""

    def __post_init__(self) -> None:
        check_fields(self)

    @classmethod
    def load(cls, path: str | Path) -> Job:
        """Read the job file at ``path``. ConfigError lists all that is wrong with it."""
        source = absolute(path, Path.cwd())
        problems = Problems(path)
        return _job(load_json(source, problems), source, problems)

    @classmethod
    def from_json(cls, data: str | Mapping[str, Any], source: str | Path) -> Job:
        """Read a job from JSON text or from the object it stands for.

        ``source`` is the file it comes from or would be kept in: relative paths start at its folder, and it
        is named in messages. ConfigError lists all problems, each with its JSON path and the nearest valid name.
        """
        problems = Problems(source)
        value = parse_json(data, problems) if isinstance(data, str) else data
        return _job(value, absolute(source, Path.cwd()), problems)

    @property
    def lead(self) -> int:
        """How many frames before the first one are rendered, and not recorded, so that all is as if they had been.

        All of them where a script may keep something from frame to frame; else one, from which motion is measured.
        """
        return min(1, self.first_frame) if self.script is None else self.first_frame

    def place(self, where: str) -> str:
        """Return the place of a JSON path of the job as messages have it, with file and line: its parameter file's
        if that is where the value is written.
        """
        for part, origin in self.writer.origins.items():
            head, found, below = where.partition(f"$.writer.{part}")
            if found and not head and below[:1] in ("", ".", "["):
                return origin.place(below)
        return (self.origin or Origin(self.source or "job")).place(where)

    def to_json(self) -> dict[str, Any]:
        """Return the job as a JSON object, defaults filled in: the inverse of ``from_json``."""
        return {
            "version": VERSION,
            "stage": self.stage,
            "labels": _text(self.labels),
            "taxonomy": _text(self.taxonomy),
            "resolve": self.resolve,
            "script": _text(self.script),
            "render_products": [product.to_json() for product in self.render_products],
            "writer": self.writer.to_json(),
            "output": self.output.to_json(),
            "frames": self.frames,
            "first_frame": self.first_frame,
            "subframes": self.subframes,
            "warmup_frames": self.warmup_frames,
            "retries": self.retries,
            "control_timeline": self.control_timeline,
            "seed": self.seed,
        }


def _job(value: Any, source: Path, problems: Problems) -> Job:
    """Check the whole of ``value`` first; only a job without problems is put together."""
    if any(json_object(value)):
        problems.add("$", f"{shown(value)} is not an object")
        problems.raise_any()
    values = job_of_recorder_file(value) if is_recorder_file(value) else without_schema(value, problems)
    _check_version(values.pop("version", None), problems)
    products = _checked_products(values.pop("render_products", None), problems)
    writer = _checked_writer(values.pop("writer", None), source.parent, problems)
    place = _place(source, values)
    output = checked_output(values.pop("output", {"kind": "disk"}), place, problems)
    values.pop(MADE_WITH, None)
    _check_rest(values, problems)
    problems.raise_any()
    for name in ("labels", "taxonomy", "script"):
        values[name] = None if values.get(name) is None else absolute(values[name], source.parent)
    return Job(
        **{**values, "stage": stage_address(values.get("stage"), source.parent)},
        render_products=tuple(RenderProduct(**{**p, "resolution": tuple(p["resolution"])}) for p in products),
        writer=Writer(**writer),
        output=make_output(output, place.parent),
        source=source,
        origin=Origin(source, problems.origin.lines),
    )


def _place(source: Path, values: Mapping[str, Any]) -> Path:
    """Return the job file that paths of the output start at.

    A data set's own job stands for one beside the data set: what it reproduces must not get into the data set.
    """
    return Path(f"{source.parent.parent}.json") if MADE_WITH in values else source


def _check_version(version: Any, problems: Problems) -> None:
    if version is None:
        problems.add("$.version", f"is missing; this release reads version {VERSION}")
    elif any(whole(VERSION, VERSION)(version)):
        problems.add("$.version", f"{shown(version)} is not known; this release reads version {VERSION}")


def _check_rest(values: Mapping[str, Any], problems: Problems) -> None:
    sections = ("version", "render_products", "writer", "output")
    check_object(Job, values, "$", problems, elsewhere=sections)


def _checked_products(value: Any, problems: Problems) -> list[dict[str, Any]]:
    where = "$.render_products"
    if not isinstance(value, (list, tuple)) or not value:
        problems.add(where, "is missing" if value is None else f"{shown(value)} is not a list of at least one")
        return []
    products = [check_object(RenderProduct, item, f"{where}[{i}]", problems) for i, item in enumerate(value)]
    # Names become folders, and some file systems do not tell upper from lower case.
    names = [str(product.get("name") or "").lower() for product in products]
    for index, name in enumerate(names):
        if name and name in names[:index]:
            first = names.index(name)
            problems.add(f"{where}[{index}].name", f"{shown(products[index]['name'])} is taken by {where}[{first}]")
    return products


def _checked_writer(value: Any, base: Path, problems: Problems) -> dict[str, Any]:
    if value is None:
        problems.add("$.writer", "is missing")
        return {}
    before = len(problems.lines)
    value, origins = written_out(value, base, problems)
    if len(problems.lines) > before:
        return {}
    writer = check_object(Writer, value, "$.writer", problems)
    return {**writer, "origins": origins} if origins else writer


def stage_address(value: str | os.PathLike[str] | None, base: Path) -> str | None:
    """Return ``value`` as an absolute path, relative ones starting at ``base``; URLs and None stay as they are."""
    if value is None or re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", str(value)):
        return None if value is None else str(value)
    return str(absolute(value, base))


def _text(path: Path | None) -> str | None:
    return None if path is None else os.fspath(path)
