"""What a TemplateWriter does, told by its parameters alone: patterns, sources, rows, encodings. Pure."""

from .checking import annotator_names, parameters_schema, problems
from .files import FileSpec, Template
from .frame import View
from .making import Collected, Made, made_at_end, made_of_frame

__all__ = [
    "Collected",
    "FileSpec",
    "Made",
    "Template",
    "View",
    "annotator_names",
    "made_at_end",
    "made_of_frame",
    "parameters_schema",
    "problems",
]
