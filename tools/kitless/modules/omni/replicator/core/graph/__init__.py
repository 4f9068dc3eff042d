"""Randomisation graphs: scripts build them once with the blocks of ``rep.trigger``; runs evaluate them."""

from .assign import assign, assign_new
from .distribution import Distribution
from .graph import Graph, Tick, perform
from .node import Node, ReplicatorItem
from .prims import Group, Made, Prims, Search, as_node, prims_of, subject
from .trigger import Trigger
from .values import as_vector, distribution_of, draw

__all__ = [
    "Distribution",
    "Graph",
    "Group",
    "Made",
    "Node",
    "Prims",
    "ReplicatorItem",
    "Search",
    "Tick",
    "Trigger",
    "as_node",
    "as_vector",
    "assign",
    "assign_new",
    "distribution_of",
    "draw",
    "perform",
    "prims_of",
    "subject",
]
