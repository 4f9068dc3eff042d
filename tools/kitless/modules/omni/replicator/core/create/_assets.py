"""``rep.create``: prims from files, and groups."""

import re
from functools import partial
from pathlib import Path
from typing import Any

from pxr import Ar, Usd

from kitless.assets import resolve

from ..graph import Group, ReplicatorItem, as_node
from ..scene.semantics import as_labels, write_labels
from ._wrapped import finish, wrapped

SUFFIXES = (".usd", ".usda", ".usdc", ".usdz")


def from_usd(
    usd: str,
    semantics: Any = None,
    count: int = 1,
    position: Any = None,
    scale: Any = None,
    pivot: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """``count`` references to a USD file, each below an Xform that is placed and labelled; the rest as of ``cube``.

    Raises ``FileNotFoundError`` where there is no such file.
    """
    options = dict(locals())
    pose = {key: options[key] for key in ("position", "scale", "pivot", "rotation", "look_at", "look_at_up_axis")}
    node = wrapped("Ref", partial(define_reference, usd=usd), count, name, parent)
    return finish(node, pose, semantics, None, visible)


def define_reference(stage: Usd.Stage, path: str, usd: str) -> Usd.Prim:
    """A prim that references a file. Raises ``FileNotFoundError`` where there is none."""
    file = resolve(usd)
    if not Ar.GetResolver().Resolve(file):
        raise FileNotFoundError(f"{usd}: no such USD file")
    prim = stage.DefinePrim(path)
    prim.GetReferences().AddReference(file)
    return prim


def from_dir(
    dir_path: str, recursive: bool = False, path_filter: str | None = None, semantics: Any = None
) -> ReplicatorItem:
    """A reference to each USD file of a folder, in the order of their paths.

    ``path_filter`` is a regular expression that the path must match somewhere. Raises ``FileNotFoundError`` where no
    file is found.
    """
    found = usd_files(dir_path, recursive, path_filter)
    return group([from_usd(path, semantics) for path in found])


def usd_files(dir_path: str, recursive: bool, path_filter: str | None) -> list[str]:
    """The USD files of a folder. Raises ``FileNotFoundError`` where there are none."""
    folder = Path(resolve(dir_path))
    paths = sorted(folder.rglob("*") if recursive else folder.glob("*"))
    found = [path.as_posix() for path in paths if path.suffix in SUFFIXES]
    found = [path for path in found if path_filter is None or re.search(path_filter, path)]
    if not found:
        raise FileNotFoundError(f"{dir_path}: no USD files" + (f" that match '{path_filter}'" if path_filter else ""))
    return found


def group(items: Any, semantics: Any = None, name: str | None = None) -> ReplicatorItem:
    """The prims of several items, paths or prims as one item; ``semantics`` are added to each."""
    node = Group([as_node(items)], name or "")
    labels = as_labels(semantics)
    for prim in node.prims() if labels else []:
        write_labels(prim, labels, once=True)
    return ReplicatorItem(node)
