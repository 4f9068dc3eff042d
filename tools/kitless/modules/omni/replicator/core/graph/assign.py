"""Giving each prim its values."""

from collections.abc import Callable, Mapping
from typing import Any

from pxr import Usd

from kitless.services import service

from .graph import Graph, perform
from .node import Node
from .values import distribution_of, draw_vectors

Write = Callable[[Usd.Prim, dict[str, Any]], None]
"""Writes values, by name, to a prim."""


def assign(node: Node, write: Write, parameters: Mapping[str, Any]) -> None:
    """Give each prim of a node its values each time the open trigger fires; outside of triggers, once and now."""
    given = {name: value for name, value in parameters.items() if value is not None}
    if given:
        perform(lambda: write_all(node, write, given))


def assign_new(node: Node, write: Write, parameters: Mapping[str, Any]) -> None:
    """As ``assign`` for prims that were just made: what is constant is written now, even inside a trigger."""
    if service(Graph).trigger is None:
        assign(node, write, parameters)
        return
    drawn = {name: value for name, value in parameters.items() if distribution_of(value) is not None}
    fixed = {name: value for name, value in parameters.items() if name not in drawn and value is not None}
    if fixed:
        write_all(node, write, fixed)
    assign(node, write, drawn)


def write_all(node: Node, write: Write, parameters: Mapping[str, Any]) -> None:
    """Draw, and write."""
    prims = node.prims()
    columns = {name: draw_vectors(value, len(prims)) for name, value in parameters.items()}
    for row, prim in enumerate(prims):
        write(prim, {name: column[row] for name, column in columns.items()})
