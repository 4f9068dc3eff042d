"""URLs taken apart and put together."""

from __future__ import annotations

import posixpath
from pathlib import Path, PureWindowsPath
from urllib.parse import urlsplit

from kitless.services import service
from omni.client._types import Url


class _BaseUrls:
    """The stack of URLs that relative ones are combined with."""

    def __init__(self) -> None:
        self.stack: list[str] = []


def break_url(url: str) -> Url:
    """Return the parts of a URL; of a path on this machine the path alone."""
    if PureWindowsPath(url).drive or ("://" not in url and not url.startswith("file:")):
        return Url(path=url)
    parts = urlsplit(url)
    port = None if parts.port is None else str(parts.port)
    return Url(
        scheme=parts.scheme or None,
        user=parts.username,
        host=parts.hostname,
        port=port,
        path=parts.path or None,
        query=parts.query or None,
        fragment=parts.fragment or None,
    )


def make_url(
    scheme: str | None = None,
    user: str | None = None,
    host: str | None = None,
    port: str | None = None,
    path: str | None = None,
    query: str | None = None,
    fragment: str | None = None,
) -> str:
    """Return the URL of these parts."""
    place = (f"{user}@" if user else "") + (host or "") + (f":{port}" if port else "")
    start = f"{scheme}:" if scheme else ""
    if place or scheme == "file":
        start += f"//{place}"
    tail = (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return f"{start}{path or ''}{tail}"


def normalize_url(url: str) -> str:
    """Return a URL without ``.`` and ``..`` in its path and with slashes only; a trailing slash stays."""
    parts = break_url(url.replace("\\", "/"))
    path = posixpath.normpath(parts.path) if parts.path else ""
    if parts.path and parts.path.endswith("/") and not path.endswith("/"):
        path += "/"
    return make_url(parts.scheme, parts.user, parts.host, parts.port, path, parts.query, parts.fragment)


def combine_urls(base_url: str, other_url: str) -> str:
    """Return ``other_url`` as seen from ``base_url``: a relative one replaces what follows the base's last slash."""
    other = break_url(other_url)
    if other.scheme or PureWindowsPath(other_url).drive:
        return normalize_url(other_url)
    base = break_url(base_url.replace("\\", "/"))
    folder = posixpath.dirname(base.path or "")
    path = other_url if other_url.startswith("/") else posixpath.join(folder or "/" * bool(base.host), other_url)
    return normalize_url(make_url(base.scheme, base.user, base.host, base.port, path))


def push_base_url(url: str) -> None:
    """Let relative URLs be combined with ``url`` from now on."""
    service(_BaseUrls).stack.append(url)


def pop_base_url(url: str) -> bool:
    """Take back the newest base; return whether it was ``url``, and nothing is taken back otherwise."""
    stack = service(_BaseUrls).stack
    if not stack or stack[-1] != url:
        return False
    stack.pop()
    return True


def combine_with_base_url(url: str) -> str:
    """Return ``url`` as seen from the newest base; as it is when there is none."""
    stack = service(_BaseUrls).stack
    return combine_urls(stack[-1], url) if stack else url


def make_file_url_if_possible(url: str) -> str:
    """Return the ``file:`` URL of an absolute path, anything else as it is."""
    return Path(url).as_uri() if break_url(url).scheme is None and Path(url).is_absolute() else url
