"""Where a job's data set goes: a folder, a prefix in a bucket, or both."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from .checks import (
    BUCKET,
    TEXT,
    check_fields,
    check_object,
    file_path,
    flag,
    inner_folder,
    json_object,
    key_prefix,
    must_be,
    one_of,
    or_none,
    server_address,
)
from .errors import ConfigError
from .places import absolute
from .problems import Problems, nearest, shown

CONFLICT_POLICIES = ("fail", "increment", "timestamp", "resume", "overwrite")


@dataclass(frozen=True, kw_only=True)
class DiskOutput:
    """A folder for one data set."""

    directory: Path = field(metadata=must_be(file_path))
    """Holds the data sets' folders; made if it is not there."""

    folder: str = field(metadata=must_be(inner_folder))
    """The data set's own folder, relative to ``directory`` and inside it."""

    on_conflict: str = field(default="fail", metadata=must_be(one_of(*CONFLICT_POLICIES)))
    """What to do if the folder is there and not empty: fail, take the next free number (increment) or the
    time of day (timestamp) as a suffix, go on with the data set of the same job that is there (resume), or replace the
    data set that is there (overwrite)."""

    def __post_init__(self) -> None:
        check_fields(self)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that this was, or could have been, read from."""
        directory = os.fspath(self.directory)
        return {"kind": "disk", "directory": directory, "folder": self.folder, "on_conflict": self.on_conflict}


@dataclass(frozen=True, kw_only=True)
class S3Output:
    """A prefix in a bucket for one data set. Credentials come from environment, profile or role, never from a job."""

    bucket: str = field(metadata=must_be(BUCKET))
    """It has to be there already."""

    prefix: str = field(metadata=must_be(key_prefix))
    """What the keys of the data set begin with, before a ``/``."""

    endpoint: str | None = field(default=None, metadata=must_be(or_none(server_address)))
    """Address of the server; None is AWS."""

    region: str | None = field(default=None, metadata=must_be(or_none(TEXT)))
    """The region of the bucket; None leaves it to the environment."""

    profile: str | None = field(default=None, metadata=must_be(or_none(TEXT)))
    """The profile of the machine's AWS files that has the credentials; None leaves it to the environment."""

    path_style: bool | None = field(default=None, metadata=must_be(or_none(flag)))
    """Whether the bucket is in the path of addresses and not in the name of the host; None decides by the address."""

    on_conflict: str = field(default="fail", metadata=must_be(one_of(*CONFLICT_POLICIES)))
    """What to do if there are objects with the prefix: as for a folder that is not empty."""

    def __post_init__(self) -> None:
        check_fields(self)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that this was, or could have been, read from."""
        return {"kind": "s3", **{each.name: getattr(self, each.name) for each in fields(self)}}


@dataclass(frozen=True, kw_only=True)
class GroupOutput:
    """A folder and a prefix in a bucket, which get the same data set."""

    disk: DiskOutput
    s3: S3Output

    def __post_init__(self) -> None:
        if self.disk.on_conflict != self.s3.on_conflict:
            raise ConfigError(
                f"GroupOutput: on_conflict is {self.disk.on_conflict} here and {self.s3.on_conflict} there"
            )

    @property
    def on_conflict(self) -> str:
        """The policy, which is the same for both."""
        return self.disk.on_conflict

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that this was, or could have been, read from."""
        return {"kind": "group", "outputs": [self.disk.to_json(), self.s3.to_json()]}


Output = DiskOutput | S3Output | GroupOutput


def with_policy(output: Output, policy: str) -> Output:
    """Return ``output`` with another conflict policy."""
    if isinstance(output, GroupOutput):
        return GroupOutput(
            disk=replace(output.disk, on_conflict=policy),
            s3=replace(output.s3, on_conflict=policy),
        )
    return replace(output, on_conflict=policy)


def checked_output(value: Any, source: Path, problems: Problems) -> dict[str, Any]:
    """Check ``value``; what it leaves out is the folder ``_out/<name of the job file>`` beside the job file."""
    if isinstance(value, Mapping) and value.get("kind") == "group":
        return _checked_group(value, source, problems)
    return _checked_one(value, "$.output", source, problems)


def _checked_one(value: Any, where: str, source: Path, problems: Problems) -> dict[str, Any]:
    if any(json_object(value)):
        problems.add(where, f"{shown(value)} is not an object")
        return {}
    name = re.sub(r"[^\w.-]", "_", source.stem)
    kinds = {"disk": (DiskOutput, {"directory": "_out", "folder": name}), "s3": (S3Output, {"prefix": name})}
    values = dict(value)
    kind = values.pop("kind", None)
    if kind not in kinds:
        said = "is missing" if kind is None else f"{shown(kind)} is unknown"
        problems.add(f"{where}.kind", f"{said}; {nearest(str(kind), (*kinds, 'group'))}")
        return {}
    cls, defaults = kinds[kind]
    return {**check_object(cls, {**defaults, **values}, where, problems), "kind": kind}


def _checked_group(value: Mapping[str, Any], source: Path, problems: Problems) -> dict[str, Any]:
    where = "$.output.outputs"
    for key in value:
        if key not in ("kind", "outputs"):
            problems.add(f"$.output.{key}", f"is an unknown key; {nearest(key, ('kind', 'outputs'))}")
    members = value.get("outputs")
    if not isinstance(members, (list, tuple)):
        problems.add(where, "is missing" if members is None else f"{shown(members)} is not a list")
        return {}
    found = [_checked_one(each, f"{where}[{index}]", source, problems) for index, each in enumerate(members)]
    if sorted(str(each.get("kind")) for each in found) != ["disk", "s3"]:
        problems.add(where, "is not a list of one output of kind disk and one of kind s3")
    elif len({each.get("on_conflict", "fail") for each in found}) > 1:
        problems.add(where, "has two policies for on_conflict; both outputs need the same")
    return {"kind": "group", "outputs": found}


def make_output(values: Mapping[str, Any], base: Path) -> Output:
    """Return what checked ``values`` stand for; relative folders start at ``base``."""
    rest = {name: value for name, value in values.items() if name != "kind"}
    if values["kind"] == "group":
        made = {each["kind"]: make_output(each, base) for each in values["outputs"]}
        return GroupOutput(**made)  # type: ignore[arg-type]  # by kind they are what they should be
    if values["kind"] == "s3":
        return S3Output(**rest)
    return DiskOutput(**{**rest, "directory": absolute(rest["directory"], base)})
