"""Parameter files: what a writer is initialised with, in a JSON file of its own.

Such a file is ``{"writer": name, "parameters": {...}}``, or the bare dictionary that NVIDIA's recorder takes. One that
has a key "writer" or "parameters" is the former. Both may have a key "$schema", for editors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checks import TEXT, file_path, json_object
from .errors import ConfigError
from .places import absolute
from .problems import Origin, Problems, load_json, nearest, shown
from .writer_names import complaint, resolved

SCHEMA = "$schema"
KEYS = (SCHEMA, "writer", "parameters")


@dataclass(frozen=True)
class ParameterFile:
    """A parameter file that was read."""

    path: Path
    writer: str | None
    """The writer that it is for; None for a bare dictionary."""

    parameters: Mapping[str, Any]
    problems: Problems
    """What was wrong with it: nothing, if it is to be used."""

    root: str = "$"
    """The JSON path of the parameters."""

    @property
    def origins(self) -> dict[str, Origin]:
        """Where its parts are written, by their names in a job."""
        lines = self.problems.origin.lines
        named = {} if self.writer is None else {"name": Origin(self.path, lines, "$.writer")}
        return {**named, "parameters": Origin(self.path, lines, self.root)}


def without_schema(value: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Return ``value`` without the key "$schema", which is an editor's; anything but an address is noted."""
    if SCHEMA in value and not isinstance(value[SCHEMA], str):
        problems.add(f"$.{SCHEMA}", f"{shown(value[SCHEMA])} is not the address of a schema")
    return {key: each for key, each in value.items() if key != SCHEMA}


def read_parameters(path: Path) -> ParameterFile:
    """Read the parameter file at ``path``; what is wrong with its form is in its ``problems``.

    Raises ConfigError for a file that cannot be read, or is no JSON object.
    """
    problems = Problems(path)
    value = load_json(path, problems)
    if any(json_object(value)):
        problems.add("$", f"{shown(value)} is not an object")
        problems.raise_any()
    if "writer" not in value and "parameters" not in value:
        return ParameterFile(path, None, without_schema(value, problems), problems)
    for key in value:
        if key not in KEYS:
            problems.add(f"$.{key}", f"is an unknown key; {nearest(key, KEYS)}")
    without_schema(value, problems)
    parameters = value.get("parameters", {})
    for _, text in json_object(parameters):
        problems.add("$.parameters", text)
    writer = _writer(value, path.parent, problems)
    return ParameterFile(path, writer, parameters, problems, root="$.parameters")


def _writer(value: Mapping[str, Any], base: Path, problems: Problems) -> str | None:
    if "writer" not in value:
        return None
    name = value["writer"]
    for _, text in TEXT(name):
        problems.add("$.writer", text)
        return None
    wrong = complaint(name, base)
    if wrong:
        problems.add("$.writer", wrong)
    return resolved(name, base)


def written_out(value: Any, base: Path, problems: Problems) -> tuple[Any, dict[str, Origin]]:
    """Return a job's ``writer`` with what its parameter file says in it, and where that is written.

    ``value`` is a file's name, or an object whose "parameters" may be one; relative names start at ``base``. What is
    wrong with the file joins the job's own ``problems``; anything else is still to be checked.
    """
    if isinstance(value, str):
        return _of_file(value, base, problems)
    if not isinstance(value, Mapping):
        return value, {}
    value = {**value, "name": _name(value["name"], base, problems)} if isinstance(value.get("name"), str) else value
    if not isinstance(value.get("parameters"), str):
        return value, {}
    found = _read(value["parameters"], base, "$.writer.parameters", problems)
    if found is None:
        return value, {}
    if found.writer not in (None, value.get("name")):
        theirs, ours = found.origins["name"].place(), problems.origin.place("$.writer.name")
        problems.lines.append(
            f"{theirs}: {shown(found.writer)} is not the writer of the job, {shown(value.get('name'))} ({ours})"
        )
    origins = {key: origin for key, origin in found.origins.items() if key == "parameters"}
    return {**value, "parameters": found.parameters}, origins


def _of_file(value: str, base: Path, problems: Problems) -> tuple[Any, dict[str, Origin]]:
    found = _read(value, base, "$.writer", problems)
    if found is None:
        return value, {}
    if found.writer is None:
        found.problems.add("$", 'names no writer; write {"writer": name, "parameters": {...}}')
        problems.lines.extend(found.problems.lines)
    return {"name": found.writer, "parameters": found.parameters}, found.origins


def _name(name: str, base: Path, problems: Problems) -> str:
    wrong = complaint(name, base)
    if wrong:
        problems.add("$.writer.name", wrong)
        return name
    return resolved(name, base)


def _read(value: str, base: Path, where: str, problems: Problems) -> ParameterFile | None:
    """Return the parameter file that ``where`` in a job names; None, and a problem, if there is none to use."""
    for _, text in file_path(value):
        problems.add(where, text)
        return None
    path = absolute(value, base)
    try:
        found = read_parameters(path)
        found.problems.raise_any()
    except ConfigError as error:
        own = f"{path}:"
        for line in error.problems:
            # A place in the file is a place; that there is no such file is a problem of the job.
            is_placed = line.startswith(own) and line[len(own) :][:1].isdigit()
            problems.lines.append(line) if is_placed else problems.add(where, line)
        return None
    return found
