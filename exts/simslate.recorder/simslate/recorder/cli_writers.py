"""The command about writers: ``writers``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import omni.replicator.core as rep

from .dataset.layout import write_json
from .errors import ConfigError, OutputError
from .file_schemas import job_schema, labels_schema, parameter_file_schema, taxonomy_schema
from .writer_names import complaint, resolved
from .writer_schema import help_of, parameters_schema
from .writer_schemas import KNOWN
from .writer_source import find_writer
from .writers import WRITERS


def add_writers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``writers``."""
    parser = commands.add_parser(
        "writers",
        help="list writers, or tell a writer's parameters",
        description="Lists the registered writers. With a NAME, prints the JSON Schema of the writer's parameters.",
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="a writer, module:Class or file.py:Class")
    parser.add_argument("--schemas", metavar="DIR", type=Path, help="write the schemas of all JSON files for editors")
    parser.add_argument("--json", action="store_true", help="print JSON on one line instead of text")
    parser.set_defaults(run=writers)


async def writers(options: argparse.Namespace) -> None:
    """Run the command ``writers``."""
    indent = None if options.json else 2
    if options.schemas is not None:
        print(json.dumps([str(path) for path in write_schemas(options.schemas)], indent=indent))
    elif options.name is not None:
        print(json.dumps(parameters_schema(_found(options.name)), indent=indent))
    elif options.json:
        print(json.dumps([{"name": name, "help": text} for name, text in _helps().items()]))
    else:
        width = max(map(len, _helps()))
        for name, text in _helps().items():
            print(f"{name:<{width}}  {text}".rstrip())


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas of the files that people write: path below their folder, and content.

    Of writers, those that come with the extension, and those that it knows more of than their class tells.
    """
    ours = {writer.__name__: writer for writer in WRITERS}
    known: Mapping[str, type] = {**rep.WriterRegistry.get_writers(), **ours}
    names = sorted(({*KNOWN} & {*known}) | {*ours})
    found = {
        "job.schema.json": job_schema(names),
        "labels.schema.json": labels_schema(),
        "taxonomy.schema.json": taxonomy_schema(),
    }
    own = {f"writers/{name}.schema.json": parameter_file_schema(parameters_schema(known[name])) for name in names}
    return {**found, **own}


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas below ``folder``; return their paths."""
    paths = []
    for name, schema in schemas().items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{path.parent}: cannot be made: {error.strerror}") from error
        write_json(path, schema)
        paths.append(path)
    return paths


def _helps() -> dict[str, str]:
    known: Mapping[str, type] = rep.WriterRegistry.get_writers()
    return {name: help_of(known[name]) for name in sorted(known)}


def _found(name: str) -> type:
    wrong = complaint(name, Path.cwd())
    if wrong:
        raise ConfigError(f"NAME: {wrong}")
    return find_writer(resolved(name, Path.cwd()), "NAME")
