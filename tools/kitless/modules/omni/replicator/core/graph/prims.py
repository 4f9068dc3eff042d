"""Nodes that stand for prims."""

from collections.abc import Callable, Iterable
from typing import Any

from pxr import Sdf, Usd

import omni.usd
from kitless.services import service

from .graph import Graph
from .node import Node, ReplicatorItem


class Prims(Node):
    """Prims by path; those that are no longer on the stage are left out."""

    def __init__(self, paths: Iterable[str], name: str = "") -> None:
        self.name = name
        self.paths = list(paths)

    def prims(self) -> list[Usd.Prim]:
        """Those that are there."""
        stage = omni.usd.get_context().get_stage()
        found = [stage.GetPrimAtPath(path) for path in self.paths] if stage else []
        return [prim for prim in found if prim]


class Made(Prims):
    """Prims that ``rep.create`` made."""


class Search(Node):
    """The prims that a search finds: once, or anew in each evaluation."""

    def __init__(self, find: Callable[[], list[Usd.Prim]], *, cached: bool = True, name: str = "") -> None:
        self.name = name
        self._find = find
        self._known = Prims(()) if cached else None

    def prims(self) -> list[Usd.Prim]:
        """What it finds; nothing found is not kept."""
        if self._known is None:
            return self._find()
        if not self._known.paths:
            self._known.paths = [str(prim.GetPath()) for prim in self._find()]
        return self._known.prims()


class Group(Node):
    """The prims of several nodes."""

    def __init__(self, nodes: Iterable[Node], name: str = "") -> None:
        self.name = name
        self.nodes = list(nodes)

    def prims(self) -> list[Usd.Prim]:
        """Each prim once, in order."""
        return list({str(prim.GetPath()): prim for node in self.nodes for prim in node.prims()}.values())


def as_node(value: Any) -> Node:
    """Prims given as item, path, prim or a list of those, as a node. Raises ``ValueError`` for anything else."""
    if isinstance(value, ReplicatorItem):
        return value.node
    if isinstance(value, Node):
        return value
    if isinstance(value, Usd.Prim):
        return Prims([str(value.GetPath())])
    if isinstance(value, (str, Sdf.Path)):
        return path_node(str(value))
    if isinstance(value, (list, tuple)):
        return Group(as_node(each) for each in value)
    raise ValueError(f"Not prims: {value!r}; give a ReplicatorItem, a prim, a path or a list of those")


def path_node(path: str) -> Prims:
    """The prim at a path. Raises ``ValueError`` where there is none."""
    stage = omni.usd.get_context().get_stage()
    if stage is None or not Sdf.Path.IsValidPathString(path) or not stage.GetPrimAtPath(path):
        raise ValueError(f"No prim at '{path}' on the open stage")
    return Prims([path])


def subject(input_prims: Any = None) -> Node:
    """What to work on: the prims given, else those of the innermost ``with`` block."""
    return service(Graph).subject() if input_prims is None else as_node(input_prims)


def prims_of(value: Any) -> list[Usd.Prim]:
    """The prims of whatever ``as_node`` takes."""
    return as_node(value).prims()
