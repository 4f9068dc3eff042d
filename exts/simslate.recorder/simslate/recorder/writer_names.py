"""Names of writers that no registry knows: "module:Class", and "file.py:Class"."""

from __future__ import annotations

import os
from pathlib import Path

from .places import absolute
from .problems import shown


def is_outside(name: str) -> bool:
    """Return whether ``name`` says where a class is. Names in the registry are those of classes: without a colon."""
    return ":" in name


def class_name(name: str) -> str:
    """Return the class's own name, by which it is registered."""
    return name.rpartition(":")[2]


def home(name: str) -> str:
    """Return the module or file that a name outside the registry says."""
    return name.rpartition(":")[0]


def is_file(name: str) -> bool:
    """Return whether the class is in a file, not in a module that Python finds."""
    return home(name).endswith(".py")


def resolved(name: str, base: Path) -> str:
    """Return ``name`` with the path in it made absolute, relative ones starting at the folder ``base``."""
    return f"{absolute(home(name), base)}:{class_name(name)}" if is_outside(name) and is_file(name) else name


def complaint(name: str, base: Path) -> str | None:
    """Return what is wrong with a writer's ``name`` in a file of the folder ``base``, or None.

    Whether the class is there is not looked at. A relative path has to stay in ``base``, links followed: what leads out
    of it must be an absolute path, which nobody writes by accident.
    """
    if not is_outside(name):
        return None
    if not class_name(name).isidentifier():
        return f'{shown(name)} names no class; write "{home(name) or "file.py"}:Class"'
    if not is_file(name):
        dotted = all(part.isidentifier() for part in home(name).split("."))
        return None if dotted else f'{shown(name)} is neither "module:Class" nor "file.py:Class"'
    if "\0" in name:
        return f"{shown(name)} is not a path"
    text = home(name)
    if Path(text).is_absolute() or text.startswith("~/"):
        return None
    inner, outer = os.path.realpath(absolute(text, base)), os.path.realpath(base)
    if os.path.commonpath([inner, outer]) != outer:
        return f"{shown(name)} leads out of {base}; give its absolute path if you mean it"
    return None
