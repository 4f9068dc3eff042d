"""Which files are in a folder. Nothing that leads out of it is followed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .layout import sidecar_folder


@dataclass(frozen=True)
class Catalogue:
    """The files of one folder, by POSIX path relative to it, each with its size in bytes."""

    folder: Path
    sizes: dict[str, int]
    """The writer's files."""

    sidecar: dict[str, int]
    """Those that describe the data set."""

    links: tuple[str, ...]
    """What is no file of this folder: symbolic links, pipes, devices. None is ever opened."""


def read_catalogue(folder: Path) -> Catalogue:
    """List ``folder``. Raises OSError if it cannot be listed."""
    own = sidecar_folder(folder).name + "/"
    sizes: dict[str, int] = {}
    links: list[str] = []
    for path, entry in sorted(_walk(folder, "")):
        if entry.is_file(follow_symlinks=False):
            sizes[path] = entry.stat(follow_symlinks=False).st_size
        else:
            links.append(path)
    sidecar = {path: size for path, size in sizes.items() if path.startswith(own)}
    return Catalogue(folder, {p: s for p, s in sizes.items() if p not in sidecar}, sidecar, tuple(links))


def is_leftover(path: str) -> bool:
    """Return whether ``path`` is a name that files have while they are written."""
    return path.endswith(".part")


def leaves_folder(path: str) -> bool:
    """Return whether ``path``, from a manifest, is anything but a plain relative path to a file of the writer."""
    strange = "\\" in path or ":" in path or "\0" in path
    parts = path.split("/")
    return strange or PurePosixPath(path).is_absolute() or any(part in ("", ".", "..") for part in parts)


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, entry
