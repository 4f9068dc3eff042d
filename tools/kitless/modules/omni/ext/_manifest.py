"""An extension's folder and its config/extension.toml."""

from __future__ import annotations

import platform
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omni.ext._errors import ExtensionError

_CONFIG = Path("config") / "extension.toml"
_VERSION = re.compile(r"-\d.*$")
_SYSTEMS = {"Linux": "linux", "Windows": "windows", "Darwin": "macos"}
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


@dataclass(frozen=True)
class Manifest:
    """What an extension says about itself."""

    name: str
    """The name, lower case and dotted."""
    version: str
    """The semantic version, 0.0.0 when the file has none."""
    folder: Path
    """The extension's root."""
    config: dict[str, Any]
    """The whole file, filters resolved."""

    @property
    def id(self) -> str:
        """Name and version, joined by a dash."""
        return f"{self.name}-{self.version}"

    @property
    def version_key(self) -> tuple[int, ...]:
        """The version's numbers, for comparing."""
        return tuple(int(number) for number in re.findall(r"\d+", self.version))

    @property
    def dependencies(self) -> dict[str, bool]:
        """Name of each extension that is started before this one, and whether it may be missing."""
        wanted = self.config.get("dependencies", {})
        return {name: bool(options.get("optional", False)) for name, options in wanted.items()}

    @property
    def modules(self) -> list[str]:
        """The Python modules that are imported when the extension is enabled."""
        return [entry["name"] for entry in self.config.get("python", {}).get("module", []) if "name" in entry]

    @property
    def settings(self) -> dict[str, Any]:
        """Defaults of settings, as a tree."""
        return self.config.get("settings", {})


def get_extension_name(ext_id: str) -> str:
    """Return an extension's name: its id without the version."""
    return _VERSION.sub("", ext_id)


def is_extension(folder: Path) -> bool:
    """Return whether ``folder`` is an extension's root."""
    return (folder / _CONFIG).is_file()


def read_manifest(folder: Path) -> Manifest:
    """Read the config/extension.toml of ``folder``.

    Raises ExtensionError, with the file's name, when it cannot be read.
    """
    path = folder / _CONFIG
    try:
        config = _filtered(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ExtensionError(f"{path}: {error}") from error
    package = config.get("package", {})
    # A downloaded extension's folder carries its version too: a.b-1.0.0.
    name = package.get("name", get_extension_name(folder.name))
    return Manifest(name, str(package.get("version", "0.0.0")), folder, config)


def _filtered(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``config`` with the tables under "filter:..." keys that match this host merged in, the others left out."""
    merged = {key: _filtered(value) if isinstance(value, dict) else value for key, value in config.items()}
    filters = [key for key in merged if key.startswith("filter:")]
    for key in filters:
        chosen = merged.pop(key).get(_filter_value(key))
        if isinstance(chosen, dict):
            _merge(merged, chosen)
    return merged


def _filter_value(key: str) -> str:
    if key == "filter:platform":
        machine = platform.machine().lower()
        return f"{_SYSTEMS.get(platform.system(), 'unknown')}-{_MACHINES.get(machine, machine)}"
    return "release" if key == "filter:config" else ""


def _merge(into: dict[str, Any], other: Mapping[str, Any]) -> None:
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value
