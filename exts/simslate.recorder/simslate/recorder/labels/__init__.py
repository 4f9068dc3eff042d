"""Semantic labels of a stage: reading them, setting them, and rules that set many."""

from .audit import Audit, Summary, audit
from .change import Change, added, removed, replaced
from .edit import SCHEMAS, LabelEdit, set_labels
from .findings import CODES, Finding
from .match import Match, Strip
from .opacity import translucent
from .plan import Plan
from .read import Labels, every_prim, labelled_prims, labels_by_schema, own_labels
from .report import report_lines
from .resolve import DEFAULT_MODE, MODES, inherited_labels, resolve_labels
from .rules import Rule, Rules
from .surfaces import Surface, surfaces
from .target import INSTANCE_POLICIES, Target, authored_at, find_target

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
    "Change",
    "added",
    "removed",
    "replaced",
    "LabelEdit",
    "SCHEMAS",
    "Target",
    "find_target",
    "authored_at",
    "INSTANCE_POLICIES",
    "set_labels",
    "Rules",
    "Rule",
    "Match",
    "Strip",
    "Plan",
    "Surface",
    "surfaces",
    "translucent",
    "audit",
    "Audit",
    "Summary",
    "Finding",
    "CODES",
    "report_lines",
]
