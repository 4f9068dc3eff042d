"""The folder of an export: there whole, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ...errors import OutputError
from .file import Content, File


@contextmanager
def new_folder(path: Path, *, apart_from: Path) -> Iterator[Path]:
    """Give a folder to write into, which becomes ``path`` in the end, or goes if something is raised.

    Raises OutputError if ``path`` is there and not an empty folder, is in or around ``apart_from``, or cannot be
    written; nothing is changed then.
    """
    target, other = path.expanduser().absolute(), apart_from.resolve()
    _check(target, path)
    if target.resolve() == other or other in target.resolve().parents or target.resolve() in other.parents:
        raise OutputError(f"{path}: the export has to be apart from the recording in {apart_from}")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        temporary.mkdir(parents=True)
        with ExitStack() as undo:
            undo.callback(shutil.rmtree, temporary, ignore_errors=True)
            yield temporary
            _check(target, path)
            # An empty folder gives way to another.
            temporary.replace(target)
            undo.pop_all()
    except OSError as error:
        where = error.filename or path
        raise OutputError(f"{where}: cannot be written: {error.strerror or error}") from error


def write_files(folder: Path, files: Iterable[File], *, link: bool) -> None:
    """Write ``files`` below ``folder``. With ``link``, copies of files are hard links where that can be."""
    made = set()
    for file in files:
        path = folder / file.path
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        if isinstance(file.content, Path):
            _copy(file.content, path, link=link)
        else:
            _write(path, file.content)


def _check(target: Path, path: Path) -> None:
    there = os.path.lexists(target)
    if there and (target.is_symlink() or not target.is_dir() or any(target.iterdir())):
        raise OutputError(f"{path}: is there already, and not an empty folder; nothing was changed")


def _copy(source: Path, path: Path, *, link: bool) -> None:
    if link:
        # Another file system, or one without links: a copy is as good.
        with suppress(OSError):
            path.hardlink_to(source)
            return
    shutil.copyfile(source, path)


def _write(path: Path, content: Content) -> None:
    assert not isinstance(content, Path)
    with path.open("wb") as file:
        for piece in [content] if isinstance(content, bytes) else content:
            file.write(piece)
