"""Semantic labels of a stage: reading them, setting them, and rules that set many."""

from .change import Change, added, removed, replaced
from .edit import SCHEMAS, LabelEdit, set_labels
from .match import Match, Strip
from .plan import Plan
from .read import Labels, every_prim, labelled_prims, labels_by_schema, own_labels
from .resolve import DEFAULT_MODE, MODES, inherited_labels, resolve_labels
from .rules import Rule, Rules
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
]
