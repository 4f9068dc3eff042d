"""Whether a data set is whole: what was to be written against what is listed, and that against what is there."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from itertools import product
from pathlib import Path

from .durable import digest
from .layout import sidecar_folder
from .manifest import FileLine, Lines

SHOWN = 5


def gaps(
    files: Iterable[FileLine], frames: int, expected: Collection[tuple[str | None, str]], *, only_seen: bool = False
) -> Iterator[str]:
    """Yield which of ``expected``, render products with annotators, have no file in which of ``frames`` frames.

    With ``only_seen`` those are passed over that have none in any frame.
    """
    wanted = set(expected)
    if only_seen:
        wanted &= {(line.render_product, line.annotator) for line in files if line.annotator is not None}
    found = {(line.frame, line.render_product, line.annotator) for line in files} if wanted else set()
    for frame, (name, annotator) in product(range(frames), sorted(wanted, key=str)):
        if (frame, name, annotator) not in found:
            yield f"frame {frame}: {annotator}" + (f" of {name}" if name else "") + " has no file"


def differences(folder: Path, files: Lines[FileLine]) -> Iterator[str]:
    """Yield which listed files are not there in ``folder``, or not with the size that was written."""
    for path, line in {line.path: line for line in files.lines}.items():
        try:
            size = (folder / path).stat().st_size
        except OSError:
            yield f"{path}: is gone"
            continue
        if size != line.bytes:
            yield f"{path}: has {size} bytes, but {line.bytes} were written"


def unlisted(folder: Path, listed: Iterable[str]) -> list[FileLine]:
    """Return lines for the files in ``folder`` that are not ``listed`` and not ours, by path.

    Their frames are not known: a writer wrote them by itself.
    """
    return [FileLine(path, *digest(folder / path), None, None, None) for path in unlisted_paths(folder, listed)]


def unlisted_paths(folder: Path, listed: Iterable[str]) -> list[str]:
    """Return which files in ``folder`` are neither ``listed``, nor ours, nor still being written."""
    return sorted(set(_files(folder, sidecar_folder(folder))) - set(listed))


def _files(folder: Path, besides: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [name for name in folders if folder / name != besides]
        for name in names:
            if not (name.startswith(".") and name.endswith(".part")):
                yield (Path(place) / name).relative_to(folder).as_posix()


def shown(problems: Iterable[str]) -> str:
    """Return the first of ``problems`` as one text, and how many more there are; "" for none."""
    every = list(problems)
    more = f"; and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return "; ".join(every[:SHOWN]) + more
