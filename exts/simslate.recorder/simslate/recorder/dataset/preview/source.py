"""What there is to show: the frames of a folder, each with its files, and what is known to be wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ...errors import ConfigError
from ..catalogue import Catalogue, is_leftover, read_catalogue
from ..json_file import read_json
from ..parts import order
from ..validate import Finding, validate
from ..validate.finding import printable
from ..validate.plan import make_plan, read_names
from ..validate.sidecar import Sidecar, read_sidecar

_STRANGER = re.compile(r"(?P<stem>.*?)_?(?P<number>(?:\d+_)*\d+)\.(?:png|jpe?g|json)", re.ASCII | re.IGNORECASE)


@dataclass
class Cell:
    """The files of one frame and one render product."""

    number: str
    """The frame as its files write it."""

    product: str
    parts: dict[str, str] = field(default_factory=dict)
    """By the name of a part of BasicWriter's, its path."""

    others: dict[str, str] = field(default_factory=dict)
    """By name, the path of a picture or a JSON of any other writer."""


@dataclass(frozen=True)
class Source:
    """A recording, finished or not, or a bare folder of pictures."""

    catalogue: Catalogue
    sidecar: Sidecar
    writer: str
    cells: list[Cell]
    """By frame, then by render product."""

    indexes: Mapping[str, int]
    """The index of each frame by how its files write it."""

    suspects: Mapping[int, list[str]]
    """Why a frame should be looked at."""

    problems: list[str]
    """What is wrong with the recording as a whole."""

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self.catalogue.folder

    @property
    def numbers(self) -> list[str]:
        """All frames that have a file, in order."""
        return list(dict.fromkeys(cell.number for cell in self.cells))

    @property
    def products(self) -> list[str]:
        """The render products' names."""
        return list(dict.fromkeys(cell.product for cell in self.cells))


def place_of(folder: Path) -> Path:
    """Return ``folder`` with all its parents by the name it was given, be it that of a link."""
    return folder.resolve() if ".." in folder.parts else folder.absolute()


def read_source(folder: Path) -> Source:
    """Look what is in ``folder``; no file of the writer is read. Raises ConfigError if there is nothing to show."""
    try:
        catalogue = read_catalogue(folder)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be read: {error.strerror or error}") from error
    sidecar = read_sidecar(catalogue)
    named = read_names(catalogue)
    told = bool(catalogue.sidecar or named or "metadata.txt" in catalogue.sizes)
    found = _cells(catalogue, sidecar)
    if not told and not any(_pictures(cell) for cell in found):
        raise ConfigError(f"{folder}: is no recording: there is neither a simslate folder nor a picture of a frame")
    indexes = dict(make_plan(named, sidecar).frames) if named else {}
    for position, number in enumerate(dict.fromkeys(cell.number for cell in found)):
        indexes.setdefault(number, int(number) if number.isdigit() else position)
    findings = validate(folder, quick=True).findings if told else ()
    writer = sidecar.writer or _writer(catalogue) or ("BasicWriter" if named else "")
    problems = [f"{each.path}: {each.message}" for each in findings if each.frame is None]
    return Source(catalogue, sidecar, writer, found, indexes, _suspects(findings, sidecar), problems)


def _writer(catalogue: Catalogue) -> str:
    """Return the writer's name by the file that Replicator puts at the root."""
    if "metadata.txt" not in catalogue.sizes:
        return ""
    try:
        value, _ = read_json((catalogue.folder / "metadata.txt").read_bytes())
    except OSError:
        return ""
    name = value.get("name") if isinstance(value, Mapping) else None
    return name if isinstance(name, str) else ""


def _cells(catalogue: Catalogue, sidecar: Sidecar) -> list[Cell]:
    products = {entry.path: entry.render_product for entry in sidecar.manifest or []}
    cells: dict[tuple[str, str], Cell] = {}
    named = read_names(catalogue)
    for path, name in named.items():
        cell = cells.setdefault((name.number, name.series.product), Cell(name.number, name.series.product))
        cell.parts[name.series.part] = path
    for path in catalogue.sizes:
        match = None if path in named or is_leftover(path) else _STRANGER.fullmatch(PurePosixPath(path).name)
        if match is None:
            continue
        product = printable(products.get(path) or _product(path))
        cell = cells.setdefault((match["number"], product), Cell(match["number"], product))
        cell.others[_name(path, match["stem"]) + PurePosixPath(path).suffix.lower()] = path
    kept = [cell for cell in cells.values() if cell.parts or _pictures(cell)]
    return sorted(kept, key=lambda cell: (order(cell.number), cell.number, cell.product))


def _product(path: str) -> str:
    """Return the render product's name by where a file of an unknown writer is: product/annotator/file, as usual."""
    folders = path.split("/")[:-1]
    return folders[0] if len(folders) == 2 else "/".join(folders)


def _name(path: str, stem: str) -> str:
    """Return what a file of an unknown writer shows, by its name and, where that does not tell it, its folder."""
    folders = path.split("/")[:-1]
    told = len(folders) != 2 or folders[1] in stem
    return printable(stem if told else "/".join(filter(None, (folders[1], stem))))


def _pictures(cell: Cell) -> list[str]:
    return [name for name in cell.others if not name.endswith(".json")]


def _suspects(findings: Iterable[Finding], sidecar: Sidecar) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for line in sidecar.frames or []:
        if line.verdict == "suspect":
            found[line.frame] = [str(reason) for reason in line.reasons] or ["marked suspect, without a reason"]
    for each in findings:
        if each.frame is not None and each.kind != "suspect":
            found.setdefault(each.frame, []).append(each.message if each.path == "." else f"{each.path} {each.message}")
    return dict(sorted(found.items()))
