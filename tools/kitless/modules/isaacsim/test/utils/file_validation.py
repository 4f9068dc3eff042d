"""Whether a folder holds the files that a script was to write."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import carb
from kitless.absent import absent

__all__ = ["get_folder_file_summary", "validate_file_list", "validate_folder_contents"]


def validate_folder_contents(
    path: str | os.PathLike[str],
    expected_counts: Mapping[str, int],
    *,
    recursive: bool = False,
    fail_on_empty_files: bool = False,
    allowed_extra_extensions: Sequence[str] | None = None,
    min_file_size_bytes: int = 0,
    exact_match: bool = True,
) -> bool:
    """Return whether the folder has as many files of each extension as expected; the log says what is wrong.

    Without ``exact_match`` there may be more. ``allowed_extra_extensions``: where given, any other extension that is
    not expected is wrong. Case does not count, nor does a dot in front.
    """
    if not Path(path).is_dir():
        carb.log_error(f"{path}: no such folder")
        return False
    files = _files(path, recursive)
    counts, wanted = Counter(map(_extension, files)), {_plain(key): count for key, count in expected_counts.items()}
    problems = []
    for extension, count in wanted.items():
        if counts[extension] < count or (exact_match and counts[extension] > count):
            problems.append(f"{counts[extension]} files .{extension} in place of {count}")
    if allowed_extra_extensions is not None:
        extra = set(counts) - set(wanted) - set(map(_plain, allowed_extra_extensions))
        problems += [f"{counts[each]} files .{each} that are not expected" for each in sorted(extra)]
    problems += _size_problems(files, fail_on_empty_files, min_file_size_bytes)
    for problem in problems:
        carb.log_error(f"{path}: {problem}")
    return not problems


def get_folder_file_summary(
    path: str | os.PathLike[str], *, recursive: bool = False, include_file_sizes: bool = False
) -> dict[str, Any]:
    """Return ``total_files``, ``extension_counts`` and ``files`` (with ``file_sizes`` in bytes by name if asked)."""
    files = _files(path, recursive) if Path(path).is_dir() else []
    names = [str(file.relative_to(path)) for file in files]
    summary: dict[str, Any] = {
        "total_files": len(files),
        "extension_counts": dict(Counter(map(_extension, files))),
        "files": names,
    }
    if include_file_sizes:
        summary["file_sizes"] = {name: file.stat().st_size for name, file in zip(names, files, strict=True)}
    return summary


def validate_file_list(
    file_paths: Sequence[str | os.PathLike[str]],
    *,
    fail_on_missing: bool = True,
    fail_on_empty_files: bool = False,
    min_file_size_bytes: int = 0,
) -> dict[str, Any]:
    """Return ``success``, ``missing_files``, ``empty_files`` and ``small_files`` of these paths."""
    present = [Path(path) for path in file_paths if Path(path).is_file()]
    missing = [str(path) for path in file_paths if not Path(path).is_file()]
    empty = [str(path) for path in present if path.stat().st_size == 0]
    small = [str(path) for path in present if path.stat().st_size < min_file_size_bytes]
    failed = (fail_on_missing and missing) or (fail_on_empty_files and empty) or small
    return {"success": not failed, "missing_files": missing, "empty_files": empty, "small_files": small}


def _files(path: str | os.PathLike[str], recursive: bool) -> list[Path]:
    found = Path(path).rglob("*") if recursive else Path(path).iterdir()
    return sorted(each for each in found if each.is_file())


def _extension(path: Path) -> str:
    return path.suffix.lstrip(".").lower()


def _plain(extension: str) -> str:
    return extension.lstrip(".").lower()


def _size_problems(files: Iterable[Path], fail_on_empty: bool, least: int) -> list[str]:
    sizes = {file.name: file.stat().st_size for file in files}
    empty = [f"{name} is empty" for name, size in sizes.items() if size == 0 and fail_on_empty]
    return empty + [f"{name} has {size} bytes, fewer than {least}" for name, size in sizes.items() if size < least]


__getattr__ = absent(__name__)
