"""What a data set was made from: the bytes of its stage's layers and of the files that its job names, as hashes."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from pxr import Sdf, Usd

import omni.kit.app

from .config import Job
from .errors import ConfigError
from .taxonomy import Taxonomy

VERSION = "0.1.0"
"""Of this extension, as in its extension.toml."""
_CHUNK = 1 << 20


def made_with(job: Job, stage: Usd.Stage, taxonomy: Taxonomy | None = None) -> dict[str, Any]:
    """Return what a data set says of its making besides its job: hashes, and the versions of what made it."""
    app = omni.kit.app.get_app()
    versions = {
        "simslate": VERSION,
        "kit": app.get_kit_version(),
        "usd": ".".join(map(str, Usd.GetVersion())),
    }
    return {"versions": versions, "hashes": hashes(job, stage, taxonomy)}


def hashes(job: Job, stage: Usd.Stage, taxonomy: Taxonomy | None = None) -> dict[str, Any]:
    """Return the SHA-256 of each layer of ``stage`` and of the files that ``job`` names, as hexadecimal text.

    Of the taxonomy it is that of its content with what it got for this stage, since its file may get that, too.
    Layers are named by their path relative to the root layer's folder, so that a project may be moved as a whole.
    Raises ConfigError for a file that cannot be read.
    """
    files = {"labels": job.labels, "script": job.script}
    named = {name: _of_file(path) for name, path in files.items() if path is not None}
    if taxonomy is not None:
        content = json.dumps(replace(taxonomy, locked=True).to_json(), sort_keys=True)
        named["taxonomy"] = hashlib.sha256(content.encode()).hexdigest()
    return {"stage": _of_layers(stage), **named}


def _of_layers(stage: Usd.Stage) -> dict[str, str]:
    """Hash what is saved and what is edited; the session's layers hold what recordings and scripts add."""
    session = set(stage.GetLayerStack(includeSessionLayers=True)) - set(stage.GetLayerStack(includeSessionLayers=False))
    root = stage.GetRootLayer()
    base = Path(root.realPath).parent if root.realPath else None
    found = {_name(layer, root, base): _of_layer(layer) for layer in stage.GetUsedLayers() if layer not in session}
    return dict(sorted(found.items()))


def _name(layer: Sdf.Layer, root: Sdf.Layer, base: Path | None) -> str:
    if layer.realPath and base:
        return Path(os.path.relpath(layer.realPath, base)).as_posix()
    return "(root)" if layer == root else layer.GetDisplayName()


def _of_layer(layer: Sdf.Layer) -> str:
    if layer.realPath and not layer.dirty and Path(layer.realPath).is_file():
        return _of_file(Path(layer.realPath))
    # Identifiers of anonymous layers hold their address in memory.
    return hashlib.sha256(re.sub(r"anon:0x[0-9a-f]+:", "anon:", layer.ExportToString()).encode()).hexdigest()


def _of_file(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()
