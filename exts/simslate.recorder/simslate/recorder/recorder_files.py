"""Configuration files of NVIDIA's Synthetic Data Recorder 2.x, read as jobs (names of keys as its files have them)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MARK = "rp_data"


def is_recorder_file(value: Any) -> bool:
    """Return whether ``value``, the content of a JSON file, is a configuration of NVIDIA's recorder."""
    return isinstance(value, Mapping) and _MARK in value and "version" not in value


def job_of_recorder_file(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the job that says the same, as a JSON object that is still to be checked.

    0 frames meant that only a button ends it, and a folder that is there was not to be touched. What is about the
    window alone (which frames are folded) is left out.
    """
    return {
        "version": 1,
        "render_products": [_product(entry) for entry in value[_MARK]] if _is_list(value[_MARK]) else value[_MARK],
        "writer": _writer(value),
        "output": _output(value),
        "frames": value.get("num_frames") or None,
        "subframes": value.get("rt_subframes", 0),
        "control_timeline": value.get("control_timeline", False),
    }


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _product(entry: Any) -> Any:
    if not _is_list(entry) or len(entry) < 3:
        return entry
    name = entry[3] if len(entry) > 3 and entry[3] else None
    return {"camera": entry[0], "resolution": [entry[1], entry[2]], "name": name}


def _writer(value: Mapping[str, Any]) -> dict[str, Any]:
    name = value.get("writer_name") or "BasicWriter"
    given = "basic_writer_params" if name == "BasicWriter" else "custom_writer_params"
    parameters = value.get("writer_params") or value.get(given) or {}
    if not isinstance(parameters, Mapping):
        return {"name": name, "parameters": parameters}
    return {"name": name, "parameters": {key: each for key, each in parameters.items() if key != "backend"}}


def _output(value: Mapping[str, Any]) -> dict[str, Any]:
    folder = value.get("out_dir") or "_out_sdrec"
    backend = _mapping(value.get("backend_params"))
    if value.get("use_s3") is True or value.get("backend_type") == "S3Backend":
        said = _mapping(value.get("s3_params"))
        found = {
            "bucket": backend.get("bucket") or said.get("s3_bucket") or "",
            "prefix": backend.get("key_prefix") or folder,
            "region": backend.get("region") or said.get("s3_region") or None,
            "endpoint": backend.get("endpoint_url") or said.get("s3_endpoint") or None,
        }
        return {"kind": "s3", **found, "on_conflict": "increment"}
    directory = value.get("out_working_dir") or "."
    return {"kind": "disk", "directory": directory, "folder": folder, "on_conflict": "increment"}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
