"""Settings below /persistent, kept from one run to the next."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import carb
from carb.settings import get_settings

_TREE = "/persistent"


def data_folder(given: str | os.PathLike[str] | None = None) -> Path:
    """Return the user's data folder: ``given``, else $KITLESS_DATA, else the platform's usual place."""
    if given is not None:
        return Path(given)
    if "KITLESS_DATA" in os.environ:
        return Path(os.environ["KITLESS_DATA"])
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home())) / "kitless"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "kitless"


class UserConfig:
    """Reads ``user.config.json`` into the settings at birth and writes back what was set by ``close()``.

    The file is touched only when a persistent setting was set to another value, and then only those are replaced in
    it: two apps that run at once do not undo each other's. Defaults are not kept.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "user.config.json"
        """The file: a JSON object of setting path and value."""
        for key, value in self._read().items():
            get_settings().set_default(key, value)

    def close(self) -> None:
        """Write what changed, if anything did; a file that cannot be written is a warning in the log."""
        kept = self._read()
        new = {key: value for key, value in get_settings().set_by_hand(_TREE).items() if kept.get(key) != value}
        if not new:
            return
        merged = {key: value for key, value in {**kept, **new}.items() if value is not None}
        try:
            self._write(merged)
        except OSError as error:
            carb.log_warn(f"Persistent settings are not kept: {self.path}: {error.strerror}")

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            carb.log_warn(f"Persistent settings are ignored: {self.path}: {error}")
            return {}
        return {key: value for key, value in kept.items() if key.startswith(_TREE)} if isinstance(kept, dict) else {}

    def _write(self, kept: dict[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=self.path.parent, delete=False) as file:
            json.dump(kept, file, indent=2, sort_keys=True)
            file.write("\n")
        Path(file.name).replace(self.path)
