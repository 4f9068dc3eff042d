"""What a value in a job may be. A check yields (place below the value, complaint) for all it dislikes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from .problems import Problems, nearest, shown

Complaints = Iterator[tuple[str, str]]
Check = Callable[[Any], Complaints]

# Kit's render settings and the seed are 32-bit integers.
LARGEST = 2**31 - 1


def must_be(check: Check) -> dict[str, Check]:
    """Return dataclass field metadata that makes ``check`` the field's rule."""
    return {"check": check}


def whole(low: int, high: int = LARGEST) -> Check:
    """Accept an int (True and False are none) from ``low`` to ``high``, both included."""

    def check(value: Any) -> Complaints:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            yield "", f"{shown(value)} is not a whole number from {low} to {high}"

    return check


def or_none(check: Check) -> Check:
    """Accept None as well as what ``check`` accepts."""
    return lambda value: iter(()) if value is None else check(value)


def one_of(*known: str) -> Check:
    """Accept one of the strings ``known``."""

    def check(value: Any) -> Complaints:
        if value not in known:
            yield "", f"{shown(value)} is unknown; {nearest(str(value), known)}"

    return check


def matching(pattern: str, description: str) -> Check:
    """Accept a string that the regular expression ``pattern`` matches whole."""
    compiled = re.compile(pattern)

    def check(value: Any) -> Complaints:
        if not isinstance(value, str) or compiled.fullmatch(value) is None:
            yield "", f"{shown(value)} is not {description}"

    return check


def flag(value: Any) -> Complaints:
    """Accept True and False."""
    if not isinstance(value, bool):
        yield "", f"{shown(value)} is not true or false"


def file_path(value: Any) -> Complaints:
    """Accept a path as text or as a path object; it need not exist."""
    if not isinstance(value, (str, os.PathLike)) or not str(value).strip() or "\0" in str(value):
        yield "", f"{shown(value)} is not a path"


def inner_folder(value: Any) -> Complaints:
    """Accept a relative path that stays inside the folder it is relative to, on any system."""
    if not isinstance(value, str) or not value.strip(" ./\\") or "\0" in value:
        yield "", f"{shown(value)} is not the name of a folder"
        return
    windows = PureWindowsPath(value)
    if PurePosixPath(value).is_absolute() or windows.drive or windows.root or ".." in windows.parts:
        yield "", f"{shown(value)} leads out of the output directory"


def key_prefix(value: Any) -> Complaints:
    """Accept a prefix of object keys: names separated by ``/``, none of them empty, ``.`` or ``..``."""
    if not isinstance(value, str) or not value or any(part in ("", ".", "..") for part in value.split("/")):
        yield "", f"{shown(value)} is not a prefix such as sets/tabletop"


def server_address(value: Any) -> Complaints:
    """Accept the address of a server. One with a user or a query is not shown: there may be a secret in it."""
    if isinstance(value, str) and re.match(r"[a-z]+://\S*[@?#]", value):
        yield "", "has more in it than an address; credentials come from environment, profile or role"
    elif not isinstance(value, str) or re.fullmatch(r"https?://[^\s/]+(/\S*)?", value) is None:
        yield "", f"{shown(value)} is not an address such as https://s3.example.com"


def resolution(value: Any) -> Complaints:
    """Accept [width, height] in pixels."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        yield "", f"{shown(value)} is not [width, height]"
        return
    for index, size in enumerate(value):
        for _, complaint in whole(1, 16384)(size):
            yield f"[{index}]", complaint


def json_object(value: Any) -> Complaints:
    """Accept a mapping with string keys."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        yield "", f"{shown(value)} is not an object"


PRIM_PATH = matching(r"(/[^/\s.\[\]{}<>]+)+", "an absolute prim path such as /World/Camera")
IDENTIFIER = matching(r"[A-Za-z_][A-Za-z0-9_]*", "a name of letters, digits and _ that starts with no digit")
BUCKET = matching(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "the name of a bucket: 3 to 63 of a-z, 0-9, . and -")
TEXT = matching(r"(?s).*\S.*", "a non-empty text")


def check_object(
    cls: type, value: Any, where: str, problems: Problems, *, elsewhere: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Check the JSON object ``value`` against the fields of the dataclass ``cls`` that carry a check.

    Unknown keys, missing keys and refused values go to ``problems``, under ``where``. ``elsewhere`` are keys
    that the caller has checked and taken out, named here so that a misspelt one finds them.
    Returns a copy of ``value``, or {} if it is no object, so that the caller can look further.
    """
    if any(json_object(value)):
        problems.add(where, f"{shown(value)} is not an object")
        return {}
    known = {field.name: field for field in fields(cls) if "check" in field.metadata}
    for key in value:
        if key not in known:
            problems.add(f"{where}.{key}", f"is an unknown key; {nearest(key, (*known, *elsewhere))}")
    for name, field in known.items():
        if name in value:
            for place, complaint in field.metadata["check"](value[name]):
                problems.add(f"{where}.{name}{place}", complaint)
        elif _required(field):
            problems.add(f"{where}.{name}", "is missing")
    return dict(value)


def check_fields(instance: Any) -> None:
    """Raise ConfigError if a field of a dataclass ``instance`` breaks its own check."""
    problems = Problems(type(instance).__name__)
    for field in fields(instance):
        complaints = field.metadata["check"](getattr(instance, field.name)) if "check" in field.metadata else ()
        for place, complaint in complaints:
            problems.add(f"{field.name}{place}", complaint)
    problems.raise_any()


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
