"""An export from the first frame to the last, into a folder that is there whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ...errors import ConfigError
from ..in_order import in_order
from ..layout import TAXONOMY, sidecar_folder
from .assemble import INSTANCES, TIGHT, Filter
from .class_list import ClassList
from .encoder import Encoder
from .file import File
from .folder import new_folder, write_files
from .formats import FORMATS, Format
from .recorded_shots import Recording, open_recording
from .shot import Instance, Shot

THREADS = 2
Progress = Callable[[int, int], None]
"""Called with the number of shots that have been written, and that of all."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to export, and how."""

    dataset: Path
    format: str
    """One of ``FORMATS``."""

    to: Path
    taxonomy: Path | None = None
    """A taxonomy file or COCO's categories; None for the recording's own taxonomy, if it has one."""

    kept: Filter = field(default_factory=Filter)
    outlines: bool = False
    """Polygons in place of run lengths, in COCO."""

    link: bool = False
    """Whether pictures become hard links to those of the recording, where the file system lets them."""


@dataclass(frozen=True)
class Exported:
    """What was written."""

    to: Path
    format: str
    pictures: int
    objects: int
    classes: int
    visibility_unknown: int
    """Of so many of the objects nothing tells how much is hidden."""


def export(request: Request, progress: Progress | None = None) -> Exported:
    """Write the recording in another format.

    ``progress`` is called from this thread; what it raises ends the export, of which nothing is left then. Raises
    ConfigError if there is no recording, or not with what the format needs, OutputError if the folder cannot be written
    or has something in it, and IncompleteError if files are broken or missing.
    """
    chosen = FORMATS[request.format]
    recording = open_recording(request.dataset)
    _check_needs(request, chosen, recording)
    classes = _classes(request)
    make = _maker(request, chosen)
    with closing(make(classes)) as encoder, new_folder(request.to, apart_from=request.dataset) as folder:
        found = _Count(len(recording.shots), progress)
        shots = in_order(recording.tasks(chosen.annotators, classes, request.kept), THREADS)
        # Whatever ends this, nothing is written any more when the folder goes.
        with closing(shots), closing(in_order(_writing(shots, encoder, folder, request.link), THREADS)) as written:
            for instances in written:
                found.add(instances)
        write_files(folder, encoder.finish(), link=request.link)
    return Exported(
        request.to, request.format, found.pictures, found.objects, len(classes.classes()), found.visibility_unknown
    )


class _Count:
    """What has been written so far."""

    def __init__(self, all_pictures: int, progress: Progress | None) -> None:
        self.pictures = self.objects = self.visibility_unknown = 0
        self._all, self._progress = all_pictures, progress

    def add(self, instances: tuple[Instance, ...]) -> None:
        """Count a picture with its objects."""
        self.pictures += 1
        self.objects += len(instances)
        self.visibility_unknown += sum(each.visibility is None for each in instances)
        if self._progress is not None:
            self._progress(self.pictures, self._all)


def _writing(
    shots: Iterable[Shot], encoder: Encoder, folder: Path, link: bool
) -> Iterator[Callable[[], tuple[Instance, ...]]]:
    """Yield what writes the files of each shot, which the encoder has taken note of, and returns its objects."""

    def write(files: list[File], instances: tuple[Instance, ...]) -> tuple[Instance, ...]:
        write_files(folder, files, link=link)
        return instances

    for shot in shots:
        yield partial(write, list(encoder.add(shot)), shot.instances)


def _maker(request: Request, chosen: Format) -> Callable[[ClassList], Encoder]:
    if not request.outlines:
        return chosen.make
    if chosen.outlines is None:
        able = [name for name, each in FORMATS.items() if each.outlines is not None]
        raise ConfigError(f"--polygons is for {', '.join(able)}, not for {request.format}")
    return chosen.outlines


def _check_needs(request: Request, chosen: Format, recording: Recording) -> None:
    """Raise ConfigError naming what has to be switched on for the next recording."""
    groups = {f"--format {request.format}": list(chosen.needs)}
    if request.kept.min_visible_pixels:
        groups["--min-visible-pixels"] = [(INSTANCES,)]
    if request.kept.min_visibility:
        groups["--min-visibility"] = [(TIGHT,)]
    problems = [
        f'{request.dataset}: {what} needs {" or ".join(group)}, which was not recorded; "{group[0]}": true in the '
        "writer's parameters records it"
        for what, needs in groups.items()
        for group in needs
        if not recording.annotators & set(group)
    ]
    if problems:
        raise ConfigError(*problems)


def _classes(request: Request) -> ClassList:
    own = sidecar_folder(request.dataset) / TAXONOMY
    path = request.taxonomy or (own if own.is_file() else None)
    return ClassList() if path is None else ClassList.load(path)
