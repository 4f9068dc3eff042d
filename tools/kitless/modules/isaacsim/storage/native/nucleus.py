"""The server of assets, for which a folder of this machine stands: see kitless.assets."""

from __future__ import annotations

from urllib.parse import urlsplit

import omni.client
from kitless.assets import AssetRootError, asset_root, is_remote
from omni.client import ItemFlags, Result

__all__ = [
    "check_server",
    "check_server_async",
    "create_folder",
    "delete_folder",
    "find_nucleus_server",
    "get_assets_root_path",
    "get_assets_root_path_async",
    "get_assets_server",
    "get_full_asset_path",
    "get_full_asset_path_async",
    "get_isaac_asset_root_path",
    "get_nvidia_asset_root_path",
    "get_server_path",
    "get_server_path_async",
    "get_url_root",
    "is_dir",
    "is_dir_async",
    "is_file",
    "is_file_async",
    "list_folder",
    "recursive_list_folder",
    "verify_asset_root_path",
]


def get_assets_root_path(*, skip_check: bool = False) -> str:
    """Return the folder below which ``/Isaac/...`` and ``/NVIDIA/...`` are.

    Raises RuntimeError when the user has named none; its text says how to. The folder is looked at even with
    ``skip_check``, which spares Isaac Sim a question to a server.
    """
    return asset_root().as_posix()


async def get_assets_root_path_async(*, skip_check: bool = False) -> str:
    """Return the folder of assets; raises as get_assets_root_path."""
    return get_assets_root_path()


def get_isaac_asset_root_path() -> str:
    """Return the folder of Isaac Sim's own assets; raises RuntimeError."""
    return f"{get_assets_root_path()}/Isaac"


def get_nvidia_asset_root_path() -> str:
    """Return the folder of NVIDIA's assets; raises RuntimeError."""
    return f"{get_assets_root_path()}/NVIDIA"


def get_full_asset_path(path: str) -> str | None:
    """Return where the asset at ``path``, which begins with a slash, is; None when it is not there.

    Raises RuntimeError when no folder of assets is named.
    """
    found = asset_root() / path.lstrip("/")
    return found.as_posix() if found.exists() else None


async def get_full_asset_path_async(path: str) -> str | None:
    """Return where an asset is; as get_full_asset_path."""
    return get_full_asset_path(path)


def get_assets_server() -> str | None:
    """Return the folder of assets, None when there is none."""
    try:
        return get_assets_root_path()
    except AssetRootError:
        return None


def find_nucleus_server(suffix: str) -> tuple[bool, str]:
    """Return (True, the folder of assets) when it holds ``suffix``, else (False, "")."""
    found = get_assets_server()
    return (True, found) if found is not None and check_server(found, suffix) else (False, "")


def get_server_path(suffix: str = "") -> str | None:
    """Return the folder of assets when it holds ``suffix``, else None."""
    return find_nucleus_server(suffix)[1] or None


async def get_server_path_async(suffix: str = "") -> str | None:
    """Return the folder of assets when it holds ``suffix``."""
    return get_server_path(suffix)


def verify_asset_root_path(path: str) -> tuple[Result, str]:
    """Return whether ``path`` is a folder that can be asked for assets, and the version of the assets, unknown here."""
    return omni.client.stat(path)[0], ""


def check_server(server: str, path: str, timeout: float = 10.0) -> bool:
    """Return whether ``path`` is there below ``server``."""
    return omni.client.stat(_join(server, path))[0] == Result.OK


async def check_server_async(server: str, path: str, timeout: float = 10.0) -> bool:
    """Return whether ``path`` is there below ``server``."""
    return check_server(server, path)


def create_folder(server: str, path: str) -> bool:
    """Make a folder below ``server``; return whether it is new."""
    return omni.client.create_folder(_join(server, path)) == Result.OK


def delete_folder(server: str, path: str) -> bool:
    """Delete a folder below ``server`` with all that is in it; return whether it was there."""
    return omni.client.delete(_join(server, path)) == Result.OK


def is_dir(path: str) -> bool:
    """Return whether there is a folder at ``path``."""
    entry = omni.client.stat(path)[1]
    return entry is not None and bool(entry.flags & ItemFlags.CAN_HAVE_CHILDREN)


async def is_dir_async(path: str) -> bool:
    """Return whether there is a folder at ``path``."""
    return is_dir(path)


def is_file(path: str) -> bool:
    """Return whether there is a file at ``path``."""
    entry = omni.client.stat(path)[1]
    return entry is not None and not entry.flags & ItemFlags.CAN_HAVE_CHILDREN


async def is_file_async(path: str) -> bool:
    """Return whether there is a file at ``path``."""
    return is_file(path)


def list_folder(path: str) -> tuple[list[str], list[str]]:
    """Return the paths of the files and of the folders in a folder, by name.

    Raises FileNotFoundError when it cannot be listed.
    """
    result, entries = omni.client.list(path)
    if result != Result.OK:
        raise FileNotFoundError(f"{path}: cannot be listed ({result.name})")
    files = [_join(path, each.relative_path) for each in entries if not each.flags & ItemFlags.CAN_HAVE_CHILDREN]
    folders = [_join(path, each.relative_path) for each in entries if each.flags & ItemFlags.CAN_HAVE_CHILDREN]
    return files, folders


def recursive_list_folder(path: str) -> list[str]:
    """Return the paths of all files below a folder; raises as list_folder."""
    files, folders = list_folder(path)
    return files + [file for folder in folders for file in recursive_list_folder(folder)]


def get_url_root(url: str) -> str:
    """Return scheme and host of a URL, empty for a path on this machine."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if is_remote(url) else ""


def _join(server: str, path: str) -> str:
    return f"{server.rstrip('/')}/{path.lstrip('/')}" if path else server
