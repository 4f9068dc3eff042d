"""Semantic labels of a stage: reading them, setting them, and rules that set many."""

from .audit import Audit, Summary, audit
from .findings import CODES, Finding
from .flaws import Taxonomy
from .read import Labels, every_prim, labelled_prims, labels_by_schema, own_labels
from .report import report_lines
from .resolve import DEFAULT_MODE, MODES, inherited_labels, resolve_labels
from .rules import Match, Plan, Rule, Rules, Strip
from .surfaces import Surface, surfaces
from .write import set_labels

__all__ = [
    "Labels",
    "own_labels",
    "labels_by_schema",
    "MODES",
    "DEFAULT_MODE",
    "resolve_labels",
    "inherited_labels",
    "labelled_prims",
    "every_prim",
    "set_labels",
    "Rules",
    "Rule",
    "Match",
    "Strip",
    "Plan",
    "Surface",
    "surfaces",
    "audit",
    "Audit",
    "Summary",
    "Finding",
    "CODES",
    "Taxonomy",
    "report_lines",
]
