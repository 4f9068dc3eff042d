"""Assets on servers: found in a folder of this machine that the user names, or else missed with one clear error."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from carb.settings import get_settings

ROOT_SETTING = "/persistent/isaac/asset_root/default"
"""Isaac Sim's own setting; here the folder that holds its ``Isaac`` and ``NVIDIA`` folders."""
ROOT_VARIABLE = "SIMSLATE_ASSETS"
"""The environment variable that counts where the setting is empty."""

_REMOTE = ("omniverse", "http", "https", "omni", "s3")
_HOW = f"name the folder that holds it by --/{ROOT_SETTING.lstrip('/')}=DIR or {ROOT_VARIABLE}=DIR"


class AssetNotFoundError(FileNotFoundError):
    """An asset of a server is not in the user's folder, or there is no such folder; the text says which and how."""


class AssetRootError(RuntimeError):
    """The user has named no folder of assets, or one that is not there."""


def is_remote(url: str) -> bool:
    """Return whether ``url`` is on a server."""
    return urlsplit(str(url)).scheme.lower() in _REMOTE


def local_path(url: str) -> str:
    """Return the path of a ``file:`` URL, anything else as it is."""
    parts = urlsplit(str(url))
    if parts.scheme != "file":
        return str(url)
    from urllib.request import url2pathname  # brings half of HTTP with it

    return url2pathname(parts.path)


def asset_root() -> Path:
    """Return the folder that stands for the server of assets.

    Raises AssetRootError when the user has named none, a server, or a folder that is not there.
    """
    named = get_settings().get_as_string(ROOT_SETTING) or os.environ.get(ROOT_VARIABLE, "")
    if not named:
        raise AssetRootError(f"Isaac Sim's assets are not on this machine: {_HOW}")
    folder = Path(local_path(named)).expanduser()
    if is_remote(named) or not folder.is_dir():
        raise AssetRootError(f"{named} is no folder of this machine, so it holds no assets: {_HOW}")
    return folder


def resolve(url: str) -> str:
    """Return the file or folder that ``url`` means on this machine.

    What is on a server is looked up in the user's folder: the longest end of its path that is there, of two parts at
    least. Any other path is returned as it is, whether it exists or not.

    Raises AssetNotFoundError for what is on a server and not in the folder.
    """
    if not is_remote(url):
        return local_path(url)
    try:
        root = asset_root()
    except AssetRootError as error:
        raise AssetNotFoundError(f"asset {url} is on a server. {error}") from error
    parts = [part for part in unquote(urlsplit(str(url)).path).split("/") if part not in ("", ".", "..")]
    # A file's name alone says too little: scene.usd is in many folders.
    for start in range(max(1, len(parts) - 1)):
        found = root.joinpath(*parts[start:])
        if parts and found.exists():
            return found.as_posix()
    raise AssetNotFoundError(f"asset {url} is not in the folder of assets {root}: put it there, or {_HOW}")
