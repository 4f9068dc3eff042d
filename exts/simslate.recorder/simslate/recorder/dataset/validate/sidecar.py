"""What a data set says of itself, in ``simslate/``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import ConfigError
from ...taxonomy import Taxonomy
from ..catalogue import Catalogue
from ..json_file import read_json
from ..layout import JOB, REPORT, TAXONOMY, sidecar_folder
from ..manifest import FRAMES, MANIFEST, FileLine, FrameLine
from ..manifest_reader import Line, read_lines
from .finding import Finding


@dataclass
class Sidecar:
    """All of it; None is what is not there, or cannot be read and has a finding."""

    job: Mapping[str, Any] | None = None
    report: Mapping[str, Any] | None = None
    taxonomy: Taxonomy | None = None
    manifest: list[FileLine] | None = None
    frames: list[FrameLine] | None = None
    hashes: dict[str, str] = field(default_factory=dict)
    """sha256 of the files that were read as lines, by name."""

    findings: list[Finding] = field(default_factory=list)

    @property
    def writer(self) -> str | None:
        """The writer's name, if the job or the report tells it."""
        told = [(self.job or {}).get("writer"), (self.report or {}).get("writer")]
        names = [each.get("name") if isinstance(each, Mapping) else each for each in told]
        return next((name for name in names if isinstance(name, str)), None)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The writer's parameters in the job."""
        writer = (self.job or {}).get("writer")
        parameters = writer.get("parameters") if isinstance(writer, Mapping) else None
        return parameters if isinstance(parameters, Mapping) else {}

    @property
    def products(self) -> list[Mapping[str, Any]] | None:
        """The job's render products, if all of them have a resolution, and a name or none."""
        products = (self.job or {}).get("render_products")
        return products if isinstance(products, list) and products and all(map(_is_product, products)) else None

    @property
    def frame_count(self) -> int | None:
        """How many frames there should be, by the report or else by what was noted frame by frame."""
        count = (self.report or {}).get("frames")
        if type(count) is int and count >= 0:
            return count
        return None if self.frames is None else len(self.frames)


def _is_product(value: Any) -> bool:
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), (str, type(None))):
        return False
    size = value.get("resolution")
    return isinstance(size, list) and len(size) == 2 and all(type(side) is int for side in size)


def read_sidecar(catalogue: Catalogue) -> Sidecar:
    """Read all that is there."""
    reader = _Reader(catalogue)
    found = reader.found
    found.job = reader.mapping(JOB)
    found.report = reader.mapping(REPORT)
    taxonomy = reader.mapping(TAXONOMY)
    if taxonomy is not None:
        found.taxonomy = reader.taxonomy(taxonomy)
    found.manifest = reader.lines(MANIFEST, FileLine)
    found.frames = reader.lines(FRAMES, FrameLine)
    if catalogue.sidecar:
        found.findings.extend(_absent(found))
    return found


def _absent(found: Sidecar) -> Iterator[Finding]:
    broken = {finding.path for finding in found.findings}
    report, job = f"simslate/{REPORT}", f"simslate/{JOB}"
    if found.report is None and report not in broken:
        yield Finding("unfinished", report, "is missing: it is written last, so the recording was not finished")
    elif found.report is not None and found.report.get("complete") is not True:
        yield Finding("unfinished", report, 'does not say "complete": true')
    if found.job is None and job not in broken:
        yield Finding("missing", job, "is missing")
    elif found.job is not None and found.products is None:
        yield Finding("sidecar", job, "does not tell the render products")
    told = isinstance((found.report or {}).get("manifest"), Mapping)
    for name, lines, wanted in (
        (MANIFEST, found.manifest, told or found.frames is not None),
        (FRAMES, found.frames, told or found.manifest is not None),
    ):
        if lines is None and wanted and f"simslate/{name}" not in broken:
            yield Finding("missing", f"simslate/{name}", "is missing, although the rest tells of it")


class _Reader:
    def __init__(self, catalogue: Catalogue) -> None:
        self.found = Sidecar()
        self._catalogue = catalogue
        self._folder: Path = sidecar_folder(catalogue.folder)

    def mapping(self, name: str) -> Mapping[str, Any] | None:
        data = self._bytes(name)
        if data is None:
            return None
        value, flaws = read_json(data)
        self._complain(name, *(message for _, message in flaws))
        if value is not None and not isinstance(value, Mapping):
            self._complain(name, "is not a JSON object")
            return None
        return value

    def taxonomy(self, value: Mapping[str, Any]) -> Taxonomy | None:
        try:
            return Taxonomy.from_json(value, TAXONOMY)
        except ConfigError as error:
            self._complain(TAXONOMY, *(problem.removeprefix(f"{TAXONOMY}: ") for problem in error.problems))
            return None

    def lines(self, name: str, kind: type[Line]) -> list[Line] | None:
        data = self._bytes(name)
        if data is None:
            return None
        self.found.hashes[name] = hashlib.sha256(data).hexdigest()
        if data and not data.endswith(b"\n"):
            self._complain(name, "ends in the middle of a line")
        sound = []
        for number, line in read_lines(data, kind):
            if isinstance(line, str):
                self._complain(name, f"line {number} {line}")
            else:
                sound.append(line)
        return sound

    def _bytes(self, name: str) -> bytes | None:
        if f"simslate/{name}" not in self._catalogue.sidecar:
            return None
        try:
            return (self._folder / name).read_bytes()
        except OSError as error:
            self._complain(name, f"cannot be read: {error.strerror or error}")
            return None

    def _complain(self, name: str, *messages: str) -> None:
        self.found.findings.extend(Finding("sidecar", f"simslate/{name}", message) for message in messages)
