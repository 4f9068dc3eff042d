"""A validation from the first file to the last."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from ...errors import ConfigError
from ..catalogue import Catalogue, is_leftover, read_catalogue
from ..content import Content, picture_size, read_content
from ..in_order import in_order
from ..parts import Named, order
from .class_checks import LABELS
from .finding import KINDS, Finding, printable
from .history import History
from .inventory import check_catalogue, check_frames, check_manifest, check_tables
from .item_checks import check_item, check_stranger
from .plan import Plan, Size, make_plan, read_names
from .shot import Context, Item, Shot
from .shot_checks import check_shot
from .sidecar import Sidecar, read_sidecar
from .validation import Validation

Progress = Callable[[int, int], None]
"""Called with the number of files that have been read, and that of all."""
BASIC_WRITER = "BasicWriter"
_SAMPLED = 9
"""So many pictures of a render product are asked for its resolution where no job tells it."""
_SPOILING = frozenset({"unreadable", "format", "resolution", "json"})
"""A file with such a flaw is not compared with others: it would only be blamed twice."""


def validate(folder: Path, *, quick: bool = False, progress: Progress | None = None) -> Validation:
    """Check the data set in ``folder``, finished or not, and return all that is wrong with it.

    ``quick`` reads no file of the writer: counts, names and sizes only. ``progress`` is called from this thread; what
    it raises ends the validation. Raises ConfigError if there is no data set to validate.
    """
    try:
        catalogue = read_catalogue(folder)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be read: {error.strerror or error}") from error
    sidecar = read_sidecar(catalogue)
    named = read_names(catalogue)
    if not (catalogue.sidecar or named or "metadata.txt" in catalogue.sizes):
        raise ConfigError(f"{folder}: is no data set: there is neither a simslate folder nor a file of BasicWriter's")
    plan = _plan(catalogue, sidecar, named)
    findings = [*check_catalogue(catalogue), *sidecar.findings, *check_manifest(catalogue, sidecar)]
    findings += check_frames(sidecar)
    findings += check_tables(sidecar) if plan is None else plan.findings(catalogue)
    if not quick:
        findings += _Reading(catalogue, sidecar, plan).findings(progress or (lambda *_: None))
    frames = sidecar.frame_count if plan is None else len(plan.numbers)
    return Validation(
        dataset=folder,
        frames=frames or 0,
        files=len(catalogue.sizes),
        findings=_sorted(findings),
        notes=tuple(_notes(catalogue, sidecar, plan)),
        quick=quick,
    )


def _plan(catalogue: Catalogue, sidecar: Sidecar, named: Mapping[str, Named]) -> Plan | None:
    """Return what BasicWriter should have written, or None if another writer did."""
    writer = sidecar.writer or _named_writer(catalogue) or BASIC_WRITER
    return make_plan(named, sidecar) if writer == BASIC_WRITER else None


def _named_writer(catalogue: Catalogue) -> str | None:
    """Return the writer's name by the file that Replicator puts at the root."""
    if "metadata.txt" not in catalogue.sizes:
        return None
    try:
        value = json.loads((catalogue.folder / "metadata.txt").read_bytes())
    except (OSError, ValueError):
        return None
    name = value.get("name") if isinstance(value, Mapping) else None
    return name if isinstance(name, str) else None


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return each finding once, although the manifest and the job may both miss a file, in the order of reports."""
    once: dict[tuple[str, str, str], Finding] = {}
    for each in findings:
        is_double = each.kind in ("missing", "extra") and not each.path.startswith("simslate/")
        once.setdefault((each.kind, each.path, "" if is_double else each.message), each)
    kinds = {kind: place for place, kind in enumerate(KINDS)}
    return tuple(sorted(once.values(), key=lambda each: (kinds[each.kind], each.frame or 0, each.path)))


def _notes(catalogue: Catalogue, sidecar: Sidecar, plan: Plan | None) -> Iterator[str]:
    if not catalogue.sidecar:
        yield "there is no simslate folder: what should be here is told by the files themselves only"
    elif sidecar.manifest is None and sidecar.frames is None:
        yield "there is no manifest (an older recording): hashes, sizes and times of frames were not checked"
    strangers = plan.strangers(catalogue) if plan is not None and not plan.strict and sidecar.manifest is None else []
    if strangers:
        first = printable(strangers[0])
        yield f"{len(strangers)} files have no name of BasicWriter's, such as {first}: they were decoded only"
    if any(path.endswith(".exr") for path in catalogue.sizes):
        yield "EXR files were not decoded"


@dataclass(frozen=True)
class _Result:
    """What came out of the files that belong together."""

    files: int
    findings: list[Finding]
    shot: Shot | None


class _Reading:
    """Reads every file of the writer once; those of one frame and render product together."""

    def __init__(self, catalogue: Catalogue, sidecar: Sidecar, plan: Plan | None) -> None:
        self._catalogue = catalogue
        self._plan = plan
        self._hashes = {entry.path: entry.sha256 for entry in sidecar.manifest or []}
        self._entries = {entry.path: entry for entry in sidecar.manifest or []}
        self._context = Context(sidecar.taxonomy, ours=bool(catalogue.sidecar))
        self._resolutions = {} if plan is None else self._all_resolutions(plan)

    def findings(self, progress: Progress) -> Iterator[Finding]:
        """Yield what is wrong, in the order of frames, whichever thread was first."""
        history = History()
        done, total = 0, len(self._catalogue.sizes)
        for result in in_order(self._tasks(), min(4, os.cpu_count() or 1)):
            yield from result.findings
            if result.shot is not None:
                yield from history.note(result.shot)
            done += result.files
            progress(done, total)

    def _tasks(self) -> Iterator[Callable[[], _Result]]:
        shots: dict[tuple[tuple[int, ...], str, str], list[str]] = {}
        named = {} if self._plan is None else self._plan.named
        for path in self._catalogue.sizes:
            if path in named:
                number = named[path].number
                shots.setdefault((order(number), number, named[path].series.product), []).append(path)
            elif not is_leftover(path):
                yield partial(self._stranger, path)
        for (_, number, product), paths in sorted(shots.items()):
            yield partial(self._shot, number, product, paths)

    def _stranger(self, path: str) -> _Result:
        frame = self._entries[path].frame if path in self._entries else None
        content = self._read(path)
        flaws = [*self._flaws(path, content), *check_stranger(content.value)]
        return _Result(1, [Finding(kind, printable(path), message, frame) for kind, message in flaws], None)

    def _shot(self, number: str, product: str, paths: list[str]) -> _Result:
        assert self._plan is not None
        shot = Shot(self._plan.frames.get(number), product, self._context)
        findings: list[Finding] = []
        for path in paths:
            series = self._plan.named[path].series
            content = self._read(path)
            flaws = self._flaws(path, content)
            if content.value is not None:
                annotator = series.annotator
                size, colours = self._resolutions.get(product), self._plan.colourised.get(annotator)
                item = Item(annotator, content.value, size, colours, series.extension, self._context)
                flaws += check_item(series.part, item)
            sound = not _SPOILING & {kind for kind, _ in flaws}
            shot.add(series.part, path, content.value if sound else None)
            findings += shot.findings(series.part, iter(flaws))
        findings += check_shot(shot)
        shot.forget_all_but(LABELS)
        return _Result(len(paths), findings, shot)

    def _read(self, path: str) -> Content:
        return read_content(self._catalogue.folder / path, hashed=path in self._hashes)

    def _flaws(self, path: str, content: Content) -> list[tuple[str, str]]:
        """Return what is wrong with a file as a file. Of one with another size it is clear that the hash differs."""
        flaws = list(content.flaws)
        entry = self._entries.get(path)
        same_size = entry is not None and entry.bytes == self._catalogue.sizes[path]
        if same_size and content.sha256 not in (None, self._hashes[path]):
            flaws.insert(0, ("hash", "does not have the sha256 that the manifest tells"))
        return flaws

    def _all_resolutions(self, plan: Plan) -> dict[str, Size]:
        """Return the resolution of each render product: the job's, else what most of its pictures have."""
        found: dict[str, Counter[Size]] = {}
        for path, named in plan.named.items():
            sizes = found.setdefault(named.series.product, Counter())
            flat = PurePosixPath(path).suffix != ".json" and not named.series.part.startswith(("bounding", "point"))
            if named.series.product not in plan.resolutions and flat and sizes.total() < _SAMPLED:
                size = picture_size(self._catalogue.folder / path)
                sizes.update([] if size is None else [size])
        told = {product: sizes.most_common(1)[0][0] for product, sizes in found.items() if sizes}
        return {**told, **plan.resolutions}
