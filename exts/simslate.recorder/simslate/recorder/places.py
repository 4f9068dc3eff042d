"""Paths in files of ours: relative ones start at the folder of the file that names them."""

from __future__ import annotations

import os
from pathlib import Path


def absolute(value: str | os.PathLike[str], base: Path) -> Path:
    """Return ``value`` as an absolute path without ``..``; "~/" is the home, a relative one starts at ``base``."""
    text = os.fspath(value)
    return Path(os.path.normpath(Path.home() / text[2:] if text.startswith("~/") else base / text))
