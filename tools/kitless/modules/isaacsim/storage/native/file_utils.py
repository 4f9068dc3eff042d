"""Paths and files, by path or URL."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from pathlib import PureWindowsPath

import omni.client
from isaacsim.storage.native.nucleus import recursive_list_folder
from omni.client import Result

__all__ = [
    "find_files_recursive",
    "is_absolute_path",
    "is_mdl_file",
    "is_path_external",
    "is_valid_usd_file",
    "path_dirname",
    "path_exists",
    "path_join",
    "path_relative",
]

_USD = (".usd", ".usda", ".usdc", ".usdz")


def is_absolute_path(path: str) -> bool:
    """Return whether a path begins at a root, or is a URL."""
    drive = PureWindowsPath(path).drive
    return bool(drive) or path.startswith("/") or omni.client.break_url(path).scheme is not None


def path_join(base: str, name: str) -> str:
    """Return ``name`` below ``base``; as it is when it is absolute."""
    return name if is_absolute_path(name) else omni.client.normalize_url(f"{base.rstrip('/')}/{name}")


def path_dirname(path: str) -> str:
    """Return what a path or URL is below."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[0]


def path_relative(path: str, start: str) -> str:
    """Return ``path`` as seen from the folder ``start``; as it is when it is on another server."""
    to, origin = omni.client.break_url(path), omni.client.break_url(start)
    if (to.scheme, to.host, to.port) != (origin.scheme, origin.host, origin.port):
        return path
    return posixpath.relpath(to.path or "/", origin.path or "/")


def path_exists(path: str) -> bool:
    """Return whether there is a file or folder."""
    return omni.client.stat(path)[0] == Result.OK


def is_path_external(path: str, base_path: str) -> bool:
    """Return whether ``path`` is not below the folder ``base_path``."""
    base = omni.client.normalize_url(base_path).rstrip("/")
    plain = omni.client.normalize_url(path)
    return plain != base and not plain.startswith(f"{base}/")


def is_mdl_file(item: str) -> bool:
    """Return whether a file is a material of MDL by its name."""
    return item.lower().endswith(".mdl")


def is_valid_usd_file(item: str, excludes: Sequence[str]) -> bool:
    """Return whether a file is one of USD by its name, and none of the texts in ``excludes`` is in it."""
    return item.lower().endswith(_USD) and not any(each in item for each in excludes)


def find_files_recursive(abs_path: Sequence[str], filter_fn: Callable[[str], bool] = lambda _: True) -> list[str]:
    """Return the paths of the files below these folders that the function likes.

    Raises FileNotFoundError for a folder that cannot be listed.
    """
    folders = [abs_path] if isinstance(abs_path, str) else abs_path
    return [file for folder in folders for file in recursive_list_folder(folder) if filter_fn(file)]
