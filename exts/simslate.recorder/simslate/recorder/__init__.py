"""Labels prims, registers render products, attaches a writer, and records in step with the timeline.

Everything public is here, each name once; nothing of it needs a window.
"""

from .annotators import ANNOTATORS, AnnotatorSpec
from .config import Job, RenderProduct, Writer
from .errors import ConfigError, IncompleteError, OutputError, SimslateError, StageError, StateError
from .extension import RecorderExtension, get_recorder
from .labels import Audit, Finding, Plan, Rules, audit, inherited_labels, own_labels, set_labels
from .outputs import DiskOutput, GroupOutput, S3Output
from .preflight import Outlook
from .recorder import Recorded, Recorder
from .state import TRANSITIONS, Command, State, Status
from .taxonomy import Category, Taxonomy
from .timeline import follow_timeline

__all__ = [
    # what to record
    "Job",
    "RenderProduct",
    "Writer",
    "DiskOutput",
    "S3Output",
    "GroupOutput",
    "ANNOTATORS",
    "AnnotatorSpec",
    # recording it
    "get_recorder",
    "Recorder",
    "Recorded",
    "Outlook",
    "follow_timeline",
    "State",
    "Command",
    "TRANSITIONS",
    "Status",
    # labels
    "own_labels",
    "inherited_labels",
    "set_labels",
    "Rules",
    "Plan",
    "audit",
    "Audit",
    "Finding",
    "Taxonomy",
    "Category",
    # what can go wrong
    "SimslateError",
    "ConfigError",
    "StageError",
    "StateError",
    "IncompleteError",
    "OutputError",
    # the extension itself, which Kit looks for here
    "RecorderExtension",
]
